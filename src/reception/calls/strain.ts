// Whether this process still gets to everything in time: a caller is better sent elsewhere than let in to stutter.

import type { Clock } from '../../lib/clock.ts';

/** The event loop is looked at so often. */
const LOOK_MS = 50;
/** Looks remembered: three seconds. */
const LOOKS = 60;
/** One long pause (a collection of garbage, say) counts for no more than this. */
const LATE_MS_MAX = 150;
/** Of three seconds, lost to lateness: then sound comes late for whoever talks already. */
const STRAINED_MS = 600;
/** With fewer calls it is not the calls that take the time, and turning one away would free nothing. */
const CALLS_MIN = 8;

/** Looks at the event loop until disposed. */
export class Strain implements Disposable {
  readonly #late = new Float64Array(LOOKS);
  readonly #looking: Disposable;
  #place = 0;
  #lostMs = 0;

  constructor(clock: Clock) {
    let before = clock.elapsed();
    this.#looking = clock.every(LOOK_MS, () => {
      const now = clock.elapsed();
      this.#note(Math.min(LATE_MS_MAX, Math.max(0, now - before - LOOK_MS)));
      before = now;
    });
  }

  /** Whether one more call beside `calls` would be heard too late. */
  tooMuchFor(calls: number): boolean {
    return calls >= CALLS_MIN && this.#lostMs >= STRAINED_MS;
  }

  [Symbol.dispose](): void {
    this.#looking[Symbol.dispose]();
  }

  #note(lateMs: number): void {
    this.#lostMs += lateMs - this.#late[this.#place]!;
    this.#late[this.#place] = lateMs;
    this.#place = (this.#place + 1) % LOOKS;
  }
}
