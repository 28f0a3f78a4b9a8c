// Leases: seconds are sold once however many calls ask at the same moment, and late words of former owners count for nothing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { newId } from '../../../src/lib/ids.ts';
import { postEntry } from '../../../src/store/money/ledger-entries.ts';
import {
  admitLease,
  beatLease,
  listOrphans,
  reapLease,
  settleLease,
} from '../../../src/store/money/leases.ts';
import type { AdmitRequest } from '../../../src/store/money/leases.ts';
import { openDatabase } from '../../../src/store/database/sql.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { booksOf, clientWithCredit, leasesOf } from '../../billing/metering/meter-fixture.ts';
import { testDatabase } from '../../support/database/database.ts';
import type { TestDatabase } from '../../support/database/database.ts';
import { untilAsync } from '../../support/until.ts';

let db: TestDatabase;
let sql: Sql;
before(async () => {
  db = await testDatabase();
  sql = db.database.general;
});
after(() => db.close());

const terms = { headroomSeconds: 15, leaseSeconds: 30 };

function admit(clientId: string, given: Partial<AdmitRequest> = {}) {
  return admitLease(sql, request(clientId, given));
}

function request(clientId: string, given: Partial<AdmitRequest>): AdmitRequest {
  const leaseId = newId(systemClock.now());
  const sids = { callSid: `CA${leaseId}`, streamSid: `MZ${leaseId}` };
  return { leaseId, clientId, ...sids, owner: 'test', secondsMin: 1, ...terms, ...given };
}

