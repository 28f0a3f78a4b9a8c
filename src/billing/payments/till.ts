// What the product asks of the payment service, in its own terms.

import { AppError } from '../../lib/errors.ts';
import type { PackageTerms } from '../../store/money/packages.ts';

/** Who pays for what; sent along, so that every message about it leads back to the order. */
export interface OrderReference {
  readonly orderId: string;
  readonly clientId: string;
}

export interface CheckoutRequest extends OrderReference {
  readonly customer: string;
  readonly sold: Pick<PackageTerms, 'kind' | 'name' | 'currency' | 'amount'>;
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** Whether the method of payment is kept for automatic purchases. */
  readonly saveMethod: boolean;
  /** When the page stops taking money: 30 minutes to 24 hours ahead. */
  readonly expiresAtMs: number;
}

export interface Checkout {
  readonly sessionId: string;
  /** Where the owner pays. */
  readonly url: string;
}

/** A payment that nobody was asked for. */
export type OffSession =
  | {
      readonly status: 'paid';
      readonly paymentIntent: string;
      readonly amount: number;
      readonly currency: string;
    }
  | { readonly status: 'processing'; readonly paymentIntent: string }
  /** `reason`: the service's word, such as card_declined or authentication_required. */
  | { readonly status: 'failed'; readonly reason: string };

export interface SeenSubscription {
  readonly id: string;
  readonly status: string;
  readonly cancelAtPeriodEnd: boolean;
  readonly currentPeriodEnd: Date | null;
  readonly orderId: string | undefined;
  readonly clientId: string | undefined;
}

export interface Receipt {
  readonly kind: 'payment' | 'invoice';
  readonly id: string;
  readonly at: Date;
  readonly amount: number;
  readonly refunded: number;
  readonly currency: string;
  readonly status: string;
  /** The service's own page, and the invoice as a file. */
  readonly url: string | null;
  readonly pdfUrl: string | null;
}

/** A message, its signature checked. */
export interface StripeEvent {
  readonly id: string;
  readonly type: string;
  /** Unix time. */
  readonly created: number;
  /** What it is about, as it was then. */
  readonly object: Readonly<Record<string, unknown>>;
}

export interface EventPage {
  readonly events: readonly StripeEvent[];
  /** Wall clock: what happened before it has been given. */
  readonly beforeMs: number;
}

/**
 * The payment service. Everything throws `vendor_failed` when it does not answer or refuses, `not_found` for a thing it does
 * not have. Requests carry keys of ours, so that repeating one does it once.
 */
export interface Till {
  createCustomer(customer: { clientId: string; name: string; key: string }): Promise<string>;
  /** With the methods of payment that are saved. Ends its plans without money back: to be done before. What was paid stays listed. */
  deleteCustomer(customer: string): Promise<void>;
  createCheckout(request: CheckoutRequest): Promise<Checkout>;
  /** Nobody can pay on the page any more. False when somebody has: it is complete. */
  closeCheckout(sessionId: string): Promise<boolean>;
  /** The session of an order as it is now, as a message about it would have it. */
  findSession(sessionId: string): Promise<Readonly<Record<string, unknown>>>;
  /** Whether the customer has a method that can be charged without them. */
  hasMethod(customer: string): Promise<boolean>;
  chargeOffSession(
    request: OrderReference & {
      readonly customer: string;
      readonly amount: number;
      readonly currency: string;
      readonly description: string;
    },
  ): Promise<OffSession>;
  /** What came of charging an order without asking; undefined when it never was. */
  findCharge(customer: string, orderId: string): Promise<OffSession | undefined>;
  findPayment(paymentIntent: string): Promise<Readonly<Record<string, unknown>>>;
  listRefunds(paymentIntent: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The payment that paid an invoice; undefined for one that cost nothing. */
  paymentOfInvoice(invoiceId: string): Promise<string | undefined>;
  findSubscription(id: string): Promise<SeenSubscription>;
  /** At the end of the month that was paid, or not after all. */
  cancelAtPeriodEnd(id: string, cancel: boolean): Promise<SeenSubscription>;
  /** At once; the month that was paid last, if any, is given so that it can be refunded. An ended one stays so. */
  endPlan(id: string): Promise<{ readonly invoiceId: string; readonly amount: number } | undefined>;
  /** All that is left of a payment goes back to who paid; asked twice it goes back once. */
  refundAll(paymentIntent: string): Promise<void>;
  /** From the next month on. */
  changePlan(
    id: string,
    change: OrderReference & { readonly sold: Pick<PackageTerms, 'name' | 'currency' | 'amount'> },
  ): Promise<SeenSubscription>;
  openPortal(customer: string, returnUrl: string): Promise<string>;
  listReceipts(customer: string, limit: number): Promise<readonly Receipt[]>;
  /** Messages of these types since `sinceMs`, oldest first, a page at a time: who stops goes on later where they stopped. */
  listEvents(sinceMs: number, types: readonly string[]): AsyncIterable<EventPage>;
  /** Throws `invalid` unless the message is theirs, is for us, and was signed in the last five minutes. */
  readEvent(raw: Uint8Array, signature: string | undefined): Promise<StripeEvent>;
}

/** For what is to be gone: that the service does not have it is as good. Throws anything else. */
export function isForgotten(error: unknown): true {
  if (error instanceof AppError && error.code === 'not_found') return true;
  throw error;
}
