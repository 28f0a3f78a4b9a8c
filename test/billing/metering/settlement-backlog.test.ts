// The database is away in a call, or at its end, or the process dies: who is charged what, and when.

import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { meterTimers } from '../../../src/billing/metering/meter-timers.ts';
import { reapAll } from '../../../src/billing/metering/reaper.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { postEntry } from '../../../src/store/money/ledger-entries.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { testDatabase } from '../../support/database/database.ts';
import type { TestDatabase } from '../../support/database/database.ts';
import { until } from '../../support/until.ts';
import { MeteredProcess, rounded } from './metered-process.ts';
import { booksOf, clientWithCredit, journalFolder, leasesOf } from './meter-fixture.ts';

let db: TestDatabase;
let sql: Sql;
before(async () => {
  db = await testDatabase();
  sql = db.database.general;
});
after(() => db.close());

test('the database goes away and comes back: the call does not notice, every second is billed', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId);
  await process.advance(8000);
  process.outage.on = true;
  await process.advance(20_000);
  process.outage.on = false;
  await process.advance(20_000);
  assert.deepEqual(call.events, []);
  assert.deepEqual(await call.settle(), { billedSeconds: 48 });
  const [lease] = await leasesOf(sql, [clientId]);
  assert.deepEqual([lease?.segment, lease?.overrun], [1, 0]);
});

test('the database stays away: the call ends politely after the grace, and the journal bills it later', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const journalDir = await journalFolder(t);
  const process = await MeteredProcess.start(t, db.database, { journalDir });
  const call = await process.call(clientId);
  await process.advance(8000);
  process.outage.on = true;
  await process.advance(80_000);
  // The last grant came at 5 s and reached to 20 s.
  assert.deepEqual(call.events.map(rounded), ['68 wrap up: database', '80 stop: database']);
  assert.deepEqual(await call.settle(), { billedSeconds: undefined });
  assert.equal(process.metering.waiting, 1);
  assert.equal((await readdir(journalDir)).length, 1);
  process.outage.on = false;
  await process.advance(30_000);
  assert.equal(process.metering.waiting, 0);
  assert.deepEqual(await readdir(journalDir), []);
  const { billed, reserved, callEntries } = await booksOf(sql, clientId);
  assert.deepEqual({ billed, reserved, callEntries }, { billed: 80, reserved: 0, callEntries: 1 });
});

test('in an outage nobody talks beyond the credit that was last known', async (t) => {
  const clientId = await clientWithCredit(sql, 40);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId);
  await process.advance(8000);
  process.outage.on = true;
  await process.advance(50_000);
  assert.deepEqual(call.events.map(rounded), ['28 wrap up: credit', '40 stop: credit']);
  process.outage.on = false;
  assert.deepEqual(await call.settle('credit'), { billedSeconds: 40 });
});

test('without grace a call stops at its quota when the database is away', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const process = await MeteredProcess.start(t, db.database, { timers: { graceMs: 0 } });
  const call = await process.call(clientId);
  await process.advance(28_000);
  assert.deepEqual(call.events, []);
  process.outage.on = true;
  await process.advance(20_000);
  assert.match(call.events.map(rounded).join(), /stop: database$/);
  assert.ok(call.connectedSeconds <= 40.1);
  process.outage.on = false;
  await call.settle();
});

test('what was talked beyond the credit in an outage is recorded, not billed', async (t) => {
  const clientId = await clientWithCredit(sql, 60);
  const process = await MeteredProcess.start(t, db.database);
  const call = await process.call(clientId);
  await process.advance(6000);
  process.outage.on = true;
  // Others spend the rest meanwhile.
  await postEntry(sql, {
    clientId,
    kind: 'refund',
    deltaSeconds: -40,
    idemKey: newId(0),
    meta: {},
  });
  await process.advance(30_000);
  process.outage.on = false;
  await process.advance(6000);
  assert.match(call.events.map(rounded).join(), /stop: credit$/);
  await call.settle('credit');
  const [lease] = await leasesOf(sql, [clientId]);
  assert.deepEqual([lease?.billed, lease?.overrun], [20, Math.ceil(call.connectedSeconds) - 20]);
  assert.equal((await booksOf(sql, clientId)).balance, 0);
});

test('a crash loses at most one beat, in favour of the customer', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const crashed = await MeteredProcess.start(t, db.database);
  const call = await crashed.call(clientId);
  await crashed.advance(17_300);
  call.hangUp();
  const parts = { sql, clock: crashed.clock, log: quietLog };
  await reapAll({ ...parts, timers: meterTimers });
  const { billed, reserved, clean } = await booksOf(sql, clientId);
  assert.deepEqual({ billed, reserved, clean }, { billed: 15, reserved: 0, clean: true });
});

test('what an outage left in the journal is charged at the next start, once, whoever else tried', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const journalDir = await journalFolder(t);
  const first = await MeteredProcess.start(t, db.database, { journalDir });
  const call = await first.call(clientId);
  await first.advance(23_500);
  first.outage.on = true;
  assert.deepEqual(await call.settle(), { billedSeconds: undefined });
  await first.metering[Symbol.asyncDispose]();
  // Meanwhile another process took the call for an orphan, and a crash cut a write short.
  await reapAll({
    sql,
    clock: first.clock,
    log: quietLog,
    timers: meterTimers,
  });
  assert.equal((await booksOf(sql, clientId)).billed, 20);
  await writeFile(path.join(journalDir, 'half.json'), '{"leaseId":');
  const odd = { epoch: 1, billedBeforeSeconds: 0, connectedMs: 1000, leaseId: 5 };
  await writeFile(path.join(journalDir, 'odd.json'), JSON.stringify(odd));
  for (let start = 0; start < 2; start += 1) {
    const next = await MeteredProcess.start(t, db.database, { journalDir });
    assert.equal(next.metering.waiting, 0);
    assert.equal((await booksOf(sql, clientId)).billed, 24);
  }
  const left = (await readdir(journalDir)).toSorted();
  assert.deepEqual(left, ['half.json.unreadable', 'odd.json.unreadable']);
});

test('a charge that cannot be made for a reason of its own keeps no other waiting', async (t) => {
  const clientId = await clientWithCredit(sql, 3600);
  const journalDir = await journalFolder(t);
  const first = await MeteredProcess.start(t, db.database, { journalDir });
  const call = await first.call(clientId);
  await first.advance(3000);
  first.outage.on = true;
  await call.settle();
  const [kept] = await readdir(journalDir);
  const good = JSON.parse(await readFile(path.join(journalDir, kept!), 'utf8')) as object;
  for (const leaseId of [newId(1), newId(2), newId(3)]) {
    const bad = JSON.stringify({ ...good, leaseId, clientId: 'nobody' });
    await writeFile(path.join(journalDir, `${leaseId}.json`), bad);
  }
  const next = await MeteredProcess.start(t, db.database, { journalDir });
  // The clock does not wait for the database: the turn of the fourth comes when the others have been answered.
  for (let tries = 0; tries < 20 && (await booksOf(sql, clientId)).billed === 0; tries += 1) {
    await next.advance(5000);
  }
  assert.equal((await booksOf(sql, clientId)).billed, 3);
  await until('it waits no more', () => next.metering.waiting === 3);
});
