// Stored speech for calls: each client's greeting and stock sentences in its own voice, and spare ones that always exist.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Scope } from '../../lib/abort.ts';
import { Cache } from '../../lib/cache.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError, toError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { decodeMulaw, encodeMulaw } from '../../pipeline/audio/mulaw.ts';
import type { CallClips } from '../../pipeline/call-parts.ts';
import { stretches } from '../../pipeline/speaking/speak-whole.ts';
import { spokenForm } from '../../pipeline/spoken-form/spoken-form.ts';
import type { Clip, TextToSpeech, Word } from '../../pipeline/types.ts';
import { findClips, saveClip, useClips } from '../../store/clients/clips.ts';
import { oweClips, settleClips } from '../../store/clients/clips-due.ts';
import type { StoredClip } from '../../store/clients/clips.ts';
import { recordingNotice } from './recording-notice.ts';
import type { Client } from '../../store/clients/clients.ts';
import type { Sql } from '../../store/database/sql.ts';
import {
  greetingFor,
  outboundSentences,
  stockSentences,
  stockSentencesIn,
} from './stock-sentences.ts';
import type { StockSentence } from './stock-sentences.ts';

/** Stored speech is telephone speech. */
const SAMPLE_RATE = 8000;
const FRAME = SAMPLE_RATE / 50;
/** Mean level of a frame below which nothing is heard in it: some -46 dBFS. */
const QUIET_LEVEL = 160;
/** Decoded clips kept in memory: a client has fifteen of them, about 60 kB each. */
const CACHED_MAX = 500;
/** A client's clips are made within this, and a third of their length, or another time. */
const MAKE_MS = 30_000;
const MAKE_MS_PER_CHARACTER = 20;

/** What a client's stored speech depends on. */
export type ClipClient = Pick<
  Client,
  | 'id'
  | 'name'
  | 'language'
  | 'initialGreeting'
  | 'disclosure'
  | 'recordingEnabled'
  | 'recordingNotice'
  | 'ttsProvider'
  | 'ttsModel'
  | 'ttsVoiceId'
  | 'pronunciations'
>;

export interface VoiceClipsParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the spare recordings are: mu-law, 8 kHz, one file a sentence. */
  readonly directory: URL;
  /** Opens a client's voice; disposed when its clips are made. */
  openVoice(client: Client, signal: AbortSignal): Promise<TextToSpeech & Disposable>;
}

export class VoiceClips {
  readonly #parts: VoiceClipsParts;
  readonly #spares: ReadonlyMap<StockSentence, Clip>;
  readonly #cache = new Cache<string, Clip>(CACHED_MAX);
  readonly #making = new Map<string, Promise<boolean>>();
  /** Clients as they were saved last, while those of an earlier saving are made. */
  readonly #next = new Map<string, { client: Client; made: Promise<boolean> }>();

  private constructor(parts: VoiceClipsParts, spares: ReadonlyMap<StockSentence, Clip>) {
    this.#parts = parts;
    this.#spares = spares;
  }

  /** Reads the spare recordings; fails when one is missing. */
  static async open(parts: VoiceClipsParts): Promise<VoiceClips> {
    const spares = new Map<StockSentence, Clip>();
    for (const [name, text] of Object.entries(stockSentences)) {
      const audio = await readFile(new URL(`${name}.ulaw`, parts.directory));
      spares.set(name as StockSentence, decode({ text, audio, words: [] }));
    }
    return new VoiceClips(parts, spares);
  }

  /**
   * What a call of this client needs, from memory or the database; what is missing there is spare, or said live.
   * `outbound`: we are the ones who call.
   */
  async forCall(client: Client, { outbound = false } = {}): Promise<CallClips> {
    const greeting = greetingOf(client);
    const sentences = stockSentencesIn(client.language);
    const texts = namesFor(outbound).map((name) => sentences[name]);
    const found = await this.#find(client, [greeting, ...texts]);
    const stock = (name: StockSentence) => found.get(sentences[name]) ?? this.#spare(name);
    return clipsOf(found.get(greeting) ?? greeting, outbound, stock);
  }

