// Talk time that is bought without asking: when it runs low, once, with the saved card; and never again after a refusal.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meterTimers } from '../../../../src/billing/metering/meter-timers.ts';
import { topUpRound } from '../../../../src/billing/payments/auto-top-up.ts';
import { reconcile } from '../../../../src/billing/payments/reconcile.ts';
import { openStripe } from '../../../../src/billing/payments/stripe.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { newId } from '../../../../src/lib/ids.ts';
import { quietLog } from '../../../../src/lib/log.ts';
import { insertDueOrder } from '../../../../src/store/money/billing-accounts.ts';
import { findPackage } from '../../../../src/store/money/packages.ts';
import { untilAsync } from '../../../support/until.ts';
import { startBillingApi, STRIPE_KEY, WEBHOOK_SECRET } from '../../../support/product/billing.ts';
import type { BillingApi } from '../../../support/product/billing.ts';
import type { CardBehaviour } from '../../../../sandbox/vendors/stripe/stripe-objects.ts';

/** Rounds as two processes would make them. */
async function roundsOf(b: BillingApi) {
  const settings = { key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET, url: b.stripe.url };
  const till = await openStripe(settings, systemClock);
  const sql = b.database.general;
  const parts = { sql, clock: systemClock, log: quietLog, till, timers: meterTimers };
  return async (count = 2) => {
    await Promise.all(Array.from({ length: count }, () => topUpRound(parts)));
    await b.settled();
  };
}

async function withCard(b: BillingApi, card: CardBehaviour) {
  const { sessionId } = await b.buy({ save_payment_method: true });
  b.stripe.books.pay(sessionId, card);
  await b.settled();
}

const path = (b: BillingApi) => `/api/clients/${b.clientId}/auto-top-up`;

test('a package is bought when the balance falls below the threshold, once', async (t) => {
  const b = await startBillingApi(t);
  const on = { enabled: true, threshold_seconds: 5000, package_id: b.topUp.id };
  const refused = await b.mine.patch(path(b), on);
  assert.equal(refused.status, 409, 'without a card');
  assert.equal((await b.mine.patch(path(b), { ...on, package_id: b.plan.id })).status, 400);
  assert.equal((await b.mine.patch(path(b), { enabled: true })).status, 400);
  await withCard(b, 'good');
  const set = await b.mine.patch(path(b), on);
  assert.deepEqual([set.status, set.json.enabled, set.json.failure], [200, true, null]);
  const rounds = await roundsOf(b);
  await rounds(4);
  assert.deepEqual((await b.books()).entries, [
    ['topup', 3600],
    ['topup', 3600],
  ]);
  await rounds(4);
  assert.equal((await b.books()).balance, 7200, 'above the threshold nothing is bought');
  const orders = (await b.mine.get(`/api/clients/${b.clientId}/top-ups`)).json;
  assert.deepEqual(
    orders.map(({ kind, state }: any) => [kind, state]),
    [
      ['auto_top_up', 'paid'],
      ['top_up', 'paid'],
    ],
  );
});

test('nothing is bought for who is barred or gone, nor on what was looked at before', async (t) => {
  const b = await startBillingApi(t);
  const sql = b.database.general;
  await withCard(b, 'good');
  await b.mine.patch(path(b), { enabled: true, threshold_seconds: 5000, package_id: b.topUp.id });
  const rounds = await roundsOf(b);
  for (const column of ['audit_failed_at', 'deleted_at']) {
    await sql`UPDATE clients SET ${sql(column)} = now() WHERE id = ${b.clientId}`;
    await rounds();
    assert.equal((await b.books()).balance, 3600, column);
    await sql`UPDATE clients SET ${sql(column)} = NULL WHERE id = ${b.clientId}`;
  }
  await rounds();
  assert.equal((await b.books()).balance, 7200);
  // As another process would that had found the balance low a moment ago.
  const sold = (await findPackage(sql, b.topUp.id))!;
  const late = () => insertDueOrder(sql, { id: newId(0), clientId: b.clientId, package: sold });
  assert.equal(await late(), false);
  await b.mine.patch(path(b), { enabled: false, threshold_seconds: 9000 });
  assert.equal(await late(), false);
});

