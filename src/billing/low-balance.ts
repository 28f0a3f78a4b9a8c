// Tells owners that their talk time runs out: once each time the balance becomes low.

import type { Clock } from '../lib/clock.ts';
import { forgetLowTold, listLowBalances, markLowTold } from '../store/money/low-balances.ts';
import { notifyOwner } from '../store/clients/notices.ts';
import type { Log } from '../lib/log.ts';
import { eachAlone } from '../store/database/each-alone.ts';
import type { Sql } from '../store/database/sql.ts';
import { balanceLow } from './owner-news.ts';

/** Told in one round. */
const PAGE = 100;

/** One round. Any number of processes may do it at once: each owner is told by one of them. */
export async function warnRound({
  sql,
  clock,
  log,
}: {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<void> {
  await forgetLowTold(sql);
  await eachAlone(
    await listLowBalances(sql, PAGE),
    (low) =>
      sql.begin(async (tx) => {
        if (!(await markLowTold(tx, low))) return;
        await notifyOwner(tx, balanceLow(low.clientId, { ...low, key: String(clock.now()) }));
      }),
    ({ clientId }, error) => log.error('an owner could not be warned', { clientId, error }),
  );
}
