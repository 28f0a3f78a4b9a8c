// How we speak to Stripe: well-formed requests with keys that make them happen once, and failures that give nothing away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { startStripe } from '../../../sandbox/vendors/stripe/stripe.ts';
import { openStripe } from '../../../src/billing/payments/stripe.ts';
import type { CheckoutRequest } from '../../../src/billing/payments/till.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { AppError } from '../../../src/lib/errors.ts';

const KEY = 'sk_test_canary-0123456789';
const ORDER = '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a';
const CLIENT = '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5b';

async function start(t: TestContext, key = KEY) {
  const stripe = await startStripe({ key: KEY, webhookSecret: 'whsec_x' });
  t.after(() => stripe.close());
  const till = await openStripe({ key, webhookSecret: 'whsec_x', url: stripe.url }, systemClock);
  return { stripe, till };
}

const checkout = (customer: string, more: Partial<CheckoutRequest> = {}): CheckoutRequest => ({
  orderId: ORDER,
  clientId: CLIENT,
  customer,
  sold: { kind: 'top_up', name: '1 hour', currency: 'usd', amount: 1000 },
  successUrl: 'https://app.example.com/?a=1',
  cancelUrl: 'https://app.example.com/',
  saveMethod: true,
  expiresAtMs: systemClock.now() + 3_600_000,
  ...more,
});

test('a checkout says what is sold, to whom, for which order; asked twice it is the same page', async (t) => {
  const { stripe, till } = await start(t);
  const named = { clientId: CLIENT, name: 'Acme', key: 'k1' };
  const customer = await till.createCustomer(named);
  assert.equal(await till.createCustomer(named), customer);
  const request = checkout(customer);
  const first = await till.createCheckout(request);
  assert.deepEqual(await till.createCheckout(request), first);
  assert.equal(stripe.books.sessions.size, 1);
  const sent = stripe.requests.find(({ path }) => path === '/v1/checkout/sessions')!;
  const fields = Object.fromEntries(new URLSearchParams(sent.fields));
  assert.deepEqual(fields, {
    customer,
    mode: 'payment',
    client_reference_id: ORDER,
    'metadata[order_id]': ORDER,
    'metadata[client_id]': CLIENT,
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    expires_at: String(Math.floor(request.expiresAtMs / 1000)),
    'line_items[0][quantity]': '1',
    'line_items[0][price_data][currency]': 'usd',
    'line_items[0][price_data][unit_amount]': '1000',
    'line_items[0][price_data][product_data][name]': '1 hour',
    'adaptive_pricing[enabled]': 'false',
    'payment_intent_data[metadata][order_id]': ORDER,
    'payment_intent_data[metadata][client_id]': CLIENT,
    'payment_intent_data[setup_future_usage]': 'off_session',
  });
  assert.equal(sent.version, '2026-10-28.endive');
  for (const { method, idempotencyKey } of stripe.requests) {
    assert.equal(idempotencyKey !== undefined, method === 'POST');
  }
  // No number of a card is ever among what we send.
  assert.ok(!stripe.requests.some(({ fields: all }) => /card|number|cvc/i.test(all)));
});

test('a plan is a subscription whose messages lead back to its order', async (t) => {
  const { stripe, till } = await start(t);
  const customer = await till.createCustomer({ clientId: CLIENT, name: 'Acme', key: 'k1' });
  const sold = { kind: 'plan', name: 'Starter', currency: 'usd', amount: 4900 } as const;
  const { sessionId } = await till.createCheckout(checkout(customer, { sold }));
  const id = stripe.books.pay(sessionId).subscription!;
  const seen = await till.findSubscription(id);
  assert.deepEqual(
    [seen.status, seen.orderId, seen.clientId, seen.cancelAtPeriodEnd],
    ['active', ORDER, CLIENT, false],
  );
  const [invoice] = stripe.books.invoices.keys();
  const intent = await till.paymentOfInvoice(invoice!);
  assert.equal(stripe.books.intents.get(intent!)!.status, 'succeeded');
  const next = { ...sold, amount: 9900 };
  const changed = await till.changePlan(id, { orderId: CLIENT, clientId: CLIENT, sold: next });
  assert.equal(changed.orderId, CLIENT);
  assert.equal(stripe.books.subscriptions.get(id)!.items.data[0]!.price.unit_amount, 9900);
});

test('a request that Stripe could not answer is made again with the same key', async (t) => {
  const { stripe, till } = await start(t);
  stripe.faults.add({ on: 'request', do: 'status:503' }, { on: 'request', nth: 2, do: 'reset' });
  const customer = await till.createCustomer({ clientId: CLIENT, name: 'Acme', key: 'k1' });
  assert.deepEqual([...stripe.books.customers.keys()], [customer]);
});

test('failures name what went wrong and no secret', async (t) => {
  const wrong = await start(t, 'sk_test_another-canary');
  const { stripe, till } = await start(t);
  const failures = [
    [() => wrong.till.findSession('cs_1'), 'vendor_failed', /authentication|StripeAuth/i],
    [() => till.findSession('cs_none'), 'not_found', /resource_missing/],
    [() => till.openPortal('cus_none', 'https://x.example'), 'not_found', /resource_missing/],
  ] as const;
  for (const [act, code, words] of failures) {
    await assert.rejects(act, (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, code);
      assert.match(error.message, words);
      assert.equal(error.cause, undefined);
      assert.doesNotMatch(`${error.message} ${error.publicMessage} ${error.stack}`, /canary/);
      return true;
    });
  }
  stripe.faults.add({ on: 'request', do: 'reset', times: 10 });
  await assert.rejects(till.findSession('cs_1'), { code: 'vendor_failed' });
});
