// Stripe's requests: nested fields in a form, and which fields each path takes; an unknown one is an error, as it is there.

import { createHash, randomBytes } from 'node:crypto';
import type { Refusal } from '../../stand-in-server.ts';

/** `a[b][0]` and so on, as objects; lists are objects with numbers for names. */
export type Form = { [name: string]: string | Form };

export class StripeRefusal extends Error {
  readonly refusal: Refusal;

  constructor(
    status: number,
    error: { readonly message: string } & Readonly<Record<string, unknown>>,
  ) {
    super(error.message);
    this.refusal = { status, body: { error } };
  }
}

export function invalidRequest(message: string, more: Readonly<Record<string, string>> = {}) {
  return new StripeRefusal(400, { type: 'invalid_request_error', message, ...more });
}

export function missing(what: string, id: string): StripeRefusal {
  const message = `No such ${what}: '${id}'`;
  return new StripeRefusal(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message,
  });
}

/** Deeper fields are nobody's. */
const DEPTH_MAX = 6;

export function parseForm(text: string): Form {
  const form: Form = Object.create(null) as Form;
  for (const [path, value] of new URLSearchParams(text)) {
    const names = path.replaceAll(']', '').split('[');
    if (names.length > DEPTH_MAX) throw invalidRequest(`Invalid parameter ${path}`);
    let at = form;
    for (const name of names.slice(0, -1)) {
      const inner = at[name];
      if (typeof inner === 'object') at = inner;
      else at = at[name] = Object.create(null) as Form;
    }
    const last = names.at(-1)!;
    at[last === '' ? String(Object.keys(at).length) : last] = value;
  }
  return form;
}

export function textAt(form: Form, ...path: readonly string[]): string | undefined {
  let at: string | Form | undefined = form;
  for (const name of path) at = typeof at === 'object' ? at[name] : undefined;
  return typeof at === 'string' ? at : undefined;
}

export function formAt(form: Form, ...path: readonly string[]): Form {
  let at: string | Form | undefined = form;
  for (const name of path) at = typeof at === 'object' ? at[name] : undefined;
  return typeof at === 'object' ? at : {};
}

/** Throws Stripe's refusal where the field is missing. */
export function required(form: Form, ...path: readonly string[]): string {
  const value = textAt(form, ...path);
  if (value !== undefined && value !== '') return value;
  const param = path.map((name, index) => (index === 0 ? name : `[${name}]`)).join('');
  throw invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

export function requiredAmount(form: Form, ...path: readonly string[]): number {
  const text = required(form, ...path);
  if (/^\d{1,8}$/.test(text) && Number(text) > 0) return Number(text);
  const param = path.join('.');
  throw invalidRequest(`Invalid integer: ${text}`, { code: 'parameter_invalid_integer', param });
}

/** Name and value of each metadata field. */
export function metadataOf(form: Form): Record<string, string> {
  return Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

const list = [
  'limit',
  'starting_after',
  'ending_before',
  'expand[*]',
  'created[gte]',
  'created[lt]',
];
const price = ['currency', 'unit_amount', 'recurring[interval]', 'product_data[name]'];

/** Method and path, with `*` for an id, to the fields that Stripe knows there and we might send; `*` is any name. */
const known: Readonly<Record<string, readonly string[]>> = {
  'POST /v1/customers': ['name', 'email', 'metadata[*]'],
  'DELETE /v1/customers/*': [],
  'GET /v1/customers/*/payment_methods': list,
  'POST /v1/checkout/sessions': [
    'mode',
    'customer',
    'client_reference_id',
    'metadata[*]',
    'success_url',
    'cancel_url',
    'expires_at',
    'line_items[*][quantity]',
    'line_items[*][price_data][currency]',
    'line_items[*][price_data][unit_amount]',
    'line_items[*][price_data][recurring][interval]',
    'line_items[*][price_data][product_data][name]',
    'adaptive_pricing[enabled]',
    'payment_intent_data[metadata][*]',
    'payment_intent_data[setup_future_usage]',
    'subscription_data[metadata][*]',
  ],
  'GET /v1/checkout/sessions/*': ['expand[*]'],
  'POST /v1/checkout/sessions/*/expire': ['expand[*]'],
  'POST /v1/payment_intents': [
    'amount',
    'currency',
    'customer',
    'payment_method',
    'off_session',
    'confirm',
    'description',
    'metadata[*]',
  ],
  'GET /v1/payment_intents': [...list, 'customer'],
  'GET /v1/payment_intents/*': ['expand[*]'],
  'POST /v1/refunds': ['payment_intent', 'charge', 'amount', 'reason', 'metadata[*]'],
  'GET /v1/refunds': [...list, 'payment_intent', 'charge'],
  'GET /v1/charges': [...list, 'customer'],
  'GET /v1/invoices': [...list, 'customer', 'status', 'subscription'],
  'GET /v1/invoice_payments': [...list, 'invoice', 'status'],
  'GET /v1/subscriptions/*': ['expand[*]'],
  'POST /v1/subscriptions/*': [
    'cancel_at_period_end',
    'items[*][id]',
    'items[*][price]',
    'proration_behavior',
    'metadata[*]',
  ],
  'DELETE /v1/subscriptions/*': ['invoice_now', 'prorate', 'cancellation_details[comment]'],
  'POST /v1/prices': price,
  'POST /v1/billing_portal/sessions': ['customer', 'return_url'],
  'GET /v1/events': [...list, 'types[*]', 'type', 'delivery_success'],
};

/** The name of the route with its id, or undefined where Stripe has none. Throws on a field that it does not know. */
export function matchRoute(
  method: string,
  pathname: string,
  fields: string,
): { readonly route: string; readonly id: string } | undefined {
  const parts = pathname.split('/');
  for (const [route, names] of Object.entries(known)) {
    const [verb, pattern = ''] = route.split(' ');
    const wanted = pattern.split('/');
    if (verb !== method || wanted.length !== parts.length) continue;
    if (!wanted.every((part, index) => part === '*' || part === parts[index])) continue;
    for (const name of new URLSearchParams(fields).keys()) {
      if (names.some((each) => fits(name, each))) continue;
      const error = { code: 'parameter_unknown', param: name };
      throw invalidRequest(`Received unknown parameter: ${name}`, error);
    }
    return { route, id: decodeURIComponent(parts[wanted.indexOf('*')] ?? '') };
  }
  return undefined;
}

function fits(name: string, pattern: string): boolean {
  const [given, wanted] = [name, pattern].map((each) => each.replaceAll(']', '').split('['));
  return (
    given!.length === wanted!.length &&
    wanted!.every((part, index) => part === '*' || part === given![index])
  );
}

export function newStripeId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}

export function hashOf(...texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\0')).digest('hex');
}
