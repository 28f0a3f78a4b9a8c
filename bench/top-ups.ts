// Payments credited per second, each told three times as Stripe may; against the transaction that one writes first.

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../src/lib/clock.ts';
import { newId } from '../src/lib/ids.ts';
import { quietLog } from '../src/lib/log.ts';
import { startEmbedded } from '../src/store/database/embedded/embedded.ts';
import { migrate } from '../src/store/database/migrate.ts';
import { insertOrder } from '../src/store/money/orders.ts';
import { applyPaid, applyRefund, onEvent } from '../src/store/money/payments.ts';
import { openDatabase } from '../src/store/database/sql.ts';
import type { Sql } from '../src/store/database/sql.ts';
import { clientWithCredit } from '../test/billing/metering/meter-fixture.ts';
import { addPackage } from '../test/support/product/packages.ts';
import { printFigures, printMachine, race } from './support/measure.ts';

const ROUNDS = 8;
const PER_ROUND = 200;
/** Messages that come at once. */
const AT_ONCE = 16;
const CLIENTS = 50;
const SECONDS = 3600;

printMachine();
// On a real disk, and where the server's own user can reach it.
const dataDir = mkdtempSync('/var/tmp/frontdesk-bench-');
chmodSync(dataDir, 0o711);
const parts = { clock: systemClock, log: quietLog };
const server = await startEmbedded({ ...parts, dataDir, dataDirWasSet: true, progress: () => {} });
const { connection } = server;
const directory = fileURLToPath(new URL('../sql', import.meta.url));
await migrate({ ...parts, connection, directory });
const database = openDatabase({ ...parts, connection });
try {
  await compare('one client', 1);
  await compare(`${CLIENTS} clients`, CLIENTS);
} finally {
  await database.close();
  await server.stop();
  rmSync(path.resolve(dataDir), { recursive: true, force: true });
}

interface Bought {
  readonly orderId: string;
  readonly clientId: string;
}

async function compare(name: string, count: number): Promise<void> {
  const sql = database.general;
  const sold = await addPackage(sql, { kind: 'top_up', name: 'x', amount: 1000, seconds: SECONDS });
  const clients: string[] = [];
  while (clients.length < count) clients.push(await clientWithCredit(sql, 0));
  await prepareNaive(sql, clients);
  const rates = {
    first: [] as number[],
    again: [] as number[],
    refund: [] as number[],
    naive: [] as number[],
  };
  const latencies: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const bought: Bought[] = [];
    while (bought.length < PER_ROUND) {
      const orderId = newId(systemClock.now());
      const clientId = clients[bought.length % count]!;
      await insertOrder(sql, {
        id: orderId,
        clientId,
        kind: 'top_up',
        package: sold,
        createdBy: clientId,
      });
      bought.push({ orderId, clientId });
    }
    const first = await race(bought, AT_ONCE, (each) => credit(sql, each));
    const again = await race(bought, AT_ONCE, (each) => credit(sql, each));
    const refund = await race(bought, AT_ONCE, ({ orderId }) =>
      applyRefund(sql, {
        refundId: `re_${orderId}`,
        paymentIntent: `pi_${orderId}`,
        amount: 500,
        failed: false,
      }),
    );
    const naive = await race(bought, AT_ONCE, (each) => creditNaively(sql, each));
    if (round < 0) continue;
    for (const [kind, { perSecond }] of Object.entries({ first, again, refund, naive })) {
      rates[kind as keyof typeof rates].push(perSecond);
    }
    latencies.push(...first.ms);
  }
  await check(sql, clients);
  console.log(
    `${name}, ${AT_ONCE} messages at once on 10 connections, ${ROUNDS} rounds of ${PER_ROUND}`,
  );
  printFigures('  payments credited, message remembered', rates.first, '/s');
  printFigures('  naive: read FOR UPDATE, then UPDATE', rates.naive, '/s');
  printFigures('  the same message again', rates.again, '/s');
  printFigures('  refunds', rates.refund, '/s');
  printFigures('  one payment, waiting included', latencies, 'ms');
  console.log('');
}

/** As the webhook does: the message is remembered in the transaction that credits. */
function credit(sql: Sql, { orderId, clientId }: Bought) {
  const event = { id: `evt_${orderId}`, type: 'checkout.session.completed', created: 0 };
  const paid = { paymentIntent: `pi_${orderId}`, orderId, clientId, amount: 1000, currency: 'usd' };
  return onEvent(sql, event, async (tx) => {
    assert.equal(await applyPaid(tx, paid), 'ok');
    return { outcome: 'applied' };
  });
}

async function prepareNaive(sql: Sql, clients: readonly string[]): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS naive_clients (id uuid PRIMARY KEY, balance bigint NOT NULL)`;
  await sql`
    CREATE TABLE IF NOT EXISTS naive_payments (
      id text PRIMARY KEY, client_id uuid NOT NULL REFERENCES naive_clients (id), seconds bigint NOT NULL)`;
  for (const id of clients) await sql`INSERT INTO naive_clients VALUES (${id}, 0)`;
}

/** No order to compare with, no refund that may have come before, no ledger: three statements in a transaction. */
async function creditNaively(sql: Sql, { orderId, clientId }: Bought): Promise<void> {
  await sql.begin(async (tx) => {
    const [row] = await tx<[{ balance: number }]>`
      SELECT balance FROM naive_clients WHERE id = ${clientId} FOR UPDATE`;
    await tx`INSERT INTO naive_payments VALUES (${orderId}, ${clientId}, ${SECONDS})`;
    await tx`UPDATE naive_clients SET balance = ${row.balance + SECONDS} WHERE id = ${clientId}`;
  });
}

async function check(sql: Sql, clients: readonly string[]): Promise<void> {
  const payments = (ROUNDS + 1) * PER_ROUND;
  const [ours] = await sql<[{ seconds: number }]>`
    SELECT sum(balance_seconds)::bigint AS seconds FROM clients WHERE id = ANY(${[...clients]}::uuid[])`;
  const [naive] = await sql<[{ seconds: number }]>`
    SELECT sum(balance)::bigint AS seconds FROM naive_clients WHERE id = ANY(${[...clients]}::uuid[])`;
  assert.equal(ours.seconds, (payments * SECONDS) / 2);
  assert.equal(naive.seconds, payments * SECONDS);
}
