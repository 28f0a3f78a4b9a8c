// Messages about money, forged, wrong, repeated, lost and out of order: what is credited is what was paid for, once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stripe } from 'stripe';
import type { StripeMessage } from '../../sandbox/vendors/stripe/stripe-webhooks.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { openApplicationRole } from '../../src/store/database/application-role.ts';
import { sqlState } from '../../src/store/database/store-error.ts';
import { startTestApi } from '../support/product/api.ts';
import { booksOf, startBillingApi, WEBHOOK_SECRET } from '../support/product/billing.ts';
import type { BillingApi } from '../support/product/billing.ts';
import { seeded } from '../support/contracts/made-requests.ts';

const AT_ONCE = 8;
const stripe = new Stripe('sk_test_x');

/** Stripe's own header for a body. */
function header(payload: string, given: { secret?: string; ageSeconds?: number } = {}) {
  const { secret = WEBHOOK_SECRET, ageSeconds = 0 } = given;
  const timestamp = Math.floor(systemClock.now() / 1000) - ageSeconds;
  return stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp });
}

async function post(b: BillingApi, payload: string, signature?: string, headers: object = {}) {
  const response = await fetch(`${b.url}/api/stripe/webhook`, {
    method: 'POST',
    body: payload,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(signature === undefined ? {} : { 'stripe-signature': signature }),
      ...headers,
    },
  });
  return { status: response.status, text: await response.text() };
}

test('a message that is not signed for us, now, is refused and leaves no trace', async (t) => {
  const b = await startBillingApi(t);
  b.stripe.messenger.sending = false;
  b.stripe.books.pay((await b.buy()).sessionId);
  const event = b.stripe.messenger.events.find(
    ({ type }) => type === 'checkout.session.completed',
  )!;
  const body = JSON.stringify(event);
  const right = await header(body);
  const live = JSON.stringify({ ...event, livemode: true });
  const cases: readonly (readonly [name: string, body: string, signature: string | undefined])[] = [
    ['none', body, undefined],
    ['empty', body, ''],
    ['nonsense', body, 'nonsense'],
    ["another endpoint's secret", body, await header(body, { secret: 'whsec_other' })],
    ['an empty secret', body, await header(body, { secret: 'whsec_' })],
    ['301 s old', body, await header(body, { ageSeconds: 301 })],
    ['a day in the future', body, await header(body, { ageSeconds: -86_400 })],
    ['70 s in the future', body, await header(body, { ageSeconds: -70 })],
    ['of another body', body, await header(`${body} `)],
    ['one changed figure', body.replace('1000', '9000'), right],
    ['two times', body, `${right},t=9999999999`],
    ['live mode for a test key', live, await header(live)],
    ['a thin event', '{"object":"v2.core.event"}', await header('{"object":"v2.core.event"}')],
    ['no event', '[]', await header('[]')],
    ['no JSON', 'x', await header('x')],
  ];
  for (const [name, payload, signature] of cases) {
    const answer = await post(b, payload, signature);
    assert.equal(answer.status, 400, `${name}: ${answer.text}`);
    assert.doesNotMatch(answer.text, /whsec|sk_test|evt_/);
  }
  const [rows] = await b.database.general`
    SELECT (SELECT count(*) FROM stripe_events)::int AS events, (SELECT count(*) FROM ledger)::int AS entries`;
  assert.deepEqual({ ...rows }, { events: 0, entries: 0 });
  assert.equal((await fetch(`${b.url}/api/stripe/webhook`)).status, 404);
  for (const ageSeconds of [299, -55]) {
    assert.equal((await post(b, body, await header(body, { ageSeconds }))).status, 200);
  }
  assert.deepEqual((await b.books()).entries, [['topup', 3600]]);
  const logged = JSON.stringify(b.log);
  for (const secret of [WEBHOOK_SECRET, 'sk_test_the-key-of-the-tests', right.slice(-64)]) {
    assert.ok(!logged.includes(secret), 'no key and no signature is logged');
  }
});

