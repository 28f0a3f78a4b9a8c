// Text to speech over one socket for the whole call, one context for each stretch of speech.

import { abortable, Scope } from '../../lib/abort.ts';
import { Channel } from '../../lib/channel.ts';
import type { Items } from '../../lib/channel.ts';
import { within } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { openSocket } from '../../lib/socket.ts';
import type { SpeakOptions, Speech, TextToSpeech, VendorParts } from '../types.ts';
import { Utterance } from './utterance.ts';
import { VoiceSocket } from './voice-socket.ts';
import { audioMs, AudioReader } from './voice.ts';
import type { Voice, VoiceLine } from './voice.ts';

/** Hz of the line the socket is opened for before the call is up. On another line it is opened anew. */
const USUAL_RATE = 8000;
const USUAL_LANGUAGE = 'en-US';
/** From text to its first sound, and between sounds. */
const SILENT_MS_MAX = 2000;
/** A socket that replaces a lost one must be open by then. */
const REOPEN_MS = 1000;
/** Without text for so long, what was given is finished: vendors close a context that waits. */
const PAUSE_MS = 600;
/** Stretches of speech in one turn that wait to be heard. */
const UTTERANCES_MAX = 16;
/** Speech that a text may last before we take it for a fault: slow digits take half of that. */
const AUDIO_MS_BASE = 10_000;
const AUDIO_MS_PER_CHARACTER = 500;
const AUDIO_MS_MAX = 60_000;

/** Rejects with `vendor_failed` when the vendor cannot be reached within 3 s. */
export async function openVoice(
  voice: Voice,
  parts: VendorParts,
  callSignal: AbortSignal,
  language = USUAL_LANGUAGE,
): Promise<TextToSpeech & Disposable> {
  const { clock, log } = parts;
  let current = await connect({ sampleRate: USUAL_RATE, language });
  /** Whoever needs a socket waits for whoever asked before: there is one. */
  let ready: Promise<VoiceSocket> = Promise.resolve(current);
  return { synthesize, [Symbol.dispose]: () => current[Symbol.dispose]() };

  async function connect(line: VoiceLine, openMs?: number): Promise<VoiceSocket> {
    const url = voice.url(line);
    const { name, headers } = voice;
    const socket = await openSocket({
      url,
      headers,
      name,
      clock,
      signal: callSignal,
      ...(openMs === undefined ? {} : { openMs }),
    });
    return new VoiceSocket(voice, url, socket, callSignal);
  }

  function socketFor(line: VoiceLine): Promise<VoiceSocket> {
    const next = async () => {
      if (current.usable && current.url === voice.url(line)) return current;
      current.retire();
      log.info('a voice is opened again', { vendor: voice.name });
      current = await connect(line, REOPEN_MS);
      return current;
    };
    ready = ready.then(next, next);
    return ready;
  }

  async function* synthesize(
    text: AsyncIterable<string>,
    { signal, ...line }: SpeakOptions,
  ): AsyncGenerator<Speech> {
    using scope = new Scope(signal);
    const said: Utterance[] = [];
    const utterances = new Channel<Utterance>(UTTERANCES_MAX);
    // The vendor is told at once, not when the reader gets round to it.
    const silence = () => said.forEach((utterance) => utterance.cancel());
    scope.signal.addEventListener('abort', silence, { once: true });
    void say().then(
      () => utterances.end(),
      (error: unknown) => utterances.end(error),
    );
    let spokenMs = 0;
    try {
      for await (const utterance of abortable(utterances, scope.signal)) {
        yield* hear(utterance);
      }
    } finally {
      scope.abort(new Error('nobody hears this voice any more'));
    }

    /** Gives the vendor the text as it comes, cut into utterances where it pauses. */
    async function say(): Promise<void> {
      let open: Utterance | undefined;
      let pause: Disposable | undefined;
      let blank = '';
      try {
        for await (const piece of abortable(text, scope.signal)) {
          pause?.[Symbol.dispose]();
          // Vendors refuse text without a word.
          blank += piece;
          if (blank.trim() === '') continue;
          if (!open) {
            const socket = await socketFor(line);
            scope.signal.throwIfAborted();
            open = new Utterance(socket.openContext(line));
            said.push(open);
            await utterances.put(open, scope.signal);
          }
          open.say(blank);
          blank = '';
          pause = clock.after(PAUSE_MS, () => {
            open?.finish();
            open = undefined;
          });
        }
      } finally {
        pause?.[Symbol.dispose]();
        open?.finish();
      }
    }

    async function* hear(utterance: Utterance): AsyncGenerator<Speech> {
      const startsMs = spokenMs;
      const reader = new AudioReader(line);
      for (let repeated = false; ; repeated = true) {
        const { context } = utterance;
        try {
          for await (const { audio, words } of inTime(abortable(context.replies, scope.signal))) {
            if (words && words.length > 0) {
              yield { type: 'words', words: words.map((word) => later(word, startsMs)) };
            }
            if (!audio || audio.length === 0) continue;
            spokenMs += audioMs(audio.length, line);
            checkLength(spokenMs - startsMs, utterance);
            const samples = reader.read(audio);
            if (samples.length > 0) yield { type: 'audio', samples };
          }
          return;
        } catch (error) {
          if (!context.lost || repeated || spokenMs > startsMs || scope.signal.aborted) throw error;
          log.warn('a voice was lost before it spoke', { vendor: voice.name, error });
          utterance.repeatIn((await socketFor(line)).openContext(line));
        }
      }
    }
  }

  /** The items of `source`, or `vendor_failed` when one takes too long. Time the reader takes does not count. */
  async function* inTime<T>(source: Items<T>): AsyncGenerator<T> {
    const late = () =>
      new AppError('vendor_failed', `${voice.name}: nothing for ${SILENT_MS_MAX} ms`, {
        upstream: { stalled: true },
      });
    try {
      while (true) {
        const step = await within(clock, SILENT_MS_MAX, source.next(), late);
        if (step.done) return;
        yield step.value;
      }
    } finally {
      // Not awaited: the source may be stuck in a read.
      source.return().catch(() => {});
    }
  }

  function checkLength(ms: number, utterance: Utterance): void {
    const enough = AUDIO_MS_BASE + utterance.characters * AUDIO_MS_PER_CHARACTER;
    if (ms <= Math.min(AUDIO_MS_MAX, enough)) return;
    throw new AppError('vendor_failed', `${voice.name}: more audio than its text can need`, {
      upstream: { stalled: true },
    });
  }
}

function later<Timed extends { readonly startMs: number; readonly endMs: number }>(
  timed: Timed,
  ms: number,
): Timed {
  return { ...timed, startMs: timed.startMs + ms, endMs: timed.endMs + ms };
}
