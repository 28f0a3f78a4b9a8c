// Calls that are watched in other processes, each believed for a while after it was last said; what is no longer said is forgotten.

import type { Clock } from '../../lib/clock.ts';

/** A watcher says so again every ten seconds, so that one notice may be lost. */
const BELIEVED_MS = 25_000;
/** As many as ten full processes watch; beyond that the call that was named longest ago is let go of. */
const CALLS_MAX = 2000;

export class WatchedElsewhere {
  readonly #clock: Clock;
  /** Until when each is believed, on the monotonic clock; the one named longest ago first. */
  readonly #untilMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#untilMs.size;
  }

  /** Somebody elsewhere watches these calls now. */
  hear(callIds: readonly string[]): void {
    const nowMs = this.#clock.elapsed();
    for (const callId of callIds) {
      this.#untilMs.delete(callId);
      this.#untilMs.set(callId, nowMs + BELIEVED_MS);
    }
    for (const [callId, untilMs] of this.#untilMs) {
      if (untilMs > nowMs && this.#untilMs.size <= CALLS_MAX) break;
      this.#untilMs.delete(callId);
    }
  }

  has(callId: string): boolean {
    const untilMs = this.#untilMs.get(callId);
    return untilMs !== undefined && untilMs > this.#clock.elapsed();
  }
}
