// Watches one line: tells when the agent begins and ends to speak, and when what a caller waits for has come.

import type { PhoneEventKind } from './call-events.ts';
import type { Earpiece } from './earpiece.ts';

/** More between two looks is the machine's doing: an agent in a process that comes to nothing cannot speak, either. */
const LOOK_MS_MAX = 20;
/** Remembered; more than a call of an hour has on a machine that is good for anything. */
const STALLS_MAX = 50_000;

interface Stall {
  readonly endMs: number;
  readonly ms: number;
}

interface Waiter {
  readonly condition: () => boolean;
  readonly lateMs: number;
  resolve(): void;
  reject(error: Error): void;
}

export interface LineWatchParts {
  readonly earpiece: Earpiece;
  /** Now, on the caller's clock. */
  readonly nowMs: () => number;
  readonly note: (kind: PhoneEventKind, atMs: number) => void;
}

export class LineWatch {
  readonly #parts: LineWatchParts;
  readonly #waiters = new Set<Waiter>();
  #sinceMs: number | undefined;
  #lastMs = 0;
  #lookedMs = 0;
  readonly #stalls: Stall[] = [];

  constructor(parts: LineWatchParts) {
    this.#parts = parts;
  }

  /** Resolves when `condition` holds; rejects after `msMax`, or when the watch ends. */
  until(condition: () => boolean, msMax: number): Promise<void> {
    const lateMs = this.#parts.nowMs() + msMax;
    return new Promise((resolve, reject) => {
      this.#waiters.add({ condition, lateMs, resolve, reject });
    });
  }

  /** Milliseconds of this stretch in which nobody came to anything. */
  stalledMs(fromMs: number, untilMs: number): number {
    let sum = 0;
    for (let place = this.#stalls.length - 1; place >= 0; place -= 1) {
      const { endMs, ms } = this.#stalls[place]!;
      if (endMs <= fromMs) break;
      sum += Math.max(0, Math.min(endMs, untilMs) - Math.max(endMs - ms, fromMs));
    }
    return sum;
  }

  /** To be called on every tick. */
  look(): void {
    const nowMs = this.#parts.nowMs();
    const ms = nowMs - this.#lookedMs - LOOK_MS_MAX;
    if (ms > 0 && this.#stalls.length < STALLS_MAX) this.#stalls.push({ endMs: nowMs, ms });
    this.#lookedMs = nowMs;
    this.#watchAgent(nowMs);
    for (const waiter of this.#waiters) {
      if (waiter.condition()) waiter.resolve();
      else if (nowMs > waiter.lateMs) waiter.reject(new Error('what was waited for did not come'));
      else continue;
      this.#waiters.delete(waiter);
    }
  }

  /** Nothing more will come. */
  end(reason: Error): void {
    this.#agentQuiet();
    for (const waiter of this.#waiters) waiter.reject(reason);
    this.#waiters.clear();
  }

  #watchAgent(nowMs: number): void {
    const { earpiece, note } = this.#parts;
    const sinceMs = earpiece.speakingSinceMs(nowMs);
    if (sinceMs !== undefined) {
      this.#lastMs = earpiece.lastSoundMs(nowMs)!;
      if (this.#sinceMs !== undefined) return;
      this.#sinceMs = sinceMs;
      note({ type: 'agent-speaks' }, sinceMs);
    } else this.#agentQuiet();
  }

  #agentQuiet(): void {
    if (this.#sinceMs === undefined) return;
    const spokeMs = this.#lastMs - this.#sinceMs;
    this.#sinceMs = undefined;
    this.#parts.note({ type: 'agent-quiet', spokeMs }, this.#lastMs);
  }
}
