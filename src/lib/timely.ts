// Items that have to come in time, watched by one timer for all of them.

import type { Items } from './channel.ts';
import type { Clock } from './clock.ts';

export interface Limit {
  readonly clock: Clock;
  /** For one item, from when it is asked for: the time its reader takes does not count. */
  readonly ms: number;
  /** What is thrown for one that is late. */
  readonly late: () => Error;
}

/** The items of `source`, which is left when one is late, when the reader stops, and at its end. */
export function timely<T>(source: Items<T>, limit: Limit): Items<T> {
  return new Timely(source, limit);
}

class Timely<T> implements Items<T> {
  readonly #source: Items<T>;
  readonly #limit: Limit;
  #timer: Disposable | undefined;
  /** While an item is waited for, and since when. */
  #waiting: ((error: Error) => void) | undefined;
  #askedAt = 0;

  constructor(source: Items<T>, limit: Limit) {
    this.#source = source;
    this.#limit = limit;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    this.#askedAt = this.#limit.clock.elapsed();
    if (!this.#timer) this.#watch(this.#limit.ms);
    return new Promise((resolve, reject) => {
      this.#waiting = reject;
      this.#source.next().then(
        (step) => {
          this.#waiting = undefined;
          if (step.done) this.#stop();
          resolve(step);
        },
        (error: unknown) => {
          this.#waiting = undefined;
          this.#stop();
          reject(error);
        },
      );
    });
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#leave();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Not armed anew for each item: a timer that finds a younger one waiting goes on for the rest of its time. */
  #watch(ms: number): void {
    const { clock, ms: allowedMs, late } = this.#limit;
    this.#timer = clock.after(ms, () => {
      this.#timer = undefined;
      const waiting = this.#waiting;
      if (!waiting) return;
      const leftMs = this.#askedAt + allowedMs - clock.elapsed();
      if (leftMs > 0) return this.#watch(leftMs);
      this.#waiting = undefined;
      this.#leave();
      waiting(late());
    });
  }

  #leave(): void {
    this.#stop();
    // Not awaited: the source may be stuck in a read.
    this.#source.return().catch(() => {});
  }

  #stop(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
