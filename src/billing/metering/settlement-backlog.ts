// The charges of calls that are over: tried at once, kept in the journal, and tried until they succeed.

import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError, toError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { MeterTimers } from './meter-timers.ts';
import type { SettlementJournal } from './settlement-journal.ts';
import { settleStream } from './settlement.ts';
import type { Settlement } from './settlement.ts';

export interface BacklogParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly timers: MeterTimers;
}

/** Nobody waits longer for the database at the end of a call. */
export const late = () => new AppError('unavailable', 'the database did not answer in time');

export class SettlementBacklog implements AsyncDisposable {
  readonly #sql: Sql;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #timers: MeterTimers;
  readonly #journal: SettlementJournal;
  /** By lease. Grows by the calls that end during an outage, and no call is let in during one. */
  readonly #waiting = new Map<string, Settlement>();
  #retry: Disposable | undefined;
  #waitMs: number;
  #round: Promise<void> | undefined;
  #closed = false;

  constructor(parts: BacklogParts, journal: SettlementJournal) {
    this.#sql = parts.sql;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#timers = parts.timers;
    this.#journal = journal;
    this.#waitMs = parts.timers.journalMs;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Takes up what an earlier process left, and tries it once. */
  async load(): Promise<void> {
    for (const settlement of await this.#journal.list()) {
      this.#waiting.set(settlement.leaseId, settlement);
    }
    if (this.#waiting.size === 0) return;
    this.#log.info('charging calls that ended while the database was away', {
      calls: this.#waiting.size,
    });
    await this.#tryAll();
  }

  /** Seconds billed, or undefined when the charge has to wait. */
  async charge(settlement: Settlement): Promise<number | undefined> {
    const trying = this.#settle(settlement);
    try {
      return await within(this.#clock, this.#timers.settleMs, trying, late);
    } catch (error) {
      this.#log.warn('a call could not be charged; the journal keeps it', {
        callSid: settlement.callSid,
        error,
      });
    }
    this.#waiting.set(settlement.leaseId, settlement);
    try {
      await this.#journal.add(settlement);
    } catch (error) {
      this.#log.error('the journal of settlements cannot be written; only this process knows', {
        callSid: settlement.callSid,
        connectedMs: settlement.connectedMs,
        error: toError(error),
      });
    }
    this.#plan();
    return undefined;
  }

  #settle(settlement: Settlement): Promise<number> {
    const { leaseSeconds } = this.#timers;
    return settleStream(this.#sql, settlement, { nowMs: this.#clock.now(), leaseSeconds });
  }

  #plan(): void {
    if (this.#closed || this.#retry || this.#round || this.#waiting.size === 0) return;
    this.#retry = this.#clock.after(this.#waitMs, () => {
      this.#retry = undefined;
      void this.#tryAll();
    });
  }

  /** One round over all that wait. The first that fails ends it: the database is away for all of them. */
  async #tryAll(): Promise<void> {
    this.#round = this.#tryEach();
    await this.#round;
    this.#round = undefined;
    this.#plan();
  }

  async #tryEach(): Promise<void> {
    for (const settlement of this.#waiting.values()) {
      if (this.#closed) return;
      try {
        const billedSeconds = await this.#settle(settlement);
        await this.#journal.remove(settlement.leaseId);
        this.#waiting.delete(settlement.leaseId);
        this.#log.info('a call was charged late', {
          callSid: settlement.callSid,
          billedSeconds,
        });
        this.#waitMs = this.#timers.journalMs;
      } catch (error) {
        this.#log.warn('a call still cannot be charged', {
          callSid: settlement.callSid,
          error: toError(error),
        });
        this.#waitMs = Math.min(this.#timers.journalMsMax, this.#waitMs * 2);
        // What cannot be charged for a reason of its own must not keep the others waiting.
        this.#waiting.delete(settlement.leaseId);
        this.#waiting.set(settlement.leaseId, settlement);
        return;
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#retry?.[Symbol.dispose]();
    await this.#round;
  }
}
