// A stand-in for Stripe: its API, the page where owners pay, and signed messages about what happens to the money.

import { createHash, timingSafeEqual } from 'node:crypto';
import { systemClock } from '../../../src/lib/clock.ts';
import { startStandIn } from '../../stand-in-server.ts';
import type { Exchange, StandIn, StandInOptions } from '../../stand-in-server.ts';
import { answerStripe } from './stripe-api.ts';
import { Books } from './stripe-books.ts';
import { hashOf, invalidRequest, newStripeId, StripeRefusal } from './stripe-forms.ts';
import { checkoutPage, dashboardPage, portalPage, textPage } from './stripe-pages.ts';
import { Messenger } from './stripe-webhooks.ts';
import type { CardBehaviour } from './stripe-objects.ts';

/** The version that the application's package speaks. */
const API_VERSION = '2026-10-28.endive';
/** Answers kept for requests that are repeated with their key. */
const KEYS_MAX = 5000;
/** Requests remembered for tests. */
const REQUESTS_MAX = 2000;

export interface StripeOptions extends StandInOptions {
  /** Signs the messages. */
  readonly webhookSecret: string;
  /** Where they go; undefined sends none. */
  readonly webhookUrl?: string | undefined;
  /** Before a message is sent again; doubles each time. */
  readonly webhookRetryMs?: number;
}

export interface StripeRequest {
  readonly method: string;
  readonly path: string;
  /** As they came. */
  readonly fields: string;
  readonly idempotencyKey: string | undefined;
  readonly version: string | undefined;
}

export interface StripeStandIn extends StandIn {
  /** What Stripe keeps; acts on it are told to the application. */
  readonly books: Books;
  readonly messenger: Messenger;
  readonly requests: readonly StripeRequest[];
}

interface Remembered {
  readonly hash: string;
  readonly status: number;
  readonly body: object;
}

