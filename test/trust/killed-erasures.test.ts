// kill -9 in the middle of an erasure: the next process finishes it, nothing stays half erased, and money goes back once.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hashPassword } from '../../src/lib/passwords.ts';
import type { Sql } from '../../src/store/database/sql.ts';
import { runArguments } from '../support/database/database-server.ts';
import { tempFolder } from '../support/database/test-server.ts';
import { freePort } from '../support/free-port.ts';
import { eventually } from '../support/product/after-call.ts';
import { JWT_SECRET } from '../support/product/api.ts';
import { startBillingApi, STRIPE_KEY, WEBHOOK_SECRET } from '../support/product/billing.ts';
import type { BillingApi } from '../support/product/billing.ts';
import { endedCall } from '../support/product/business.ts';
import { startServerProcess } from '../support/product/server-process.ts';

const program = fileURLToPath(new URL('./erasure-process.ts', import.meta.url));
const PASSWORD = 'four words of mine';

/** Begins an erasure; what is returned kills it. */
function start(t: TestContext, b: BillingApi): () => Promise<void> {
  const args = [...runArguments, program, b.connection, b.stripe.url];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const ended = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  t.after(kill);
  return kill;
}

/** What a killed process had claimed is free again. */
async function minuteLater(sql: Sql): Promise<void> {
  await sql`UPDATE clients SET erase_try_at = clock_timestamp() WHERE erase_try_at IS NOT NULL`;
  await sql`UPDATE billing_accounts SET customer_try_at = clock_timestamp() WHERE customer_try_at IS NOT NULL`;
}

const happens = (what: string, is: () => boolean | Promise<boolean>) =>
  eventually(what, async () => ((await is()) ? true : undefined));

test('between two of its tables: the rest goes as well', async (t) => {
  const b = await startBillingApi(t);
  const sql = b.database.general;
  const { clientId } = b;
  await endedCall(sql, clientId, { phone: '+14155550142', words: ['I am vanishing'] });
  const left = async () => {
    const [row] = await sql<[{ conversations: number; contacts: number; erased: boolean }]>`
      SELECT (SELECT count(*) FROM conversations WHERE client_id = ${clientId}) AS conversations,
        (SELECT count(*) FROM contacts WHERE client_id = ${clientId}) AS contacts,
        erased_at IS NOT NULL AS erased FROM clients WHERE id = ${clientId}`;
    return { ...row };
  };
  const before = await left();
  assert.ok(before.conversations > 0 && before.contacts > 0);
  // The server's own rounds leave it to the process.
  await sql`UPDATE clients SET erase_try_at = 'infinity'`;
  assert.equal((await b.mine.delete(`/api/clients/${clientId}`)).status, 200);
  const held = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const lock = sql.begin(async (tx) => {
    await tx`LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE`;
    held.resolve();
    await released.promise;
  });
  await held.promise;
  await minuteLater(sql);
  const kill = start(t, b);
  await happens('it waits for the table', async () => {
    const waiting = await sql`
      SELECT 1 FROM pg_locks l JOIN pg_class k ON k.oid = l.relation
      WHERE k.relname = 'contacts' AND NOT l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    return waiting.length > 0;
  });
  await kill();
  released.resolve();
  await lock;
  assert.deepEqual(await left(), { conversations: 0, contacts: before.contacts, erased: false });
  start(t, b);
  await happens('all of it is erased', async () => {
    await minuteLater(sql);
    return (await left()).erased;
  });
  assert.deepEqual(await left(), { conversations: 0, contacts: 0, erased: true });
});

test('at Stripe, between the refund of late money and the customer: once back, and then gone', async (t) => {
  const b = await startBillingApi(t);
  const { books, faults, messenger } = b.stripe;
  const sql = b.database.general;
  books.pay((await b.buy({ save_payment_method: true })).sessionId);
  const { sessionId } = await b.buy();
  books.payLater(sessionId);
  await b.settled();
  assert.equal((await b.mine.delete(`/api/clients/${b.clientId}`)).status, 200);
  messenger.sending = false;
  books.answerLater(sessionId, true);
  // Done at Stripe, and not known here.
  faults.add({ on: 'stored', match: 'POST /v1/refunds', do: 'stall' });
  const refunding = start(t, b);
  await happens('the refund', () => books.refunds.size === 1);
  await refunding();
  assert.deepEqual([books.customers.size, books.methods.size], [1, 1]);

  faults.add({ on: 'stored', match: 'DELETE /v1/customers', do: 'stall' });
  const deleting = start(t, b);
  await happens('the customer is gone', async () => {
    await minuteLater(sql);
    return books.customers.size === 0;
  });
  await deleting();
  const known = async () => {
    const [row] = await sql<[{ gone: boolean }]>`
      SELECT customer_deleted_at IS NOT NULL AS gone FROM billing_accounts`;
    return row.gone;
  };
  assert.equal(await known(), false);

  start(t, b);
  await happens('it is known', async () => {
    await minuteLater(sql);
    return known();
  });
  const amounts = [...books.refunds.values()].map(({ amount }) => amount);
  assert.deepEqual([amounts, books.methods.size], [[1000], 0]);
  const { balance, entries } = await b.books();
  assert.equal(balance, 3600);
  assert.deepEqual(entries, [
    ['topup', 3600],
    ['topup', 3600],
    ['refund', -3600],
  ]);
});

test('while an account is deleted, once its plan is ended: it stays whole, and the next try deletes it', async (t) => {
  const b = await startBillingApi(t);
  const { books, faults } = b.stripe;
  const sql = b.database.general;
  await sql`UPDATE users SET password_hash = ${await hashPassword(PASSWORD)} WHERE id = ${b.owner.id}`;
  const id = books.pay((await b.buy({}, 'plan')).sessionId).subscription!;
  await b.settled();
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const server = await startServerProcess(t, {
    PORT: port,
    PUBLIC_URL: url,
    INTERNAL_PORT: '0',
    DATA_DIR: tempFolder('frontdesk-erasure-'),
    DATABASE_URL: b.connection,
    SANDBOX: 'off',
    JWT_SECRET,
    SEALING_KEY: 'y'.repeat(32),
    STRIPE_SECRET_KEY: STRIPE_KEY,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_BASE_URL: b.stripe.url,
  });
  // The API of the test has claimed more of a minute than other processes have.
  await sql`DELETE FROM rate_windows`;
  const body = { password: PASSWORD, lose_seconds: 14_400 };
  faults.add({ on: 'stored', match: 'DELETE /v1/subscriptions', do: 'stall' });
  const asked = fetch(`${url}/api/users/delete-account`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: `sessionid=${b.owner.session}` },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  await happens('the plan is ended', () => books.subscriptions.get(id)!.status === 'canceled');
  await server.kill();
  assert.equal(await asked, undefined, 'nobody was told that it is deleted');
  await b.settled();
  assert.equal((await b.mine.get(`/api/clients/${b.clientId}`)).status, 200);
  assert.equal((await b.books()).balance, 14_400, 'what is paid can still be used');
  const again = await b.as(b.owner, 'session').post('/api/users/delete-account', body);
  assert.equal(again.status, 200, again.text);
  assert.deepEqual([books.refunds.size, books.customers.size], [0, 1]);
  start(t, b);
  await happens('its customer is gone', async () => {
    await minuteLater(sql);
    return books.customers.size === 0;
  });
});
