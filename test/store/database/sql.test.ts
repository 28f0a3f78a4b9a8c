// The pools against real servers: what comes back, what is too slow, and how a dead, paused or restarted server shows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/lib/errors.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { openDatabase } from '../../../src/store/database/sql.ts';
import type { Database } from '../../../src/store/database/sql.ts';
import {
  idempotent,
  sqlState,
  storeError,
  violatedConstraint,
} from '../../../src/store/database/store-error.ts';
import { VirtualClock } from '../../support/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import { testServer } from '../../support/database/test-server.ts';
import { until, untilAsync } from '../../support/until.ts';

test('rows come back in the types the code expects', async (t) => {
  const { database } = await testDatabase(t);
  const [row] = await database.calls`
    SELECT 9007199254740991::bigint AS big, now() AS at, '{"a":1}'::jsonb AS json, ARRAY['x']::text[] AS list
  `;
  assert.equal(row?.['big'], Number.MAX_SAFE_INTEGER);
  assert.ok(row['at'] instanceof Date);
  assert.deepEqual(row['json'], { a: 1 });
  assert.deepEqual(row['list'], ['x']);
});

test('the connections of calls are there before the first of them', async (t) => {
  const { database } = await testDatabase(t);
  await database.connect();
  const [open] = await database.general`
    SELECT count(*)::int AS connections FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'frontdesk calls'`;
  assert.equal(open?.['connections'], 4);
});

test('arrays go in and come out as they are', async (t) => {
  const { database } = await testDatabase(t);
  const words = ['plain', '', 'NULL', 'a,b', '{c}', 'say "hi"', 'back\\slash', 'two\nlines', null];
  const times = [new Date('2027-03-01T15:00:00Z')];
  const id = '0190a1b2-0000-7000-8000-000000000000';
  const [row] = await database.calls`
    SELECT ${words}::text[] AS words, ${[1, null, -3]}::int[] AS ints, ${[9007199254740991]}::bigint[] AS bigs,
      ${[0.5]}::float8[] AS floats, ${[id]}::uuid[] AS ids, ${[]}::text[] AS none, ARRAY[true, false] AS bools,
      ARRAY[[1, 2], [3, 4]] AS nested, ARRAY['2027-03-01T15:00:00Z']::timestamptz[] AS times,
      ARRAY['{"a": [1, "x"]}']::jsonb[] AS documents
  `;
  assert.deepEqual(
    { ...row },
    {
      words,
      ints: [1, null, -3],
      bigs: [9007199254740991],
      floats: [0.5],
      ids: [id],
      none: [],
      bools: [true, false],
      nested: [
        [1, 2],
        [3, 4],
      ],
      times,
      documents: [{ a: [1, 'x'] }],
    },
  );
});

test('a statement that takes longer than its pool allows is unavailable', async (t) => {
  const { database } = await testDatabase(t);
  const error = await failure(database.calls`SELECT pg_sleep(30)`);
  assert.equal(sqlState(error), '57014');
  assert.equal(code(error), 'unavailable');
});

test('T07: calls are served while the dashboard has taken every connection of its own', async (t) => {
  const { database } = await testDatabase(t);
  const slow = Array.from({ length: 200 }, () => failure(database.general`SELECT pg_sleep(30)`));
  const before = systemClock.elapsed();
  for (let beat = 0; beat < 20; beat += 1) await database.calls`SELECT 1`;
  // Ten times what it takes, and far from the 15 s that the dashboard waits.
  assert.ok(systemClock.elapsed() - before < 5000);
  await database.close();
  await Promise.all(slow);
});

test('more transactions than connections all commit', async (t) => {
  const { database } = await testDatabase(t);
  await database.calls`CREATE TABLE notes (number int)`;
  const numbers = Array.from({ length: 60 }, (_, number) => number);
  // Connections that are open take statements in a row, and a transaction may stand behind some.
  const pause = () => database.calls`SELECT pg_sleep(0.05)`.execute();
  await Promise.all([pause(), pause(), pause(), pause()]);
  const running = [pause(), pause(), pause(), pause()];
  const work = numbers.flatMap((number) => [
    database.calls.begin(async (tx) => {
      await tx`INSERT INTO notes VALUES (${number})`;
      await tx`SELECT count(*) FROM notes`;
    }),
    database.calls`SELECT ${number}::int`,
  ]);
  await Promise.all([...running, ...work]);
  const [row] = await database.calls`SELECT count(*) AS count FROM notes`;
  assert.equal(row?.['count'], 60);
});

test('T08: a full disk is unavailable, and a refused row keeps its state and constraint', async (t) => {
  const { database } = await testDatabase(t);
  const full = await failure(
    database.calls`DO $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$`,
  );
  assert.equal(code(full), 'unavailable');
  await database.calls`CREATE TABLE notes (number int CONSTRAINT small CHECK (number < 9))`;
  const refused = await failure(database.calls`INSERT INTO notes VALUES (10)`);
  assert.deepEqual(
    [storeError(refused) === refused, sqlState(refused), violatedConstraint(refused)],
    [true, '23514', 'small'],
  );
});