test('of two processes that see the same low balance one charges', async (t) => {
  const b = await startBillingApi(t);
  const sql = b.database.general;
  await withCard(b, 'good');
  await b.mine.patch(path(b), { enabled: true, threshold_seconds: 5000, package_id: b.topUp.id });
  const rounds = await roundsOf(b);
  let slower: Promise<void> | undefined;
  await sql.begin(async (tx) => {
    // The faster one has just made its order.
    await tx`
      INSERT INTO orders (id, client_id, package_id, kind, currency, amount, seconds)
      VALUES (gen_random_uuid(), ${b.clientId}, ${b.topUp.id}, 'auto_top_up', 'usd', 1000, 3600)`;
    slower = rounds(1);
    await untilAsync('the slower one waits for it', async () => {
      const waiting = await sql`
        SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return waiting.length > 0;
    });
  });
  await slower;
  assert.equal(
    b.stripe.books.intents.size,
    1,
    'nothing is charged that no order of its own is for',
  );
});

test('what a bank takes days for is bought once, and credited when it has paid, told of or not', async (t) => {
  const b = await startBillingApi(t);
  await withCard(b, 'takes_days');
  await b.mine.patch(path(b), { enabled: true, threshold_seconds: 5000, package_id: b.topUp.id });
  const rounds = await roundsOf(b);
  await rounds();
  await rounds();
  const { intents } = b.stripe.books;
  const waiting = [...intents.values()].filter(({ status }) => status === 'processing');
  assert.deepEqual([waiting.length, (await b.books()).balance], [1, 3600]);
  b.stripe.messenger.sending = false;
  b.stripe.books.settle(waiting[0]!);
  b.stripe.messenger.events.length = 0;
  await b.database.general`UPDATE orders SET created_at = created_at - interval '2 days'`;
  const settings = { key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET, url: b.stripe.url };
  const till = await openStripe(settings, systemClock);
  await reconcile({ sql: b.database.general, clock: systemClock, log: quietLog, till });
  assert.equal((await b.books()).balance, 7200);
});

test('what cannot be bought any more, or paid, turns it off in a word that says why', async (t) => {
  const b = await startBillingApi(t);
  const sql = b.database.general;
  await withCard(b, 'good');
  await b.mine.patch(path(b), { enabled: true, threshold_seconds: 5000, package_id: b.topUp.id });
  const rounds = await roundsOf(b);
  const failure = async () => {
    await rounds();
    const { enabled, failure: why } = (await b.mine.get(path(b))).json;
    assert.equal(b.stripe.books.intents.size, 1, 'nothing is charged');
    return [enabled, why];
  };
  await sql`UPDATE billing_packages SET is_active = false WHERE id = ${b.topUp.id}`;
  assert.deepEqual(await failure(), [false, 'package_gone']);
  await sql`UPDATE billing_packages SET is_active = true WHERE id = ${b.topUp.id}`;
  await b.mine.patch(path(b), { enabled: true });
  // Somebody has deleted the customer in Stripe's dashboard.
  b.stripe.books.customers.clear();
  assert.deepEqual(await failure(), [false, 'no_payment_method']);
});

for (const [card, failure] of [
  ['declines', 'generic_decline'],
  ['authenticates', 'authentication_required'],
] as const) {
  test(`a card that ${card} turns it off and tells the owner`, async (t) => {
    const b = await startBillingApi(t);
    await withCard(b, card);
    await b.mine.patch(path(b), { enabled: true, threshold_seconds: 5000, package_id: b.topUp.id });
    const rounds = await roundsOf(b);
    await rounds();
    await rounds();
    const now = (await b.mine.get(path(b))).json;
    assert.deepEqual([now.enabled, now.failure], [false, failure]);
    assert.ok(now.failed_at);
    assert.equal((await b.books()).balance, 3600);
    const charges = b.stripe.requests.filter(({ path: to }) => to === '/v1/payment_intents');
    assert.equal(new Set(charges.map(({ idempotencyKey }) => idempotencyKey)).size, 1);
    const told = await b.database.general`SELECT kind, severity FROM notices`;
    assert.deepEqual([...told], [{ kind: 'auto_top_up_stopped', severity: 'error' }]);
    const again = await b.mine.patch(path(b), { enabled: true });
    assert.deepEqual([again.json.enabled, again.json.failure], [true, null]);
  });
}

for (const on of ['request', 'stored'] as const) {
  test(`a charge whose ${on === 'stored' ? 'answer' : 'question'} was lost is asked for again, and made once`, async (t) => {
    const b = await startBillingApi(t);
    await withCard(b, 'good');
    await b.mine.patch(path(b), { enabled: true, threshold_seconds: 5000, package_id: b.topUp.id });
    const rounds = await roundsOf(b);
    b.stripe.messenger.sending = false;
    const sql = b.database.general;
    const match = 'POST /v1/payment_intents';
    // As often as the package itself tries.
    b.stripe.faults.add({ on, do: 'reset', times: 200, ...(on === 'stored' ? { match } : {}) });
    await rounds();
    b.stripe.faults.clear();
    const [order] = await sql`SELECT state FROM orders WHERE kind = 'auto_top_up'`;
    assert.equal(order!['state'], 'open');
    await rounds();
    assert.equal((await b.books()).balance, 3600, 'one purchase at a time');
    await sql`UPDATE orders SET created_at = created_at - interval '2 minutes' WHERE kind = 'auto_top_up'`;
    await rounds();
    assert.equal((await b.books()).balance, 7200);
    const charges = [...b.stripe.books.charges.values()];
    assert.equal(charges.length, 2, 'the purchase by hand, and this one');
  });
}

test('another card between a lost answer and the second question: what was charged counts, nothing more', async (t) => {
  const b = await startBillingApi(t);
  await withCard(b, 'good');
  await b.mine.patch(path(b), { enabled: true, threshold_seconds: 5000, package_id: b.topUp.id });
  const rounds = await roundsOf(b);
  b.stripe.messenger.sending = false;
  const match = 'POST /v1/payment_intents';
  b.stripe.faults.add({ on: 'stored', do: 'reset', times: 200, match });
  await rounds();
  b.stripe.faults.clear();
  const [customer] = b.stripe.books.customers.keys();
  b.stripe.books.addMethod(customer!, 'declines');
  const sql = b.database.general;
  await sql`UPDATE orders SET created_at = created_at - interval '2 minutes' WHERE kind = 'auto_top_up'`;
  await rounds();
  assert.equal((await b.books()).balance, 7200);
  assert.equal(b.stripe.books.charges.size, 2);
  assert.equal((await b.mine.get(path(b))).json.enabled, true);
});

for (const charged of [true, false]) {
  test(`a purchase that could not be made for half a day ${charged ? 'was made after all' : 'is given up, and the owner is told'}`, async (t) => {
    const b = await startBillingApi(t);
    await withCard(b, 'good');
    await b.mine.patch(path(b), { enabled: true, threshold_seconds: 5000, package_id: b.topUp.id });
    const rounds = await roundsOf(b);
    b.stripe.messenger.sending = false;
    const match = 'POST /v1/payment_intents';
    b.stripe.faults.add({ on: charged ? 'stored' : 'request', do: 'reset', times: 200, match });
    await rounds();
    const sql = b.database.general;
    await sql`UPDATE orders SET created_at = created_at - interval '13 hours' WHERE kind = 'auto_top_up'`;
    const asked = () => b.stripe.requests.filter(({ path: to }) => to.endsWith('/payment_intents'));
    const before = asked().filter(({ method }) => method === 'POST').length;
    await rounds();
    const after = asked().filter(({ method }) => method === 'POST').length;
    assert.equal(after, before, 'it is looked for, and not asked for again');
    const now = (await b.mine.get(path(b))).json;
    const told = await sql`SELECT kind FROM notices`;
    if (charged) {
      assert.deepEqual([now.enabled, (await b.books()).balance, told.length], [true, 7200, 0]);
    } else {
      assert.deepEqual([now.enabled, now.failure], [false, 'not_charged']);
      assert.deepEqual([...told], [{ kind: 'auto_top_up_stopped' }]);
      assert.equal((await b.books()).balance, 3600);
    }
  });
}

test('ten within a day are enough: the eleventh is not bought', async (t) => {
  const b = await startBillingApi(t);
  await withCard(b, 'good');
  await b.mine.patch(path(b), {
    enabled: true,
    threshold_seconds: 100_000,
    package_id: b.topUp.id,
  });
  const rounds = await roundsOf(b);
  for (let round = 0; round < 12; round += 1) await rounds();
  assert.equal((await b.books()).balance, 11 * 3600);
  assert.equal((await b.mine.get(path(b))).json.failure, 'too_many');
});

test('orders of others that wait for long keep no purchase from being taken up again', async (t) => {
  const b = await startBillingApi(t);
  await withCard(b, 'good');
  await b.mine.patch(path(b), { enabled: true, threshold_seconds: 5000, package_id: b.topUp.id });
  const rounds = await roundsOf(b);
  b.stripe.messenger.sending = false;
  b.stripe.faults.add({ on: 'request', do: 'reset', times: 200 });
  await rounds();
  b.stripe.faults.clear();
  const sql = b.database.general;
  await sql`UPDATE orders SET created_at = created_at - interval '2 minutes' WHERE kind = 'auto_top_up'`;
  // A plan's change that Stripe refused, a page that nobody has paid: each may wait for hours, or for ever.
  await sql`
    INSERT INTO orders (id, client_id, package_id, kind, currency, amount, seconds, created_at)
    SELECT gen_random_uuid(), ${b.clientId}, ${b.plan.id}, 'plan_change', 'usd', 4900, 14400, now() - interval '1 day'
    FROM generate_series(1, 100)`;
  await rounds();
  assert.equal((await b.books()).balance, 7200);
});
