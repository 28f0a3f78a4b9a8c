// Is a sound on the line our voice, come back? Compares it, wave by wave, with what we played at each moment before.

import type { Samples } from '../types.ts';

/** Both are slowed down to this, Hz: an echo keeps what lies below a thousand, whatever codecs and loudspeakers do above it. */
export const SLOW_HZ = 2000;
/** Takes some of the loud low notes out, which are much the same in all voices. */
const TILT = 0.5;
/** An echo is fainter than what it is of. */
const GAIN_MAX = 0.7;

export interface Likeness {
  /** From 0, nothing in common, to 1, the same wave. */
  readonly like: number;
  /** In samples at `SLOW_HZ`. */
  readonly lag: number;
  /** By how many decibels the sound is fainter than our voice was then. */
  readonly fainterBy: number;
}

/** The latest samples of a stream at `SLOW_HZ`. */
export class SlowSound {
  /** Twice as long as what is kept, so that it is moved seldom. */
  readonly #samples: Float32Array;
  readonly #kept: number;
  readonly #step: number;
  #end: number;
  #before = 0;

  constructor(sampleRate: number, keptMs: number) {
    this.#step = Math.max(1, Math.round(sampleRate / SLOW_HZ));
    this.#kept = (keptMs * SLOW_HZ) / 1000;
    this.#samples = new Float32Array(2 * this.#kept);
    this.#end = this.#kept;
  }

  /** One frame; how loud it is: the mean of its squares, before it is slowed down. */
  push(frame: Samples): number {
    const count = Math.floor(frame.length / this.#step);
    if (this.#end + count > this.#samples.length) {
      this.#samples.copyWithin(0, this.#end - this.#kept, this.#end);
      this.#end = this.#kept;
    }
    let squares = 0;
    let before = this.#before;
    for (let i = 0, at = 0; i < count; i += 1) {
      let sum = 0;
      for (const next = at + this.#step; at < next; at += 1) {
        const sample = frame[at]!;
        sum += sample;
        squares += sample * sample;
      }
      const low = sum / this.#step;
      this.#samples[this.#end + i] = low - TILT * before;
      before = low;
    }
    this.#before = before;
    this.#end += count;
    return squares / Math.max(1, frame.length);
  }

  /** Forgets all. */
  clear(): void {
    this.#samples.fill(0);
    this.#end = this.#kept;
    this.#before = 0;
  }

  /** The last so many samples, at most those that are kept. Not a copy. */
  last(count: number): Float32Array {
    return this.#samples.subarray(this.#end - count, this.#end);
  }
}

/**
 * Where `ours` is most like `sound`, both until now: of the lags from `from` up to and with `to`. A fraction of a
 * millisecond of processor time for all of them.
 */
export function findEcho(sound: Float32Array, ours: SlowSound, from: number, to: number): Likeness {
  const { length } = sound;
  const lags = to - from + 1;
  wave.set(sound);
  past.set(ours.last(length + to).subarray(0, length + lags - 1));
  multiply(length, lags);
  const power = energyOf(wave, length);
  // Backwards from the longest lag, which begins earliest.
  let energy = energyOf(past, length);
  let [like, at, ourPower] = [0, 0, energy];
  for (let each = 0; each < lags; each += 1) {
    const product = products[each]!;
    const likes = product / Math.sqrt(energy * power + 1);
    if (likes > like && product < GAIN_MAX * energy) [like, at, ourPower] = [likes, each, energy];
    energy += past[each + length]! ** 2 - past[each]! ** 2;
  }
  return { like, lag: to - at, fainterBy: 10 * Math.log10((ourPower + 1) / (power + 1)) };
}

/** What `findEcho` works on: copied once, read a thousand times, and as wide as the processor calculates. */
const LENGTH_MAX = 0.3 * SLOW_HZ;
const LAGS_MAX = SLOW_HZ;
const wave = new Float64Array(LENGTH_MAX);
const past = new Float64Array(LENGTH_MAX + LAGS_MAX + 4);
const products = new Float64Array(LAGS_MAX + 4);

/** The sums of the products of `wave` and `past` for each shift between them, four at a time: these share what they read. */
function multiply(length: number, lags: number): void {
  for (let at = 0; at < lags; at += 4) {
    let [a, b, c, d] = [0, 0, 0, 0];
    let [p, q, r] = [past[at]!, past[at + 1]!, past[at + 2]!];
    for (let i = 0; i < length; i += 1) {
      const sample = wave[i]!;
      const s = past[at + i + 3]!;
      a += sample * p;
      b += sample * q;
      c += sample * r;
      d += sample * s;
      p = q;
      q = r;
      r = s;
    }
    products[at] = a;
    products[at + 1] = b;
    products[at + 2] = c;
    products[at + 3] = d;
  }
}

function energyOf(samples: Float64Array, length: number): number {
  let squares = 0;
  for (let i = 0; i < length; i += 1) squares += samples[i]! * samples[i]!;
  return squares;
}