  /** What calls have when the database does not answer: spare recordings, and the greeting said live. */
  spare(client: Client, { outbound = false } = {}): CallClips {
    return clipsOf(greetingOf(client), outbound, (name) => this.#spare(name));
  }

  /**
   * Makes and stores what is missing in the client's voice; whether all of it is there now. Never rejects: what fails is
   * owed, and tried again.
   */
  make(client: Client): Promise<boolean> {
    const running = this.#making.get(client.id);
    if (!running) return this.#start(client);
    const next = this.#next.get(client.id);
    if (next) {
      next.client = client;
      return next.made;
    }
    const waiting = { client, made: running.then(() => this.#startNext(client.id)) };
    this.#next.set(client.id, waiting);
    return waiting.made;
  }

  #startNext(id: string): Promise<boolean> {
    const next = this.#next.get(id)!;
    this.#next.delete(id);
    return this.#start(next.client);
  }

  #start(client: Client): Promise<boolean> {
    const making = this.#makeMissing(client)
      .then(
        () => true,
        (error: unknown) => this.#owe(client, error),
      )
      .finally(() => this.#making.delete(client.id));
    this.#making.set(client.id, making);
    return making;
  }

  async #owe({ id }: Client, failure: unknown): Promise<false> {
    const { sql, log } = this.#parts;
    log.warn('stored speech could not be made', { clientId: id, error: toError(failure) });
    await oweClips(sql, id).catch((error: unknown) => {
      log.warn('speech that is owed could not be noted', { clientId: id, error: toError(error) });
    });
    return false;
  }

  /** The texts that `make` would have a vendor speak for a client like this, beside those of `before`, which are due already. */
  async missing(client: ClipClient, before?: ClipClient): Promise<string[]> {
    const texts = textsOf(client);
    const due = new Set(before && textsOf(before).map((text) => keyOf(before, text)));
    const found = await this.#find(client, texts);
    return texts.filter((text) => text !== '' && !found.has(text) && !due.has(keyOf(client, text)));
  }

  async #makeMissing(client: Client): Promise<void> {
    const { clock, sql } = this.#parts;
    const texts = textsOf(client).filter((text) => text !== '');
    // Not from memory: what is deleted is gone for other processes, and for the next start of this one.
    const stored = await useClips(sql, clipKeysOf(client));
    const missing = texts.filter((text) => !stored.has(keyOf(client, text)));
    if (missing.length === 0) return;
    using scope = new Scope(new AbortController().signal);
    const makeMs = MAKE_MS + missing.join('').length * MAKE_MS_PER_CHARACTER;
    using _timer = clock.after(makeMs, () =>
      scope.abort(new AppError('vendor_failed', 'stored speech took too long')),
    );
    using voice = await this.#parts.openVoice(client, scope.signal);
    for (const text of missing) {
      const clip = await record(voice, text, client, scope.signal);
      await saveClip(sql, keyOf(client, text), clip);
      this.#cache.set(keyOf(client, text), decode(clip));
    }
    await settleClips(sql, client.id);
  }

  async #find(client: ClipClient, texts: readonly string[]): Promise<Map<string, Clip>> {
    const found = new Map<string, Clip>();
    const missing = new Map<string, string>();
    for (const text of texts) {
      const key = keyOf(client, text);
      const clip = this.#cache.get(key);
      if (clip) found.set(text, clip);
      else missing.set(key, text);
    }
    if (missing.size === 0) return found;
    for (const [key, stored] of await findClips(this.#parts.sql, [...missing.keys()])) {
      const clip = decode(stored);
      this.#cache.set(key, clip);
      found.set(stored.text, clip);
    }
    return found;
  }

  #spare(name: StockSentence): Clip {
    const clip = this.#spares.get(name);
    if (!clip) throw new Error(`no spare recording of ${name}`);
    return clip;
  }
}

/** The keys of all that a client like this has stored. */
export function clipKeysOf(client: ClipClient): string[] {
  return textsOf(client).map((text) => keyOf(client, text));
}

function textsOf(client: ClipClient): string[] {
  return [greetingOf(client), ...Object.values(stockSentencesIn(client.language))];
}

/** What is said in place of `name` in a call that we make. */
function outboundOf(name: StockSentence): StockSentence {
  return name in outboundSentences
    ? outboundSentences[name as keyof typeof outboundSentences]
    : name;
}

