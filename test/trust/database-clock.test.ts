// The database's own clock moves under running calls: the seconds of the line are charged, once, and no call is cut.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  assertBilled,
  assertSound,
  eventually,
  finished,
  greeted,
} from '../support/product/after-call.ts';
import { shiftableClock } from '../support/database/database-clock.ts';
import { testDatabase } from '../support/database/database.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../support/product/frontdesk.ts';

const CREDIT = 600;
const HOUR = 3600;

const meter = {
  startSecondsMin: 1,
  headroomSeconds: 4,
  leaseSeconds: 8,
  beatMs: 1000,
  beatJitterMs: 100,
  reapMs: 300,
  reapJitterMs: 50,
};

/** Seconds that the call has reported, over all its segments. */
async function used(f: TestFrontdesk, callSid: string, seconds: number): Promise<void> {
  await eventually(`${seconds} s used`, async () => {
    const [row] = await f.database.general<[{ used: number }]>`
      SELECT coalesce(sum(used_seconds), 0)::int AS used FROM call_leases WHERE call_sid = ${callSid}`;
    return row.used >= seconds || undefined;
  });
}

async function books(f: TestFrontdesk) {
  const [row] = await f.database.general<
    [{ balance: number; reserved: number; debt: number; ledger: number; charges: number }]
  >`
    SELECT balance_seconds::int AS balance, reserved_seconds::int AS reserved, debt_seconds::int AS debt,
      (SELECT sum(delta_seconds)::int FROM ledger WHERE client_id = c.id) AS ledger,
      (SELECT -coalesce(sum(delta_seconds), 0)::int FROM ledger WHERE client_id = c.id AND kind = 'call') AS charges
    FROM clients c WHERE id = ${f.client.id}`;
  return row;
}

describe('the clock of the database', { concurrency: 3 }, () => {
  for (const [name, first, second] of [
    ['an hour ahead and back', HOUR, 0],
    ['an hour back and forth', -HOUR, 0],
    ['an hour ahead and then two back', HOUR, -HOUR],
  ] as const) {
    test(`in mid-call ${name}`, async (t) => {
      const { connection } = await testDatabase(t);
      const clock = await shiftableClock(t, connection);
      const f = await startTestFrontdesk(t, {
        client: { seconds: CREDIT },
        timers: { meter },
        connection,
      });
      const call = f.call();
      await greeted(call);
      await used(f, call.sid, 1);
      await clock.shift(first);
      const [there] = await f.database.general<[{ ahead: number }]>`
        SELECT extract(epoch FROM clock_timestamp() - pg_catalog.clock_timestamp())::int AS ahead`;
      assert.ok(Math.abs(there.ahead - first) <= 1, 'the clock that our statements read has moved');
      await used(f, call.sid, 3);
      await clock.shift(second);
      await used(f, call.sid, 5);
      assert.equal(call.over, false);
      call.hangUp();
      const record = await finished(f, call);
      assert.equal(record.conversation.endReason, 'caller');
      assertBilled(record, record.summary.connectedMs);
      t.diagnostic(`${record.leases.length} segments, ${record.billed} s`);
      // Whoever was taken for dead went on in a new segment, and only they.
      assert.ok(record.leases.slice(0, -1).every(({ reason }) => reason === 'orphan'));
      assert.ok(record.leases.every(({ overrunSeconds }) => overrunSeconds === 0));
      assert.deepEqual(await books(f), {
        balance: CREDIT - record.billed,
        reserved: 0,
        debt: 0,
        ledger: CREDIT - record.billed,
        charges: record.billed,
      });
      await clock.shift(0);
      await assertSound(f);
    });
  }

  for (const minutes of [10, -10]) {
    test(`${minutes} minutes from ours all along`, async (t) => {
      const { connection } = await testDatabase(t);
      const clock = await shiftableClock(t, connection);
      await clock.shift(minutes * 60);
      const f = await startTestFrontdesk(t, {
        client: { seconds: CREDIT },
        timers: { meter },
        connection,
      });
      const call = f.call();
      await greeted(call);
      await used(f, call.sid, 3);
      call.hangUp();
      const record = await finished(f, call);
      assert.equal(record.leases.length, 1, 'nobody is taken for dead');
      assertBilled(record, record.summary.connectedMs);
      assert.equal((await books(f)).balance, CREDIT - record.billed);
      await assertSound(f);
    });
  }
});
