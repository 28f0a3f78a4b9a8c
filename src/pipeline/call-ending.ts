// How a call ends: what we plan to do once we have been heard, and what has been done for good.

import { AppError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { CallEnd, LineEnd, ToolContext, TransferTarget, Transport } from './types.ts';

/** A wrap-up waits this long for us to finish what we are saying. */
export const WRAP_UP_WAIT_MS = 1000;
/** A call is handed over after the answer under way, or after this long in any case. */
export const HAND_OVER_WAIT_MS = 8000;

/** What we do when what is being said has been heard. */
export type Leaving =
  | { readonly type: 'hang-up'; readonly reason: CallEnd }
  | { readonly type: 'transfer'; readonly target: TransferTarget }
  /** The call comes back on another line. */
  | { readonly type: 'press'; readonly keys: string };

export interface CallEndingParts {
  readonly transport: Transport;
  readonly log: Log;
  readonly callId: string;
  /** Just before the line is given up. */
  onClose(): void;
}

export class CallEnding {
  readonly #parts: CallEndingParts;
  #leaving: Leaving | undefined;
  #firm = false;
  #closing: CallEnd | undefined;

  constructor(parts: CallEndingParts) {
    this.#parts = parts;
  }

  /** Why the line is being given up; undefined while it is not. */
  get reason(): CallEnd | undefined {
    return this.#closing;
  }

  /** Whether the end is planned. */
  get planned(): boolean {
    return this.#leaving !== undefined;
  }

  /** What is planned is not the end for the caller: a person takes over, or a line of another kind. */
  get handsOn(): boolean {
    return this.#leaving !== undefined && this.#leaving.type !== 'hang-up';
  }

  /** How the call has ended now that the line has: whatever we did to it ourselves counts first. */
  afterLine(end: LineEnd): CallEnd {
    return this.#closing ?? (end === 'hung-up' ? 'goodbye' : end);
  }

  /** What is planned first stays planned. */
  plan(leaving: Leaving): void {
    this.#leaving ??= leaving;
  }

  /** Whatever was planned before. */
  planInstead(leaving: Leaving): void {
    this.#leaving = leaving;
  }

  /** A person takes over, whatever was planned before and whatever the caller says meanwhile: somebody has asked for it without words. */
  planPerson(target: TransferTarget): void {
    this.#leaving = { type: 'transfer', target };
    this.#firm = true;
  }

  /** What is planned is done even where the caller speaks into our last words. */
  get firm(): boolean {
    return this.#firm;
  }

  /** The caller wants to go on. */
  forget(): void {
    if (!this.#firm) this.#leaving = undefined;
  }

  /** What tools may plan. */
  get forTools(): Pick<ToolContext, 'hangUp' | 'transfer' | 'press' | 'stay'> {
    return {
      hangUp: () => this.plan({ type: 'hang-up', reason: 'goodbye' }),
      transfer: (target) => this.plan({ type: 'transfer', target }),
      press: (keys) => this.plan({ type: 'press', keys }),
      stay: () => this.forget(),
    };
  }

  /** Does what is planned; false when nothing is. */
  leave(): boolean {
    const leaving = this.#leaving;
    if (!leaving) return false;
    this.#leaving = undefined;
    if (leaving.type === 'hang-up') this.close(leaving.reason);
    else if (leaving.type === 'press') this.#press(leaving.keys);
    else this.#transfer(leaving.target);
    return true;
  }

  /** Ends the call now. The first reason counts. */
  close(reason: CallEnd): void {
    this.#closing ??= reason;
    this.#parts.onClose();
    void this.#parts.transport.hangUp();
  }

  /**
   * Has another process go on with the call once `idle`; `refused` when it does not, and the call is still ours. The
   * line may end by itself meanwhile.
   */
  handOver(idle: Promise<void>, refused: () => void): void {
    if (this.#closing) return;
    const { transport, log, callId } = this.#parts;
    this.#closing = 'handed-over';
    void idle
      .then(() => transport.handOver())
      .catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'conflict') return;
        log.warn('a call could not be handed over', { callId, error });
        this.#closing = undefined;
        refused();
      });
  }

  /** What cannot be pressed is not: the call is still ours. */
  #press(keys: string): void {
    const { transport, log, callId } = this.#parts;
    this.#closing = 'handed-over';
    transport.handOver(keys).catch((error: unknown) => {
      log.warn('keys could not be pressed', { callId, error });
      this.#closing = undefined;
    });
  }

  #transfer(target: TransferTarget): void {
    const { transport, log, callId } = this.#parts;
    this.#closing = 'transferred';
    transport.transfer(target).catch((error: unknown) => {
      log.error('transfer failed', { callId, error });
      this.#closing = undefined;
      this.close('failed');
    });
  }
}
