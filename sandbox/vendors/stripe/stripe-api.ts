// The requests of Stripe's API that the product makes, answered from the stand-in's books.

import type { Books } from './stripe-books.ts';
import {
  formAt,
  invalidRequest,
  matchRoute,
  metadataOf,
  missing,
  newStripeId,
  parseForm,
  required,
  requiredAmount,
  StripeRefusal,
  textAt,
} from './stripe-forms.ts';
import type { Form } from './stripe-forms.ts';
import type { Customer, Session } from './stripe-objects.ts';
import type { Messenger } from './stripe-webhooks.ts';

const PAGE_DEFAULT = 10;
const PAGE_MAX = 100;
/** Stripe's own: a page may be open for 30 minutes to 24 hours. */
const PAGE_SECONDS_MIN = 1800;
const PAGE_SECONDS_MAX = 86_400;

export interface ApiParts {
  readonly books: Books;
  readonly messenger: Messenger;
  /** Where the pages are. */
  readonly url: () => string;
}

/** The thing asked for, or undefined where Stripe has no such path. Throws `StripeRefusal`. */
export function answerStripe(
  parts: ApiParts,
  request: { readonly method: string; readonly pathname: string; readonly fields: string },
): object | undefined {
  const { method, pathname, fields } = request;
  const match = matchRoute(method, pathname, fields);
  if (!match) return undefined;
  const { books, messenger, url } = parts;
  const form = parseForm(fields);
  const { route, id } = match;
  switch (route) {
    case 'POST /v1/customers':
      return books.keep<Customer>(books.customers, {
        id: newStripeId('cus'),
        object: 'customer',
        created: books.now(),
        livemode: false,
        name: textAt(form, 'name') ?? null,
        email: textAt(form, 'email') ?? null,
        metadata: metadataOf(formAt(form, 'metadata')),
      });
    case 'DELETE /v1/customers/*':
      books.deleteCustomer(id);
      return { id, object: 'customer', deleted: true };
    case 'GET /v1/customers/*/payment_methods': {
      books.find(books.customers, 'customer', id);
      const mine = [...books.methods.values()].filter(({ customer }) => customer === id);
      return page(mine.toReversed(), form, pathname);
    }
    case 'POST /v1/checkout/sessions':
      return addSession(parts, form);
    case 'GET /v1/checkout/sessions/*':
      return books.find(books.sessions, 'checkout.session', id);
    case 'POST /v1/checkout/sessions/*/expire': {
      if (books.find(books.sessions, 'checkout.session', id).status === 'open')
        return books.expire(id);
      throw invalidRequest('Only Checkout Sessions with a status in ["open"] can be expired.');
    }
    case 'POST /v1/payment_intents':
      return chargeSaved(books, form);
    case 'GET /v1/payment_intents/*':
      return books.find(books.intents, 'payment_intent', id);
    case 'GET /v1/payment_intents':
      return page(matching(books.intents, form, ['customer']), form, pathname);
    case 'POST /v1/refunds': {
      const amount = textAt(form, 'amount');
      const payment = required(form, 'payment_intent');
      const refund = books.refund(payment, amount === undefined ? undefined : Number(amount));
      if (refund) return refund;
      const code = 'charge_already_refunded';
      throw invalidRequest(`Charge for ${payment} has already been refunded.`, { code });
    }
    case 'GET /v1/refunds':
      return page(matching(books.refunds, form, ['payment_intent', 'charge']), form, pathname);
    case 'GET /v1/charges':
      return page(matching(books.charges, form, ['customer']), form, pathname);
    case 'GET /v1/invoices': {
      const of = textAt(form, 'subscription');
      const all = matching(books.invoices, form, ['customer', 'status']);
      const mine = all.filter(
        ({ parent }) => of === undefined || parent.subscription_details.subscription === of,
      );
      return page(mine, form, pathname);
    }
    case 'GET /v1/invoice_payments':
      return page(matching(books.invoicePayments, form, ['invoice', 'status']), form, pathname);
    case 'GET /v1/subscriptions/*':
      return books.find(books.subscriptions, 'subscription', id);
    case 'POST /v1/subscriptions/*':
      return changeSubscription(parts, id, form);
    case 'DELETE /v1/subscriptions/*':
      if (books.subscriptions.get(id)?.status === 'canceled') throw missing('subscription', id);
      return books.endSubscription(id);
    case 'POST /v1/prices':
      return books.addPrice({
        currency: required(form, 'currency'),
        unit_amount: requiredAmount(form, 'unit_amount'),
        recurring: { interval: required(form, 'recurring', 'interval') },
      });
    case 'POST /v1/billing_portal/sessions': {
      const customer = books.find(books.customers, 'customer', required(form, 'customer'));
      const back = encodeURIComponent(textAt(form, 'return_url') ?? '');
      return {
        id: newStripeId('bps'),
        object: 'billing_portal.session',
        created: books.now(),
        customer: customer.id,
        livemode: false,
        return_url: textAt(form, 'return_url') ?? null,
        url: `${url()}/portal/${customer.id}?return_url=${back}`,
      };
    }
    case 'GET /v1/events': {
      const types = Object.values(formAt(form, 'types'));
      const all = messenger.events.filter(({ type }) => types.length === 0 || types.includes(type));
      return page(all.toReversed(), form, pathname);
    }
    default:
      return undefined;
  }
}

