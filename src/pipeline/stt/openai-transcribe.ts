// OpenAI's transcription as a recogniser: what the caller says is sent as a recording when they pause, and while they go on.
// https://platform.openai.com/docs/api-reference/audio/createTranscription

import { abortable, Scope } from '../../lib/abort.ts';
import { Channel } from '../../lib/channel.ts';
import { within } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { parseObject, readText } from '../../lib/untrusted-json.ts';
import { transcriptionPrompt } from '../keyterms.ts';
import { formatWav } from '../audio/wav.ts';
import { post, reach, readOut } from '../http-vendor.ts';
import type { HttpVendor } from '../http-vendor.ts';
import { FLUSH } from '../types.ts';
import { WORDS_CHARACTERS_MAX } from './recogniser.ts';
import type {
  CallerAudio,
  ListenOptions,
  Samples,
  SpeechToText,
  Transcript,
  Vendor,
  VendorParts,
  VendorSettings,
} from '../types.ts';

/** Until a recording has its words. */
const ANSWER_MS = 3000;
/** New voice after which the words so far are asked for. */
const SO_FAR_MS = 1000;
/** A recording this long is made final without a pause. */
const SEGMENT_MS_MAX = 25_000;
/** Sound before the first voice that goes with it. */
const BEFORE_MS = 400;
/** Mean level of a frame with voice in it: some -38 dBFS. Recordings without are not sent: words are made up for them. */
const VOICE_LEVEL = 400;
const VOICE_MS_MIN = 100;
const TRANSCRIPTS_MAX = 64;

export const vendor: Vendor<SpeechToText> = { keyName: 'OPENAI_API_KEY', open };

async function open(
  settings: VendorSettings,
  parts: VendorParts,
  callSignal: AbortSignal,
): Promise<SpeechToText & Disposable> {
  const { url, key, model, keyterms } = settings;
  const server: HttpVendor = { name: 'openai-transcribe', url, key, clock: parts.clock };
  const asked = { model, prompt: transcriptionPrompt(keyterms) };
  await reach(server, callSignal);
  return {
    endpointing: 'local',
    transcribe: (audio, options) => transcribe(server, asked, audio, options),
    [Symbol.dispose]: () => {},
  };
}

async function* transcribe(
  server: HttpVendor,
  { model, prompt }: { readonly model: string; readonly prompt: string | undefined },
  audio: AsyncIterable<CallerAudio>,
  options: ListenOptions,
): AsyncGenerator<Transcript> {
  using scope = new Scope(options.signal);
  const { signal } = scope;
  const out = new Channel<Transcript>(TRANSCRIPTS_MAX);
  const segment = new Segment(options.sampleRate);
  /** Final words come in the order in which they were said. */
  let finals: Promise<void> = Promise.resolve();
  let asking = false;
  hear().then(
    () => out.end(),
    (error: unknown) => out.end(error),
  );
  try {
    yield* abortable(out, signal);
  } finally {
    scope.abort(new Error('nobody listens any more'));
  }

  async function hear(): Promise<void> {
    for await (const item of abortable(audio, signal)) {
      if (item === FLUSH) finish(true);
      else {
        segment.add(item);
        if (segment.ms >= SEGMENT_MS_MAX) finish(false);
        else if (!asking && segment.freshMs >= SO_FAR_MS) void soFar();
      }
    }
    finish(false);
    await finals;
  }

  /** Asks for the words of what has been said; the next segment begins. */
  function finish(flushed: boolean): void {
    const recording = segment.take();
    if (!recording && !flushed) return;
    // The words so far are not all that was said: nobody must take them for it.
    if (recording) out.push({ type: 'words', text: '', final: false, flushed: false, words: [] });
    const asked = recording ? textOf(recording) : Promise.resolve('');
    asked.catch(() => {});
    finals = finals.then(async () => {
      out.push({ type: 'words', text: await asked, final: true, flushed, words: [] });
    });
    finals.catch((error: unknown) => out.end(error));
  }

  async function soFar(): Promise<void> {
    const { age } = segment;
    asking = true;
    try {
      const text = await textOf(segment.copy());
      if (segment.age !== age) return;
      out.push({ type: 'words', text, final: false, flushed: false, words: [] });
    } catch (error) {
      out.end(error);
    } finally {
      asking = false;
    }
  }

  async function textOf(samples: Samples): Promise<string> {
    const form = new FormData();
    const wav = formatWav({ samples, sampleRate: options.sampleRate });
    form.set('file', new Blob([wav as Uint8Array<ArrayBuffer>], { type: 'audio/wav' }), 'a.wav');
    form.set('model', model);
    form.set('language', options.language.split('-')[0]!);
    form.set('response_format', 'json');
    if (prompt !== undefined) form.set('prompt', prompt);
    const headers = { Authorization: `Bearer ${server.key}` };
    const asking = async () => {
      const response = await post(server, '/audio/transcriptions', { headers, body: form, signal });
      const answer = parseObject(await readOut(response.body));
      const text = readText(answer, 'text', WORDS_CHARACTERS_MAX).trim();
      // Of a noise it says what it was told before.
      return text === prompt ? '' : text;
    };
    const late = () =>
      new AppError('vendor_failed', `${server.name}: no words in ${ANSWER_MS} ms`, {
        upstream: { stalled: true },
      });
    try {
      return await within(server.clock, ANSWER_MS, asking(), late);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AppError) throw error;
      throw new AppError('vendor_failed', `${server.name}: the answer cannot be read`, {
        cause: error,
      });
    }
  }
}

/** What has been said since the last final words. */
class Segment {
  /** Counts the segments. */
  age = 0;
  readonly #sampleRate: number;
  #frames: Samples[] = [];
  #samples = 0;
  #voicedMs = 0;
  #freshMs = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  get ms(): number {
    return (this.#samples / this.#sampleRate) * 1000;
  }

  /** Voice since the words were asked for. */
  get freshMs(): number {
    return this.#freshMs;
  }

  add(frame: Samples): void {
    this.#frames.push(frame);
    this.#samples += frame.length;
    const ms = (frame.length / this.#sampleRate) * 1000;
    if (levelOf(frame) >= VOICE_LEVEL) {
      this.#voicedMs += ms;
      this.#freshMs += ms;
    }
    while (this.#voicedMs === 0 && this.ms > BEFORE_MS) {
      this.#samples -= this.#frames.shift()!.length;
    }
  }

  copy(): Samples {
    this.#freshMs = 0;
    const whole = new Int16Array(this.#samples);
    let at = 0;
    for (const frame of this.#frames) {
      whole.set(frame, at);
      at += frame.length;
    }
    return whole;
  }

  /** The recording; undefined when there is no voice in it. */
  take(): Samples | undefined {
    const whole = this.#voicedMs >= VOICE_MS_MIN ? this.copy() : undefined;
    this.age += 1;
    this.#frames = [];
    this.#samples = 0;
    this.#voicedMs = 0;
    this.#freshMs = 0;
    return whole;
  }
}

function levelOf(frame: Samples): number {
  let sum = 0;
  for (const sample of frame) sum += Math.abs(sample);
  return sum / Math.max(1, frame.length);
}
