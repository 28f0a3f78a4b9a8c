// Text to speech by one HTTP request for each stretch of text: the next is asked for while the last one is heard.

import { abortable, Scope } from '../../lib/abort.ts';
import { Channel, readAhead } from '../../lib/channel.ts';
import { produce } from '../../lib/produce.ts';
import { timely } from '../../lib/timely.ts';
import { decodeMulaw } from '../audio/mulaw.ts';
import { loadResampler } from '../audio/resample.ts';
import type { OpenResampler } from '../audio/resample.ts';
import { post, reach, vendorFailed } from '../http-vendor.ts';
import type { HttpVendor } from '../http-vendor.ts';
import type {
  Samples,
  SpeakOptions,
  Speech,
  TextToSpeech,
  VendorParts,
  VendorSettings,
  Word,
} from '../types.ts';
import { checkLength, isWordless, noSound, silenceLimit } from './speech-limits.ts';
import { AudioReader } from './voice.ts';

/** Texts asked for ahead of the one that is heard. */
const TEXTS_AHEAD = 2;
/** Audio of a text that waits to be heard, in network reads. */
const READS_AHEAD = 256;
/** Pieces of speech that wait to be heard, beyond those. */
const SPEECH_AHEAD = 16;

/** What proxies and routers put in the place of an answer. */
const isText = /^text\/|json|xml/i;

/** How a vendor of this kind is asked, and what its audio is. */
export interface HttpVoice {
  readonly name: string;
  request(
    text: string,
    line: VoiceRate,
  ): {
    readonly path: string;
    readonly headers: Record<string, string>;
    readonly body: string;
  };
  /** Raw audio at this rate, mu-law or 16-bit little-endian. */
  format(line: VoiceRate): { readonly sampleRate: number; readonly mulaw: boolean };
}

export interface VoiceRate {
  /** Hz */
  readonly sampleRate: number;
}

/** Rejects with `vendor_failed` when the vendor cannot be reached within 3 s. */
export async function openHttpVoice(
  voice: HttpVoice,
  settings: VendorSettings,
  { clock }: VendorParts,
  callSignal: AbortSignal,
): Promise<TextToSpeech & Disposable> {
  const vendor: HttpVendor = { name: voice.name, url: settings.url, key: settings.key, clock };
  const limit = silenceLimit(voice.name, clock);
  const [openResampler] = await Promise.all([loadResampler(), reach(vendor, callSignal)]);
  return { synthesize, [Symbol.dispose]: () => {} };

  function synthesize(
    text: AsyncIterable<string>,
    { signal: turnSignal, sampleRate }: SpeakOptions,
  ): Channel<Speech> {
    return produce(SPEECH_AHEAD, turnSignal, async (put, readerSignal) => {
      using scope = new Scope(readerSignal);
      // A stuck request must not outlive the call either.
      using _call = following(callSignal, scope);
      try {
        await speakAll(text, { sampleRate }, put, scope.signal);
      } finally {
        scope.abort(new Error('nobody hears this voice any more'));
      }
    });
  }

  async function speakAll(
    text: AsyncIterable<string>,
    line: VoiceRate,
    put: (speech: Speech) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const asked = readAhead(ask(abortable(text, signal), line, signal), TEXTS_AHEAD);
    let spokenMs = 0;
    for await (const { piece, audio } of abortable(asked, signal)) {
      const startMs = spokenMs;
      const sound = new Sound(voice.format(line), line, openResampler);
      try {
        for await (const bytes of timely(abortable(audio, signal), limit)) {
          await give(sound.add(bytes));
        }
        await give(sound.end());
      } finally {
        sound[Symbol.dispose]();
      }
      if (spokenMs === startMs) throw noSound(voice.name);
      await put({ type: 'words', words: wordsIn(piece, startMs, spokenMs) });

      async function give(samples: Samples): Promise<void> {
        if (samples.length === 0) return;
        spokenMs += (samples.length / line.sampleRate) * 1000;
        checkLength(voice.name, spokenMs - startMs, piece.length);
        await put({ type: 'audio', samples });
      }
    }
  }

  /** Each piece with its audio, asked for as the piece comes. */
  async function* ask(
    text: AsyncIterable<string>,
    line: VoiceRate,
    signal: AbortSignal,
  ): AsyncGenerator<{ piece: string; audio: AsyncIterable<Uint8Array> }> {
    for await (const piece of text) {
      if (isWordless(piece)) continue;
      const audio = new Channel<Uint8Array>(READS_AHEAD);
      void speak(piece, audio, line, signal);
      yield { piece, audio };
    }
  }

  async function speak(
    piece: string,
    audio: Channel<Uint8Array>,
    line: VoiceRate,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const { path, ...request } = voice.request(piece.trim(), line);
      const { body, headers } = await post(vendor, path, { ...request, signal });
      const type = headers.get('content-type') ?? '';
      // Said as sound it would be noise.
      if (isText.test(type)) throw new Error(`answers with ${type} in place of sound`);
      for await (const chunk of body ?? []) await audio.put(chunk, signal);
      audio.end();
    } catch (error) {
      audio.end(signal.aborted ? signal.reason : vendorFailed(vendor, error));
    }
  }
}

/** Aborts `scope` with `signal`, until it is disposed. */
function following(signal: AbortSignal, scope: Scope): Disposable {
  const follow = () => scope.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', follow) };
}

/** One text's audio, from the vendor's form to the line's. */
class Sound implements Disposable {
  readonly #reader: AudioReader | undefined;
  readonly #resampler: ReturnType<OpenResampler>;

  constructor(
    format: { readonly sampleRate: number; readonly mulaw: boolean },
    { sampleRate }: VoiceRate,
    openResampler: OpenResampler,
  ) {
    // A reader takes what is not of the telephone for 16-bit samples.
    this.#reader = format.mulaw ? undefined : new AudioReader({ sampleRate: 0, language: '' });
    this.#resampler = openResampler(format.sampleRate, sampleRate);
  }

  add(bytes: Uint8Array): Samples {
    return this.#resampler.push(this.#reader ? this.#reader.read(bytes) : decodeMulaw(bytes));
  }

  end(): Samples {
    return this.#resampler.end();
  }

  [Symbol.dispose](): void {
    this.#resampler[Symbol.dispose]();
  }
}

/** No vendor of this kind tells when it says a word: each gets its share of the time, by its letters. */
function wordsIn(piece: string, startMs: number, endMs: number): readonly Word[] {
  const text = piece.trim();
  const msPerCharacter = (endMs - startMs) / Math.max(1, text.length);
  return [...text.matchAll(/\S+/g)].map((match) => ({
    text: match[0],
    startMs: startMs + match.index * msPerCharacter,
    endMs: startMs + (match.index + match[0].length) * msPerCharacter,
  }));
}
