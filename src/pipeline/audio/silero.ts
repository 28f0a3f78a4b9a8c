// Voice activity by the Silero model: one inference serves the windows of all calls of the process.

import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Samples } from '../types.ts';
import { EnergyDetector } from './energy-detector.ts';
import type { OpenResampler, Resampler } from './resample.ts';
import { CONTEXT, MODEL_HZ, STATE, WINDOW } from './silero-model.ts';
import type { SileroModel } from './silero-model.ts';
import type { VoiceDetection, VoiceDetector } from './voice-detector.ts';

/** Windows of different calls wait this long for each other: in batches of 8 they cost a third of one by one. */
const GATHER_MS = 4;
/** And this long where many calls run, of which only those with sound on the line have windows. */
const GATHER_MS_OF_MANY = 16;
const MANY_CALLS = 32;
/** Beyond this a larger batch is no cheaper for each window. */
const BATCH_MAX = 64;
/** Windows of one call that may wait: 128 ms. Beyond, the oldest is dropped, and loudness decides until none waits. */
const WAITING_MAX = 4;
/**
 * A line that has been no louder than its noise for so many windows is not judged until it is again: there is no voice that
 * the model could hear and `quietMs` would not deny, and a caller who listens costs next to nothing.
 */
const REST_WINDOWS = 4;
/** Voice begins at the one probability and ends below the other, so that it does not flicker between the two. */
const VOICE_BEGINS = 0.5;
const VOICE_ENDS = 0.35;
/** Between two lines in the log that say we cannot keep up. */
const COMPLAIN_MS = 10_000;

const WINDOW_MS = (WINDOW / MODEL_HZ) * 1000;
const INPUT = CONTEXT + WINDOW;

export interface SileroParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly model: SileroModel;
  readonly openResampler: OpenResampler;
}

/** For all calls of the process. Disposes its model with itself. */
export class SileroDetection implements VoiceDetection {
  readonly #parts: SileroParts;
  readonly #input = new Float32Array(BATCH_MAX * INPUT);
  readonly #state = new Float32Array(2 * BATCH_MAX * STATE);
  /** Calls with a window that waits, each once. */
  #ready: SileroDetector[] = [];
  #open = 0;
  #gathering: Disposable | undefined;
  #running = false;
  #broken = false;
  #complainedAt = Number.NEGATIVE_INFINITY;
  #batches = 0;
  #windows = 0;
  #dropped = 0;

  constructor(parts: SileroParts) {
    this.#parts = parts;
  }

