// Text to speech by one HTTP request for each stretch of text: the next is asked for while the last one is heard.

import { abortable, Scope } from '../../lib/abort.ts';
import { Channel, readAhead } from '../../lib/channel.ts';
import { within } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
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
import { AudioReader } from './voice.ts';

/** From a text to its first sound, and between sounds. */
const SILENT_MS_MAX = 2000;
/** Texts asked for ahead of the one that is heard. */
const TEXTS_AHEAD = 2;
/** Audio of a text that waits to be heard, in network reads. */
const READS_AHEAD = 256;
/** Speech that a text may last before we take it for a fault: slow digits take half of that. */
const AUDIO_MS_BASE = 10_000;
const AUDIO_MS_PER_CHARACTER = 500;
const AUDIO_MS_MAX = 60_000;

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
  const [openResampler] = await Promise.all([loadResampler(), reach(vendor, callSignal)]);
  return { synthesize, [Symbol.dispose]: () => {} };

  async function* synthesize(
    text: AsyncIterable<string>,
    { signal, sampleRate }: SpeakOptions,
  ): AsyncGenerator<Speech> {
    using scope = new Scope(signal);
    // A stuck request must not outlive its reader.
    using _call = following(callSignal, scope);
    const line = { sampleRate };
    const asked = readAhead(ask(abortable(text, scope.signal), line, scope.signal), TEXTS_AHEAD);
    let spokenMs = 0;
    try {
      for await (const { piece, audio } of abortable(asked, scope.signal)) {
        const startMs = spokenMs;
        const format = voice.format(line);
        const sound = new Sound(format, line, openResampler);
        try {
          for await (const bytes of inTime(abortable(audio, scope.signal))) {
            yield* given(sound.add(bytes));
          }
          yield* given(sound.end());
        } finally {
          sound[Symbol.dispose]();
        }
        if (spokenMs > startMs) yield { type: 'words', words: wordsIn(piece, startMs, spokenMs) };
        else throw new AppError('vendor_failed', `${voice.name}: no sound`);

        function* given(samples: Samples): Generator<Speech> {
          if (samples.length === 0) return;
          spokenMs += (samples.length / sampleRate) * 1000;
          checkLength(spokenMs - startMs, piece);
          yield { type: 'audio', samples };
        }
      }
    } finally {
      scope.abort(new Error('nobody hears this voice any more'));
    }
  }

  /** Each piece with its audio, asked for as the piece comes. */
  async function* ask(
    text: AsyncIterable<string>,
    line: VoiceRate,
    signal: AbortSignal,
  ): AsyncGenerator<{ piece: string; audio: AsyncIterable<Uint8Array> }> {
    for await (const piece of text) {
      if (piece.trim() === '') continue;
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
      const { body } = await post(vendor, path, { ...request, signal });
      for await (const chunk of body ?? []) await audio.put(chunk, signal);
      audio.end();
    } catch (error) {
      audio.end(signal.aborted ? signal.reason : vendorFailed(vendor, error));
    }
  }

  /** The items of `source`, or `vendor_failed` when one takes too long. Time the reader takes does not count. */
  async function* inTime<T>(source: AsyncIterableIterator<T>): AsyncGenerator<T> {
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
      source.return?.()?.catch(() => {});
    }
  }

  function checkLength(ms: number, piece: string): void {
    if (ms <= Math.min(AUDIO_MS_MAX, AUDIO_MS_BASE + piece.length * AUDIO_MS_PER_CHARACTER)) return;
    throw new AppError('vendor_failed', `${voice.name}: more audio than its text can need`, {
      upstream: { stalled: true },
    });
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
