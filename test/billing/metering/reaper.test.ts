// The reaper in virtual time: orphans are settled, a jumped clock makes it wait, and nothing reads the wall clock to bill.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { runAudit } from '../../../src/billing/metering/audit.ts';
import { meterTimers } from '../../../src/billing/metering/meter-timers.ts';
import { openMetering } from '../../../src/billing/metering/meter.ts';
import { runReaper } from '../../../src/billing/metering/reaper.ts';
import { newId } from '../../../src/lib/ids.ts';
import { openLog } from '../../../src/lib/log.ts';
import { admitLease, beatLease } from '../../../src/store/money/leases.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { VirtualClock } from '../../support/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import type { TestDatabase } from '../../support/database/database.ts';
import { advance, InFlight } from './in-flight.ts';
import { booksOf, clientWithCredit } from './meter-fixture.ts';

let db: TestDatabase;
let sql: Sql;
before(async () => {
  db = await testDatabase();
  sql = db.database.general;
});
after(() => db.close());

/** A clock whose wall time somebody sets, as an administrator or a time server does. */
class JumpyClock extends VirtualClock {
  offsetMs = 0;
  override now(): number {
    return super.now() + this.offsetMs;
  }
}

function started() {
  const clock = new JumpyClock();
  const pool = new InFlight(db.database.general);
  const lines: string[] = [];
  const log = openLog({ level: 'info', pii: false, write: (line) => void lines.push(line) });
  const timers = { ...meterTimers, reapJitterMs: 0, beatJitterMs: 0 };
  return { clock, pool, lines, parts: { sql: pool.sql, clock, log, timers } };
}

/** A lease whose owner died after a beat at 7 s. */
async function orphan(clientId: string): Promise<void> {
  const leaseId = newId(0);
  const call = { leaseId, clientId, callSid: leaseId, streamSid: leaseId, owner: 'dead' };
  await admitLease(sql, { ...call, headroomSeconds: 15, secondsMin: 5, leaseSeconds: 30 });
  await beatLease(sql, { leaseId, epoch: 1, usedSeconds: 7, headroomSeconds: 15, leaseSeconds: 0 });
}

test('an orphan is settled at its last beat, and the reaper ends with its signal', async () => {
  const { clock, pool, parts } = started();
  const stop = new AbortController();
  const clientId = await clientWithCredit(sql, 100);
  const reaping = runReaper(parts, stop.signal);
  await orphan(clientId);
  await advance(clock, pool, 9900);
  assert.equal((await booksOf(sql, clientId)).billed, 0);
  await advance(clock, pool, 200);
  const { billed, reserved, balance } = await booksOf(sql, clientId);
  assert.deepEqual({ billed, reserved, balance }, { billed: 7, reserved: 0, balance: 93 });
  stop.abort();
  await reaping;
  assert.equal(clock.pending, 0);
});

test('an orphan that cannot be settled keeps no other from it, and raises an alarm', async (t) => {
  const { clock, pool, lines, parts } = started();
  const broken = await clientWithCredit(sql, 100);
  const sound = await clientWithCredit(sql, 100);
  await sql.unsafe(`
    CREATE FUNCTION refuse_books() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken books'; END $$;
    CREATE TRIGGER refuse_books BEFORE INSERT ON ledger FOR EACH ROW WHEN (NEW.client_id = '${broken}')
      EXECUTE FUNCTION refuse_books()`);
  t.after(() => sql.unsafe('DROP FUNCTION refuse_books CASCADE'));
  const stop = new AbortController();
  const reaping = runReaper(parts, stop.signal);
  await orphan(broken);
  await orphan(sound);
  await advance(clock, pool, 10_100);
  assert.deepEqual(
    [(await booksOf(sql, broken)).billed, (await booksOf(sql, sound)).billed],
    [0, 7],
  );
  assert.ok(lines.some((line) => /ALARM.*cannot be settled/.test(line)));
  stop.abort();
  await reaping;
  await sql.unsafe('DROP TRIGGER refuse_books ON ledger');
  const again = new AbortController();
  const next = runReaper(parts, again.signal);
  await advance(clock, pool, 10_100);
  assert.equal((await booksOf(sql, broken)).billed, 7);
  again.abort();
  await next;
});

