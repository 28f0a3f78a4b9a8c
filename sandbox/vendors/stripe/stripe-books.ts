// What Stripe keeps and what happens to it: customers pay, cards are declined, money goes back; everything is told at once.

import type { Clock } from '../../../src/lib/clock.ts';
import { missing, newStripeId } from './stripe-forms.ts';
import type {
  CardBehaviour,
  Charge,
  Customer,
  Dispute,
  Intent,
  Invoice,
  InvoicePayment,
  PaymentMethod,
  Price,
  Refund,
  Session,
  Subscription,
} from './stripe-objects.ts';
import { beginSubscription, endSubscription, renew } from './stripe-plans.ts';
import type { Messenger } from './stripe-webhooks.ts';

/** Of each kind of thing; the oldest is forgotten. */
const KEPT_MAX = 20_000;

type Metadata = Readonly<Record<string, string>>;

/** What a page sells, beside what its session shows. */
export interface SessionTerms {
  readonly saveMethod: boolean;
  readonly intentMetadata: Metadata;
  readonly subscriptionMetadata: Metadata;
  readonly productName: string;
}

export class Books {
  readonly customers = new Map<string, Customer>();
  readonly methods = new Map<string, PaymentMethod>();
  readonly behaviours = new Map<string, CardBehaviour>();
  readonly sessions = new Map<string, Session>();
  readonly terms = new Map<string, SessionTerms>();
  readonly intents = new Map<string, Intent>();
  readonly charges = new Map<string, Charge>();
  readonly refunds = new Map<string, Refund>();
  readonly disputes = new Map<string, Dispute>();
  readonly prices = new Map<string, Price>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly invoices = new Map<string, Invoice>();
  readonly invoicePayments = new Map<string, InvoicePayment>();
  readonly #clock: Clock;
  readonly #messenger: Messenger;
  /** Where its own pages are. */
  readonly #url: () => string;

  constructor(clock: Clock, messenger: Messenger, url: () => string) {
    this.#clock = clock;
    this.#messenger = messenger;
    this.#url = url;
  }