/** `url` in place of `https://api.stripe.com`. The dashboard is at `/dashboard`. */
export async function startStripe(options: StripeOptions): Promise<StripeStandIn> {
  const { clock = systemClock, webhookSecret: secret, webhookUrl } = options;
  const messenger = new Messenger({
    clock,
    secret,
    apiVersion: API_VERSION,
    url: webhookUrl,
    retryMs: options.webhookRetryMs,
  });
  const books = new Books(clock, messenger, () => standIn.url);
  const answers = new Map<string, Remembered>();
  const requests: StripeRequest[] = [];
  const standIn: StandIn = await startStandIn({
    ...options,
    refuse: (request, { pathname }) => {
      if (!pathname.startsWith('/v1/') || isKey(request.headers.authorization)) return undefined;
      const message = 'Invalid API Key provided.';
      return { status: 401, body: { error: { type: 'invalid_request_error', message } } };
    },
    refusal: (status) => ({
      status,
      body: {
        error: { type: status >= 500 ? 'api_error' : 'invalid_request_error', message: 'No.' },
      },
    }),
    respond(exchange) {
      const { pathname } = exchange.url;
      return pathname.startsWith('/v1/') ? api(exchange) : pages(exchange);
    },
  });
  return {
    ...standIn,
    books,
    messenger,
    requests,
    async close() {
      await messenger.close();
      await standIn.close();
    },
  };

  function isKey(header: string | undefined): boolean {
    const given = /^Bearer (.+)$/.exec(header ?? '')?.[1] ?? '';
    const digest = (text: string) => createHash('sha256').update(text).digest();
    return timingSafeEqual(digest(given), digest(options.key));
  }

  async function api({ request, url, body, response, stored }: Exchange): Promise<void> {
    const method = request.method ?? 'GET';
    const fields = method === 'POST' ? await body() : url.search.slice(1);
    const header = request.headers['idempotency-key'];
    const key = typeof header === 'string' ? header : undefined;
    const version = request.headers['stripe-version'];
    requests.push({
      method,
      path: url.pathname,
      fields,
      idempotencyKey: key,
      version: typeof version === 'string' ? version : undefined,
    });
    if (requests.length > REQUESTS_MAX) requests.shift();
    const { status, body: answer } = once(method, url.pathname, fields, key);
    if (!(await stored())) return;
    response.writeHead(status, {
      'content-type': 'application/json',
      'request-id': newStripeId('req'),
      'stripe-version': API_VERSION,
    });
    response.end(JSON.stringify(answer));
  }

  /** The same key gets the same answer, and is for the same request. */
  function once(
    method: string,
    pathname: string,
    fields: string,
    key: string | undefined,
  ): Remembered {
    const hash = hashOf(method, pathname, fields);
    const kept = key === undefined || method === 'GET' ? undefined : answers.get(key);
    if (kept && kept.hash !== hash) {
      const message = 'Keys for idempotent requests can only be used with the same parameters.';
      return { hash, status: 400, body: { error: { type: 'idempotency_error', message } } };
    }
    if (kept) return kept;
    const made = { hash, ...answerOf(method, pathname, fields) };
    if (key !== undefined && method !== 'GET') {
      answers.set(key, structuredClone(made));
      if (answers.size > KEYS_MAX) answers.delete([...answers.keys()][0]!);
    }
    return made;
  }

  function answerOf(method: string, pathname: string, fields: string) {
    try {
      const parts = { books, messenger, url: () => standIn.url };
      const thing = answerStripe(parts, { method, pathname, fields });
      if (thing) return { status: 200, body: thing };
      throw invalidRequest(`Unrecognized request URL (${method}: ${pathname}).`);
    } catch (error) {
      if (!(error instanceof StripeRefusal)) throw error;
      return { status: error.refusal.status, body: error.refusal.body as object };
    }
  }

  async function pages(exchange: Exchange): Promise<void> {
    const { request, url, body, response } = exchange;
    const [, first = '', second = '', third = ''] = url.pathname.split('/');
    const show = (status: number, text: string) => {
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
      response.end(text);
    };
    const go = (location: string) => {
      response.writeHead(303, { location });
      response.end();
    };
    try {
      const form = new URLSearchParams(request.method === 'POST' ? await body() : '');
      const session = first === 'c' && second === 'pay' ? books.sessions.get(third) : undefined;
      if (session && request.method === 'GET') {
        return show(200, checkoutPage(books, session, url.searchParams.has('declined')));
      }
      if (session) {
        const act = form.get('do');
        const card = (form.get('card') ?? 'good') as CardBehaviour;
        if (act === 'back') return go(session.cancel_url ?? session.success_url);
        if (act === 'pay') books.pay(session.id, card);
        else if (act === 'later') books.payLater(session.id);
        else {
          books.decline(session.id);
          return go(`/c/pay/${session.id}?declined`);
        }
        return go(session.success_url);
      }
      if (first === 'dashboard' && request.method === 'POST') {
        actOn(form.get('do') ?? '', form.get('id') ?? '', Number(form.get('amount') || 0));
        return go(request.headers.referer ?? '/dashboard');
      }
      if (first === '' || first === 'dashboard') return show(200, dashboardPage(books));
      if (first === 'portal') {
        return show(200, portalPage(books, second, url.searchParams.get('return_url') ?? '/'));
      }
      if (first === 'receipts') return show(200, textPage('Receipt', `Paid: ${second}`));
      if (first === 'invoices') return show(200, textPage('Invoice', second));
      return show(404, textPage('Not found', 'There is no such page.'));
    } catch (error) {
      if (!(error instanceof StripeRefusal)) throw error;
      return show(error.refusal.status, textPage('Not possible', error.message));
    }
  }

  function actOn(act: string, id: string, amount: number): void {
    if (act === 'refund') books.refund(id, amount || undefined);
    else if (act === 'fail-refund') books.failRefund(id);
    else if (act === 'dispute') books.dispute(id);
    else if (act === 'inquiry') books.dispute(id, { inquiry: true });
    else if (act === 'win' || act === 'lose') books.closeDispute(id, act === 'win');
    else if (act === 'bank-pays' || act === 'bank-refuses')
      books.answerLater(id, act === 'bank-pays');
    else if (act === 'renew' || act === 'renew-fails') books.renew(id, act === 'renew');
    else if (act === 'end') books.endSubscription(id);
    else if (act === 'cancel') {
      const plan = books.find(books.subscriptions, 'subscription', id);
      plan.cancel_at_period_end = true;
      messenger.tell('customer.subscription.updated', plan);
    }
  }
}
