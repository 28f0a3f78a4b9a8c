// What Stripe told us and we did not get is made good within the hour, by one of the processes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { topUpRound } from '../../../src/billing/payments/auto-top-up.ts';
import { RECONCILE_JOB, reconcile } from '../../../src/billing/payments/reconcile.ts';
import { openStripe } from '../../../src/billing/payments/stripe.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { claimJob } from '../../../src/store/service/job-runs.ts';
import { startBillingApi, STRIPE_KEY, WEBHOOK_SECRET } from '../../support/product/billing.ts';
import type { BillingApi } from '../../support/product/billing.ts';

async function partsOf(b: BillingApi) {
  const settings = { key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET, url: b.stripe.url };
  const till = await openStripe(settings, systemClock);
  return { sql: b.database.general, clock: systemClock, log: quietLog, till };
}

test('messages that never came are made good: payments, refunds, disputes, plans', async (t) => {
  const b = await startBillingApi(t);
  b.stripe.messenger.sending = false;
  const { books } = b.stripe;
  const paid = books.pay((await b.buy()).sessionId).payment_intent!;
  books.refund(paid, 250);
  const plan = books.pay((await b.buy({}, 'plan')).sessionId).subscription!;
  books.renew(plan);
  const expired = await b.buy();
  books.expire(expired.sessionId);
  assert.deepEqual((await b.books()).entries, []);
  const parts = await partsOf(b);
  await Promise.all([reconcile(parts), reconcile(parts)]);
  assert.equal((await b.books()).balance, 2700 + 2 * 14_400);
  assert.equal((await b.mine.get(`/api/clients/${b.clientId}/plan`)).json.plan.status, 'active');
  const state = (await b.mine.get(`/api/clients/${b.clientId}/top-ups/${expired.orderId}`)).json
    .state;
  assert.equal(state, 'expired');
  books.dispute(paid);
  await reconcile(parts);
  assert.equal((await b.books()).balance, 2 * 14_400);
  assert.deepEqual(await reconcile(parts), { events: 0, orders: 0 });
  // They come after all.
  for (const event of b.stripe.messenger.events) {
    assert.equal(await b.stripe.messenger.deliver(event), 200, event.type);
  }
  assert.equal((await b.books()).balance, 2 * 14_400);
});

test('an order whose message is no longer listed is asked about by itself', async (t) => {
  const b = await startBillingApi(t);
  b.stripe.messenger.sending = false;
  const { orderId, sessionId } = await b.buy();
  b.stripe.books.pay(sessionId);
  const left = await b.buy();
  b.stripe.books.expire(left.sessionId);
  b.stripe.messenger.events.length = 0;
  const parts = await partsOf(b);
  assert.deepEqual(await reconcile(parts), { events: 0, orders: 0 });
  await b.database.general`UPDATE orders SET created_at = created_at - interval '2 hours'`;
  assert.deepEqual(await reconcile(parts), { events: 0, orders: 2 });
  assert.equal((await b.books()).balance, 3600);
  const state = async (id: string) =>
    (await b.mine.get(`/api/clients/${b.clientId}/top-ups/${id}`)).json.state;
  assert.deepEqual([await state(orderId), await state(left.orderId)], ['paid', 'expired']);
});

test('a purchase that nobody was asked for and a bank has refused turns them off, as its message would', async (t) => {
  const b = await startBillingApi(t);
  b.stripe.messenger.sending = false;
  const { sessionId } = await b.buy({ save_payment_method: true });
  b.stripe.books.pay(sessionId);
  const parts = await partsOf(b);
  await reconcile(parts);
  const auto = `/api/clients/${b.clientId}/auto-top-up`;
  const on = { enabled: true, threshold_seconds: 5000, package_id: b.topUp.id };
  assert.equal((await b.mine.patch(auto, on)).status, 200);
  await topUpRound(parts);
  const sql = b.database.general;
  // A bank that takes days, and says no at last.
  const [order] = await sql<{ intent: string }[]>`
    UPDATE orders SET state = 'processing', created_at = created_at - interval '9 days'
    WHERE kind = 'auto_top_up' RETURNING payment_intent AS intent`;
  b.stripe.books.intents.get(order!.intent)!.status = 'requires_payment_method';
  b.stripe.messenger.events.length = 0;
  await reconcile(parts);
  const now = (await b.mine.get(auto)).json;
  assert.deepEqual([now.enabled, now.failure], [false, 'payment_failed']);
  const told = await sql`SELECT kind FROM notices WHERE kind = 'auto_top_up_stopped'`;
  assert.equal(told.length, 1);
});

