// A started media stream as a line: it is left by telling the carrier, and its keys may come twice.

import { within } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { LineEnd, TransferTarget } from '../pipeline/types.ts';
import { Line } from './line.ts';
import type { LineExits, LineOutput } from './line.ts';
import type { Rejection, StreamStart } from './twilio-messages.ts';
import type { CarrierCalls } from './twilio-rest.ts';

/** The carrier is given this long to hear that a call is over; then closing the socket must do. */
const HANG_UP_MS = 3000;
/** When the carrier knows, it stops the stream itself; after this long we do. */
const STOP_MS = 2000;
/** Keys compared with a new one: the carrier repeats a message at once or never. */
const KEYS_REMEMBERED = 8;

export interface MessageCounts {
  readonly messages: number;
  readonly rejected: Readonly<Partial<Record<Rejection, number>>>;
  readonly beforeStart: number;
  readonly duplicateStarts: number;
  /** Events we do not know. */
  readonly unknown: number;
}

export type MediaStream = Line<MessageCounts>;

export interface TwilioLineParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly output: LineOutput;
  readonly calls: CarrierCalls;
  /** What the carrier is to do with a caller who is put through to a person. */
  transferTwiml(target: TransferTarget): string;
  /** What the carrier is to do with a call that another process of ours takes over. */
  handOverTwiml(keys?: string): string;
  /** Milliseconds without caller audio after which the line is lost. */
  readonly mediaSilenceMs: number;
  /** Counted at the door; goes on counting. */
  readonly messageCounts: MessageCounts;
}

export interface TwilioLine {
  readonly line: MediaStream;
  /** The caller has pressed a key. `sequence`: the message's number, by which repeats are known. */
  receiveKey(digit: string, sequence: number): void;
}

/** To be opened when `start` arrives: the line is connected from then on. */
export function openTwilioLine(parts: TwilioLineParts, { callSid }: StreamStart): TwilioLine {
  const { clock, output, mediaSilenceMs, messageCounts } = parts;
  const line: MediaStream = new Line<MessageCounts>({
    clock,
    output,
    mediaSilenceMs,
    counts: () => ({ ...messageCounts, rejected: { ...messageCounts.rejected } }),
    exits: (opened) => new TwilioExits(parts, callSid, opened),
  });
  let recent: number[] = [];
  return {
    line,
    receiveKey(digit, sequence) {
      if (recent.includes(sequence)) return line.refuseKey();
      if (line.receiveKey(digit)) recent = [...recent.slice(1 - KEYS_REMEMBERED), sequence];
    },
  };
}

class TwilioExits implements LineExits {
  readonly #parts: TwilioLineParts;
  readonly #callSid: string;
  readonly #line: MediaStream;
  /** The end we have asked the carrier for, and whether it agreed. */
  #leaving: { end: LineEnd; agreed: Promise<boolean> } | undefined;
  #hangingUp: Promise<void> | undefined;
  #stopTimer: Disposable | undefined;

  constructor(parts: TwilioLineParts, callSid: string, line: MediaStream) {
    this.#parts = parts;
    this.#callSid = callSid;
    this.#line = line;
  }

  hangUp(): Promise<void> {
    this.#hangingUp ??= this.#hangUp();
    return this.#hangingUp;
  }

  transfer(target: TransferTarget): Promise<void> {
    return this.#leave('transferred', this.#parts.transferTwiml(target));
  }

  handOver(keys?: string): Promise<void> {
    return this.#leave('handed-over', this.#parts.handOverTwiml(keys));
  }

  /** The carrier's `stop` may overtake its answer to our request. */
  async settle(end: LineEnd): Promise<LineEnd> {
    this.#stopTimer?.[Symbol.dispose]();
    const leaving = this.#leaving;
    return leaving && (await leaving.agreed) ? leaving.end : end;
  }

  /** The carrier goes on with other instructions: our part of the call is over. */
  async #leave(end: LineEnd, twiml: string): Promise<void> {
    if (this.#line.over || this.#leaving) {
      throw new AppError('conflict', 'the line is ending already');
    }
    const asked = this.#parts.calls.update(this.#callSid, twiml);
    const agreed = asked.then(
      () => true,
      () => false,
    );
    this.#leaving = { end, agreed };
    if (await agreed) this.#awaitStop(end);
    else this.#leaving = undefined;
    await asked;
  }

  async #hangUp(): Promise<void> {
    const { clock, calls, log } = this.#parts;
    const callSid = this.#callSid;
    // A caller who is being handed over must not be cut off by the end of our own part.
    if (this.#leaving && (await this.#leaving.agreed)) return;
    if (this.#line.over) return;
    const late = () => new AppError('vendor_failed', 'the carrier did not answer in time');
    const agreed = within(clock, HANG_UP_MS, calls.complete(callSid), late).then(
      () => true,
      (error: unknown) => {
        log.warn('hanging up by closing the socket', { callSid, error });
        return false;
      },
    );
    this.#leaving = { end: 'hung-up', agreed };
    if (await agreed) this.#awaitStop('hung-up');
    else this.#line.close('hung-up');
  }

  #awaitStop(end: LineEnd): void {
    if (this.#line.over) return;
    this.#stopTimer = this.#parts.clock.after(STOP_MS, () => this.#line.close(end));
  }
}
