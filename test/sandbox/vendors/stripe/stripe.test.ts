// The stand-in for Stripe against Stripe's own package: its signatures, its types, its refusals, its pages.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Stripe } from 'stripe';
import { startStripe } from '../../../../sandbox/vendors/stripe/stripe.ts';
import { systemClock } from '../../../../src/lib/clock.ts';

const KEY = 'sk_test_x';
const SECRET = 'whsec_x';

async function start(t: TestContext) {
  const standIn = await startStripe({ key: KEY, webhookSecret: SECRET });
  t.after(() => standIn.close());
  const { hostname, port } = new URL(standIn.url);
  const options = { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 } as const;
  const stripe = new Stripe(KEY, { ...options, httpClient: Stripe.createFetchHttpClient() });
  const customer = await stripe.customers.create({ name: 'Acme', metadata: { a: 'b' } });
  return { standIn, stripe, customer };
}

function session(customer: string, more: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const price: Stripe.Checkout.SessionCreateParams.LineItem.PriceData = {
    currency: 'usd',
    unit_amount: 1000,
    product_data: { name: '1 hour' },
  };
  return {
    mode: 'payment',
    customer,
    success_url: 'https://x.example/?s={CHECKOUT_SESSION_ID}',
    line_items: [{ quantity: 1, price_data: price }],
    ...more,
  } satisfies Stripe.Checkout.SessionCreateParams;
}

/** Takes messages, the first of them not at the first time. */
async function listener(t: TestContext) {
  const taken: { readonly body: string; readonly signature: string }[] = [];
  let refusals = 1;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      refusals -= 1;
      if (refusals < 0) {
        const signature = String(request.headers['stripe-signature']);
        taken.push({ body: Buffer.concat(parts).toString(), signature });
      }
      response.writeHead(refusals < 0 ? 200 : 500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, taken };
}

test('messages are signed as the package expects, and sent again until they are taken', async (t) => {
  const { standIn, stripe, customer } = await start(t);
  const { url, taken } = await listener(t);
  standIn.messenger.url = url;
  const made = await stripe.checkout.sessions.create(session(customer.id));
  standIn.books.pay(made.id);
  await standIn.messenger.idle();
  assert.equal(taken.length, standIn.messenger.events.length);
  const types = new Set<string>();
  for (const { body, signature } of taken) {
    const event = await stripe.webhooks.constructEventAsync(body, signature, SECRET);
    types.add(event.type);
    const timestamp = Number(/t=(\d+)/.exec(signature)![1]);
    const own = { payload: body, secret: SECRET, timestamp };
    assert.equal(signature, await stripe.webhooks.generateTestHeaderStringAsync(own));
    if (event.type !== 'checkout.session.completed') continue;
    const paid: Stripe.Checkout.Session = event.data.object;
    assert.deepEqual([paid.id, paid.payment_status, paid.amount_total], [made.id, 'paid', 1000]);
  }
  assert.ok(types.has('payment_intent.succeeded') && types.has('checkout.session.completed'));
});

test('what Stripe refuses is refused: unknown fields, missing ones, a key for two requests', async (t) => {
  const { stripe, customer } = await start(t);
  const refused = async (act: Promise<unknown>) => {
    const error = await act.then(
      () => assert.fail('taken'),
      (thrown: InstanceType<typeof Stripe.errors.StripeError>) => thrown,
    );
    return [error.type, error.code, error.statusCode];
  };
  const { sessions } = stripe.checkout;
  const odd = { ...session(customer.id), colour: 'red' } as never;
  assert.deepEqual(await refused(sessions.create(odd)), [
    'StripeInvalidRequestError',
    'parameter_unknown',
    400,
  ]);
  const { success_url: _, ...without } = session(customer.id);
  assert.deepEqual(await refused(sessions.create(without)), [
    'StripeInvalidRequestError',
    'parameter_missing',
    400,
  ]);
  assert.deepEqual(await refused(sessions.create(session('cus_none'))), [
    'StripeInvalidRequestError',
    'resource_missing',
    404,
  ]);
  const soon = Math.floor(systemClock.now() / 1000) + 60;
  assert.equal(
    (await refused(sessions.create(session(customer.id, { expires_at: soon }))))[2],
    400,
  );
  const keyed = { idempotencyKey: 'one' };
  const first = await stripe.customers.create({ name: 'A' }, keyed);
  assert.equal((await stripe.customers.create({ name: 'A' }, keyed)).id, first.id);
  assert.equal(
    (await refused(stripe.customers.create({ name: 'B' }, keyed)))[0],
    'StripeIdempotencyError',
  );
});

