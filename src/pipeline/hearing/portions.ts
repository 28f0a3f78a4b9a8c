// Caller audio on its way to the recogniser, in portions: small ones while somebody speaks, large ones while nobody does.

import { pooledSamples } from '../../lib/pool.ts';
import type { Samples } from '../types.ts';

/** A message to the recogniser is a system call: 40 ms while words are waited for, 200 ms while there are none. */
const SPOKEN_FRAMES = 2;
const QUIET_FRAMES = 10;

/** Frames of one length go in, portions of several come out by `give`, in order and whole. */
export class Portions {
  readonly #give: (portion: Samples) => void;
  #frames: Samples[] = [];

  constructor(give: (portion: Samples) => void) {
    this.#give = give;
  }

  /** `spoken`: words may be in it, or be waited for. */
  add(frame: Samples, spoken: boolean): void {
    this.#frames.push(frame);
    if (this.#frames.length >= (spoken ? SPOKEN_FRAMES : QUIET_FRAMES)) this.flush();
  }

  /** Gives what there is. */
  flush(): void {
    const frames = this.#frames;
    if (frames.length === 0) return;
    this.#frames = [];
    if (frames.length === 1) return this.#give(frames[0]!);
    const portion = pooledSamples(frames.reduce((sum, frame) => sum + frame.length, 0));
    let at = 0;
    for (const frame of frames) {
      portion.set(frame, at);
      at += frame.length;
    }
    this.#give(portion);
  }
}
