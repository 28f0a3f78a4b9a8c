// What has to be done about money now and then, by whichever process gets to it, until the process ends.

import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { claimJob } from '../../store/service/job-runs.ts';
import type { Sql } from '../../store/database/sql.ts';
import { topUpRound } from './auto-top-up.ts';
import { warnRound } from '../low-balance.ts';
import type { MeterTimers } from '../metering/meter-timers.ts';
import { RECONCILE_JOB, reconcile } from './reconcile.ts';
import { endSurplusPlans } from './surplus-plans.ts';
import type { Till } from './till.ts';

export interface MoneyParts {
  /** The general pool. */
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  /** Undefined where no payments are configured. */
  readonly till: Till | undefined;
  readonly timers: MeterTimers;
}

/** Warns of low balances, tops up, and reconciles, until the signal aborts; then resolves. */
export async function runMoneyRounds(parts: MoneyParts, signal: AbortSignal): Promise<void> {
  const { sql, clock, log, till, timers } = parts;
  const guarded = async (sentence: string, act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (error) {
      log.warn(sentence, { error });
    }
  };
  while (!signal.aborted) {
    // A little early, so that a round that is due is not put off by a whole one.
    const mine = await claimJob(sql, 'balances', timers.balanceMs * 0.9).catch(() => false);
    if (mine && till) {
      const ready = { ...parts, till };
      await guarded('surplus plans could not be ended', () => endSurplusPlans(ready));
      await guarded('automatic top-ups could not be made', () => topUpRound(ready));
    }
    if (mine) await guarded('owners could not be warned', () => warnRound(parts));
    if (till && (await claimJob(sql, RECONCILE_JOB, timers.reconcileMs).catch(() => false))) {
      const ready = { ...parts, till };
      await guarded('payments could not be reconciled', () => reconcile(ready));
    }
    await clock.sleep(timers.balanceMs, signal).catch(() => {});
  }
}