  now(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  keep<Thing extends { readonly id: string }>(kept: Map<string, Thing>, thing: Thing): Thing {
    kept.set(thing.id, thing);
    if (kept.size > KEPT_MAX) {
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
    }
    return thing;
  }

  find<Thing>(kept: ReadonlyMap<string, Thing>, what: string, id: string): Thing {
    const thing = kept.get(id);
    if (thing === undefined) throw missing(what, id);
    return thing;
  }

  /** Its cards go with it and its plans end; what was paid stays. */
  deleteCustomer(id: string): void {
    const customer = this.find(this.customers, 'customer', id);
    for (const plan of this.subscriptions.values()) {
      if (plan.customer === id && plan.status !== 'canceled') this.endSubscription(plan.id);
    }
    for (const method of this.methods.values()) {
      if (method.customer !== id) continue;
      this.methods.delete(method.id);
      this.behaviours.delete(method.id);
    }
    this.customers.delete(id);
    this.#messenger.tell('customer.deleted', customer);
  }

  /** The page of a session was paid, by a card that is saved if that was asked for. */
  pay(sessionId: string, behaviour: CardBehaviour = 'good'): Session {
    const session = this.#openSession(sessionId);
    const method = this.#saveMethod(session, behaviour);
    if (session.mode === 'subscription') {
      const { subscriptionMetadata } = this.terms.get(session.id)!;
      beginSubscription(this, session, { metadata: subscriptionMetadata, method });
    } else {
      const intent = this.#intentOf(session, method);
      this.settle(intent);
      session.payment_intent = intent.id;
    }
    session.payment_status = 'paid';
    this.#complete(session);
    return session;
  }

  /** A card was refused on the page, which stays open for another. */
  decline(sessionId: string): Session {
    const session = this.#openSession(sessionId);
    if (session.mode === 'payment') this.refuse(this.#intentOf(session, null), 'card_declined');
    return session;
  }

  /** Paid by a bank that takes days. */
  payLater(sessionId: string): Session {
    const session = this.#openSession(sessionId);
    const intent = this.#intentOf(session, null);
    intent.status = 'processing';
    session.payment_intent = intent.id;
    this.#complete(session);
    return session;
  }

  /** The bank has answered. */
  answerLater(sessionId: string, paid: boolean): Session {
    const session = this.find(this.sessions, 'checkout.session', sessionId);
    const intent = this.find(this.intents, 'payment_intent', session.payment_intent ?? '');
    if (intent.status !== 'processing') return session;
    if (paid) {
      this.settle(intent);
      session.payment_status = 'paid';
    } else this.refuse(intent, 'payment_method_provider_decline');
    const type = paid ? 'async_payment_succeeded' : 'async_payment_failed';
    this.#messenger.tell(`checkout.session.${type}`, session);
    return session;
  }

  expire(sessionId: string): Session {
    const session = this.#openSession(sessionId);
    session.status = 'expired';
    session.url = null;
    this.#messenger.tell('checkout.session.expired', session);
    return session;
  }

  /** The money of an intent has arrived. */
  settle(intent: Intent): Charge {
    const charge = this.keep<Charge>(this.charges, {
      id: newStripeId('ch'),
      object: 'charge',
      created: this.now(),
      livemode: false,
      amount: intent.amount,
      currency: intent.currency,
      customer: intent.customer,
      payment_intent: intent.id,
      status: 'succeeded',
      receipt_url: this.pageUrl(`/receipts/${intent.id}`),
      metadata: intent.metadata,
      amount_refunded: 0,
      refunded: false,
      disputed: false,
    });
    intent.status = 'succeeded';
    intent.amount_received = intent.amount;
    intent.latest_charge = charge.id;
    intent.last_payment_error = null;
    this.#messenger.tell('payment_intent.succeeded', intent);
    this.#messenger.tell('charge.succeeded', charge);
    return charge;
  }

  refuse(intent: Intent, code: string): void {
    intent.status = 'requires_payment_method';
    const decline = code === 'card_declined' ? { decline_code: 'generic_decline' } : {};
    intent.last_payment_error = { code, ...decline, type: 'card_error' };
    this.#messenger.tell('payment_intent.payment_failed', intent);
  }

  /** Of a payment, all that is left unless told. Undefined when nothing is left. */
  refund(paymentIntent: string, amount?: number): Refund | undefined {
    const charge = this.#chargeOf(paymentIntent);
    const left = charge.amount - charge.amount_refunded;
    const back = Math.min(left, amount ?? left);
    if (back <= 0) return undefined;
    const refund = this.keep<Refund>(this.refunds, {
      id: newStripeId('re'),
      object: 'refund',
      created: this.now(),
      amount: back,
      currency: charge.currency,
      charge: charge.id,
      payment_intent: paymentIntent,
      status: 'succeeded',
    });
    this.#refunded(charge, back);
    this.#messenger.tell('refund.created', refund);
    this.#messenger.tell('charge.refunded', charge);
    return refund;
  }

  /** The bank did not take the refund: the money is back with the business. */
  failRefund(refundId: string): Refund {
    const refund = this.find(this.refunds, 'refund', refundId);
    if (refund.status === 'failed') return refund;
    refund.status = 'failed';
    this.#refunded(this.#chargeOf(refund.payment_intent), -refund.amount);
    this.#messenger.tell('refund.updated', refund);
    this.#messenger.tell('refund.failed', refund);
    return refund;
  }

  /** An inquiry moves no money. */
  dispute(paymentIntent: string, { inquiry = false }: { inquiry?: boolean } = {}): Dispute {
    const charge = this.#chargeOf(paymentIntent);
    charge.disputed = true;
    const dispute = this.keep<Dispute>(this.disputes, {
      id: newStripeId('du'),
      object: 'dispute',
      created: this.now(),
      livemode: false,
      amount: charge.amount,
      currency: charge.currency,
      charge: charge.id,
      payment_intent: paymentIntent,
      reason: 'fraudulent',
      status: inquiry ? 'warning_needs_response' : 'needs_response',
      balance_transactions: [],
    });
    this.#messenger.tell('charge.dispute.created', dispute);
    if (!inquiry) this.#moveDisputed(dispute, -1, 'funds_withdrawn');
    return dispute;
  }

  closeDispute(disputeId: string, won: boolean): Dispute {
    const dispute = this.find(this.disputes, 'dispute', disputeId);
    const inquiry = dispute.balance_transactions.length === 0;
    if (['won', 'lost', 'warning_closed'].includes(dispute.status)) return dispute;
    dispute.status = inquiry ? 'warning_closed' : won ? 'won' : 'lost';
    if (!inquiry && won) this.#moveDisputed(dispute, 1, 'funds_reinstated');
    this.#messenger.tell('charge.dispute.closed', dispute);
    return dispute;
  }

  /** The next month of a plan begins, and is paid or not. */
  renew(subscriptionId: string, paid = true): Subscription {
    return renew(this, subscriptionId, paid);
  }

  endSubscription(subscriptionId: string): Subscription {
    return endSubscription(this, subscriptionId);
  }

  /** Something happened, and the application is to know. */
  tell(type: string, object: object): void {
    this.#messenger.tell(type, object);
  }

  /** A page of its own. */
  pageUrl(path: string): string {
    return `${this.#url()}${path}`;
  }

  addPrice(price: Pick<Price, 'currency' | 'unit_amount' | 'recurring'>): Price {
    return this.keep<Price>(this.prices, {
      id: newStripeId('price'),
      object: 'price',
      created: this.now(),
      livemode: false,
      product: newStripeId('prod'),
      type: price.recurring ? 'recurring' : 'one_time',
      ...price,
    });
  }

  addMethod(customer: string, behaviour: CardBehaviour): PaymentMethod {
    const method = this.keep<PaymentMethod>(this.methods, {
      id: newStripeId('pm'),
      object: 'payment_method',
      created: this.now(),
      livemode: false,
      type: 'card',
      customer,
      card: { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2034 },
    });
    this.behaviours.set(method.id, behaviour);
    return method;
  }

  addIntent(
    given: Pick<Intent, 'amount' | 'currency' | 'customer' | 'metadata' | 'description'>,
    method: string | null,
  ): Intent {
    return this.keep<Intent>(this.intents, {
      id: newStripeId('pi'),
      object: 'payment_intent',
      created: this.now(),
      livemode: false,
      ...given,
      amount_received: 0,
      status: 'requires_payment_method',
      payment_method: method,
      latest_charge: null,
      last_payment_error: null,
    });
  }

  #openSession(id: string): Session {
    const session = this.find(this.sessions, 'checkout.session', id);
    if (session.status === 'open' && session.expires_at <= this.now()) return this.expire(id);
    return session.status === 'open' ? session : this.#closed(id);
  }

  #closed(id: string): never {
    throw missing('open checkout.session', id);
  }

