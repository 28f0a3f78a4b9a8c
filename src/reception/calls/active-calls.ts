// The calls of this process: who may end them, and when the last one is over.

import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Channel } from '../../lib/channel.ts';
import type { CallControl } from '../../pipeline/types.ts';

export interface ActiveCall {
  readonly callId: string;
  readonly callSid: string;
  readonly clientId: string;
  readonly control: Channel<CallControl>;
  /** A newer stream of the same call takes over; the call itself goes on. */
  supersede(): void;
}

export class ActiveCalls {
  readonly #calls = new Map<ActiveCall, Promise<void>>();

  get size(): number {
    return this.#calls.size;
  }

  /** Keeps the call until `done` resolves. An older stream of the same call is superseded. */
  add(call: ActiveCall, done: Promise<void>): void {
    for (const other of this.#calls.keys()) {
      if (other.callSid === call.callSid) other.supersede();
    }
    const over = done.finally(() => this.#calls.delete(call));
    over.catch(() => {});
    this.#calls.set(call, over);
  }

  find(callId: string): ActiveCall | undefined {
    for (const call of this.#calls.keys()) if (call.callId === callId) return call;
    return undefined;
  }

  /** By the carrier's name for it. */
  findBySid(callSid: string): ActiveCall | undefined {
    for (const call of this.#calls.keys()) if (call.callSid === callSid) return call;
    return undefined;
  }

  /** The same to all calls. */
  tell(control: CallControl): void {
    for (const call of this.#calls.keys()) call.control.push(control);
  }

  /** Resolves with true when no call is left, with false after `ms`. */
  async emptyWithin(clock: Clock, ms: number): Promise<boolean> {
    const late = () => new AppError('unavailable', 'calls still run');
    const all = Promise.allSettled(this.#calls.values());
    return within(clock, ms, all, late).then(
      () => true,
      () => false,
    );
  }
}
