// Stripe: the only file that speaks to it, and the only one that checks its signatures.

import type { Stripe } from 'stripe';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { pagesOfEvents } from './stripe-event-list.ts';
import type { AskForEvents } from './stripe-event-list.ts';
import { plain, receiptOfCharge, receiptOfInvoice, seen, sessionParams } from './stripe-shapes.ts';
import type { OffSession, StripeEvent, Till } from './till.ts';

/** For one attempt, and attempts beside the first. */
const TIMEOUT_MS = 10_000;
const RETRIES = 2;
/** Messages may be this old when they come, and their signature this far ahead of our clock. */
const SIGNED_SECONDS_MAX = 300;
const AHEAD_SECONDS_MAX = 60;
/** Of one kind, for one payment: nobody refunds the same money more often. */
const REFUNDS_MAX = 100;
/** Looked at for the one to charge. */
const METHODS_MAX = 10;
/** Looked at for one that was made before. */
const INTENTS_MAX = 100;

export interface StripeSettings {
  readonly key: string;
  /** Undefined where no messages are taken. */
  readonly webhookSecret: string | undefined;
  /** Undefined for Stripe itself. */
  readonly url: string | undefined;
}

/** Loads Stripe's package, which takes some 130 ms: when the process starts. */
export async function openStripe(settings: StripeSettings, clock: Clock): Promise<Till> {
  const { Stripe: Client } = await import('stripe');
  const stripe = new Client(settings.key, {
    ...(settings.url === undefined ? {} : address(settings.url)),
    httpClient: Client.createFetchHttpClient(),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: RETRIES,
    telemetry: false,
  });
  const live = /^[a-z]+_live_/.test(settings.key);

  return {
    async createCustomer({ clientId, name, key }) {
      const customer = await ask(() =>
        stripe.customers.create(
          { name, metadata: { client_id: clientId } },
          { idempotencyKey: key },
        ),
      );
      return customer.id;
    },

    async deleteCustomer(customer) {
      await ask(() => stripe.customers.del(customer));
    },

    async createCheckout(request) {
      const session = await ask(() =>
        stripe.checkout.sessions.create(sessionParams(request), {
          idempotencyKey: `checkout:${request.orderId}:${request.customer}`,
        }),
      );
      if (session.url === null)
        throw new AppError('vendor_failed', 'stripe: a session without a page');
      return { sessionId: session.id, url: session.url };
    },

    async closeCheckout(sessionId) {
      try {
        await stripe.checkout.sessions.expire(sessionId);
        return true;
      } catch (thrown) {
        // Only what is open can be closed: what it is instead is asked for.
        if ((thrown as StripeFault).type !== 'StripeInvalidRequestError') throw failure(thrown);
      }
      const { status } = await ask(() => stripe.checkout.sessions.retrieve(sessionId));
      return status !== 'complete';
    },

    findSession: async (id) => plain(await ask(() => stripe.checkout.sessions.retrieve(id))),
    findPayment: async (id) => plain(await ask(() => stripe.paymentIntents.retrieve(id))),

    async hasMethod(customer) {
      const { data } = await ask(() => stripe.customers.listPaymentMethods(customer, { limit: 1 }));
      return data.length > 0;
    },

    async chargeOffSession({ orderId, clientId, customer, amount, currency, description }) {
      const methods = await ask(() =>
        stripe.customers.listPaymentMethods(customer, { limit: METHODS_MAX }),
      );
      const method = methods.data[0];
      if (!method) return { status: 'failed', reason: 'no_payment_method' };
      const charge = () =>
        stripe.paymentIntents.create(
          {
            amount,
            currency,
            customer,
            payment_method: method.id,
            off_session: true,
            confirm: true,
            description,
            metadata: { order_id: orderId, client_id: clientId },
          },
          // The same however often it is asked: a lost answer must not become a second charge.
          { idempotencyKey: `charge:${orderId}` },
        );
      return offSession(charge, () => chargeOf(customer, orderId));
    },

    async findCharge(customer, orderId) {
      const intent = await ask(() => chargeOf(customer, orderId));
      return intent && outcomeOf(intent);
    },

    async listRefunds(paymentIntent) {
      const { data } = await ask(() =>
        stripe.refunds.list({ payment_intent: paymentIntent, limit: REFUNDS_MAX }),
      );
      return data.map(plain);
    },

    async paymentOfInvoice(invoice) {
      const { data } = await ask(() =>
        stripe.invoicePayments.list({ invoice, status: 'paid', limit: 1 }),
      );
      const payment = data[0]?.payment.payment_intent;
      return typeof payment === 'string' ? payment : payment?.id;
    },

    findSubscription: async (id) => seen(await ask(() => stripe.subscriptions.retrieve(id))),

    cancelAtPeriodEnd: async (id, cancel) =>
      seen(await ask(() => stripe.subscriptions.update(id, { cancel_at_period_end: cancel }))),

    async endPlan(id) {
      const { status } = await ask(() => stripe.subscriptions.retrieve(id));
      if (status !== 'canceled' && status !== 'incomplete_expired') {
        await ask(() => stripe.subscriptions.cancel(id, { invoice_now: false, prorate: false }));
      }
      const [invoice] = (
        await ask(() => stripe.invoices.list({ subscription: id, status: 'paid', limit: 1 }))
      ).data;
      return invoice && { invoiceId: invoice.id, amount: invoice.amount_paid };
    },

    async refundAll(paymentIntent) {
      try {
        await stripe.refunds.create(
          { payment_intent: paymentIntent },
          { idempotencyKey: `refund:${paymentIntent}` },
        );
      } catch (thrown) {
        if ((thrown as StripeFault).code !== 'charge_already_refunded') throw failure(thrown);
      }
    },

    async changePlan(id, { orderId, clientId, sold }) {
      const subscription = await ask(() => stripe.subscriptions.retrieve(id));
      const item = subscription.items.data[0];
      if (!item) throw new AppError('vendor_failed', 'stripe: a subscription without an item');
      const price = await ask(() =>
        stripe.prices.create(
          {
            currency: sold.currency,
            unit_amount: sold.amount,
            recurring: { interval: 'month' },
            product_data: { name: sold.name },
          },
          { idempotencyKey: `price:${orderId}` },
        ),
      );
      const changed = await ask(() =>
        stripe.subscriptions.update(
          id,
          {
            items: [{ id: item.id, price: price.id }],
            proration_behavior: 'none',
            cancel_at_period_end: false,
            metadata: { order_id: orderId, client_id: clientId },
          },
          { idempotencyKey: `plan:${orderId}` },
        ),
      );
      return seen(changed);
    },

    async openPortal(customer, returnUrl) {
      const session = await ask(() =>
        stripe.billingPortal.sessions.create({ customer, return_url: returnUrl }),
      );
      return session.url;
    },

    async listReceipts(customer, limit) {
      const [charges, invoices] = await Promise.all([
        ask(() => stripe.charges.list({ customer, limit })),
        ask(() => stripe.invoices.list({ customer, limit })),
      ]);
      const all = [...charges.data.map(receiptOfCharge), ...invoices.data.map(receiptOfInvoice)];
      return all.toSorted((a, b) => b.at.getTime() - a.at.getTime()).slice(0, limit);
    },

    async *listEvents(sinceMs, types) {
      const span = { since: Math.floor(sinceMs / 1000), now: Math.floor(clock.now() / 1000) };
      const page = (asked: Parameters<AskForEvents>[0]) =>
        ask(() => stripe.events.list({ ...asked, types: [...types] }));
      for await (const { events, before } of pagesOfEvents(page, span)) {
        yield { events: events.map(eventOf), beforeMs: before * 1000 };
      }
    },

    async readEvent(raw, signature) {
      if (settings.webhookSecret === undefined) {
        throw new AppError('not_configured', 'STRIPE_WEBHOOK_SECRET is not set');
      }
      const nowMs = clock.now();
      const signedAt = [...(signature ?? '').matchAll(/t=(\d+)/g)].map(([, at]) => Number(at));
      // The package looks at the age only: what is signed for tomorrow would be good until then.
      if (!signature || !signedAt.every((at) => at <= nowMs / 1000 + AHEAD_SECONDS_MAX)) {
        throw unsigned();
      }
      let event: Stripe.Event;
      try {
        event = await stripe.webhooks.constructEventAsync(
          Buffer.from(raw),
          signature,
          settings.webhookSecret,
          SIGNED_SECONDS_MAX,
          undefined,
          nowMs,
        );
      } catch {
        // Its errors carry the whole message: nothing for a log.
        throw unsigned();
      }
      if (!isEvent(event) || event.livemode !== live) throw unsigned();
      return eventOf(event);
    },
  };

  async function chargeOf(
    customer: string,
    orderId: string,
  ): Promise<Stripe.PaymentIntent | undefined> {
    const { data } = await stripe.paymentIntents.list({ customer, limit: INTENTS_MAX });
    return data.find(({ metadata }) => metadata['order_id'] === orderId);
  }
}