test('T05: the first statement after a restart of the server succeeds', async (t) => {
  const server = await testServer(t, { empty: true });
  const database = opened(t, server.connection);
  await Promise.all(Array.from({ length: 4 }, () => database.calls`SELECT pg_sleep(0.05)`));
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    await server.kill(signal);
    await server.start();
    const [row] = await idempotent(() => database.calls`SELECT 1 AS one`);
    assert.equal(row?.['one'], 1);
  }
});

test('a restart under running statements costs only those statements', async (t) => {
  const server = await testServer(t, { empty: true });
  const database = opened(t, server.connection);
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const running = Array.from({ length: 8 }, () => failure(database.calls`SELECT pg_sleep(1.5)`));
    await database.general`SELECT 1`;
    await server.kill(signal);
    for (const error of await Promise.all(running)) assert.equal(code(error), 'unavailable');
    await server.start();
    for (const one of await Promise.all(
      Array.from({ length: 8 }, () => database.calls`SELECT 1 AS one`),
    )) {
      assert.equal(one[0]?.['one'], 1);
    }
  }
});

test('a server that is down fails every statement at once, and serves the first one when it is back', async (t) => {
  const server = await testServer(t, { empty: true });
  const database = opened(t, server.connection);
  await database.calls`SELECT 1`;
  await server.kill('SIGINT');
  const before = systemClock.elapsed();
  for (let round = 0; round < 10; round += 1) {
    const failures = Array.from({ length: 20 }, () => failure(database.calls`SELECT 1`));
    for (const error of await Promise.all(failures)) assert.equal(code(error), 'unavailable');
  }
  // The back-off of postgres.js alone would be 20 s by now.
  assert.ok(systemClock.elapsed() - before < 10_000);
  await assert.rejects(database.check(), { code: 'unavailable' });
  await server.start();
  await database.check();
});

test('T03: a paused server is given up in time, by statements that run, wait and come later', async (t) => {
  const server = await testServer(t, { empty: true });
  const database = opened(t, server.connection);
  await database.check();
  await server.kill('SIGSTOP');
  const before = systemClock.elapsed();
  const unopened = opened(t, server.connection);
  const waiting = [database, unopened].flatMap(({ calls }) =>
    Array.from({ length: 40 }, () => failure(calls`SELECT 1`)),
  );
  for (const error of await Promise.all(waiting)) assert.equal(code(error), 'unavailable');
  // 2.25 s for those that were sent, 2 s for a new connection, and nobody waits his own turn after that.
  assert.ok(systemClock.elapsed() - before < 10_000);
  await assert.rejects(database.check(), { code: 'unavailable' });
  await server.kill('SIGCONT');
  await untilAsync('the server is served again', () =>
    database.check().then(
      () => true,
      () => false,
    ),
  );
});

test('silence counts only while an answer is due: a listener may wait for hours', async (t) => {
  const { connection, database } = await testDatabase(t);
  const clock = new VirtualClock();
  const listening = openDatabase({ connection, clock, log: quietLog });
  t.after(() => listening.close());
  const heard: string[] = [];
  await listening.general.listen('news', (text) => heard.push(text));
  const before = await listener();
  for (const text of ['rain', 'sun']) {
    await clock.advance(4 * 3_600_000);
    await database.general`SELECT pg_notify('news', ${text})`;
    await until('the news is heard', () => heard.includes(text));
  }
  await clock.advance(4 * 3_600_000);
  assert.deepEqual(heard, ['rain', 'sun']);
  assert.deepEqual(await listener(), before);
  await listening.general`SELECT 1`;
  await listening.close();
  assert.equal(clock.pending, 0);

  async function listener(): Promise<unknown[]> {
    return [
      ...(await database.general`SELECT pid FROM pg_stat_activity WHERE query LIKE 'listen%' AND datname = current_database()`),
    ];
  }
});

test('a server that refuses us says why', async (t) => {
  const { connection } = await testDatabase(t);
  const url = new URL(connection);
  url.password = 'wrong';
  const stranger = opened(t, url.href);
  await assert.rejects(stranger.check(), { code: 'unavailable', message: /password.*28P01/ });
});

test('a check stops waiting when its signal aborts', async (t) => {
  const { database } = await testDatabase(t);
  const reason = new Error('asked elsewhere');
  await assert.rejects(database.check(AbortSignal.abort(reason)), reason);
});

function opened(t: { after(act: () => Promise<void>): void }, connection: string): Database {
  const database = openDatabase({ connection, clock: systemClock, log: quietLog });
  t.after(() => database.close());
  return database;
}

async function failure(statement: PromiseLike<unknown>): Promise<unknown> {
  try {
    await statement;
  } catch (error) {
    return error;
  }
  return undefined;
}

function code(error: unknown): string {
  const mapped = storeError(error);
  return mapped instanceof AppError ? mapped.code : mapped.message;
}