test('a database that is away: not taken, and taken when it comes again', async (t) => {
  const b = await startBillingApi(t);
  b.stripe.messenger.sending = false;
  b.stripe.books.pay((await b.buy()).sessionId);
  const event = b.stripe.messenger.events.find(
    ({ type }) => type === 'checkout.session.completed',
  )!;
  const sql = b.database.general;
  await sql`ALTER TABLE payments RENAME TO payments_away`;
  assert.equal(await b.stripe.messenger.deliver(event), 500);
  await sql`ALTER TABLE payments_away RENAME TO payments`;
  assert.equal((await sql`SELECT 1 FROM stripe_events`).length, 0, 'not remembered as done');
  assert.equal(await b.stripe.messenger.deliver(event), 200);
  assert.equal((await b.books()).balance, 3600);
});

/** Five messages about one payment, and what its seconds are in the end. */
const stories: readonly {
  readonly name: string;
  readonly seconds: number;
  tell(b: BillingApi, sessionId: string): readonly StripeMessage[];
}[] = [
  {
    name: 'paid late, refunded in part, disputed and won',
    seconds: 3600 - 1080,
    tell(b, sessionId) {
      const { books, messenger } = b.stripe;
      const from = messenger.events.length;
      const intent = books.payLater(sessionId).payment_intent!;
      books.answerLater(sessionId, true);
      books.refund(intent, 300);
      books.closeDispute(books.dispute(intent).id, true);
      return pick(b, from, [
        'checkout.session.completed',
        'checkout.session.async_payment_succeeded',
        'refund.created',
        'charge.dispute.funds_withdrawn',
        'charge.dispute.funds_reinstated',
      ]);
    },
  },
  {
    name: 'paid, a refund that fails, another that does not, disputed and lost',
    seconds: 0,
    tell(b, sessionId) {
      const { books, messenger } = b.stripe;
      const from = messenger.events.length;
      const intent = books.pay(sessionId).payment_intent!;
      books.failRefund(books.refund(intent, 500)!.id);
      books.refund(intent, 100);
      books.closeDispute(books.dispute(intent).id, false);
      return pick(b, from, [
        'checkout.session.completed',
        'refund.failed',
        'charge.refunded',
        'charge.dispute.funds_withdrawn',
        'charge.dispute.closed',
      ]);
    },
  },
];

function pick(b: BillingApi, from: number, types: readonly string[]): StripeMessage[] {
  const told = b.stripe.messenger.events.slice(from);
  return types.map((type) => told.findLast((each) => each.type === type)!);
}