/** Whether somebody waits for a lock. */
async function waits(): Promise<boolean> {
  const [row] = await sql<[{ waiting: number }]>`
    SELECT count(*) AS waiting FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return row.waiting > 0;
}

for (const calls of [2, 20]) {
  test(`${calls} calls at once on 10 s talk 10 s together, where reading before writing hands out more`, async () => {
    const clientId = await clientWithCredit(sql, 10);
    let lowest = 10;
    const talk = async () => {
      const leaseId = newId(systemClock.now());
      const admission = await admit(clientId, { leaseId });
      if (admission.status !== 'ok') return 0;
      let granted = admission.grantedSeconds;
      for (let used = 0; used < granted; used = Math.min(granted, used + 5)) {
        const beat = await beatLease(sql, { leaseId, epoch: 1, usedSeconds: used, ...terms });
        assert.equal(beat.status, 'ok');
        granted = beat.grantedSeconds;
        lowest = Math.min(lowest, (await booksOf(sql, clientId)).balance);
      }
      await settleLease(sql, { leaseId, epoch: 1, usedSeconds: granted, reason: 'credit' });
      return granted;
    };
    const talked = await Promise.all(Array.from({ length: calls }, talk));
    const { balance, reserved, billed, clean } = await booksOf(sql, clientId);
    assert.equal(sum(talked), 10);
    assert.deepEqual(
      { balance, reserved, billed, clean },
      { balance: 0, reserved: 0, billed: 10, clean: true },
    );
    assert.ok(lowest >= 0);

    // The control: this check can fail.
    await sql`CREATE TABLE IF NOT EXISTS naive (id int PRIMARY KEY, balance int NOT NULL)`;
    await sql`INSERT INTO naive VALUES (1, 10) ON CONFLICT (id) DO UPDATE SET balance = 10`;
    const allRead = barrier(calls === 2 ? 2 : 8);
    const naive = async () => {
      const [row] = await sql<[{ balance: number }]>`SELECT balance FROM naive WHERE id = 1`;
      await allRead();
      if (row.balance < 10) return 0;
      await sql`UPDATE naive SET balance = ${row.balance - 10} WHERE id = 1`;
      return 10;
    };
    const handedOut = await Promise.all(Array.from({ length: calls === 2 ? 2 : 8 }, naive));
    assert.ok(sum(handedOut) > 10);
  });
}

test('16 sockets of one stream: one is let in', async () => {
  const clientId = await clientWithCredit(sql, 1000);
  const answers = await Promise.all(
    Array.from({ length: 16 }, () => admit(clientId, { callSid: 'CA16', streamSid: 'MZ16' })),
  );
  const statuses = answers.map((answer) => answer.status).toSorted();
  assert.deepEqual(statuses, [...Array(15).fill('duplicate'), 'ok']);
  assert.equal((await booksOf(sql, clientId)).reserved, 15);
});

test('a newer stream of the same call supersedes the older one, which is charged and may not return', async () => {
  const clientId = await clientWithCredit(sql, 1000);
  const first = newId(0);
  await admit(clientId, { leaseId: first, callSid: 'CA-s', streamSid: 'MZ-s1' });
  await beatLease(sql, { leaseId: first, epoch: 1, usedSeconds: 8, ...terms });
  assert.equal((await admit(clientId, { callSid: 'CA-s', streamSid: 'MZ-s2' })).status, 'ok');
  assert.deepEqual(await beatLease(sql, { leaseId: first, epoch: 1, usedSeconds: 9, ...terms }), {
    status: 'lost',
  });
  assert.deepEqual(
    await settleLease(sql, { leaseId: first, epoch: 1, usedSeconds: 99, reason: 'stop' }),
    { status: 'already', billedSeconds: 8, reason: 'superseded' },
  );
  assert.equal((await admit(clientId, { callSid: 'CA-s', streamSid: 'MZ-s1' })).status, 'ended');
  const { billed, reserved, clean } = await booksOf(sql, clientId);
  assert.deepEqual({ billed, reserved, clean }, { billed: 8, reserved: 15, clean: true });
});

test('an orphan whose call has a newer stream may not take the call back', async () => {
  const clientId = await clientWithCredit(sql, 1000);
  const first = newId(0);
  await admit(clientId, { leaseId: first, callSid: 'CA-o', streamSid: 'MZ-o1' });
  await reapLease(sql, first, { which: 'all' });
  assert.equal((await admit(clientId, { callSid: 'CA-o', streamSid: 'MZ-o2' })).status, 'ok');
  assert.equal((await admit(clientId, { callSid: 'CA-o', streamSid: 'MZ-o1' })).status, 'ended');
});

test('a call and its stream belong to one client: whoever else names them is not let in', async () => {
  const [owner, other] = [await clientWithCredit(sql, 1000), await clientWithCredit(sql, 1000)];
  const leaseId = newId(0);
  const running = { leaseId, callSid: 'CA-one', streamSid: 'MZ-one' };
  await admit(owner, running);
  assert.equal((await admit(other, { callSid: 'CA-one' })).status, 'duplicate');
  assert.equal((await admit(other, { streamSid: 'MZ-one' })).status, 'duplicate');
  assert.equal((await admit(owner, { streamSid: 'MZ-one' })).status, 'duplicate');
  assert.equal(
    (await beatLease(sql, { leaseId, epoch: 1, usedSeconds: 5, ...terms })).status,
    'ok',
  );
  // An orphan's stream goes on as the next segment, but not of another call or client.
  await reapLease(sql, leaseId, { which: 'all' });
  assert.equal((await admit(other, { ...running, leaseId: newId(0) })).status, 'duplicate');
  const otherCall = { leaseId: newId(0), callSid: 'CA-other', streamSid: 'MZ-one' };
  assert.equal((await admit(owner, otherCall)).status, 'duplicate');
  assert.equal((await booksOf(sql, other)).reserved, 0);

  // At the same moment, each unseen by the other.
  const both = { streamSid: 'MZ-both' };
  let rival: ReturnType<typeof admit> | undefined;
  await sql.begin(async (tx) => {
    const first = await admitLease(tx as unknown as Sql, request(owner, both));
    assert.equal(first.status, 'ok');
    let answered = false;
    rival = admit(other, both).finally(() => (answered = true));
    await untilAsync('the second waits for the first', async () => answered || (await waits()));
  });
  assert.equal((await rival)?.status, 'duplicate');
});

test('asking again after an answer that was lost gives the same answer', async () => {
  const clientId = await clientWithCredit(sql, 100);
  const request = { leaseId: newId(0), callSid: 'CA-r', streamSid: 'MZ-r' };
  const answer = await admit(clientId, request);
  assert.deepEqual(await admit(clientId, request), answer);
  const settlement = {
    leaseId: request.leaseId,
    epoch: 1,
    usedSeconds: 3,
    reason: 'stop',
  } as const;
  assert.equal((await settleLease(sql, settlement)).status, 'ok');
  assert.equal((await settleLease(sql, settlement)).status, 'already');
  const { billed, callEntries } = await booksOf(sql, clientId);
  assert.deepEqual({ billed, callEntries }, { billed: 3, callEntries: 1 });
});

test('no more calls at once than the client allows', async () => {
  const clientId = await clientWithCredit(sql, 1000, { concurrencyMax: 3 });
  const answers = await Promise.all(Array.from({ length: 10 }, () => admit(clientId)));
  const refused = answers.filter((answer) => answer.status === 'too_many').length;
  assert.equal(refused, 7);
  assert.equal((await booksOf(sql, clientId)).reserved, 45);
  // A stream that replaces another one of its call needs no further place.
  const [lease] = await leasesOf(sql, [clientId]);
  const replaced = await admit(clientId, { callSid: lease!.callSid });
  assert.equal(replaced.status, 'ok');
});

test('who is switched off, deleted or unknown gets no new call, and keeps the running one', async () => {
  const clientId = await clientWithCredit(sql, 1000);
  const leaseId = newId(0);
  const running = { leaseId, callSid: 'CA-off', streamSid: 'MZ-off' };
  await admit(clientId, running);
  await sql`UPDATE clients SET is_active = false WHERE id = ${clientId}`;
  assert.equal((await admit(clientId)).status, 'inactive');
  await sql`UPDATE clients SET is_active = true, deleted_at = now() WHERE id = ${clientId}`;
  assert.equal((await admit(clientId)).status, 'inactive');
  assert.equal((await admit(newId(0))).status, 'inactive');
  const beat = { leaseId, epoch: 1, usedSeconds: 5, ...terms };
  assert.equal((await beatLease(sql, beat)).status, 'ok');
  await reapLease(sql, leaseId, { which: 'all' });
  assert.equal((await admit(clientId, { ...running, leaseId: newId(0) })).status, 'ok');
});

test('too little credit to begin with, or a debt: not let in', async () => {
  const clientId = await clientWithCredit(sql, 4);
  assert.equal((await admit(clientId, { secondsMin: 5 })).status, 'no_credit');
  await postEntry(sql, { clientId, kind: 'refund', deltaSeconds: -5, idemKey: newId(0), meta: {} });
  assert.equal((await admit(clientId)).status, 'no_credit');
  assert.equal((await booksOf(sql, clientId)).reserved, 0);
});

test('a running call keeps its quota through a refund, and what it gives back pays the debt', async () => {
  const clientId = await clientWithCredit(sql, 100);
  const leaseId = newId(0);
  await admit(clientId, { leaseId });
  await postEntry(sql, {
    clientId,
    kind: 'refund',
    deltaSeconds: -100,
    idemKey: newId(0),
    meta: {},
  });
  const owing = await booksOf(sql, clientId);
  assert.deepEqual([owing.balance, owing.reserved, owing.debt], [15, 15, 15]);
  await settleLease(sql, { leaseId, epoch: 1, usedSeconds: 6, reason: 'stop' });
  const { balance, reserved, debt, clean } = await booksOf(sql, clientId);
  assert.deepEqual(
    { balance, reserved, debt, clean },
    { balance: 0, reserved: 0, debt: 6, clean: true },
  );
});

test('seconds served without quota are recorded, and billed when there is credit after all', async () => {
  const clientId = await clientWithCredit(sql, 20);
  const leaseId = newId(0);
  await admit(clientId, { leaseId });
  await beatLease(sql, { leaseId, epoch: 1, usedSeconds: 50, ...terms });
  assert.deepEqual(
    (await leasesOf(sql, [clientId])).map(({ used, overrun }) => ({ used, overrun })),
    [{ used: 20, overrun: 30 }],
  );
  await postEntry(sql, { clientId, kind: 'topup', deltaSeconds: 25, idemKey: newId(0), meta: {} });
  await settleLease(sql, { leaseId, epoch: 1, usedSeconds: 50, reason: 'credit' });
  const [lease] = await leasesOf(sql, [clientId]);
  assert.deepEqual([lease?.billed, lease?.overrun], [45, 5]);
  assert.equal((await booksOf(sql, clientId)).balance, 0);
});

test('the reaper takes what has expired or fallen silent, and nothing else', async () => {
  const clientId = await clientWithCredit(sql, 1000);
  const [dead, alive] = [newId(0), newId(1)];
  await admit(clientId, { leaseId: dead, callSid: 'CA-dead', leaseSeconds: 0 });
  await admit(clientId, { leaseId: alive, callSid: 'CA-alive' });
  const expired = await listOrphans(sql, { which: 'expired' }, 100);
  assert.ok(expired.includes(dead) && !expired.includes(alive));
  // The owner was late, but came back before the reaper had the locks.
  await beatLease(sql, { leaseId: dead, epoch: 1, usedSeconds: 4, ...terms });
  assert.equal(await reapLease(sql, dead, { which: 'expired' }), undefined);
  const silent = { which: 'silent', callSid: 'CA-dead', silentMs: 60_000 } as const;
  assert.deepEqual(await listOrphans(sql, silent, 100), []);
  assert.equal(await reapLease(sql, dead, silent), undefined);
  assert.equal(await reapLease(sql, dead, { ...silent, silentMs: 0 }), 4);
  assert.equal(await reapLease(sql, dead, { which: 'all' }), undefined);
  assert.equal(await reapLease(sql, newId(0), { which: 'all' }), undefined);
  assert.equal((await booksOf(sql, clientId)).billed, 4);
});

test('no statement of ours takes FOR UPDATE on clients: it deadlocks with the foreign keys', async () => {
  const { readFile, readdir } = await import('node:fs/promises');
  for (const folder of ['../../../sql/', '../../../src/store/']) {
    const directory = new URL(folder, import.meta.url);
    for (const name of await readdir(directory, { recursive: true })) {
      if (!/\.(sql|ts)$/.test(name)) continue;
      const text = (await readFile(new URL(name, directory), 'utf8')).replace(/--.*|\/\/.*/g, '');
      assert.doesNotMatch(text, /clients[^;`]*\bFOR UPDATE\b/, name);
    }
  }
});

