// The meter of a call, in virtual time against a real database: quotas, ends, lost leases, rounding.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { meterTimers } from '../../../src/billing/metering/meter-timers.ts';
import { reapEndedCall } from '../../../src/billing/metering/reaper.ts';
import { billableSeconds } from '../../../src/billing/metering/settlement.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { postEntry } from '../../../src/store/money/ledger-entries.ts';
import { reapLease } from '../../../src/store/money/leases.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { testDatabase } from '../../support/database/database.ts';
import type { TestDatabase } from '../../support/database/database.ts';
import { MeteredProcess, rounded } from './metered-process.ts';
import { booksOf, clientWithCredit, leasesOf } from './meter-fixture.ts';

let db: TestDatabase;
let sql: Sql;
before(async () => {
  db = await testDatabase();
  sql = db.database.general;
});
after(() => db.close());

describe('the rounding rule', () => {
  for (const [connectedMs, seconds] of [
    [0, 0],
    [0.4, 0],
    [1, 1],
    [400, 1],
    [1000, 1],
    [1000.9, 1],
    [1001, 2],
    [60_000, 60],
    [60_001, 61],
    [-5, 0],
    [2 ** 31 * 1000, 2 ** 31],
  ] as const) {
    test(`${connectedMs} ms are ${seconds} s`, () => {
      assert.equal(billableSeconds(connectedMs), seconds);
    });
  }
});

test('a call is charged its connected seconds, rounded up once, however often it is settled', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId);
  await process.advance(42_100);
  assert.equal(call.meter.liveUsedSeconds, 42);
  const [first, second] = await Promise.all([call.settle(), call.settle()]);
  assert.deepEqual([first, second], [{ billedSeconds: 43 }, { billedSeconds: 43 }]);
  const { billed, callEntries, reserved, clean } = await booksOf(sql, clientId);
  assert.deepEqual(
    { billed, callEntries, reserved, clean },
    {
      billed: 43,
      callEntries: 1,
      reserved: 0,
      clean: true,
    },
  );
  assert.deepEqual(call.events, []);
  assert.equal(process.metering.running, 0);
});

test('a call that ends as it begins costs nothing, and one of 0.4 s costs a second', async (t) => {
  const clientId = await clientWithCredit(sql, 100);
  const process = await MeteredProcess.start(t, db.database);
  assert.deepEqual(await (await process.call(clientId)).settle('stop', 0), { billedSeconds: 0 });
  assert.deepEqual(await (await process.call(clientId)).settle('stop', 400), { billedSeconds: 1 });
  assert.equal((await booksOf(sql, clientId)).callEntries, 1);
});

for (const seconds of [40, 38, 36, 60, 75, 100]) {
  test(`${seconds} s of credit: told 12 s before, stopped at the end, all of it billed`, async (t) => {
    const clientId = await clientWithCredit(sql, seconds);
    const process = await MeteredProcess.start(t, db.database);
    const call = await process.call(clientId);
    await process.advance((seconds + 5) * 1000);
    assert.deepEqual(call.events.map(rounded), [
      `${seconds - 12} wrap up: credit`,
      `${seconds} stop: credit`,
    ]);
    assert.ok(call.connectedSeconds - seconds <= 0.5);
    assert.deepEqual(await call.settle('credit'), { billedSeconds: seconds });
    assert.deepEqual(await booksOf(sql, clientId), {
      balance: 0,
      reserved: 0,
      debt: 0,
      billed: seconds,
      callEntries: 1,
      clean: true,
    });
  });
}

test('credit that comes in the last slice lets the call go on without a gap', async (t) => {
  const clientId = await clientWithCredit(sql, 40);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId);
  await process.advance(33_000);
  await topUp(clientId, 60);
  await process.advance(40_000);
  assert.deepEqual(call.events.map(rounded), ['28 wrap up: credit']);
  await process.advance(40_000);
  assert.deepEqual(call.events.map(rounded), [
    '28 wrap up: credit',
    '88 wrap up: credit',
    '100 stop: credit',
  ]);
  assert.deepEqual(await call.settle('credit'), { billedSeconds: 100 });
});