/** The sentences of a call: those for callers, or those for people whom we call. */
function namesFor(outbound: boolean): StockSentence[] {
  const replaced: ReadonlySet<string> = new Set(
    outbound ? Object.keys(outboundSentences) : Object.values(outboundSentences),
  );
  return (Object.keys(stockSentences) as StockSentence[]).filter((name) => !replaced.has(name));
}

function clipsOf(
  greeting: Clip | string,
  outbound: boolean,
  stock: (name: StockSentence) => Clip,
): CallClips {
  const said = (name: StockSentence) => stock(outbound ? outboundOf(name) : name);
  return {
    greeting,
    fillers: [said('filler1'), said('filler2')],
    apology: said('apology'),
    givingUp: said('givingUp'),
    stillThere: said('stillThere'),
    goodbye: said('goodbye'),
    leaveMessage: said('leaveMessage'),
    leaveMessageOrPress: said('leaveMessageOrPress'),
    messageTaken: said('messageTaken'),
    wrapUp: said('wrapUp'),
  };
}

/** What callers hear first: that they are recorded where they are, and the owner's greeting, with who is listening said before its closing question. */
export function greetingOf(client: ClipClient): string {
  const greeting = client.initialGreeting || greetingFor(client.name, client.language);
  const question = /(?:^|(?<=[.!]\s))[^.!?]+\?$/.exec(greeting);
  const opening = question ? greeting.slice(0, question.index) : greeting;
  return [recordingNotice(client), opening.trim(), client.disclosure, question?.[0] ?? '']
    .filter((part) => part !== '')
    .join(' ');
}

/** Names the disclosure a caller heard; null where the client has none. */
export function disclosureVersion(client: Client): string | null {
  if (client.disclosure === '') return null;
  return createHash('sha256').update(client.disclosure).digest('hex').slice(0, 12);
}

/** Speaks `text` once, into memory. */
async function record(
  voice: TextToSpeech,
  text: string,
  { language, pronunciations }: Client,
  signal: AbortSignal,
): Promise<StoredClip> {
  const pieces: Uint8Array[] = [];
  const words: Word[] = [];
  const options = { sampleRate: SAMPLE_RATE, language, signal };
  const spoken = spokenForm(
    language,
    pronunciations,
  )(text)
    .map((piece) => piece.spoken)
    .join('');
  for await (const speech of voice.synthesize(stretches(spoken), options)) {
    if (speech.type === 'audio') pieces.push(encodeMulaw(speech.samples));
    else words.push(...speech.words);
  }
  const audio = Buffer.concat(pieces);
  if (audio.length === 0) throw new AppError('vendor_failed', 'the voice said nothing');
  return trimmed({ text, audio, words });
}

/** Without the silence that voices begin with: the caller waits for sound, not for samples. */
function trimmed({ text, audio, words }: StoredClip): StoredClip {
  const samples = decodeMulaw(audio);
  let frames = 0;
  while (isQuiet(samples.subarray(frames * FRAME, (frames + 1) * FRAME))) frames += 1;
  const start = Math.max(0, frames - 1) * FRAME;
  const ms = (start / SAMPLE_RATE) * 1000;
  return {
    text,
    audio: audio.subarray(start),
    words: words.map((word) => ({
      text: word.text,
      startMs: Math.max(0, word.startMs - ms),
      endMs: Math.max(0, word.endMs - ms),
    })),
  };
}

function isQuiet(frame: Int16Array): boolean {
  if (frame.length === 0) return false;
  const sum = frame.reduce((total, sample) => total + Math.abs(sample), 0);
  return sum / frame.length < QUIET_LEVEL;
}

function decode({ text, audio, words }: StoredClip): Clip {
  return { text, sampleRate: SAMPLE_RATE, samples: decodeMulaw(audio), words };
}

/** Everything that makes a clip sound as it does, and whose it is. */
function keyOf(client: ClipClient, text: string): string {
  const { id, ttsProvider, ttsModel, ttsVoiceId, language, pronunciations } = client;
  const said = pronunciations.length === 0 ? [] : [pronunciations];
  return createHash('sha256')
    .update(JSON.stringify([id, ttsProvider, ttsModel, ttsVoiceId, language, text, ...said]))
    .digest('hex');
}
