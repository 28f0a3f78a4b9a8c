// A low balance is told once, and again only after it was not low.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjustBalance } from '../../src/billing/adjust.ts';
import { warnRound } from '../../src/billing/low-balance.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { testDatabase } from '../support/database.ts';
import { clientWithCredit } from './meter-fixture.ts';

test('one owner is told once for each fall below the threshold', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await clientWithCredit(sql, 1000);
  const parts = { sql, clock: systemClock };
  const round = () => Promise.all([warnRound(parts), warnRound(parts), warnRound(parts)]);
  const told = async () => {
    const rows = await sql<{ severity: string; text: string }[]>`
      SELECT severity, text FROM notices WHERE kind = 'balance_low' ORDER BY created_at`;
    return rows.map(({ severity, text }) => `${severity}: ${text}`);
  };
  const adjust = (deltaSeconds: number) =>
    adjustBalance(sql, { clientId, deltaSeconds, reason: 'x', by: 'test', idemKey: newId(0) });
  await round();
  assert.deepEqual(await told(), [], 'nobody asked');
  await sql`UPDATE clients SET alert_below_seconds = 600 WHERE id = ${clientId}`;
  await round();
  assert.deepEqual(await told(), []);
  await adjust(-700);
  await round();
  await round();
  const low = 'warning: Only 5 min of talk time are left.';
  assert.deepEqual(await told(), [low]);
  await adjust(600);
  await round();
  await adjust(-1000);
  await round();
  const owing = 'error: You owe 1 min of talk time; calls are not answered until it is paid.';
  assert.deepEqual(await told(), [low, owing]);
});