test('two calls share what is left to the second', async (t) => {
  const clientId = await clientWithCredit(sql, 60);
  const process = await MeteredProcess.start(t, db.database);
  const calls = [await process.call(clientId), await process.call(clientId)];
  await process.advance(60_000);
  for (const call of calls) {
    assert.match(call.events.map(rounded).join(), /wrap up: credit,.* stop: credit$/);
    await call.settle('credit');
  }
  const { billed, balance } = await booksOf(sql, clientId);
  assert.deepEqual({ billed, balance }, { billed: 60, balance: 0 });
});

test('the longest call is told to wrap up and stopped', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId, { callSecondsMax: 60 });
  await process.advance(70_000);
  assert.deepEqual(call.events.map(rounded), ['48 wrap up: max-duration', '60 stop: max-duration']);
  await call.settle();
});

test('a timer enforces the end of a line that sends no frames', async (t) => {
  const clientId = await clientWithCredit(sql, 20);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId);
  await process.advance(10_000);
  call.hangUp();
  await process.advance(10_500);
  assert.deepEqual(call.events.map(rounded), ['8 wrap up: credit', '10 stop: credit']);
  // What was heard last is what is billed.
  assert.deepEqual(await call.settle('credit'), { billedSeconds: 10 });
});

test('a late timer does not matter: the frame itself stops the call', async (t) => {
  const clientId = await clientWithCredit(sql, 15);
  const process = await MeteredProcess.start(t, db.database, { timers: { tickMs: 1_000_000_000 } });
  const call = await process.call(clientId);
  await process.clock.advance(30_000);
  assert.deepEqual(call.events, ['15 stop: credit']);
  await call.settle('credit');
});

test('a lease lost to the reaper goes on as the next segment; the sum is rounded once', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId);
  // The first is longer than what the next one's quota and the grace are together.
  for (const ms of [92_300, 20_500]) {
    await process.advance(ms);
    const active = (await leasesOf(sql, [clientId])).find((lease) => lease.state === 'active');
    await reapLease(sql, active!.id, { which: 'all' });
  }
  await process.advance(12_300);
  // The new leases are beaten as the first one was.
  const reported = (await leasesOf(sql, [clientId])).map((lease) => lease.used);
  assert.ok(reported.reduce((sum, used) => sum + used, 0) >= 120, String(reported));
  assert.deepEqual(await call.settle(), { billedSeconds: 126 });
  const leases = await leasesOf(sql, [clientId]);
  assert.deepEqual(
    leases.map(({ segment, reason }) => ({ segment, reason })),
    [
      { segment: 1, reason: 'orphan' },
      { segment: 2, reason: 'orphan' },
      { segment: 3, reason: 'stop' },
    ],
  );
  const { billed, clean } = await booksOf(sql, clientId);
  assert.deepEqual({ billed, clean }, { billed: 126, clean: true });
  assert.deepEqual(call.events, []);
});

test('what was used since the last beat of a lost lease is reported by the next one at once', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId);
  await process.advance(12_300);
  await reapLease(sql, (await leasesOf(sql, [clientId]))[0]!.id, { which: 'all' });
  await process.advance(6000);
  const reported = (await leasesOf(sql, [clientId])).map((lease) => lease.used);
  assert.equal(reported.length, 2);
  assert.ok(reported.reduce((sum, used) => sum + used, 0) >= 14, String(reported));
  await call.settle();
});

test('the next lease is made though its answer is lost: asked again it is the same', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId);
  await process.advance(12_300);
  await reapLease(sql, (await leasesOf(sql, [clientId]))[0]!.id, { which: 'all' });
  // The statement is tried twice, in silence.
  process.outage.lostAdmissions = 2;
  await process.advance(8000);
  assert.equal(process.outage.lostAdmissions, 0);
  assert.deepEqual(call.events, []);
  assert.deepEqual(await call.settle(), { billedSeconds: 21 });
  assert.equal((await leasesOf(sql, [clientId])).length, 2);
});