test('32 postings and 32 calls of one client on 12 connections do not deadlock', async (t) => {
  const pools = Array.from({ length: 3 }, () =>
    openDatabase({ connection: db.connection, clock: systemClock, log: quietLog }),
  );
  t.after(() => Promise.all(pools.map((pool) => pool.close())));
  const clientId = await clientWithCredit(sql, 1000);
  await Promise.all(
    Array.from({ length: 32 }, async (_, i) => {
      const pool = pools[i % pools.length]!.calls;
      const leaseId = newId(systemClock.now());
      await postEntry(pool, {
        clientId,
        kind: 'topup',
        deltaSeconds: 60,
        idemKey: leaseId,
        meta: {},
      });
      const call = { leaseId, clientId, callSid: leaseId, streamSid: leaseId, owner: 'test' };
      await admitLease(pool, { ...call, ...terms, secondsMin: 1 });
      await settleLease(pool, { leaseId, epoch: 1, usedSeconds: 10, reason: 'stop' });
    }),
  );
  const { balance, billed, callEntries, clean } = await booksOf(sql, clientId);
  assert.deepEqual(
    { balance, billed, callEntries, clean },
    { balance: 1000 + 32 * 60 - 320, billed: 320, callEntries: 32, clean: true },
  );
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Lets nobody go on before `count` have come. */
function barrier(count: number): () => Promise<void> {
  const waiting = Promise.withResolvers<void>();
  let come = 0;
  return () => {
    come += 1;
    if (come === count) waiting.resolve();
    return waiting.promise;
  };
}
