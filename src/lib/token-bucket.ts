// A rate with a burst, counted on the clock.

import type { Clock } from './clock.ts';

export class TokenBucket {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  /** Thousandths of a token and whole milliseconds: a fraction would be a new object in memory with each message. */
  #thousandths: number;
  #filledAt: number;

  /** `perSecond` tokens, a whole number, flow in, at most `burst` are kept; it starts full. */
  constructor(clock: Clock, { perSecond, burst }: { perSecond: number; burst: number }) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#thousandths = burst * 1000;
    this.#filledAt = Math.floor(clock.elapsed());
  }

  /** Takes one token; false when there is none. */
  take(): boolean {
    const now = Math.floor(this.#clock.elapsed());
    const flowed = (now - this.#filledAt) * this.#perSecond;
    this.#filledAt = now;
    this.#thousandths = Math.min(this.#burst * 1000, this.#thousandths + flowed);
    if (this.#thousandths < 1000) return false;
    this.#thousandths -= 1000;
    return true;
  }
}
