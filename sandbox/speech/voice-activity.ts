// Where speech begins and ends in a stream, by loudness over a floor that follows the line; cheap enough for hundreds. Where a
// suppressor is given, by what it leaves and takes for voice: recognisers that are made for telephones know noise.

import type { NoiseSuppressor } from '../../src/pipeline/audio/noise-suppressor.ts';

const FRAME_MS = 20;
/** Root mean square. Below this nothing is speech, however quiet the line. */
const VOICED_MIN = 220;
/** Times the floor. */
const OVER_FLOOR = 3;
/** How fast the floor follows: down at once, up slowly. */
const FLOOR_UP = 1.01;
const FLOOR_MAX = 1500;
/** The first frame is taken for noise up to this. */
const FLOOR_START_MAX = 500;
/** This much voice begins an utterance: a click does not. */
const START_FRAMES = 3;
/** Nothing begins with what the suppressor is less sure of. */
const VOICE_MIN = 0.5;
/** How fast what is known of the line's noise follows it up, times a frame, and down; and of the voice over it. */
const NOISE_UP = 1.03;
const NOISE_DOWN = 0.9;
const FOLLOW = 0.1;
/** Speech so many decibels over the noise is understood half; recognisers are quickly better above, and worse below. */
const HALF_DB = 5;
const STEEP_DB = 2.5;
/** Audio kept from before the beginning was noticed. */
const BEFORE_MS = 240;

export interface ActivityEvents {
  /** Speech began at `atMs`; `samples` is what came from there on, with a little before. */
  started(atMs: number, samples: Int16Array): void;
  /** The next 20 ms of a stream in which somebody speaks, or spoke and `over` was not called yet. */
  went(samples: Int16Array, voiced: boolean): void;
  /** 20 ms in which nobody speaks. */
  quiet(): void;
}

export class VoiceActivity {
  readonly #frame: Int16Array;
  readonly #events: ActivityEvents;
  readonly #suppressor: NoiseSuppressor | undefined;
  readonly #before: Int16Array[] = [];
  #filled = 0;
  /** Undefined before the first frame: callers seldom speak in the first 20 ms, lines have noise from the start. */
  #floor: number | undefined;
  #speaking = false;
  #run = 0;
  #heardMs = 0;
  #voicedMs = 0;
  /** Mean squares of what came, before anything was taken out of it. */
  #noisePower = 0;
  #voicePower = 0;

  constructor(sampleRate: number, events: ActivityEvents, suppressor?: NoiseSuppressor) {
    this.#suppressor = suppressor;
    this.#frame = new Int16Array((sampleRate * FRAME_MS) / 1000);
    this.#events = events;
  }

  /** Milliseconds of audio since the stream began. */
  get heardMs(): number {
    return this.#heardMs;
  }

  /** Whether an utterance is under way, pauses in it included. */
  get speaking(): boolean {
    return this.#speaking;
  }

  /** Milliseconds since the last voiced frame. */
  get silentMs(): number {
    return this.#heardMs - this.#voicedMs;
  }

  /** How much of the present utterance stands out of the noise, 0 to 1; 1 where nobody looks for noise. */
  get clearness(): number {
    if (!this.#suppressor) return 1;
    const over = Math.max(1, this.#voicePower - this.#noisePower) / this.#noisePower;
    return 1 / (1 + Math.exp((HALF_DB - 10 * Math.log10(over)) / STEEP_DB));
  }

  push(samples: Int16Array): void {
    for (let at = 0; at < samples.length;) {
      const take = Math.min(samples.length - at, this.#frame.length - this.#filled);
      this.#frame.set(samples.subarray(at, at + take), this.#filled);
      at += take;
      this.#filled += take;
      if (this.#filled < this.#frame.length) return;
      this.#filled = 0;
      const power = rms(this.#frame) ** 2;
      this.#judge((this.#suppressor?.push(this.#frame) ?? this.#frame).slice(), power);
    }
  }

  /** The utterance is over; the next voice begins another. */
  over(): void {
    this.#speaking = false;
    this.#run = 0;
    this.#before.length = 0;
  }

  #follow(power: number, voiced: boolean): void {
    if (!this.#speaking && this.#run === 0) {
      const known = this.#noisePower === 0 ? power : this.#noisePower;
      this.#noisePower = Math.max(1, known * NOISE_DOWN, Math.min(power, known * NOISE_UP));
      this.#voicePower = this.#noisePower;
    } else if (voiced) {
      this.#voicePower += FOLLOW * (power - this.#voicePower);
    }
  }

  get #isVoice(): boolean {
    const voice = this.#suppressor?.voice;
    return voice === undefined || voice >= VOICE_MIN;
  }

  #judge(frame: Int16Array, power: number): void {
    this.#heardMs += FRAME_MS;
    const loudness = rms(frame);
    const floor = this.#floor ?? Math.min(FLOOR_START_MAX, loudness);
    const loud = loudness > Math.max(VOICED_MIN, floor * OVER_FLOOR);
    const voiced = loud && (this.#speaking || this.#isVoice);
    this.#floor = Math.min(FLOOR_MAX, loudness, floor * FLOOR_UP + 0.1);
    this.#run = voiced ? this.#run + 1 : 0;
    this.#follow(power, voiced);
    if (voiced) this.#voicedMs = this.#heardMs;
    if (this.#speaking) return this.#events.went(frame, voiced);
    this.#before.push(frame);
    if (this.#before.length > BEFORE_MS / FRAME_MS) this.#before.shift();
    if (this.#run < START_FRAMES) return this.#events.quiet();
    this.#speaking = true;
    const samples = join(this.#before);
    const startMs = this.#heardMs - (samples.length / this.#frame.length) * FRAME_MS;
    this.#before.length = 0;
    return this.#events.started(startMs, samples);
  }
}

function rms(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

function join(parts: readonly Int16Array[]): Int16Array {
  const joined = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
