// A monthly plan from its first month to its end: each paid month adds its seconds once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSubscription, saveSubscription } from '../../../../src/store/money/subscriptions.ts';
import type { SubscriptionState } from '../../../../src/store/money/subscriptions.ts';
import { addPackage } from '../../../support/product/packages.ts';
import { startBillingApi } from '../../../support/product/billing.ts';

test('a plan: begun, renewed, changed, unpaid, cancelled', async (t) => {
  const b = await startBillingApi(t);
  const sql = b.database.general;
  const path = `/api/clients/${b.clientId}/plan`;
  const plan = async () => (await b.mine.get(path)).json.plan;
  assert.equal(await plan(), null);
  assert.equal((await b.mine.patch(path, { cancel_at_period_end: true })).status, 404);

  const { orderId, sessionId } = await b.buy({}, 'plan');
  b.stripe.books.pay(sessionId);
  await b.settled();
  // The page and the first invoice both say that it is paid.
  assert.deepEqual((await b.books()).entries, [['topup', 14_400]]);
  const first = await plan();
  assert.deepEqual(
    [first.package_id, first.status, first.cancel_at_period_end],
    [b.plan.id, 'active', false],
  );
  assert.ok(Date.parse(first.current_period_end) > 0);
  assert.equal(
    (await b.mine.get(`/api/clients/${b.clientId}/top-ups/${orderId}`)).json.state,
    'paid',
  );
  const again = await b.mine.post(path, { package_id: b.plan.id });
  assert.equal(again.status, 409);

  const subscriptionId = first.id as string;
  b.stripe.books.renew(subscriptionId);
  await b.settled();
  assert.deepEqual((await b.books()).balance, 2 * 14_400);

  const big = await addPackage(sql, { kind: 'plan', name: 'Big', amount: 9900, seconds: 36_000 });
  assert.equal((await b.mine.patch(path, { package_id: b.topUp.id })).status, 400);
  assert.equal((await b.mine.patch(path, {})).status, 400);
  const changed = await b.mine.patch(path, { package_id: big.id });
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual([changed.json.plan.package_name, changed.json.plan.seconds], ['Big', 36_000]);
  assert.equal((await b.books()).balance, 2 * 14_400, 'from the next month on');
  b.stripe.books.renew(subscriptionId);
  await b.settled();
  assert.equal((await b.books()).balance, 2 * 14_400 + 36_000);

  b.stripe.books.renew(subscriptionId, false);
  await b.settled();
  assert.equal((await plan()).status, 'past_due');
  assert.equal((await b.books()).balance, 2 * 14_400 + 36_000, 'nothing for what is not paid');
  assert.equal((await sql`SELECT 1 FROM notices WHERE kind = 'plan_unpaid'`).length, 1);

  const cancelled = await b.mine.patch(path, { cancel_at_period_end: true });
  assert.equal(cancelled.json.plan.cancel_at_period_end, true);
  assert.equal(
    (await b.mine.patch(path, { cancel_at_period_end: false })).json.plan.cancel_at_period_end,
    false,
  );
  await b.mine.patch(path, { cancel_at_period_end: true });
  await b.settled();
  b.stripe.books.renew(subscriptionId);
  await b.settled();
  assert.equal((await plan()).status, 'canceled');
  assert.equal((await b.books()).balance, 2 * 14_400 + 36_000);
  // A new one may begin.
  assert.ok((await b.buy({}, 'plan')).sessionId);
  const odd = await sql`SELECT id FROM stripe_events WHERE outcome IN ('mismatch', 'unknown')`;
  assert.deepEqual([...odd], []);
});

test('a plan that ended in the portal cannot be changed: there is none, and a new one may begin', async (t) => {
  const b = await startBillingApi(t);
  const path = `/api/clients/${b.clientId}/plan`;
  b.stripe.books.pay((await b.buy({}, 'plan')).sessionId);
  await b.settled();
  const { id } = (await b.mine.get(path)).json.plan;
  b.stripe.messenger.sending = false;
  b.stripe.books.endSubscription(id);
  for (const change of [{ package_id: b.plan.id }, { cancel_at_period_end: true }]) {
    assert.equal((await b.mine.patch(path, change)).status, 404);
  }
  assert.equal((await b.mine.get(path)).json.plan.status, 'canceled');
  assert.ok((await b.buy({}, 'plan')).sessionId);
});

test('the portal and the invoices of a plan', async (t) => {
  const b = await startBillingApi(t);
  const portal = await b.mine.post(`/api/clients/${b.clientId}/portal`, {
    return_path: '/billing',
  });
  assert.equal(portal.status, 201, portal.text);
  const page = await (await fetch(portal.json.url)).text();
  assert.match(page, /customer portal/);
  assert.ok(page.includes(`${b.url}/billing`));
  const { sessionId } = await b.buy({}, 'plan');
  b.stripe.books.pay(sessionId);
  await b.settled();
  const receipts = (await b.mine.get(`/api/clients/${b.clientId}/receipts`)).json;
  assert.deepEqual(receipts.map(({ kind, status }: any) => [kind, status]).toSorted(), [
    ['invoice', 'paid'],
    ['payment', 'succeeded'],
  ]);
  for (const { url } of receipts) assert.equal((await fetch(url)).status, 200);
});

test('what was seen because of an older message does not replace what is newer', async (t) => {
  const b = await startBillingApi(t);
  const sql = b.database.general;
  const { orderId } = await b.buy({}, 'plan');
  const { clientId } = b;
  const seen = { id: 'sub_x', clientId, orderId, cancelAtPeriodEnd: false, currentPeriodEnd: null };
  const save = (state: SubscriptionState) => sql.begin((tx) => saveSubscription(tx, state));
  const status = async () => (await findSubscription(sql, clientId))?.status;
  assert.ok(await save({ ...seen, status: 'active', asOf: 10 }));
  assert.ok(await save({ ...seen, status: 'canceled', asOf: 12 }));
  assert.ok(await save({ ...seen, status: 'active', asOf: 11 }));
  assert.equal(await status(), 'canceled');
  const other = (await b.mine.post('/api/clients', { name: 'Other' })).json.id as string;
  const stolen = { ...seen, clientId: other, status: 'active', asOf: 13 };
  assert.equal(await save(stolen), false, 'the order is not theirs');
  assert.equal(await status(), 'canceled');
});
