// Two sides of a call as one stereo track: each frame of the caller, and what the caller heard of us at that moment.

import { MULAW_SILENCE, encodeMulaw } from '../pipeline/audio/mulaw.ts';
import type { Samples } from '../pipeline/types.ts';

/** Our side begins when this much of it has been heard: the clock behind it does not tick with the frames. */
const PRIME_MS = 40;
/** Our side is never later than this; what would be is left out. */
const LATE_MS = 160;

/**
 * Time is counted in the caller's frames, and in nothing else: a track is as long as the call. Our samples are placed by
 * how much the caller has heard, so that the two sides cannot drift apart, however long the call.
 */
export class StereoTrack {
  readonly #perMs: number;
  readonly #ours: Samples[] = [];
  /** Positions count our samples as the line was given them. Of the first piece, of the next to be placed, of the end. */
  #start = 0;
  #at = 0;
  #end = 0;
  /** What the line counted as heard beyond what it was given: padding of its own. */
  #padding = 0;
  #flowing = false;
  #codes = new Uint8Array(0);

  /** Hz, of both sides. */
  constructor(sampleRate: number) {
    this.#perMs = sampleRate / 1000;
  }

  /** Given to the line, to be heard after what was given before. */
  push(samples: Samples): void {
    this.#ours.push(samples);
    this.#end += samples.length;
  }

  /** The line has dropped what was not heard by then. */
  clear(heardMs: number): void {
    this.#end = this.#heard(heardMs);
    let kept = Math.max(0, this.#end - this.#start);
    for (const [index, piece] of this.#ours.entries()) {
      if (piece.length > kept) this.#ours[index] = piece.subarray(0, kept);
      kept -= Math.min(kept, piece.length);
    }
    this.#forget();
  }

  /** The frame has gone by, and nothing of it is kept. */
  skip(heardMs: number): void {
    this.#at = this.#heard(heardMs);
    this.#flowing = false;
    this.#forget();
  }

  /** One frame of the caller as interleaved mu-law, the caller left. */
  frame(caller: Samples, heardMs: number): Uint8Array {
    const { length } = caller;
    const heard = this.#heard(heardMs);
    if (heard - this.#at > LATE_MS * this.#perMs) this.#at = heard - PRIME_MS * this.#perMs;
    const there = heard - this.#at;
    this.#flowing ||= there >= PRIME_MS * this.#perMs || (there > 0 && heard === this.#end);
    const count = this.#flowing ? Math.min(length, there) : 0;
    if (this.#codes.length !== length) this.#codes = new Uint8Array(length);
    const stereo = new Uint8Array(length * 2).fill(MULAW_SILENCE);
    encodeMulaw(caller, this.#codes);
    for (let i = 0; i < length; i += 1) stereo[2 * i] = this.#codes[i]!;
    if (count > 0) this.#place(stereo, count);
    if (count < length) this.#flowing = false;
    return stereo;
  }

  #heard(heardMs: number): number {
    const heard = Math.round(heardMs * this.#perMs) - this.#padding;
    if (heard > this.#end) this.#padding += heard - this.#end;
    return Math.min(heard, this.#end);
  }

  #place(stereo: Uint8Array, count: number): void {
    this.#forget();
    let placed = 0;
    let from = this.#at - this.#start;
    for (const piece of this.#ours) {
      const part = piece.subarray(from, from + count - placed);
      const codes = encodeMulaw(part);
      for (let i = 0; i < codes.length; i += 1) stereo[2 * (placed + i) + 1] = codes[i]!;
      placed += part.length;
      from = 0;
      if (placed >= count) break;
    }
    this.#at += count;
  }

  /** Pieces that lie before the next sample, and what a clear took from the last. */
  #forget(): void {
    for (let first = this.#ours[0]; first; first = this.#ours[0]) {
      if (this.#start + first.length > this.#at) break;
      this.#ours.shift();
      this.#start += first.length;
    }
    if (this.#ours.length === 0) this.#start = this.#at;
  }
}
