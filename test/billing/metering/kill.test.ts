// Processes that die without a word: nothing acknowledged is lost, nothing is billed twice, nothing stays reserved.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { meterTimers } from '../../../src/billing/metering/meter-timers.ts';
import { openMetering } from '../../../src/billing/metering/meter.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { openMaintenance } from '../../../src/store/database/sql.ts';
import { withDatabase } from '../../../src/store/database/connection.ts';
import { testDatabase } from '../../support/database/database.ts';
import { booksOf, clientWithCredit, journalFolder } from './meter-fixture.ts';
import { killWebhooksOften } from '../payments/webhook-kill.ts';
import { checkAcknowledged, killOften, startProcess } from './metering-kill.ts';

const parts = { clock: systemClock, log: quietLog, timers: meterTimers };

test('killed 5 times around the end of calls: one entry for each call, the rest is given back', (t) =>
  killOften(t, 5));

test('killed 5 times while Stripe tells of payments and refunds: each counts once', (t) =>
  killWebhooksOften(t, 5));

test('killed while the database is away: the journal charges the calls at the next start, once', async (t) => {
  const { connection, database } = await testDatabase(t);
  const sql = database.general;
  const journalDir = await journalFolder(t);
  const clientId = await clientWithCredit(sql, 100_000);
  const process = startProcess(t, connection, journalDir, clientId);
  await process.wrote(/^up/);
  await inOutage(connection, async () => {
    await process.wrote(/^end .* undefined$/);
    await process.kill();
  });
  const waiting = (await readdir(journalDir)).filter((name) => name.endsWith('.json')).length;
  assert.ok(waiting >= 1);
  const before = await booksOf(sql, clientId);
  for (let start = 0; start < 2; start += 1) {
    await using metering = await openMetering({
      ...parts,
      sql: database.calls,
      owner: 'next',
      journalDir,
    });
    assert.equal(metering.waiting, 0);
    const { billed, clean } = await booksOf(sql, clientId);
    // All of these calls were shorter than a second.
    assert.deepEqual({ billed, clean }, { billed: before.billed + waiting, clean: true });
  }
  await checkAcknowledged(sql, clientId, process.lines);
});

/** Runs `act` while the database lets nobody in. */
async function inOutage(connection: string, act: () => Promise<void>): Promise<void> {
  const name = new URL(connection).pathname.slice(1);
  const server = openMaintenance({ ...parts, connection: withDatabase(connection, 'postgres') });
  try {
    await server.unsafe(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await server`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${name}`;
    await act();
  } finally {
    await server.unsafe(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await server.end();
  }
}
