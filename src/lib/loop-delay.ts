// How late the event loop comes to its timers. Not the runtime's own histogram: under Deno that one sees no delay at all.

import type { Clock } from './clock.ts';

const LOOK_MS = 20;
/** Looks remembered: the last minute, when none is late. */
const LOOKS = 3000;

/** In milliseconds; all 0 before the first look. */
export interface LoopDelays {
  readonly mean: number;
  readonly p99: number;
  readonly max: number;
}

/** Looks at the event loop until disposed. */
export class LoopDelay implements Disposable {
  readonly #late = new Float64Array(LOOKS);
  readonly #looking: Disposable;
  #looks = 0;

  constructor(clock: Clock) {
    let before = clock.elapsed();
    this.#looking = clock.every(LOOK_MS, () => {
      const now = clock.elapsed();
      this.#late[this.#looks % LOOKS] = Math.max(0, now - before - LOOK_MS);
      this.#looks += 1;
      before = now;
    });
  }

  read(): LoopDelays {
    const late = this.#late.slice(0, Math.min(this.#looks, LOOKS)).toSorted();
    const { length } = late;
    return {
      mean: length === 0 ? 0 : late.reduce((sum, each) => sum + each, 0) / length,
      p99: late[Math.ceil(length * 0.99) - 1] ?? 0,
      max: late.at(-1) ?? 0,
    };
  }

  [Symbol.dispose](): void {
    this.#looking[Symbol.dispose]();
  }
}
