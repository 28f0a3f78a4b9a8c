// Ledger entries per second: calls settled and beaten on the four connections of a process, against the naive transaction.

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../src/lib/clock.ts';
import { newId } from '../src/lib/ids.ts';
import { quietLog } from '../src/lib/log.ts';
import { startEmbedded } from '../src/store/database/embedded/embedded.ts';
import { admitLease, beatLease, settleLease } from '../src/store/money/leases.ts';
import { migrate } from '../src/store/database/migrate.ts';
import { openDatabase } from '../src/store/database/sql.ts';
import type { Sql } from '../src/store/database/sql.ts';
import { sqlState } from '../src/store/database/store-error.ts';
import { clientWithCredit } from '../test/billing/metering/meter-fixture.ts';
import { printFigure, printFigures, printMachine, race } from './support/measure.ts';

const ROUNDS = 12;
const PER_ROUND = 400;
/** Calls that end at the same moment: more than there are connections, as after an outage. */
const AT_ONCE = 32;
/** Each deadlock takes a second to be noticed. */
const DEADLOCKS_OF = 32;
const CREDIT = 1_000_000_000;
const terms = { headroomSeconds: 15, leaseSeconds: 30 };

printMachine();
// On a real disk, and where the server's own user can reach it.
const dataDir = mkdtempSync('/var/tmp/frontdesk-bench-');
chmodSync(dataDir, 0o711);
const parts = { clock: systemClock, log: quietLog };
const server = await startEmbedded({ ...parts, dataDir, dataDirWasSet: true, progress: () => {} });
const { connection } = server;
await migrate({
  ...parts,
  connection,
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
});
const database = openDatabase({ ...parts, connection });
try {
  await compare('one client', 1);
  await compare('100 clients', 100);
  await countDeadlocks(database.calls, await naiveClient(database.calls));
} finally {
  await database.close();
  await server.stop();
  rmSync(path.resolve(dataDir), { recursive: true, force: true });
}

async function compare(name: string, clientCount: number): Promise<void> {
  const sql = database.calls;
  const clients: string[] = [];
  while (clients.length < clientCount) clients.push(await clientWithCredit(sql, CREDIT));
  await prepareNaive(sql, clients);
  const rates = { settle: [] as number[], beat: [] as number[], naive: [] as number[] };
  const latencies = { settle: [] as number[], beat: [] as number[], naive: [] as number[] };
  for (let round = -1; round < ROUNDS; round += 1) {
    const leases = await admitAll(sql, clients);
    const beat = await race(leases, AT_ONCE, (lease) =>
      beatLease(sql, { leaseId: lease, epoch: 1, usedSeconds: 5, ...terms }),
    );
    const settle = await race(leases, AT_ONCE, (lease) =>
      settleLease(sql, { leaseId: lease, epoch: 1, usedSeconds: 7, reason: 'stop' }),
    );
    const naive = await race(leases, AT_ONCE, (lease, i) =>
      settleNaively(sql, clients[i % clients.length]!, lease),
    );
    if (round < 0) continue;
    for (const [kind, figures] of Object.entries({ settle, beat, naive })) {
      rates[kind as keyof typeof rates].push(figures.perSecond);
      latencies[kind as keyof typeof latencies].push(...figures.ms);
    }
  }
  await check(sql, clients);
  console.log(
    `${name}, ${AT_ONCE} calls at once on 4 connections, ${ROUNDS} rounds of ${PER_ROUND}`,
  );
  printFigures('  calls settled', rates.settle, '/s');
  printFigures('  naive transaction (FOR UPDATE)', rates.naive, '/s');
  printFigures('  beats', rates.beat, '/s');
  printFigures('  one settlement, waiting included', latencies.settle, 'ms');
  printFigures('  one naive transaction, waiting included', latencies.naive, 'ms');
  printFigures('  one beat, waiting included', latencies.beat, 'ms');
  console.log('');
}

async function admitAll(sql: Sql, clients: readonly string[]): Promise<string[]> {
  await sql`UPDATE clients SET concurrency_max = 1000`;
  const leases: string[] = [];
  for (let i = 0; i < PER_ROUND; i += 1) {
    const leaseId = newId(systemClock.now());
    const who = { leaseId, clientId: clients[i % clients.length]!, owner: 'bench' };
    const call = { callSid: leaseId, streamSid: leaseId };
    const { status } = await admitLease(sql, { ...who, ...call, ...terms, secondsMin: 5 });
    assert.equal(status, 'ok');
    leases.push(leaseId);
  }
  return leases;
}

/** The same tables without the functions: what one writes first. */
async function prepareNaive(sql: Sql, clients: readonly string[]): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS naive_clients (id uuid PRIMARY KEY, balance bigint NOT NULL)`;
  await sql`
    CREATE TABLE IF NOT EXISTS naive_ledger (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      client_id uuid NOT NULL REFERENCES naive_clients (id),
      delta bigint NOT NULL,
      idem_key text NOT NULL UNIQUE
    )
  `;
  for (const id of clients) await sql`INSERT INTO naive_clients VALUES (${id}, ${CREDIT})`;
}

async function naiveClient(sql: Sql): Promise<string> {
  const id = newId(systemClock.now());
  await prepareNaive(sql, [id]);
  return id;
}

/** Lock, entry, balance, in a transaction of four round trips. */
async function settleNaively(sql: Sql, clientId: string, lease: string): Promise<void> {
  await sql.begin(async (tx) => {
    const [row] = await tx<[{ balance: number }]>`
      SELECT balance FROM naive_clients WHERE id = ${clientId} FOR UPDATE
    `;
    await tx`INSERT INTO naive_ledger (client_id, delta, idem_key) VALUES (${clientId}, -7, ${lease})`;
    await tx`UPDATE naive_clients SET balance = ${row.balance - 7} WHERE id = ${clientId}`;
  });
}

/** The same with the entry first: its foreign key shares the row that FOR UPDATE then wants alone. */
async function countDeadlocks(sql: Sql, clientId: string): Promise<void> {
  const keys = Array.from({ length: DEADLOCKS_OF }, () => newId(systemClock.now()));
  let failed = 0;
  const { perSecond } = await race(keys, AT_ONCE, async (key) => {
    const entry = sql.begin(async (tx) => {
      await tx`INSERT INTO naive_ledger (client_id, delta, idem_key) VALUES (${clientId}, -7, ${key})`;
      await tx`SELECT balance FROM naive_clients WHERE id = ${clientId} FOR UPDATE`;
      await tx`UPDATE naive_clients SET balance = balance WHERE id = ${clientId}`;
    });
    await entry.catch((error: unknown) => {
      // Deadlock, or a lock that took longer than the pool allows because of one.
      if (!['40P01', '55P03', '57014'].includes(sqlState(error) ?? '')) throw error;
      failed += 1;
    });
  });
  console.log(`the naive transaction with the entry before the lock, ${DEADLOCKS_OF} times`);
  printFigure('  failed by deadlock', failed, 'of them');
  printFigure('  tried', perSecond, '/s');
}

async function check(sql: Sql, clients: readonly string[]): Promise<void> {
  const calls = (ROUNDS + 1) * PER_ROUND;
  const [ours] = await sql<[{ left: number }]>`
    SELECT sum(balance_seconds)::bigint AS left FROM clients WHERE id = ANY(${[...clients]})
  `;
  const [naive] = await sql<[{ left: number }]>`
    SELECT sum(balance)::bigint AS left FROM naive_clients WHERE id = ANY(${[...clients]})
  `;
  assert.equal(ours.left, clients.length * CREDIT - 7 * calls);
  assert.equal(naive.left, ours.left);
}
