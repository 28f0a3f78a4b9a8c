// What the loop of a call reads: one bounded queue into which everything passes that may happen to the call.

import { abortable } from '../lib/abort.ts';
import { Channel } from '../lib/channel.ts';
import type { Log } from '../lib/log.ts';
import type { CallControl, LineEnd, Transport } from './types.ts';

/** What happens to every call, whoever hears and speaks in it. */
export type LineEvent =
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'control'; readonly control: CallControl }
  | { readonly type: 'line-ended'; readonly end: LineEnd };

export interface CallEventsParts {
  readonly callId: string;
  readonly log: Log;
  readonly transport: Pick<Transport, 'keys' | 'ended'>;
  readonly control: AsyncIterable<CallControl>;
}

export class CallEvents<Event> {
  readonly #parts: CallEventsParts;
  readonly #signal: AbortSignal;
  readonly #events: Channel<Event | LineEvent>;

  /** `max`: events that wait for the loop, which never waits itself. `signal`: the call's. */
  constructor(max: number, parts: CallEventsParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    this.#events = new Channel(max);
  }

  push(event: Event | LineEvent): void {
    this.#events.push(event);
  }

  /** Keys, control and the end of the line come from now on. */
  followLine(): void {
    const { transport, control } = this.#parts;
    this.forward(transport.keys, (key) => ({ type: 'key', key }));
    this.forward(control, (each) => ({ type: 'control', control: each }));
    void transport.ended.then((end) => this.push({ type: 'line-ended', end }));
  }

  /** Passes everything `source` gives to the loop, until either ends. */
  forward<T>(source: AsyncIterable<T>, wrap: (item: T) => Event | LineEvent): void {
    const passing = (async () => {
      for await (const item of abortable(source, this.#signal)) this.push(wrap(item));
    })();
    passing.catch((error: unknown) => {
      if (this.#signal.aborted) return;
      const { log, callId } = this.#parts;
      log.error('part of a call failed', { callId, error });
    });
  }

  /** For the loop; rejects with the signal's reason when that aborts. */
  read(): AsyncIterable<Event | LineEvent> {
    return abortable(this.#events, this.#signal);
  }

  /** Nobody reads any more. */
  end(): void {
    this.#events.end();
  }
}
