// What a message of Stripe says about money, in our own terms. Pure: fields that are missing or odd make it say nothing.

import { isId } from '../../lib/ids.ts';
import type { PaidPayment, KnownDispute, KnownRefund } from '../../store/money/payments.ts';
import type { StripeEvent } from './till.ts';

export type MoneyFact =
  | { readonly type: 'paid'; readonly paid: PaidPayment; readonly sessionId?: string }
  /** An order that is not paid yet, or will not be. */
  | {
      readonly type: 'order';
      readonly orderId: string;
      readonly state: 'processing' | 'failed' | 'expired';
      readonly sessionId?: string;
      readonly failure?: string;
    }
  | { readonly type: 'refund'; readonly refund: KnownRefund }
  | { readonly type: 'dispute'; readonly dispute: KnownDispute }
  /** Something was refunded, but not what: to be looked up. */
  | { readonly type: 'charge'; readonly paymentIntent: string }
  /** An invoice of a plan was paid: by which payment is to be looked up. */
  | {
      readonly type: 'invoice';
      readonly invoice: Omit<PaidPayment, 'paymentIntent'> & { readonly invoiceId: string };
    }
  /** The month could not be paid. */
  | { readonly type: 'invoice-failed'; readonly subscriptionId: string }
  /** A plan has begun, changed or ended: how it is now is to be looked up. */
  | { readonly type: 'subscription'; readonly subscriptionId: string };

/** What Stripe is to tell us, and what is replayed when it did not. */
export const eventTypes: readonly string[] = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'invoice.paid',
  'invoice.payment_failed',
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.refund.updated',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
  'charge.dispute.closed',
];

type Fields = Readonly<Record<string, unknown>>;

/** Undefined for types that say nothing about money of ours, and for objects that are not what their type says. */
export function readMoneyFact({ type, object }: StripeEvent): MoneyFact | undefined {
  switch (type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return sessionFact(object);
    case 'checkout.session.async_payment_failed':
      return sessionEnd(object, 'failed');
    case 'checkout.session.expired':
      return sessionEnd(object, 'expired');
    case 'payment_intent.succeeded':
      return automaticFact(object);
    case 'payment_intent.payment_failed':
      return automaticFailure(object);
    case 'invoice.paid':
      return invoiceFact(object);
    case 'invoice.payment_failed': {
      const subscriptionId = idOf(subscriptionOf(object)['subscription']);
      return subscriptionId === undefined ? undefined : { type: 'invoice-failed', subscriptionId };
    }
    case 'customer.subscription.created':
    case 'customer.subscription.updated':
    case 'customer.subscription.deleted': {
      const subscriptionId = idOf(object['id']);
      return subscriptionId === undefined ? undefined : { type: 'subscription', subscriptionId };
    }
    case 'charge.refunded': {
      const paymentIntent = idOf(object['payment_intent']);
      return paymentIntent === undefined ? undefined : { type: 'charge', paymentIntent };
    }
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.refund.updated':
      return refundFact(object);
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
    case 'charge.dispute.closed':
      return disputeFact(object);
    default:
      return undefined;
  }
}

/** Of a page on which something was bought. Paid with nothing is paid; unpaid means that a bank still has to answer. */
export function sessionFact(session: Fields): MoneyFact | undefined {
  const { mode, payment_status: status, currency, amount_total: amount } = session;
  const sessionId = idOf(session['id']);
  const { orderId, clientId } = referenceOf(session['metadata']);
  if (sessionId === undefined || orderId === undefined) return undefined;
  if (mode === 'subscription') {
    // Its money comes with its invoice.
    const subscriptionId = idOf(session['subscription']);
    return subscriptionId === undefined ? undefined : { type: 'subscription', subscriptionId };
  }
  if (mode !== 'payment') return undefined;
  if (status === 'unpaid') return { type: 'order', orderId, state: 'processing', sessionId };
  const paymentIntent = idOf(session['payment_intent']);
  if (status !== 'paid' || paymentIntent === undefined) return undefined;
  if (typeof currency !== 'string' || !isAmount(amount)) return undefined;
  const paid = { paymentIntent, orderId, clientId: clientId ?? null, amount, currency };
  return { type: 'paid', paid, sessionId };
}

