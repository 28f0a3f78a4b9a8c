// The things Stripe keeps, in the shape in which its API and its messages show them.

export interface Customer {
  readonly id: string;
  readonly object: 'customer';
  readonly created: number;
  readonly livemode: false;
  readonly name: string | null;
  readonly email: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** How a saved card behaves when it is charged without its owner. */
export type CardBehaviour = 'good' | 'declines' | 'authenticates' | 'takes_days';

export interface PaymentMethod {
  readonly id: string;
  readonly object: 'payment_method';
  readonly created: number;
  readonly livemode: false;
  readonly type: 'card';
  readonly customer: string;
  readonly card: {
    readonly brand: string;
    readonly last4: string;
    readonly exp_month: number;
    readonly exp_year: number;
  };
}

export interface Session {
  readonly id: string;
  readonly object: 'checkout.session';
  readonly created: number;
  readonly livemode: false;
  readonly mode: 'payment' | 'subscription';
  readonly customer: string | null;
  readonly client_reference_id: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly amount_subtotal: number;
  readonly amount_total: number;
  readonly currency: string;
  readonly success_url: string;
  readonly cancel_url: string | null;
  readonly expires_at: number;
  status: 'open' | 'complete' | 'expired';
  payment_status: 'unpaid' | 'paid' | 'no_payment_required';
  payment_intent: string | null;
  subscription: string | null;
  url: string | null;
}

export interface Intent {
  readonly id: string;
  readonly object: 'payment_intent';
  readonly created: number;
  readonly livemode: false;
  readonly amount: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly description: string | null;
  amount_received: number;
  status: 'requires_payment_method' | 'processing' | 'succeeded' | 'requires_action';
  payment_method: string | null;
  latest_charge: string | null;
  last_payment_error: {
    readonly code: string;
    readonly decline_code?: string;
    readonly type: string;
  } | null;
}

export interface Charge {
  readonly id: string;
  readonly object: 'charge';
  readonly created: number;
  readonly livemode: false;
  readonly amount: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly payment_intent: string;
  readonly status: 'succeeded';
  readonly receipt_url: string;
  readonly metadata: Readonly<Record<string, string>>;
  amount_refunded: number;
  refunded: boolean;
  disputed: boolean;
}

export interface Refund {
  readonly id: string;
  readonly object: 'refund';
  readonly created: number;
  readonly amount: number;
  readonly currency: string;
  readonly charge: string;
  readonly payment_intent: string;
  status: 'pending' | 'succeeded' | 'failed';
}

export interface Dispute {
  readonly id: string;
  readonly object: 'dispute';
  readonly created: number;
  readonly livemode: false;
  readonly amount: number;
  readonly currency: string;
  readonly charge: string;
  readonly payment_intent: string;
  readonly reason: string;
  status: string;
  readonly balance_transactions: {
    readonly id: string;
    readonly object: 'balance_transaction';
    readonly amount: number;
  }[];
}

export interface Price {
  readonly id: string;
  readonly object: 'price';
  readonly created: number;
  readonly livemode: false;
  readonly currency: string;
  readonly unit_amount: number;
  readonly product: string;
  readonly recurring: { readonly interval: string } | null;
  readonly type: 'recurring' | 'one_time';
}

export interface Subscription {
  readonly id: string;
  readonly object: 'subscription';
  readonly created: number;
  readonly livemode: false;
  readonly customer: string;
  metadata: Readonly<Record<string, string>>;
  status: string;
  cancel_at_period_end: boolean;
  cancel_at: number | null;
  canceled_at: number | null;
  readonly items: {
    readonly object: 'list';
    readonly data: SubscriptionItem[];
    readonly has_more: false;
  };
}

export interface SubscriptionItem {
  readonly id: string;
  readonly object: 'subscription_item';
  readonly quantity: number;
  price: Price;
  current_period_start: number;
  current_period_end: number;
}

export interface Invoice {
  readonly id: string;
  readonly object: 'invoice';
  readonly created: number;
  readonly livemode: false;
  readonly customer: string;
  readonly currency: string;
  readonly total: number;
  readonly billing_reason: 'subscription_create' | 'subscription_cycle';
  readonly parent: {
    readonly type: 'subscription_details';
    readonly quote_details: null;
    readonly subscription_details: {
      readonly subscription: string;
      readonly metadata: Readonly<Record<string, string>>;
    };
  };
  readonly hosted_invoice_url: string;
  readonly invoice_pdf: string;
  amount_paid: number;
  status: 'open' | 'paid';
}

export interface InvoicePayment {
  readonly id: string;
  readonly object: 'invoice_payment';
  readonly created: number;
  readonly livemode: false;
  readonly invoice: string;
  readonly amount_paid: number;
  readonly amount_requested: number;
  readonly currency: string;
  readonly is_default: true;
  readonly status: 'paid';
  readonly payment: { readonly type: 'payment_intent'; readonly payment_intent: string };
}
