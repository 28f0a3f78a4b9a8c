// A clock that stands still until told otherwise: whole calls run in milliseconds of real time.

import { setImmediate } from 'node:timers/promises';
import { sleepOn } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';

interface Timer {
  at: number;
  readonly everyMs: number | undefined;
  readonly act: () => void;
}

/** Turns of the event loop given to waiting promises and local I/O before time moves on. */
const SETTLE_TURNS = 3;

export class VirtualClock implements Clock {
  #elapsed = 0;
  readonly #wallStart: number;
  readonly #timers = new Set<Timer>();

  /** `startsAt`: the wall time at elapsed 0. */
  constructor(startsAt = Date.parse('2027-03-01T15:00:00Z')) {
    this.#wallStart = startsAt;
  }

  now(): number {
    return this.#wallStart + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  after(ms: number, act: () => void): Disposable {
    return this.#add({ at: this.#elapsed + Math.max(0, ms), everyMs: undefined, act });
  }

  every(ms: number, act: () => void): Disposable {
    return this.#add({ at: this.#elapsed + ms, everyMs: ms, act });
  }

  /** Timers that have not fired and were not disposed: must be 0 at the end of a test. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves time on by `ms`, running each timer at its moment and letting its consequences settle. */
  async advance(ms: number): Promise<void> {
    const until = this.#elapsed + ms;
    await settle();
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.#elapsed = Math.max(this.#elapsed, next.at);
      if (next.everyMs === undefined) this.#timers.delete(next);
      else next.at += next.everyMs;
      next.act();
      await settle();
    }
    this.#elapsed = until;
    await settle();
  }

  #next(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= until && (!next || timer.at < next.at)) next = timer;
    }
    return next;
  }

  #add(timer: Timer): Disposable {
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => this.#timers.delete(timer) };
  }
}

/** Lets all promises that can go on without time going on do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await setImmediate();
}
