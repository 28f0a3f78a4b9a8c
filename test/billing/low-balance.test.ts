// A low balance is told once, and again only after it was not low.

import { quietLog } from '../../src/lib/log.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjustBalance } from '../../src/billing/metering/adjust.ts';
import { warnRound } from '../../src/billing/low-balance.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { saveLineSettings, usualLineSettings } from '../../src/store/clients/line-settings.ts';
import { findAlertSeconds } from '../../src/store/money/low-balances.ts';
import { testDatabase } from '../support/database/database.ts';
import { clientWithCredit } from './metering/meter-fixture.ts';

test('one owner is told once for each fall below the threshold', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await clientWithCredit(sql, 1000);
  const parts = { sql, clock: systemClock, log: quietLog };
  const round = () => Promise.all([warnRound(parts), warnRound(parts), warnRound(parts)]);
  const told = async () => {
    const rows = await sql<{ severity: string; text: string }[]>`
      SELECT severity, text FROM notices WHERE kind = 'balance_low' ORDER BY created_at`;
    return rows.map(({ severity, text }) => `${severity}: ${text}`);
  };
  const adjust = (deltaSeconds: number) =>
    adjustBalance(sql, { clientId, deltaSeconds, reason: 'x', by: 'test', idemKey: newId(0) });
  await round();
  assert.deepEqual(await told(), [], 'nothing is used');
  await sql`UPDATE clients SET alert_below_seconds = 600 WHERE id = ${clientId}`;
  await round();
  assert.deepEqual(await told(), []);
  await adjust(-700);
  await round();
  await round();
  const low =
    'warning: Only 5 min of talk time are left. When they are used up, calls are not answered.';
  assert.deepEqual(await told(), [low]);
  await adjust(600);
  await round();
  await adjust(-1000);
  await round();
  const owing = 'error: You owe 1 min of talk time; calls are not answered until it is paid.';
  assert.deepEqual(await told(), [low, owing]);
});

test('without being asked an owner is told below what three days used, once until talk time is added', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await clientWithCredit(sql, 10_000);
  const parts = { sql, clock: systemClock, log: quietLog };
  let posted = 0;
  const post = (kind: string, delta: number) =>
    sql`SELECT meter_post(${clientId}, ${kind}, ${delta}, ${`k${(posted += 1)}`}, '{}')`;
  const round = async () => {
    await Promise.all([warnRound(parts), warnRound(parts)]);
    const rows = await sql<{ live: string; below: string }[]>`
      SELECT data ->> 'live_seconds' AS live, data ->> 'threshold_seconds' AS below FROM notices ORDER BY created_at`;
    return rows.map(({ live, below }) => `${live} < ${below}`);
  };
  const used = (below: number) =>
    findAlertSeconds(sql, clientId).then((is) => assert.equal(is, below));
  await used(600);
  await post('chat', -4000);
  await used(4000);
  assert.deepEqual(await round(), [], '6000 s are enough for three such days');
  await post('chat', -1500);
  await used(5500);
  const first = '4500 < 5500';
  assert.deepEqual(await round(), [first]);
  // Days pass in which less is used, and more again: that is no news.
  await sql.begin(async (tx) => {
    // Entries do not change: only time makes them old, and here it is a superuser.
    await tx`RESET ROLE`;
    await tx`SET LOCAL session_replication_role = replica`;
    await tx`UPDATE ledger SET created_at = created_at - interval '4 days' WHERE kind = 'chat'`;
  });
  await used(600);
  assert.deepEqual(await round(), [first]);
  await post('chat', -4300);
  await used(4300);
  assert.deepEqual(await round(), [first]);
  await post('topup', 20_000);
  assert.deepEqual(await round(), [first]);
  await post('chat', -12_000);
  await used(10_800);
  const second = '8200 < 10800';
  assert.deepEqual(await round(), [first, second]);
  // Nobody is told who has switched it off, nor of a client that is.
  await post('topup', 20_000);
  await round();
  await post('chat', -19_000);
  await sql`UPDATE clients SET alert_below_seconds = 0`;
  assert.equal(await findAlertSeconds(sql, clientId), null);
  assert.deepEqual(await round(), [first, second]);
  await sql`UPDATE clients SET alert_below_seconds = NULL, is_active = false`;
  assert.deepEqual(await round(), [first, second]);
  await sql`UPDATE clients SET is_active = true`;
  assert.equal((await round()).length, 3);
});

test('whoever gets texts is texted of a low balance', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await clientWithCredit(sql, 700);
  const numbers = ['+12025550145', '+12025550146'];
  await saveLineSettings(sql, clientId, { ...usualLineSettings, notifyNumbers: numbers });
  await sql`SELECT meter_post(${clientId}, 'chat', -200, 'k', '{}')`;
  const parts = { sql, clock: systemClock, log: quietLog };
  await Promise.all([warnRound(parts), warnRound(parts)]);
  const texts = await sql<{ recipient: string; body: string }[]>`
    SELECT recipient, body FROM outbox WHERE kind = 'sms' ORDER BY recipient`;
  assert.deepEqual(
    texts.map(({ recipient }) => recipient),
    numbers,
  );
  assert.match(
    texts[0]!.body,
    /^\S.*: Only 8 min of talk time are left\. When they are used up, calls are not answered\.$/,
  );
});