function address(url: string): { host: string; port: string; protocol: 'http' | 'https' } {
  const { hostname, port, protocol } = new URL(url);
  const scheme = protocol === 'http:' ? 'http' : 'https';
  return { host: hostname, port: port || (scheme === 'http' ? '80' : '443'), protocol: scheme };
}

/**
 * A refused card is an answer, not a failure. `find`: what was made of this charge before, for one that is asked again with
 * another card than the first time, which its key does not allow.
 */
async function offSession(
  charge: () => Promise<Stripe.PaymentIntent>,
  find: () => Promise<Stripe.PaymentIntent | undefined>,
): Promise<OffSession> {
  let intent: Stripe.PaymentIntent | undefined;
  try {
    intent = await charge();
  } catch (thrown) {
    const { type, code, decline_code: decline } = thrown as StripeFault;
    if (type === 'StripeCardError')
      return { status: 'failed', reason: decline || code || 'card_error' };
    if (type !== 'StripeIdempotencyError') throw failure(thrown);
    intent = await ask(find);
    if (!intent) return { status: 'failed', reason: 'not_charged' };
  }
  return outcomeOf(intent);
}

function outcomeOf({
  id,
  status,
  amount_received: amount,
  currency,
}: Stripe.PaymentIntent): OffSession {
  if (status === 'succeeded') return { status: 'paid', paymentIntent: id, amount, currency };
  if (status === 'processing') return { status: 'processing', paymentIntent: id };
  return {
    status: 'failed',
    reason: status === 'requires_action' ? 'authentication_required' : status,
  };
}

interface StripeFault {
  readonly type?: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly statusCode?: number;
  readonly requestId?: string;
  readonly param?: string;
}

async function ask<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    throw failure(thrown);
  }
}

/** Without Stripe's own error: it carries headers, and a refused key in part. */
function failure(thrown: unknown): AppError {
  const { type, code, statusCode, requestId, param } = thrown as StripeFault;
  const words = [type ?? 'no answer', code, param, statusCode, requestId].filter(Boolean).join(' ');
  return new AppError(
    code === 'resource_missing' ? 'not_found' : 'vendor_failed',
    `stripe: ${words}`,
  );
}

function unsigned(): AppError {
  return new AppError('invalid', 'a message that Stripe did not sign for us now', {
    publicMessage: 'The signature is missing or wrong.',
  });
}

function isEvent(event: unknown): event is Stripe.Event {
  const { id, type, created, data } = (event ?? {}) as Partial<Stripe.Event>;
  const named = typeof id === 'string' && id.length <= 200 && typeof type === 'string';
  return named && typeof created === 'number' && typeof data?.object === 'object';
}

function eventOf({ id, type, created, data }: Stripe.Event): StripeEvent {
  return { id, type, created, object: plain(data.object) };
}