test('a lease lost just before the end is charged to the end', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId);
  await process.advance(8000);
  await reapLease(sql, (await leasesOf(sql, [clientId]))[0]!.id, { which: 'all' });
  assert.deepEqual(await call.settle(), { billedSeconds: 8 });
});

test('a lost lease without credit to go on ends the call', async (t) => {
  const clientId = await clientWithCredit(sql, 40);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId);
  await process.advance(12_000);
  await reapLease(sql, (await leasesOf(sql, [clientId]))[0]!.id, { which: 'all' });
  await postEntry(sql, {
    clientId,
    kind: 'refund',
    deltaSeconds: -30,
    idemKey: newId(0),
    meta: {},
  });
  await process.advance(4000);
  assert.match(call.events.join(), /stop: credit$/);
  assert.deepEqual(await call.settle('credit'), { billedSeconds: 10 });
});

test('a newer stream of the call stops the older one', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId, { streamSid: 'MZ-old' });
  await process.advance(7000);
  const newer = await process.metering.admit(
    { clientId, callSid: 'CAMZ-old', streamSid: 'MZ-new', callSecondsMax: 3600 },
    { wrapUp: () => {}, stop: () => {} },
  );
  await process.advance(4000);
  assert.deepEqual(call.events.map(rounded), ['10 stop: superseded']);
  assert.deepEqual(await call.settle(), { billedSeconds: 5 });
  if (newer.status === 'ok') await newer.meter.settle(3000, 'stop');
  assert.equal((await booksOf(sql, clientId)).billed, 8);
});

test('refusals are answers, and nothing is left behind', async (t) => {
  const process = await MeteredProcess.start(t, db.database);
  const admit = (clientId: string) =>
    process.metering.admit(
      { clientId, callSid: newId(0), streamSid: newId(0), callSecondsMax: 60 },
      { wrapUp: () => {}, stop: () => {} },
    );
  assert.deepEqual(await admit(await clientWithCredit(sql, 0)), { status: 'no_credit' });
  assert.deepEqual(await admit(newId(0)), { status: 'inactive' });
  process.outage.on = true;
  await assert.rejects(admit(newId(0)), { code: 'unavailable' });
  assert.equal(process.metering.running, 0);
});

test('the carrier says a call is over: settled at once if its owner is silent, not if it beats', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId, { streamSid: 'MZ-cb' });
  await process.advance(6000);
  const parts = {
    sql,
    clock: process.clock,
    log: quietLog,
    timers: meterTimers,
  };
  assert.equal(await reapEndedCall(parts, 'CAMZ-cb'), 0);
  call.hangUp();
  const passed = { ...parts, timers: { ...meterTimers, beatMs: 0 } };
  assert.equal(await reapEndedCall(passed, 'CAMZ-cb'), 1);
  assert.equal((await booksOf(sql, clientId)).billed, 5);
  await call.settle('stop', 5000);
});

test('300 calls share one timer', async (t) => {
  const clientId = await clientWithCredit(sql, 1_000_000);
  const process = await MeteredProcess.start(t, db.database);
  const calls = await Promise.all(Array.from({ length: 300 }, () => process.call(clientId)));
  for (const call of calls) call.hangUp();
  assert.equal(process.clock.pending, 1);
  await Promise.all(calls.map((call) => call.settle('stop', 1)));
  assert.equal(process.clock.pending, 0);
  assert.equal((await booksOf(sql, clientId)).billed, 300);
});

function topUp(clientId: string, deltaSeconds: number) {
  return postEntry(sql, { clientId, kind: 'topup', deltaSeconds, idemKey: newId(0), meta: {} });
}