for (const story of stories) {
  const { name, seconds } = story;
  test(`all 120 orders of five messages, each one to three times: ${name}`, async (t) => {
    const b = await startBillingApi(t, { env: { LOG_LEVEL: 'warn' } });
    b.stripe.messenger.sending = false;
    const random = seeded(11);
    const orders = permutations([0, 1, 2, 3, 4]);
    assert.equal(orders.length, 120);
    const sql = b.database.general;
    let next = 0;
    const worker = async () => {
      while (next < orders.length) {
        const order = orders[next]!;
        next += 1;
        const { orderId, sessionId } = await b.buy();
        const messages = story.tell(b, sessionId);
        const deliveries = order.flatMap((index) =>
          Array.from({ length: 1 + Math.floor(random() * 3) }, () => messages[index]!),
        );
        for (const message of deliveries)
          assert.equal(await b.stripe.messenger.deliver(message), 200);
        const [row] = await sql`
          SELECT p.applied_seconds AS seconds, o.state FROM payments p JOIN orders o ON o.id = p.order_id
          WHERE o.id = ${orderId}`;
        assert.deepEqual({ ...row }, { seconds, state: 'paid' }, `in the order ${order.join()}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    assert.equal((await b.books()).balance, 120 * seconds);
  });
}

function permutations(list: readonly number[]): number[][] {
  if (list.length <= 1) return [[...list]];
  return list.flatMap((first) =>
    permutations(list.filter((each) => each !== first)).map((rest) => [first, ...rest]),
  );
}

test('money that does not fit its order is kept, alarmed, and not credited', async (t) => {
  const b = await startBillingApi(t);
  b.stripe.messenger.sending = false;
  const other = await b.mine.post('/api/clients', { name: 'Other' });
  const wrong: readonly (readonly [
    name: string,
    change: (session: any) => void,
    outcome: string,
  ])[] = [
    ['one cent', (session) => (session.amount_total = 1), 'mismatch'],
    ['more than was asked for', (session) => (session.amount_total = 2000), 'mismatch'],
    ['another currency', (session) => (session.currency = 'jpy'), 'mismatch'],
    ['another client', (session) => (session.metadata.client_id = other.json.id), 'mismatch'],
    ['no client', (session) => delete session.metadata.client_id, 'mismatch'],
    ['another order', (session) => (session.metadata.order_id = newId(0)), 'unknown'],
    ['a subscription', (session) => (session.mode = 'subscription'), 'ignored'],
  ];
  for (const [name, change, outcome] of wrong) {
    const { orderId, sessionId } = await b.buy();
    b.stripe.books.pay(sessionId);
    const event = structuredClone(b.stripe.messenger.events.at(-1)!);
    assert.equal(event.type, 'checkout.session.completed');
    change(event.data.object);
    assert.equal(await b.stripe.messenger.deliver(event), 200, name);
    const [row] = await b.database
      .general`SELECT outcome FROM stripe_events WHERE id = ${event.id}`;
    assert.equal(row!['outcome'], outcome, name);
    const order = (await b.mine.get(`/api/clients/${b.clientId}/top-ups/${orderId}`)).json;
    assert.equal(order.state, outcome === 'mismatch' ? 'mismatch' : 'open', name);
  }
  assert.deepEqual((await b.books()).entries, []);
  const alarms = b.log.filter(({ msg }) => String(msg).startsWith('ALARM: a payment does not fit'));
  assert.equal(alarms.length, 5);
  const admin = b.as(await b.user({ role: 'admin' }));
  const problems = (await admin.get('/api/billing/problems')).json;
  assert.equal(problems.length, 6);
  assert.equal((await b.mine.get('/api/billing/problems')).status, 403);
});

test('a second payment of one order is money too much: alarmed, not credited', async (t) => {
  const b = await startBillingApi(t);
  const { sessionId } = await b.buy();
  b.stripe.books.pay(sessionId);
  await b.settled();
  const event = structuredClone(
    b.stripe.messenger.events.find(({ type }) => type === 'checkout.session.completed')!,
  );
  Object.assign(event, { id: 'evt_second' });
  Object.assign(event.data.object, { payment_intent: 'pi_second' });
  assert.equal(await b.stripe.messenger.deliver(event), 200);
  assert.deepEqual((await b.books()).entries, [['topup', 3600]]);
  const [row] = await b.database.general`SELECT outcome FROM stripe_events WHERE id = 'evt_second'`;
  assert.equal(row!['outcome'], 'mismatch');
});

test('refunds and disputes: exact seconds, a debt for what is spent, paid first by the next money', async (t) => {
  const b = await startBillingApi(t);
  const { books } = b.stripe;
  const sql = b.database.general;
  const buy = async () => {
    const intent = books.pay((await b.buy()).sessionId).payment_intent!;
    await b.settled();
    return intent;
  };
  const intent = await buy();
  const act = async (what: () => unknown) => {
    what();
    await b.settled();
    const { balance, debt } = await b.books();
    return balance - debt;
  };
  // A third of a cent's worth stays with the client; all the money takes all the seconds.
  assert.equal(await act(() => books.refund(intent, 333)), 3600 - 1198);
  assert.equal(await act(() => books.refund(intent, 333)), 3600 - 2397);
  assert.equal(await act(() => books.refund(intent)), 0);
  const second = await buy();
  const refund = books.refund(second, 1000)!;
  await b.settled();
  assert.equal((await b.books()).balance, 0);
  assert.equal(await act(() => books.failRefund(refund.id)), 3600);
  assert.equal(await act(() => books.dispute(second, { inquiry: true })), 3600);
  let dispute = '';
  assert.equal(await act(() => (dispute = books.dispute(second).id)), 0);
  assert.equal(await act(() => books.closeDispute(dispute, true)), 3600);
  await sql`SELECT meter_post(${b.clientId}, 'adjust', -3000, 'spent', '{}')`;
  assert.equal(await act(() => (dispute = books.dispute(second).id)), -3000);
  assert.deepEqual([(await b.books()).balance, (await b.books()).debt], [0, 3000]);
  assert.equal(await act(() => books.closeDispute(dispute, false)), -3000);
  await buy();
  assert.deepEqual([(await b.books()).balance, (await b.books()).debt], [600, 0]);
  const kinds = new Set((await b.books()).entries.map(([kind]) => kind));
  assert.deepEqual(kinds, new Set(['topup', 'refund', 'reinstate', 'dispute', 'adjust']));
});

test('two processes take the same messages: credited once', async (t) => {
  const a = await startBillingApi(t);
  a.stripe.messenger.sending = false;
  const env = {
    STRIPE_SECRET_KEY: 'sk_test_the-key-of-the-tests',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_BASE_URL: a.stripe.url,
  };
  const second = await startTestApi(t, { connection: a.connection, env });
  const paid = [];
  for (let count = 0; count < 10; count += 1) {
    paid.push(a.stripe.books.pay((await a.buy()).sessionId).payment_intent!);
  }
  for (const intent of paid) a.stripe.books.refund(intent, 500);
  const bodies = a.stripe.messenger.events.map((event) => JSON.stringify(event));
  const deliver = async (payload: string, url: string) =>
    (
      await fetch(`${url}/api/stripe/webhook`, {
        method: 'POST',
        body: payload,
        headers: { 'content-type': 'application/json', 'stripe-signature': await header(payload) },
      })
    ).status;
  const statuses = await Promise.all(
    bodies.flatMap((each) => [a.url, second.url, a.url].map((url) => deliver(each, url))),
  );
  assert.deepEqual(new Set(statuses), new Set([200]));
  assert.equal((await booksOf(a.database.general, a.clientId)).balance, 10 * 1800);
});

const byHand = {
  'a payment that was never made': `INSERT INTO payments (payment_intent) VALUES ('pi_x')`,
  'a payment made larger': 'UPDATE payments SET seconds = seconds * 2',
  'what was applied': 'UPDATE payments SET applied_seconds = 0',
  'a refund that is forgotten': 'DELETE FROM payment_refunds',
  'a refund that failed': 'UPDATE payment_refunds SET failed = true',
  'a dispute that was won': 'UPDATE payment_disputes SET reinstatements = 9',
  'the difference, posted again': `SELECT pay_apply('pi_x', 'refund')`,
  'an order at another price': 'UPDATE orders SET amount = 1',
  'an order that is gone': 'DELETE FROM orders',
  'the ledger': 'UPDATE ledger SET delta_seconds = 9 WHERE true',
  'the balance': 'UPDATE clients SET balance_seconds = 9',
};

test('what payments say cannot be written by hand', async (t) => {
  const b = await startBillingApi(t);
  const { books } = b.stripe;
  const intent = books.pay((await b.buy()).sessionId).payment_intent!;
  await b.settled();
  books.refund(intent, 100);
  books.dispute(intent);
  await b.settled();
  const sql = b.database.general;
  const role = await openApplicationRole(sql);
  const dump = async () =>
    JSON.stringify(
      await sql`
    SELECT (SELECT jsonb_agg(p) FROM payments p) AS p, (SELECT jsonb_agg(r) FROM payment_refunds r) AS r,
      (SELECT jsonb_agg(d) FROM payment_disputes d) AS d, (SELECT jsonb_agg(l) FROM ledger l) AS l,
      (SELECT jsonb_agg(o) FROM orders o) AS o`,
    );
  const before = await dump();
  for (const as of [undefined, role]) {
    for (const [what, statement] of Object.entries(byHand)) {
      // Whoever owns the functions may run their inner steps, which change nothing here.
      if (as === undefined && statement.startsWith('SELECT')) continue;
      const act = sql.begin(async (tx) => {
        if (as !== undefined) await tx.unsafe(`SET LOCAL ROLE ${as}`);
        await tx.unsafe(statement);
      });
      await assert.rejects(
        act,
        (error) => ['42501', '55000'].includes(sqlState(error) ?? ''),
        `${what} as ${as ?? 'the owner'}`,
      );
    }
  }
  assert.equal(await dump(), before);
});