function sessionEnd(session: Fields, state: 'failed' | 'expired'): MoneyFact | undefined {
  const { orderId } = referenceOf(session['metadata']);
  const sessionId = idOf(session['id']);
  if (orderId === undefined || sessionId === undefined) return undefined;
  const failure = state === 'failed' ? { failure: 'async_payment_failed' } : {};
  return { type: 'order', orderId, state, sessionId, ...failure };
}

/** Payments of a page come with their session; these are those that nobody was asked for. */
export function automaticFact(intent: Fields): MoneyFact | undefined {
  const { status, amount_received: amount, currency } = intent;
  const { orderId, clientId } = referenceOf(intent['metadata']);
  const paymentIntent = idOf(intent['id']);
  if (orderId === undefined || paymentIntent === undefined || status !== 'succeeded')
    return undefined;
  if (typeof currency !== 'string' || !isAmount(amount)) return undefined;
  return {
    type: 'paid',
    paid: { paymentIntent, orderId, clientId: clientId ?? null, amount, currency },
  };
}

/** Of such a payment that came to nothing. */
export function automaticFailure(intent: Fields): MoneyFact | undefined {
  const { orderId } = referenceOf(intent['metadata']);
  if (orderId === undefined) return undefined;
  const { code, decline_code: decline } = fieldsOf(intent['last_payment_error']);
  const failure = textOf(decline) ?? textOf(code) ?? 'payment_failed';
  return { type: 'order', orderId, state: 'failed', failure };
}

function invoiceFact(invoice: Fields): MoneyFact | undefined {
  const details = subscriptionOf(invoice);
  const subscriptionId = idOf(details['subscription']);
  const { orderId, clientId } = referenceOf(details['metadata']);
  const invoiceId = idOf(invoice['id']);
  const { amount_paid: amount, currency } = invoice;
  if (subscriptionId === undefined || orderId === undefined || invoiceId === undefined)
    return undefined;
  if (typeof currency !== 'string' || !isAmount(amount)) return undefined;
  const paid = { orderId, clientId: clientId ?? null, amount, currency, subscriptionId, invoiceId };
  return { type: 'invoice', invoice: paid };
}

/** A refund counts unless it has failed: states that are not known yet count. */
export function refundFact(refund: Fields): MoneyFact | undefined {
  const refundId = idOf(refund['id']);
  const paymentIntent = idOf(refund['payment_intent']);
  const { amount, status } = refund;
  if (refundId === undefined || paymentIntent === undefined || !isAmount(amount)) return undefined;
  const failed = status === 'failed' || status === 'canceled';
  return { type: 'refund', refund: { refundId, paymentIntent, amount, failed } };
}

/** Not its status but what moved: an inquiry moves nothing, and states that are not known yet do not matter. */
function disputeFact(dispute: Fields): MoneyFact | undefined {
  const disputeId = idOf(dispute['id']);
  const paymentIntent = idOf(dispute['payment_intent']);
  const { amount, balance_transactions: moves } = dispute;
  if (disputeId === undefined || paymentIntent === undefined || !isAmount(amount)) return undefined;
  const amounts = Array.isArray(moves)
    ? moves.map((each: unknown) => fieldsOf(each)['amount'])
    : [];
  const count = (fits: (moved: number) => boolean) =>
    amounts.filter((moved) => typeof moved === 'number' && fits(moved)).length;
  const withdrawals = count((moved) => moved < 0);
  const reinstatements = count((moved) => moved > 0);
  return {
    type: 'dispute',
    dispute: { disputeId, paymentIntent, amount, withdrawals, reinstatements },
  };
}

function subscriptionOf(invoice: Fields): Fields {
  return fieldsOf(fieldsOf(invoice['parent'])['subscription_details']);
}

function referenceOf(metadata: unknown): { orderId?: string; clientId?: string } {
  const { order_id: orderId, client_id: clientId } = fieldsOf(metadata);
  return {
    ...(typeof orderId === 'string' && isId(orderId) ? { orderId } : {}),
    ...(typeof clientId === 'string' && isId(clientId) ? { clientId } : {}),
  };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Of a thing that is named, or there in full. */
function idOf(value: unknown): string | undefined {
  const id = typeof value === 'string' ? value : fieldsOf(value)['id'];
  return typeof id === 'string' && id !== '' && id.length <= 200 ? id : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number that a bigint of ours can be multiplied with. */
function isAmount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 1e12;
}
