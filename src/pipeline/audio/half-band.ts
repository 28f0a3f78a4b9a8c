// Telephone audio at twice the rate and back, sample for sample, without code from outside: a half-band filter.

import type { Samples } from '../types.ts';

/** Taps on each side of the middle that are not zero. At 24 what lies beyond the telephone's band is 60 dB down. */
const SIDE = 24;
/** Kaiser's shape for that. */
const BETA = 5.65;

/** `odd[k]`: weight of the samples 2k + 1 places from the middle; the middle weighs a half, even places nothing. */
const odd = Float64Array.from({ length: SIDE }, (_, k) => {
  const place = 2 * k + 1;
  const sinc = Math.sin((Math.PI * place) / 2) / (Math.PI * place);
  return sinc * kaiser(place / (2 * SIDE));
});

/** 8 kHz to 16 kHz: two samples for each that is given, 24 of them late. One stream. */
export class Doubler {
  /** The last samples given, which the next ones are filtered with. */
  #past = new Int16Array(2 * SIDE);

  push(samples: Samples): Samples {
    const all = joined(this.#past, samples);
    const out = new Int16Array(samples.length * 2);
    for (let n = 0; n < samples.length; n += 1) {
      // Between all[at] and all[at + 1] lies the new sample.
      const at = n + SIDE;
      let between = 0;
      for (let k = 0; k < SIDE; k += 1) between += odd[k]! * (all[at - k]! + all[at + 1 + k]!);
      out[2 * n] = all[at]!;
      out[2 * n + 1] = clipped(between * 2);
    }
    this.#past = all.slice(-2 * SIDE);
    return out;
  }
}

/** 16 kHz to 8 kHz: one sample for each two that are given. One stream. */
export class Halver {
  #past = new Int16Array(4 * SIDE);
  #kept = 0;

  push(samples: Samples): Samples {
    const all = joined(this.#past, samples);
    // `#kept`: 1 when the last push ended in the middle of a pair.
    const count = (samples.length + this.#kept) >> 1;
    const first = 2 * SIDE - this.#kept;
    const out = new Int16Array(count);
    for (let n = 0; n < count; n += 1) {
      const at = first + 2 * n;
      let sum = all[at]! / 2;
      for (let k = 0; k < SIDE; k += 1) {
        sum += odd[k]! * (all[at - 2 * k - 1]! + all[at + 2 * k + 1]!);
      }
      out[n] = clipped(sum);
    }
    this.#kept = (samples.length + this.#kept) & 1;
    this.#past = all.slice(-4 * SIDE);
    return out;
  }
}

function joined(past: Samples, samples: Samples): Samples {
  const all = new Int16Array(past.length + samples.length);
  all.set(past);
  all.set(samples, past.length);
  return all;
}

function clipped(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}

function kaiser(x: number): number {
  return bessel(BETA * Math.sqrt(1 - x * x)) / bessel(BETA);
}

/** The modified Bessel function of order zero, by its series. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 30; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
