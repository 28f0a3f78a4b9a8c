// Buying talk time: the order, the page, the payment, and what becomes of those who do not pay.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBillingApi } from '../../../support/product/billing.ts';

test('a package is bought: order, page, payment, seconds', async (t) => {
  const b = await startBillingApi(t);
  const path = `/api/clients/${b.clientId}/top-ups`;
  const { orderId, sessionId, url } = await b.buy({ return_path: '/billing?tab=1' });
  assert.ok(url.startsWith(b.stripe.url));
  assert.equal((await b.mine.get(`${path}/${orderId}`)).json.state, 'open');
  assert.deepEqual((await b.books()).entries, []);
  const page = await fetch(url);
  assert.match(await page.text(), /1 hour.*10\.00 USD/s);
  const paid = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ do: 'pay', card: 'good' }),
    redirect: 'manual',
  });
  const back = new URL(paid.headers.get('location')!);
  assert.equal(back.origin, b.url);
  assert.equal(back.pathname, '/billing');
  assert.deepEqual(Object.fromEntries(back.searchParams), {
    tab: '1',
    checkout: 'done',
    order: orderId,
  });
  await b.settled();
  const [order] = (await b.mine.get(path)).json;
  assert.equal(order.state, 'paid');
  assert.ok(order.paid_at);
  assert.deepEqual(await b.books(), { balance: 3600, debt: 0, entries: [['topup', 3600]] });
  const session = b.stripe.books.sessions.get(sessionId)!;
  assert.equal(session.client_reference_id, orderId);
  const intent = b.stripe.books.intents.get(session.payment_intent!)!;
  assert.deepEqual(intent.metadata, { order_id: orderId, client_id: b.clientId });
  const receipts = (await b.mine.get(`/api/clients/${b.clientId}/receipts`)).json;
  assert.deepEqual(
    receipts.map(({ kind, amount, refunded }: any) => [kind, amount, refunded]),
    [['payment', 1000, 0]],
  );
});

test('a declined card, a bank that takes days, and a page that runs out', async (t) => {
  const b = await startBillingApi(t);
  const state = async (orderId: string) =>
    (await b.mine.get(`/api/clients/${b.clientId}/top-ups/${orderId}`)).json.state;
  const declined = await b.buy();
  b.stripe.books.decline(declined.sessionId);
  await b.settled();
  assert.equal(await state(declined.orderId), 'open', 'another card may follow');
  b.stripe.books.pay(declined.sessionId);
  await b.settled();
  assert.equal(await state(declined.orderId), 'paid');

  const late = await b.buy();
  b.stripe.books.payLater(late.sessionId);
  await b.settled();
  assert.equal(await state(late.orderId), 'processing');
  assert.equal((await b.books()).balance, 3600, 'nothing for what is not paid');
  b.stripe.books.answerLater(late.sessionId, true);
  await b.settled();
  assert.equal(await state(late.orderId), 'paid');
  assert.equal((await b.books()).balance, 7200);

  const refused = await b.buy();
  b.stripe.books.payLater(refused.sessionId);
  b.stripe.books.answerLater(refused.sessionId, false);
  await b.settled();
  assert.equal(await state(refused.orderId), 'failed');
  const notices = await b.database.general`SELECT kind FROM notices`;
  assert.deepEqual([...notices], [{ kind: 'payment_failed' }]);

  const left = await b.buy();
  b.stripe.books.expire(left.sessionId);
  await b.settled();
  assert.equal(await state(left.orderId), 'expired');
  assert.equal((await b.books()).balance, 7200);
});

test('what cannot be bought is refused by name', async (t) => {
  const b = await startBillingApi(t);
  const path = `/api/clients/${b.clientId}/top-ups`;
  const refused = async (body: object) => {
    const answer = await b.mine.post(path, { package_id: b.topUp.id, ...body });
    assert.equal(answer.status, 400, answer.text);
    return Object.keys(answer.json);
  };
  assert.deepEqual(await refused({ package_id: b.plan.id }), ['package_id']);
  assert.deepEqual(await refused({ package_id: b.clientId }), ['package_id']);
  assert.deepEqual(await refused({ amount: 1 }), ['amount']);
  assert.deepEqual(await refused({ seconds: 1 }), ['seconds']);
  for (const bad of ['//evil.example', 'https://evil.example', '/\\evil.example', 'x', '/a b']) {
    assert.deepEqual(await refused({ return_path: bad }), ['return_path']);
  }
  await b.database.general`UPDATE billing_packages SET is_active = false WHERE id = ${b.topUp.id}`;
  assert.deepEqual(await refused({}), ['package_id']);
  assert.ok(!b.stripe.requests.some(({ method }) => method === 'POST'), 'Stripe was not asked');
});

test('without a Stripe, or with one that is away, nobody pays and nothing is lost', async (t) => {
  const b = await startBillingApi(t);
  b.stripe.faults.add({ on: 'request', do: 'status:500', times: 50 });
  const path = `/api/clients/${b.clientId}/top-ups`;
  const away = await b.mine.post(path, { package_id: b.topUp.id });
  assert.equal(away.status, 502);
  b.stripe.faults.clear();
  assert.equal((await b.buy()).url.startsWith(b.stripe.url), true);
  const states = (await b.mine.get(path)).json.map(({ state }: any) => state);
  assert.deepEqual(states, ['open', 'open']);
  // Stripe has forgotten the customer: a restarted sandbox, or a deletion.
  b.stripe.books.customers.clear();
  assert.ok((await b.buy()).sessionId);
});
