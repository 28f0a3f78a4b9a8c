// The product with a Stripe that follows the test: packages to buy, orders that are paid, messages in any order.

import assert from 'node:assert/strict';
import { startStripe } from '../../../sandbox/vendors/stripe/stripe.ts';
import type { StripeStandIn } from '../../../sandbox/vendors/stripe/stripe.ts';
import type { Package } from '../../../src/store/money/packages.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { startTestApi } from './api.ts';
import { addPackage } from './packages.ts';
import type { Requests, TestApi, TestApiOptions, TestUser } from './api.ts';

export const STRIPE_KEY = 'sk_test_the-key-of-the-tests';
export const WEBHOOK_SECRET = 'whsec_the-secret-of-the-tests';

export interface BillingApi extends TestApi {
  readonly connection: string;
  readonly stripe: StripeStandIn;
  readonly owner: TestUser;
  readonly mine: Requests;
  readonly clientId: string;
  readonly topUp: Package;
  readonly plan: Package;
  /** Begins a checkout; the order and Stripe's session. */
  buy(
    body?: object,
    path?: 'top-ups' | 'plan',
  ): Promise<{ orderId: string; sessionId: string; url: string }>;
  /** All that Stripe has sent is answered. */
  settled(): Promise<void>;
  books(): Promise<BooksOf>;
}

export interface BooksOf {
  readonly balance: number;
  readonly debt: number;
  /** Kind and seconds of each entry, oldest first. */
  readonly entries: readonly (readonly [kind: string, seconds: number])[];
}

export async function startBillingApi(
  t: { after(act: () => Promise<void>): void },
  options: TestApiOptions = {},
): Promise<BillingApi> {
  const stripe = await startStripe({ key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET });
  t.after(() => stripe.close());
  const env = {
    STRIPE_SECRET_KEY: STRIPE_KEY,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_BASE_URL: stripe.url,
    ...options.env,
  };
  const api = await startTestApi(t, { ...options, env });
  stripe.messenger.url = `${api.url}/api/stripe/webhook`;
  const sql = api.database.general;
  const owner = await api.user();
  const mine = api.as(owner);
  const made = await mine.post('/api/clients', { name: 'Acme' });
  assert.equal(made.status, 201, made.text);
  const clientId = made.json.id as string;
  const topUp = await addPackage(sql, {
    kind: 'top_up',
    name: '1 hour',
    amount: 1000,
    seconds: 3600,
  });
  const plan = await addPackage(sql, {
    kind: 'plan',
    name: 'Starter',
    amount: 4900,
    seconds: 14_400,
  });
  return {
    ...api,
    stripe,
    owner,
    mine,
    clientId,
    topUp,
    plan,
    async buy(body = {}, path = 'top-ups') {
      const { id } = path === 'plan' ? plan : topUp;
      const bought = await mine.post(`/api/clients/${clientId}/${path}`, {
        package_id: id,
        ...body,
      });
      assert.equal(bought.status, 201, bought.text);
      const url = bought.json.url as string;
      return { orderId: bought.json.order.id as string, sessionId: url.split('/').at(-1)!, url };
    },
    settled: () => stripe.messenger.idle(),
    books: () => booksOf(sql, clientId),
  };
}

/** What the books say about a client; they agree. */
export async function booksOf(sql: Sql, clientId: string): Promise<BooksOf> {
  const [row] = await sql<[{ balance: number; debt: number; sum: number }]>`
    SELECT balance_seconds AS balance, debt_seconds AS debt,
      (SELECT coalesce(sum(delta_seconds), 0)::bigint FROM ledger WHERE client_id = c.id) AS sum
    FROM clients c WHERE id = ${clientId}`;
  assert.equal(row.sum, row.balance - row.debt, 'the books agree');
  const entries = await sql<{ kind: string; seconds: number }[]>`
    SELECT kind, delta_seconds AS seconds FROM ledger WHERE client_id = ${clientId} ORDER BY id`;
  const { balance, debt } = row;
  return { balance, debt, entries: entries.map(({ kind, seconds }) => [kind, seconds] as const) };
}