  #complete(session: Session): void {
    session.status = 'complete';
    session.url = null;
    this.#messenger.tell('checkout.session.completed', session);
  }

  /** Tries of one page share an intent. */
  #intentOf(session: Session, method: string | null): Intent {
    const { intentMetadata, productName } = this.terms.get(session.id)!;
    const there = [...this.intents.values()].find(({ id }) => id === session.payment_intent);
    if (there) return there;
    const { amount_total: amount, currency, customer } = session;
    const given = {
      amount,
      currency,
      customer,
      metadata: intentMetadata,
      description: productName,
    };
    const intent = this.addIntent(given, method);
    session.payment_intent = intent.id;
    return intent;
  }

  #saveMethod(session: Session, behaviour: CardBehaviour): string | null {
    const save = this.terms.get(session.id)!.saveMethod || session.mode === 'subscription';
    if (!save || session.customer === null) return null;
    return this.addMethod(session.customer, behaviour).id;
  }

  #chargeOf(paymentIntent: string): Charge {
    const intent = this.find(this.intents, 'payment_intent', paymentIntent);
    return this.find(this.charges, 'charge', intent.latest_charge ?? '');
  }

  #refunded(charge: Charge, amount: number): void {
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded === charge.amount;
  }

  #moveDisputed(dispute: Dispute, sign: 1 | -1, type: string): void {
    const amount = sign * dispute.amount;
    dispute.balance_transactions.push({
      id: newStripeId('txn'),
      object: 'balance_transaction',
      amount,
    });
    this.#messenger.tell(`charge.dispute.${type}`, dispute);
  }
}