test('many messages come in pages, the oldest is acted upon first', async (t) => {
  const b = await startBillingApi(t);
  b.stripe.messenger.sending = false;
  const { sessionId } = await b.buy();
  const intent = b.stripe.books.pay(sessionId).payment_intent!;
  for (let cents = 0; cents < 150; cents += 1) b.stripe.books.refund(intent, 1);
  await reconcile(await partsOf(b));
  assert.equal((await b.books()).balance, 3600 - 540);
  const kinds = (await b.books()).entries.map(([kind]) => kind);
  assert.equal(kinds[0], 'topup');
});

test('more messages than a round looks at: the next one is due at once, and goes on behind them', async (t) => {
  const b = await startBillingApi(t);
  const { messenger, books } = b.stripe;
  messenger.sending = false;
  const intent = books.pay((await b.buy()).sessionId).payment_intent!;
  for (let cents = 0; cents < 240; cents += 1) books.refund(intent, 1);
  // One a minute, up to now.
  const last = messenger.events.at(-1)!.created;
  for (const [index, event] of messenger.events.entries()) {
    const created = last - 60 * (messenger.events.length - 1 - index);
    messenger.events[index] = { ...event, created };
  }
  const parts = { ...(await partsOf(b)), eventsMax: 100 };
  const claim = () => claimJob(parts.sql, RECONCILE_JOB, 3_600_000);
  let rounds = 0;
  do {
    await reconcile(parts);
    rounds += 1;
  } while (await claim());
  assert.equal((await b.books()).balance, 3600 - 864);
  assert.ok(rounds > 1 && rounds <= 4, `${rounds} rounds`);
  assert.deepEqual(await reconcile(parts), { events: 0, orders: 0 });
});

test('of two processes one does it', async (t) => {
  const b = await startBillingApi(t);
  const sql = b.database.general;
  const claims = await Promise.all(Array.from({ length: 8 }, () => claimJob(sql, 'x', 60_000)));
  assert.equal(claims.filter(Boolean).length, 1);
  assert.equal(await claimJob(sql, 'x', 0), true);
  assert.equal(await claimJob(sql, 'y', 60_000), true);
});

test('behind orders of which nothing can be learned each still gets its turn', async (t) => {
  const b = await startBillingApi(t);
  b.stripe.messenger.sending = false;
  for (let count = 0; count < 3; count += 1) b.stripe.books.payLater((await b.buy()).sessionId);
  const { orderId, sessionId } = await b.buy();
  b.stripe.books.pay(sessionId);
  b.stripe.messenger.events.length = 0;
  const sql = b.database.general;
  // The one that is paid came last.
  await sql`
    UPDATE orders SET created_at = created_at - CASE WHEN id = ${orderId} THEN interval '2 hours' ELSE interval '2 days' END`;
  const parts = { ...(await partsOf(b)), ordersMax: 3 };
  await reconcile(parts);
  assert.equal((await b.books()).balance, 0, 'three were asked about, and this is not one of them');
  await reconcile(parts);
  assert.equal((await b.books()).balance, 3600);
});

test('an order of which nothing is heard for a month is given up and told; paid after all, it is credited', async (t) => {
  const b = await startBillingApi(t);
  b.stripe.messenger.sending = false;
  const { orderId, sessionId } = await b.buy();
  b.stripe.books.payLater(sessionId);
  b.stripe.messenger.events.length = 0;
  const sql = b.database.general;
  const parts = await partsOf(b);
  const order = async () =>
    (await b.mine.get(`/api/clients/${b.clientId}/top-ups/${orderId}`)).json;
  await sql`UPDATE orders SET created_at = created_at - interval '29 days'`;
  await reconcile(parts);
  assert.equal((await order()).state, 'processing');
  await sql`UPDATE orders SET created_at = created_at - interval '2 days'`;
  // A service that is away has not said that it knows nothing.
  b.stripe.faults.add({
    on: 'request',
    match: '/v1/checkout/sessions/',
    times: 20,
    do: 'status:500',
  });
  await reconcile(parts);
  assert.equal((await order()).state, 'processing');
  b.stripe.faults.clear();
  await reconcile(parts);
  assert.deepEqual([(await order()).state, (await order()).failure], ['failed', 'not_heard_of']);
  assert.equal((await sql`SELECT 1 FROM notices WHERE kind = 'payment_failed'`).length, 1);
  b.stripe.messenger.sending = true;
  b.stripe.books.answerLater(sessionId, true);
  await b.settled();
  assert.equal((await b.books()).balance, 3600);
});