test('a card that is charged without its owner: good, declined, wanting its owner', async (t) => {
  const { standIn, stripe, customer } = await start(t);
  const charge = (method: string) =>
    stripe.paymentIntents.create({
      amount: 500,
      currency: 'usd',
      customer: customer.id,
      payment_method: method,
      off_session: true,
      confirm: true,
    });
  const add = (behaviour: 'good' | 'declines' | 'authenticates') =>
    standIn.books.addMethod(customer.id, behaviour).id;
  assert.equal((await charge(add('good'))).status, 'succeeded');
  await assert.rejects(charge(add('declines')), { type: 'StripeCardError', code: 'card_declined' });
  await assert.rejects(charge(add('authenticates')), { code: 'authentication_required' });
  const { data } = await stripe.customers.listPaymentMethods(customer.id);
  assert.equal(data.length, 3);
});

test('by clicks: pay, wait, refund, dispute, renew; the lists show it', async (t) => {
  const { standIn, stripe, customer } = await start(t);
  const click = async (path: string, fields: Record<string, string>) => {
    const body = new URLSearchParams(fields);
    const response = await fetch(`${standIn.url}${path}`, {
      method: 'POST',
      body,
      redirect: 'manual',
    });
    assert.equal(response.status, 303);
    return response.headers.get('location');
  };
  const made = await stripe.checkout.sessions.create(session(customer.id));
  const path = new URL(made.url!).pathname;
  const declined = (await click(path, { do: 'decline' }))!;
  assert.equal(declined, `${path}?declined`);
  assert.match(await (await fetch(`${standIn.url}${declined}`)).text(), /declined/);
  assert.equal(await click(path, { do: 'later' }), `https://x.example/?s=${made.id}`);
  assert.equal(
    (await fetch(made.url!, { method: 'POST', body: new URLSearchParams({ do: 'pay' }) })).status,
    404,
  );
  await click('/dashboard', { do: 'bank-pays', id: made.id });
  const { payment_status: status, payment_intent: intent } =
    await stripe.checkout.sessions.retrieve(made.id);
  assert.equal(status, 'paid');
  await click('/dashboard', { do: 'refund', id: intent as string, amount: '400' });
  const { data: refunds } = await stripe.refunds.list({ payment_intent: intent as string });
  assert.deepEqual(
    refunds.map(({ amount, status: state }) => [amount, state]),
    [[400, 'succeeded']],
  );
  await click('/dashboard', { do: 'fail-refund', id: refunds[0]!.id });
  await click('/dashboard', { do: 'dispute', id: intent as string });
  const [dispute] = standIn.books.disputes.keys();
  await click('/dashboard', { do: 'win', id: dispute! });
  const events = await stripe.events.list({ limit: 100 });
  const types = events.data.map(({ type }) => type as string);
  for (const type of ['refund.failed', 'charge.dispute.funds_withdrawn', 'charge.dispute.closed']) {
    assert.ok(types.includes(type), type);
  }
  const page = await (await fetch(`${standIn.url}/dashboard`)).text();
  assert.match(page, /10\.00 USD pi_.*won/s);
  assert.equal((await fetch(`${standIn.url}/v1/customers`)).status, 401);
});
