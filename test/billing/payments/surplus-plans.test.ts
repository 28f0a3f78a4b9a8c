// Two pages for a plan of one client, both paid: one plan goes on, the other is ended, its money goes back, and the owner knows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reconcile } from '../../../src/billing/payments/reconcile.ts';
import { endSurplusPlans } from '../../../src/billing/payments/surplus-plans.ts';
import { openStripe } from '../../../src/billing/payments/stripe.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { startBillingApi, STRIPE_KEY, WEBHOOK_SECRET } from '../../support/product/billing.ts';
import type { BillingApi } from '../../support/product/billing.ts';

/** Two pages that are open at once, as two tabs that begin in the same moment leave them; nothing is told until `tell`. */
async function twoPages(b: BillingApi) {
  b.stripe.messenger.sending = false;
  const first = await b.buy({}, 'plan');
  const second = await b.buy({}, 'plan');
  Object.assign(b.stripe.books.sessions.get(first.sessionId)!, { status: 'open' });
  const from = b.stripe.messenger.events.length;
  const tell = async (order: (all: readonly number[]) => readonly number[] = (all) => all) => {
    const told = b.stripe.messenger.events.slice(from);
    b.stripe.messenger.sending = true;
    for (const index of order(told.map((_, at) => at))) {
      assert.equal(await b.stripe.messenger.deliver(told[index]!), 200);
    }
    await b.settled();
  };
  return { first: first.sessionId, second: second.sessionId, tell };
}

async function endOf(b: BillingApi) {
  const running = [...b.stripe.books.subscriptions.values()].filter(
    ({ status }) => status !== 'canceled',
  );
  const refunds = [...b.stripe.books.refunds.values()].map(({ amount }) => amount);
  const notices = (await b.mine.get('/api/notices')).json.filter(
    ({ kind }: any) => kind === 'plan_surplus',
  );
  return { running, refunds, notices, balance: (await b.books()).balance };
}

for (const [name, order] of [
  ['in their order', (all: readonly number[]) => all],
  ['backwards', (all: readonly number[]) => all.toReversed()],
  ['twice', (all: readonly number[]) => [...all, ...all]],
] as const) {
  test(`two paid pages leave one plan, paid once; messages come ${name}`, async (t) => {
    const b = await startBillingApi(t);
    const { first, second, tell } = await twoPages(b);
    b.stripe.books.pay(first);
    b.stripe.books.pay(second);
    await tell(order);
    const { running, refunds, notices, balance } = await endOf(b);
    assert.equal(running.length, 1);
    assert.deepEqual(refunds, [4900]);
    assert.equal(balance, 14_400, 'one month');
    assert.equal(notices.length, 1);
    assert.match(notices[0].text, /Two monthly plans/);
    const owed = b.database.general`SELECT 1 FROM subscriptions WHERE surplus_try_at IS NOT NULL`;
    assert.deepEqual([...(await owed)], [], 'nothing is left to be ended');
    const { plan } = (await b.mine.get(`/api/clients/${b.clientId}/plan`)).json;
    assert.deepEqual([plan.id, plan.status], [running[0]!.id, 'active']);
    b.stripe.books.renew(plan.id);
    await b.settled();
    assert.equal((await b.books()).balance, 2 * 14_400, 'the plan goes on');
  });
}

test('Stripe is away when the second plan is found: a later round ends it, once', async (t) => {
  const b = await startBillingApi(t);
  const { first, second, tell } = await twoPages(b);
  b.stripe.books.pay(first);
  b.stripe.books.pay(second);
  b.stripe.faults.add({ on: 'request', match: 'DELETE ', times: 20, do: 'status:500' });
  await tell();
  const sql = b.database.general;
  assert.equal((await endOf(b)).running.length, 2);
  assert.ok(b.log.some(({ msg }) => String(msg).startsWith('ALARM: a second plan')));
  b.stripe.faults.clear();
  await sql`UPDATE subscriptions SET surplus_try_at = clock_timestamp() WHERE surplus_try_at IS NOT NULL`;
  const settings = { key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET, url: b.stripe.url };
  const till = await openStripe(settings, systemClock);
  const parts = { sql, till, clock: systemClock, log: quietLog };
  await Promise.all([endSurplusPlans(parts), endSurplusPlans(parts)]);
  await b.settled();
  await reconcile(parts);
  const { running, refunds, notices, balance } = await endOf(b);
  assert.deepEqual([running.length, refunds, notices.length, balance], [1, [4900], 1, 14_400]);
});

test('a plan that ends with its month bills no more: another one beside it is wanted', async (t) => {
  const b = await startBillingApi(t);
  const { first, second, tell } = await twoPages(b);
  b.stripe.books.pay(first);
  const [plan] = b.stripe.books.subscriptions.values();
  plan!.cancel_at_period_end = true;
  b.stripe.books.pay(second);
  await tell();
  const { running, refunds } = await endOf(b);
  assert.deepEqual([running.length, refunds], [2, []]);
});

test('beginning a plan closes earlier pages; one that was paid there is not paid again', async (t) => {
  const b = await startBillingApi(t);
  const path = `/api/clients/${b.clientId}/plan`;
  const first = await b.buy({}, 'plan');
  const second = await b.buy({}, 'plan');
  assert.equal(b.stripe.books.sessions.get(first.sessionId)!.status, 'expired');
  b.stripe.messenger.sending = false;
  b.stripe.books.pay(second.sessionId);
  const third = await b.mine.post(path, { package_id: b.plan.id });
  assert.equal(third.status, 409, third.text);
  assert.match(third.text, /just been paid/);
});