function addSession({ books, url }: ApiParts, form: Form): Session {
  const mode = required(form, 'mode');
  if (mode !== 'payment' && mode !== 'subscription') throw invalidRequest(`Invalid mode: ${mode}`);
  const customer = books.find(books.customers, 'customer', required(form, 'customer')).id;
  const item = formAt(form, 'line_items', '0');
  if (textAt(item, 'quantity') !== '1') throw invalidRequest('Invalid line_items[0][quantity]');
  const interval = textAt(item, 'price_data', 'recurring', 'interval');
  if ((mode === 'subscription') !== (interval === 'month')) {
    throw invalidRequest('You must provide at least one recurring price in `subscription` mode.');
  }
  const amount = requiredAmount(item, 'price_data', 'unit_amount');
  const productName = required(item, 'price_data', 'product_data', 'name');
  const ahead = Number(textAt(form, 'expires_at') ?? books.now() + PAGE_SECONDS_MAX) - books.now();
  // Clocks differ by a second or two.
  if (!(ahead >= PAGE_SECONDS_MIN - 5 && ahead <= PAGE_SECONDS_MAX + 5)) {
    throw invalidRequest('The `expires_at` timestamp must be 30 minutes to 24 hours from now.');
  }
  const id = `cs_test_${newStripeId('a1').slice(3)}`;
  const session = books.keep<Session>(books.sessions, {
    id,
    object: 'checkout.session',
    created: books.now(),
    livemode: false,
    mode,
    customer,
    client_reference_id: textAt(form, 'client_reference_id') ?? null,
    metadata: metadataOf(formAt(form, 'metadata')),
    amount_subtotal: amount,
    amount_total: amount,
    currency: required(item, 'price_data', 'currency'),
    success_url: required(form, 'success_url').replaceAll('{CHECKOUT_SESSION_ID}', id),
    cancel_url: textAt(form, 'cancel_url') ?? null,
    expires_at: books.now() + ahead,
    status: 'open',
    payment_status: 'unpaid',
    payment_intent: null,
    subscription: null,
    url: `${url()}/c/pay/${id}`,
  });
  books.terms.set(id, {
    saveMethod: textAt(form, 'payment_intent_data', 'setup_future_usage') === 'off_session',
    intentMetadata: metadataOf(formAt(form, 'payment_intent_data', 'metadata')),
    subscriptionMetadata: metadataOf(formAt(form, 'subscription_data', 'metadata')),
    productName,
  });
  return session;
}

/** Only what the product does: at once, and without the customer. */
function chargeSaved(books: Books, form: Form): object {
  const customer = books.find(books.customers, 'customer', required(form, 'customer'));
  const method = books.find(books.methods, 'PaymentMethod', required(form, 'payment_method'));
  if (method.customer !== customer.id)
    throw invalidRequest('The PaymentMethod is not the customer’s.');
  if (textAt(form, 'off_session') !== 'true' || textAt(form, 'confirm') !== 'true') {
    throw invalidRequest('The sandbox takes only off-session payments that are confirmed at once.');
  }
  const given = {
    amount: requiredAmount(form, 'amount'),
    currency: required(form, 'currency'),
    customer: customer.id,
    metadata: metadataOf(formAt(form, 'metadata')),
    description: textAt(form, 'description') ?? null,
  };
  const intent = books.addIntent(given, method.id);
  const behaviour = books.behaviours.get(method.id) ?? 'good';
  if (behaviour === 'good') {
    books.settle(intent);
    return intent;
  }
  if (behaviour === 'takes_days') {
    intent.status = 'processing';
    return intent;
  }
  const code = behaviour === 'declines' ? 'card_declined' : 'authentication_required';
  books.refuse(intent, code);
  throw new StripeRefusal(402, {
    type: 'card_error',
    code,
    ...(behaviour === 'declines' ? { decline_code: 'generic_decline' } : {}),
    message: 'Your card was declined.',
    payment_intent: intent,
  });
}

function changeSubscription({ books, messenger }: ApiParts, id: string, form: Form): object {
  const subscription = books.find(books.subscriptions, 'subscription', id);
  if (subscription.status === 'canceled') {
    throw invalidRequest('A canceled subscription can only update its cancellation_details.');
  }
  const cancel = textAt(form, 'cancel_at_period_end');
  if (cancel !== undefined) subscription.cancel_at_period_end = cancel === 'true';
  const metadata = metadataOf(formAt(form, 'metadata'));
  subscription.metadata = { ...subscription.metadata, ...metadata };
  const price = textAt(form, 'items', '0', 'price');
  if (price !== undefined) {
    const item = subscription.items.data.find(
      (each) => each.id === textAt(form, 'items', '0', 'id'),
    );
    if (!item) throw invalidRequest('No such subscription item.');
    item.price = books.find(books.prices, 'price', price);
  }
  messenger.tell('customer.subscription.updated', subscription);
  return subscription;
}

/** Newest first, those whose fields are as asked for. */
function matching<Thing extends object>(
  kept: ReadonlyMap<string, Thing>,
  form: Form,
  names: readonly string[],
): Thing[] {
  const fits = (thing: Thing) =>
    names.every((name) => {
      const asked = textAt(form, name);
      return asked === undefined || (thing as Record<string, unknown>)[name] === asked;
    });
  return [...kept.values()].filter(fits).toReversed();
}

function page(
  all: readonly { readonly id: string; readonly created?: number }[],
  form: Form,
  url: string,
): object {
  const limit = Number(textAt(form, 'limit') ?? PAGE_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX)
    throw invalidRequest('Invalid limit');
  const since = Number(textAt(form, 'created', 'gte') ?? 0);
  const until = Number(textAt(form, 'created', 'lt') ?? Infinity);
  const recent = all.filter(({ created = 0 }) => created >= since && created < until);
  const after = textAt(form, 'starting_after');
  const from = after === undefined ? 0 : recent.findIndex(({ id }) => id === after) + 1;
  const data = recent.slice(from, from + limit);
  return { object: 'list', url, has_more: from + limit < recent.length, data };
}