for (const jumpMs of [3_600_000, -7_200_000, 6000]) {
  test(`after the wall clock moved by ${jumpMs / 1000} s orphans are left alone for one lease`, async () => {
    const { clock, pool, parts } = started();
    const stop = new AbortController();
    const clientId = await clientWithCredit(sql, 100);
    const reaping = runReaper(parts, stop.signal);
    await orphan(clientId);
    clock.offsetMs = jumpMs;
    await advance(clock, pool, 30_000, 1000);
    assert.equal((await booksOf(sql, clientId)).billed, 0);
    await advance(clock, pool, 20_000, 1000);
    assert.equal((await booksOf(sql, clientId)).billed, 7);
    stop.abort();
    await reaping;
  });
}

test('a drift of less than that does not matter', async () => {
  const { clock, pool, parts } = started();
  const stop = new AbortController();
  const clientId = await clientWithCredit(sql, 100);
  const reaping = runReaper(parts, stop.signal);
  await orphan(clientId);
  clock.offsetMs = 4000;
  await advance(clock, pool, 10_000, 1000);
  assert.equal((await booksOf(sql, clientId)).billed, 7);
  stop.abort();
  await reaping;
});

test('jumps of the wall clock change nothing about the bill of a running call', async (t) => {
  const { clock, pool, parts } = started();
  const journalDir = await mkdtemp(path.join(tmpdir(), 'frontdesk-journal-'));
  t.after(() => rm(journalDir, { recursive: true, force: true }));
  const clientId = await clientWithCredit(sql, 3600);
  const stop = new AbortController();
  const reaping = runReaper(parts, stop.signal);
  {
    await using metering = await openMetering({ ...parts, owner: 'test', journalDir });
    const events: string[] = [];
    const streamSid = newId(0);
    const admitted = await metering.admit(
      { clientId, callSid: streamSid, streamSid, callSecondsMax: 3600 },
      { wrapUp: (reason) => void events.push(reason), stop: (reason) => void events.push(reason) },
    );
    assert.equal(admitted.status, 'ok');
    if (admitted.status !== 'ok') return;
    const startedAt = clock.elapsed();
    const frames = clock.every(20, () => admitted.meter.check(clock.elapsed() - startedAt));
    for (const offsetMs of [3_600_000, -7_200_000, 1000, 0]) {
      clock.offsetMs = offsetMs;
      await advance(clock, pool, 20_000);
    }
    frames[Symbol.dispose]();
    assert.deepEqual(await admitted.meter.settle(clock.elapsed() - startedAt, 'stop'), {
      billedSeconds: 80,
    });
    assert.deepEqual(events, []);
  }
  stop.abort();
  await reaping;
  assert.equal(clock.pending, 0);
});

test('the audit runs at the start and every hour, and raises an alarm for books that disagree', async () => {
  const { clock, pool, lines, parts } = started();
  const stop = new AbortController();
  const clientId = await clientWithCredit(sql, 100);
  const auditing = runAudit(parts, stop.signal);
  await advance(clock, pool, 1000, 1000);
  assert.equal(lines.length, 0);
  await sql.begin(async (tx) => {
    await tx`SELECT set_config('search_path', 'public, frontdesk_metering', true)`;
    await tx`UPDATE clients SET balance_seconds = 99 WHERE id = ${clientId}`;
  });
  await advance(clock, pool, 3_600_000, 3_600_000);
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /ALARM.*/);
  assert.ok(lines[0]!.includes(clientId));
  const told = await sql`SELECT kind, severity FROM notices WHERE client_id = ${clientId}`;
  assert.deepEqual([...told], [{ kind: 'audit_failed', severity: 'error' }]);
  stop.abort();
  await auditing;
  assert.equal(clock.pending, 0);
});
