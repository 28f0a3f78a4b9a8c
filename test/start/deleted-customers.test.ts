// Customers at Stripe of deleted clients go there as well, with their cards: when nothing is owed any more, and once Stripe answers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStripe } from '../../src/billing/payments/stripe.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { quietLog } from '../../src/lib/log.ts';
import { eraseDeleted } from '../../src/start/erasures.ts';
import { saveCustomer } from '../../src/store/money/billing-accounts.ts';
import { startBillingApi, STRIPE_KEY, WEBHOOK_SECRET } from '../support/product/billing.ts';
import type { BillingApi } from '../support/product/billing.ts';

async function eraserOf(b: BillingApi): Promise<() => Promise<void>> {
  const settings = { key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET, url: b.stripe.url };
  const till = await openStripe(settings, systemClock);
  const sql = b.database.general;
  const part = async () => {};
  return async () => {
    await sql`UPDATE billing_accounts SET customer_try_at = NULL`;
    await eraseDeleted({ sql, clock: systemClock, log: quietLog, till, part });
  };
}

async function bought(b: BillingApi): Promise<void> {
  b.stripe.books.pay((await b.buy({ save_payment_method: true })).sessionId);
  await b.settled();
}

const held = ({ stripe: { books } }: BillingApi) => [books.customers.size, books.methods.size];
const asked = ({ stripe }: BillingApi) =>
  stripe.requests.filter(
    ({ method, path }) => method === 'DELETE' && path.startsWith('/v1/customers'),
  ).length;

test('with the cards that are saved, once; the books keep what was paid', async (t) => {
  const b = await startBillingApi(t);
  const erase = await eraserOf(b);
  await bought(b);
  await erase();
  assert.deepEqual(held(b), [1, 1], 'a client that lives');
  assert.equal((await b.mine.delete(`/api/clients/${b.clientId}`)).status, 200);
  await erase();
  assert.deepEqual(held(b), [0, 0]);
  await erase();
  assert.equal(asked(b), 1);
  assert.equal(b.stripe.books.charges.size, 1);
  assert.deepEqual((await b.books()).entries, [['topup', 3600]]);
});

test('while Stripe does not answer it is tried again; one that is gone there already is gone', async (t) => {
  const b = await startBillingApi(t);
  const erase = await eraserOf(b);
  await bought(b);
  assert.equal((await b.mine.delete(`/api/clients/${b.clientId}`)).status, 200);
  b.stripe.faults.add({ on: 'request', match: 'DELETE ', times: 20, do: 'status:500' });
  await erase();
  assert.deepEqual(held(b), [1, 1]);
  b.stripe.faults.clear();
  const [customer] = b.stripe.books.customers.keys();
  b.stripe.books.deleteCustomer(customer!);
  await erase();
  const before = asked(b);
  await erase();
  assert.equal(asked(b), before, 'it is known to be gone');
});

test('not while a bank has still to answer, nor before what it paid is on its way back', async (t) => {
  const b = await startBillingApi(t);
  const erase = await eraserOf(b);
  const { books, messenger } = b.stripe;
  const { sessionId } = await b.buy();
  books.payLater(sessionId);
  await b.settled();
  assert.equal((await b.mine.delete(`/api/clients/${b.clientId}`)).status, 200);
  await erase();
  assert.deepEqual(held(b), [1, 0]);
  b.stripe.faults.add({ on: 'request', match: 'POST /v1/refunds', times: 20, do: 'status:500' });
  books.answerLater(sessionId, true);
  await b.settled();
  await erase();
  assert.deepEqual([books.refunds.size, ...held(b)], [0, 1, 0]);
  b.stripe.faults.clear();
  for (const event of messenger.events) {
    // The round that gives late money back, by a message that comes again.
    await b.database.general`DELETE FROM stripe_events WHERE id = ${event.id}`;
    await messenger.deliver(event);
  }
  await b.settled();
  await erase();
  assert.deepEqual([books.refunds.size, ...held(b)], [1, 0, 0]);
  assert.equal((await b.books()).balance, 0);
});

test('not while a plan is not over; one that a request made meanwhile goes as well', async (t) => {
  const b = await startBillingApi(t);
  const erase = await eraserOf(b);
  const sql = b.database.general;
  const { books } = b.stripe;
  const id = books.pay((await b.buy({}, 'plan')).sessionId).subscription!;
  await b.settled();
  // As one that began after the deletion, and is yet to be ended.
  await sql`UPDATE clients SET deleted_at = clock_timestamp(), is_active = false`;
  await erase();
  assert.equal(books.customers.size, 1);
  books.endSubscription(id);
  await b.settled();
  await sql`UPDATE subscriptions SET surplus_try_at = NULL`;
  await erase();
  assert.equal(books.customers.size, 0);
  const [gone] = await sql<{ customer: string }[]>`
    SELECT stripe_customer AS customer FROM billing_accounts`;
  const customer = { object: 'customer', created: 0, livemode: false, name: null } as const;
  books.keep(books.customers, { ...customer, id: 'cus_late', email: null, metadata: {} });
  await saveCustomer(sql, b.clientId, 'cus_late', gone!.customer);
  await erase();
  assert.equal(books.customers.size, 0);
});
