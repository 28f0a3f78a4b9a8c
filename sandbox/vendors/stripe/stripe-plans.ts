// Plans at the stand-in for Stripe: they begin with a paid page, go on month by month with an invoice each, and end.

import { newStripeId } from './stripe-forms.ts';
import type {
  Charge,
  Intent,
  Invoice,
  InvoicePayment,
  Price,
  Session,
  Subscription,
} from './stripe-objects.ts';

const MONTH_SECONDS = 30 * 86_400;

type Metadata = Readonly<Record<string, string>>;

/** As much of the books as plans need. */
export interface PlanBooks {
  readonly subscriptions: Map<string, Subscription>;
  readonly invoices: Map<string, Invoice>;
  readonly invoicePayments: Map<string, InvoicePayment>;
  now(): number;
  keep<Thing extends { readonly id: string }>(kept: Map<string, Thing>, thing: Thing): Thing;
  find<Thing>(kept: ReadonlyMap<string, Thing>, what: string, id: string): Thing;
  addPrice(price: Pick<Price, 'currency' | 'unit_amount' | 'recurring'>): Price;
  addIntent(
    given: Pick<Intent, 'amount' | 'currency' | 'customer' | 'metadata' | 'description'>,
    method: string | null,
  ): Intent;
  settle(intent: Intent): Charge;
  refuse(intent: Intent, code: string): void;
  tell(type: string, object: object): void;
  pageUrl(path: string): string;
}

export function beginSubscription(
  books: PlanBooks,
  session: Session,
  { metadata, method }: { metadata: Metadata; method: string | null },
): void {
  const { currency, amount_total: amount } = session;
  const price = books.addPrice({ currency, unit_amount: amount, recurring: { interval: 'month' } });
  const start = books.now();
  const item = {
    id: newStripeId('si'),
    object: 'subscription_item',
    quantity: 1,
    price,
    current_period_start: start,
    current_period_end: start + MONTH_SECONDS,
  } as const;
  const subscription = books.keep<Subscription>(books.subscriptions, {
    id: newStripeId('sub'),
    object: 'subscription',
    created: start,
    livemode: false,
    customer: session.customer ?? '',
    metadata,
    status: 'active',
    cancel_at_period_end: false,
    cancel_at: null,
    canceled_at: null,
    items: { object: 'list', data: [{ ...item }], has_more: false },
  });
  session.subscription = subscription.id;
  invoice(books, subscription, { reason: 'subscription_create', paid: true, method });
  books.tell('customer.subscription.created', subscription);
}

export function renew(books: PlanBooks, subscriptionId: string, paid: boolean): Subscription {
  const subscription = books.find(books.subscriptions, 'subscription', subscriptionId);
  if (subscription.status === 'canceled') return subscription;
  if (subscription.cancel_at_period_end) return endSubscription(books, subscriptionId);
  const item = subscription.items.data[0]!;
  item.current_period_start = item.current_period_end;
  item.current_period_end += MONTH_SECONDS;
  subscription.status = paid ? 'active' : 'past_due';
  invoice(books, subscription, { reason: 'subscription_cycle', paid, method: null });
  books.tell('customer.subscription.updated', subscription);
  return subscription;
}

export function endSubscription(books: PlanBooks, subscriptionId: string): Subscription {
  const subscription = books.find(books.subscriptions, 'subscription', subscriptionId);
  subscription.status = 'canceled';
  subscription.canceled_at = books.now();
  books.tell('customer.subscription.deleted', subscription);
  return subscription;
}

interface Billing {
  readonly reason: Invoice['billing_reason'];
  readonly paid: boolean;
  readonly method: string | null;
}

function invoice(
  books: PlanBooks,
  subscription: Subscription,
  { reason, paid, method }: Billing,
): void {
  const { customer, metadata } = subscription;
  const { currency, unit_amount: total } = subscription.items.data[0]!.price;
  const id = newStripeId('in');
  const details = { subscription: subscription.id, metadata };
  const made = books.keep<Invoice>(books.invoices, {
    id,
    object: 'invoice',
    created: books.now(),
    livemode: false,
    customer,
    currency,
    total,
    billing_reason: reason,
    parent: { type: 'subscription_details', quote_details: null, subscription_details: details },
    hosted_invoice_url: books.pageUrl(`/invoices/${id}`),
    invoice_pdf: books.pageUrl(`/invoices/${id}.pdf`),
    amount_paid: 0,
    status: 'open',
  });
  const given = { amount: total, currency, customer, metadata: {}, description: 'Subscription' };
  const intent = books.addIntent(given, method);
  if (!paid) {
    books.refuse(intent, 'card_declined');
    books.tell('invoice.payment_failed', made);
    return;
  }
  books.settle(intent);
  made.status = 'paid';
  made.amount_paid = total;
  books.keep<InvoicePayment>(books.invoicePayments, {
    id: newStripeId('inpay'),
    object: 'invoice_payment',
    created: books.now(),
    livemode: false,
    invoice: id,
    amount_paid: total,
    amount_requested: total,
    currency,
    is_default: true,
    status: 'paid',
    payment: { type: 'payment_intent', payment_intent: intent.id },
  });
  books.tell('invoice.paid', made);
}