  /** Inferences, the windows in them, and the windows that were dropped because inference fell behind. */
  get counts(): { readonly batches: number; readonly windows: number; readonly dropped: number } {
    return { batches: this.#batches, windows: this.#windows, dropped: this.#dropped };
  }

  /** Whether inference has failed; from then on loudness decides. */
  get broken(): boolean {
    return this.#broken;
  }

  open(sampleRate: number): SileroDetector {
    const { openResampler } = this.#parts;
    this.#open += 1;
    const resampler = sampleRate === MODEL_HZ ? undefined : openResampler(sampleRate, MODEL_HZ);
    return new SileroDetector(this, sampleRate, resampler);
  }

  /** From a detector that was disposed. */
  closed(): void {
    this.#open -= 1;
  }

  /** From a detector, once it has a window and again only after its batch has run. */
  enqueue(detector: SileroDetector): void {
    this.#ready.push(detector);
    this.#schedule();
  }

  /** From a detector that had to drop a window. */
  noteDropped(): void {
    this.#dropped += 1;
    const { clock, log } = this.#parts;
    if (clock.elapsed() - this.#complainedAt < COMPLAIN_MS) return;
    this.#complainedAt = clock.elapsed();
    log.warn('voice activity falls behind', { dropped: this.#dropped });
  }

  [Symbol.dispose](): void {
    this.#broken = true;
    this.#ready = [];
    this.#gathering?.[Symbol.dispose]();
    this.#gathering = undefined;
    this.#parts.model[Symbol.dispose]();
  }

  #schedule(): void {
    if (this.#running || this.#broken || this.#ready.length === 0) return;
    if (this.#ready.length >= BATCH_MAX) {
      this.#gathering?.[Symbol.dispose]();
      this.#gathering = undefined;
      void this.#run();
    } else {
      const gatherMs = this.#open >= MANY_CALLS ? GATHER_MS_OF_MANY : GATHER_MS;
      this.#gathering ??= this.#parts.clock.after(gatherMs, () => {
        this.#gathering = undefined;
        void this.#run();
      });
    }
  }

  async #run(): Promise<void> {
    this.#running = true;
    const batch = this.#ready.splice(0, BATCH_MAX);
    const size = batch.length;
    const input = this.#input.subarray(0, size * INPUT);
    const state = this.#state.subarray(0, 2 * size * STATE);
    for (const [i, detector] of batch.entries()) detector.give(input, state, i, size);
    try {
      const result = await this.#parts.model.run(input, state, size);
      this.#batches += 1;
      this.#windows += size;
      for (const [i, detector] of batch.entries()) {
        detector.take(result.probabilities[i]!, result.state, i, size);
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#running = false;
    for (const detector of batch) detector.batchDone();
    this.#schedule();
  }

  #fail(error: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#ready = [];
    this.#parts.log.error('the voice model failed, loudness decides from now on', { error });
  }
}

/** One call. Made by `SileroDetection.open`. */
export class SileroDetector implements VoiceDetector {
  readonly #detection: SileroDetection;
  readonly #energy: EnergyDetector;
  readonly #resampler: Resampler | undefined;
  readonly #context = new Int16Array(CONTEXT);
  readonly #state = new Float32Array(2 * STATE);
  /** A ring: the windows that wait, from `#first` on, and behind them the one that fills. Most are never looked at. */
  readonly #ring = new Int16Array((WAITING_MAX + 1) * WINDOW);
  #first = 0;
  #waiting = 0;
  #filled = 0;
  #queued = false;
  #behind = false;
  /** Windows without sound since the last with some. */
  #quiet = 0;
  #disposed = false;
  #voiced = false;
  #probability = 0;

  constructor(detection: SileroDetection, sampleRate: number, resampler: Resampler | undefined) {
    this.#detection = detection;
    this.#energy = new EnergyDetector(sampleRate);
    this.#resampler = resampler;
  }

  get voiced(): boolean {
    return this.#byLoudness ? this.#energy.voiced : this.#voiced;
  }

  get quietMs(): number {
    return this.#energy.quietMs;
  }

  get faintMs(): number {
    return this.#energy.faintMs;
  }

  get lastedMs(): number {
    return this.#energy.lastedMs;
  }

  get levelDb(): number {
    return this.#energy.levelDb;
  }

  get probability(): number {
    return this.#byLoudness ? this.#energy.probability : this.#probability;
  }

  push(frame: Samples): void {
    if (this.#disposed) return;
    // Always, so that it knows the line's noise by the time it is needed.
    this.#energy.push(frame);
    if (this.#detection.broken) return;
    const samples = this.#resampler ? this.#resampler.push(frame) : frame;
    const ring = this.#ring;
    for (let i = 0; i < samples.length;) {
      const place = (this.#first + this.#waiting) % (WAITING_MAX + 1);
      const at = place * WINDOW + this.#filled - i;
      const count = Math.min(samples.length - i, WINDOW - this.#filled);
      for (const end = i + count; i < end; i += 1) ring[at + i] = samples[i]!;
      this.#filled += count;
      if (this.#filled === WINDOW) this.#complete();
    }
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#waiting = 0;
    this.#detection.closed();
    this.#resampler?.[Symbol.dispose]();
  }

  /** Puts the oldest waiting window and what the model remembers of this call into place `i` of a batch. */
  give(input: Float32Array, state: Float32Array, i: number, size: number): void {
    const from = this.#first * WINDOW;
    const window = this.#ring.subarray(from, from + WINDOW);
    toFloats(this.#context, input, i * INPUT);
    toFloats(window, input, i * INPUT + CONTEXT);
    state.set(this.#state.subarray(0, STATE), i * STATE);
    state.set(this.#state.subarray(STATE), (size + i) * STATE);
    this.#context.set(window.subarray(WINDOW - CONTEXT));
    this.#forgetOldest();
  }

  /** Takes what the model said in place `i`. */
  take(probability: number, state: Float32Array, i: number, size: number): void {
    this.#state.set(state.subarray(i * STATE, (i + 1) * STATE));
    this.#state.set(state.subarray((size + i) * STATE, (size + i + 1) * STATE), STATE);
    this.#probability = probability;
    this.#voiced = probability >= (this.#voiced ? VOICE_ENDS : VOICE_BEGINS);
    if (this.#waiting === 0) this.#behind = false;
  }

  batchDone(): void {
    this.#queued = false;
    this.#enqueue();
  }

  get #byLoudness(): boolean {
    return this.#behind || this.#detection.broken;
  }

  #complete(): void {
    this.#filled = 0;
    this.#waiting += 1;
    this.#quiet = this.#energy.quietMs > WINDOW_MS ? this.#quiet + 1 : 0;
    if (this.#quiet > REST_WINDOWS && !this.#queued) return this.#rest();
    if (this.#waiting > WAITING_MAX) {
      this.#forgetOldest();
      this.#behind = true;
      this.#detection.noteDropped();
    }
    this.#enqueue();
  }

  /** Goes by without the model. What it remembers stays as it is, but for the end of the last window. */
  #rest(): void {
    const end = ((this.#first + this.#waiting) * WINDOW) % this.#ring.length || this.#ring.length;
    this.#context.set(this.#ring.subarray(end - CONTEXT, end));
    this.#forgetOldest();
    this.#probability = 0;
    this.#voiced = false;
  }

  #forgetOldest(): void {
    if (this.#waiting === 0) return;
    this.#first = (this.#first + 1) % (WAITING_MAX + 1);
    this.#waiting -= 1;
  }

  #enqueue(): void {
    if (this.#queued || this.#waiting === 0) return;
    this.#queued = true;
    this.#detection.enqueue(this);
  }
}

/** Full scale becomes 1. */
function toFloats(samples: Samples, floats: Float32Array, at: number): void {
  for (let i = 0; i < samples.length; i += 1) floats[at + i] = samples[i]! / 32_768;
}
