// A client that is deleted bills nobody any more: plans end at Stripe first, pages close, and what is paid late goes back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBillingApi } from '../../../support/product/billing.ts';
import type { BillingApi } from '../../../support/product/billing.ts';

function remove(b: BillingApi) {
  return b.mine.delete(`/api/clients/${b.clientId}`);
}

test('its plan is ended at Stripe before it goes, at once and without money back', async (t) => {
  const b = await startBillingApi(t);
  b.stripe.books.pay((await b.buy({}, 'plan')).sessionId);
  await b.settled();
  const [plan] = b.stripe.books.subscriptions.values();
  assert.equal(plan!.status, 'active');
  const gone = await remove(b);
  assert.equal(gone.status, 200, gone.text);
  assert.equal(plan!.status, 'canceled');
  await b.settled();
  assert.equal(b.stripe.books.refunds.size, 0);
  const [stored] = await b.database.general<{ status: string }[]>`SELECT status FROM subscriptions`;
  assert.equal(stored!.status, 'canceled');
});

test('while Stripe cannot be reached, the client and its plan stay', async (t) => {
  const b = await startBillingApi(t);
  b.stripe.books.pay((await b.buy({}, 'plan')).sessionId);
  await b.settled();
  b.stripe.faults.add({ on: 'request', match: 'DELETE ', times: 20, do: 'status:500' });
  assert.equal((await remove(b)).status, 502);
  assert.equal((await b.mine.get(`/api/clients/${b.clientId}`)).status, 200);
  b.stripe.faults.clear();
  assert.equal((await remove(b)).status, 200);
});

test('nobody can pay on its pages any more; what has just been paid there keeps it', async (t) => {
  const b = await startBillingApi(t);
  const { books, messenger } = b.stripe;
  const left = await b.buy();
  messenger.sending = false;
  const paid = await b.buy();
  books.pay(paid.sessionId);
  const refused = await remove(b);
  assert.equal(refused.status, 409, refused.text);
  assert.match(refused.text, /just been paid/);
  messenger.sending = true;
  for (const event of messenger.events) await messenger.deliver(event);
  assert.equal((await remove(b)).status, 200);
  assert.equal(books.sessions.get(left.sessionId)!.status, 'expired');
});

test('what a bank pays days later goes back in full', async (t) => {
  const b = await startBillingApi(t);
  const { sessionId } = await b.buy();
  b.stripe.books.payLater(sessionId);
  await b.settled();
  assert.equal((await remove(b)).status, 200);
  b.stripe.books.answerLater(sessionId, true);
  await b.settled();
  assert.deepEqual(
    [...b.stripe.books.refunds.values()].map(({ amount }) => amount),
    [1000],
  );
  assert.deepEqual(await b.books(), {
    balance: 0,
    debt: 0,
    entries: [
      ['topup', 3600],
      ['refund', -3600],
    ],
  });
});

test('a plan that begins after all, on a page that was paid meanwhile, is ended and refunded', async (t) => {
  const b = await startBillingApi(t);
  const { sessionId } = await b.buy({}, 'plan');
  const sql = b.database.general;
  b.stripe.messenger.sending = false;
  b.stripe.books.pay(sessionId);
  // Deleted between two looks at the page: nothing of the payment was known.
  await sql`UPDATE clients SET deleted_at = clock_timestamp(), is_active = false`;
  b.stripe.messenger.sending = true;
  for (const event of b.stripe.messenger.events) await b.stripe.messenger.deliver(event);
  await b.settled();
  const [plan] = b.stripe.books.subscriptions.values();
  assert.equal(plan!.status, 'canceled');
  assert.deepEqual(
    [...b.stripe.books.refunds.values()].map(({ amount }) => amount),
    [4900],
  );
  assert.equal((await b.books()).balance, 0);
  assert.equal((await sql`SELECT 1 FROM notices`).length, 0, 'nobody is there to be told');
});
