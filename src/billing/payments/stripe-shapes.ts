// What Stripe is sent and what it shows, from and to our own terms. Pure.

import type { Stripe } from 'stripe';
import type { CheckoutRequest, Receipt, SeenSubscription } from './till.ts';

export function sessionParams(request: CheckoutRequest): Stripe.Checkout.SessionCreateParams {
  const { orderId, clientId, customer, sold } = request;
  const metadata = { order_id: orderId, client_id: clientId };
  const price = {
    currency: sold.currency,
    unit_amount: sold.amount,
    product_data: { name: sold.name },
  };
  const common = {
    customer,
    client_reference_id: orderId,
    metadata,
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    expires_at: Math.floor(request.expiresAtMs / 1000),
  };
  if (sold.kind === 'plan') {
    return {
      ...common,
      mode: 'subscription',
      line_items: [{ quantity: 1, price_data: { ...price, recurring: { interval: 'month' } } }],
      subscription_data: { metadata },
    };
  }
  return {
    ...common,
    mode: 'payment',
    line_items: [{ quantity: 1, price_data: price }],
    // What is charged must be what was ordered, in its currency.
    adaptive_pricing: { enabled: false },
    payment_intent_data: {
      metadata,
      ...(request.saveMethod ? { setup_future_usage: 'off_session' as const } : {}),
    },
  };
}

export function plain(object: object): Readonly<Record<string, unknown>> {
  return object as Readonly<Record<string, unknown>>;
}

export function seen(subscription: Stripe.Subscription): SeenSubscription {
  const { id, status, metadata, cancel_at_period_end: cancelAtPeriodEnd } = subscription;
  const end = subscription.items.data[0]?.current_period_end;
  return {
    id,
    status,
    // The portal may cancel at a time, which is the same to us.
    cancelAtPeriodEnd: cancelAtPeriodEnd || subscription.cancel_at !== null,
    currentPeriodEnd: end === undefined ? null : new Date(end * 1000),
    orderId: metadata['order_id'],
    clientId: metadata['client_id'],
  };
}

export function receiptOfCharge(charge: Stripe.Charge): Receipt {
  const { id, created, amount, currency, status } = charge;
  return {
    kind: 'payment',
    id,
    at: new Date(created * 1000),
    amount,
    refunded: charge.amount_refunded,
    currency,
    status,
    url: charge.receipt_url,
    pdfUrl: null,
  };
}

export function receiptOfInvoice(invoice: Stripe.Invoice): Receipt {
  return {
    kind: 'invoice',
    id: invoice.id,
    at: new Date(invoice.created * 1000),
    amount: invoice.total,
    refunded: 0,
    currency: invoice.currency,
    status: invoice.status ?? 'draft',
    url: invoice.hosted_invoice_url ?? null,
    pdfUrl: invoice.invoice_pdf ?? null,
  };
}
