// What clients asked for, at the price of that moment: written before anybody is asked for money, and never changed in its terms.

import { keyText, toPage, COUNTED_MAX } from '../database/keyset.ts';
import type { Page, PageQuery } from '../database/keyset.ts';
import type { Package } from './packages.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export type OrderKind = 'top_up' | 'auto_top_up' | 'plan' | 'plan_change';

/** `processing`: a bank takes days to answer. `mismatch`: the money that came does not fit, and somebody has to look. */
export type OrderState = 'open' | 'processing' | 'paid' | 'failed' | 'expired' | 'mismatch';

export interface Order {
  readonly id: string;
  readonly clientId: string;
  readonly packageId: string;
  readonly packageName: string;
  readonly kind: OrderKind;
  readonly currency: string;
  readonly amount: number;
  readonly seconds: number;
  readonly state: OrderState;
  /** Stripe's word for why it failed. */
  readonly failure: string | null;
  readonly sessionId: string | null;
  readonly paymentIntent: string | null;
  readonly subscriptionId: string | null;
  readonly createdAt: Date;
  readonly paidAt: Date | null;
}

export interface NewOrder {
  readonly id: string;
  readonly clientId: string;
  /** What is bought automatically is made by `insertDueOrder`. */
  readonly kind: Exclude<OrderKind, 'auto_top_up'>;
  readonly package: Package;
  readonly createdBy: string;
}

export async function insertOrder(sql: Sql, order: NewOrder): Promise<void> {
  const { id, clientId, kind, createdBy } = order;
  const { id: packageId, currency, amount, seconds } = order.package;
  await idempotent(
    () => sql`
      INSERT INTO orders (id, client_id, package_id, kind, currency, amount, seconds, created_by)
      VALUES (${id}, ${clientId}, ${packageId}, ${kind}, ${currency}, ${amount}, ${seconds}, ${createdBy})
      ON CONFLICT (id) DO NOTHING`,
  );
}

export async function findOrder(sql: Sql, id: string): Promise<Order | undefined> {
  const [order] = await idempotent(
    () => sql<Order[]>`
      SELECT ${columns(sql)} FROM orders o JOIN billing_packages p ON p.id = o.package_id WHERE o.id = ${id}`,
  );
  return order;
}

/** Orders of a client, newest first. */
export async function listOrders(
  sql: Sql,
  clientId: string,
  { limit, offset, after }: PageQuery,
): Promise<Page<Order>> {
  return idempotent(async () => {
    const rows = await sql<(Order & { key: string })[]>`
      SELECT ${columns(sql)}, ${keyText(sql, sql`o.created_at`)} AS key
      FROM orders o JOIN billing_packages p ON p.id = o.package_id
      WHERE o.client_id = ${clientId}
        ${after ? sql`AND (o.created_at, o.id) < (${after.at}::text::timestamptz, ${after.id}::uuid)` : sql``}
      ORDER BY o.created_at DESC, o.id DESC LIMIT ${limit + 1} OFFSET ${offset}`;
    const [{ total }] = await sql<[{ total: number }]>`
      SELECT count(*) AS total FROM (SELECT 1 FROM orders WHERE client_id = ${clientId} LIMIT ${COUNTED_MAX}) counted`;
    return toPage(rows, total, limit);
  });
}

/** The sessions of a client's pages for plans that are not known to be paid or closed, newest first. */
export async function listOpenPlanOrders(
  sql: Sql,
  clientId: string,
  limit: number,
): Promise<string[]> {
  const rows = await idempotent(
    () => sql<{ sessionId: string }[]>`
      SELECT session_id AS "sessionId" FROM orders
      WHERE client_id = ${clientId} AND kind = 'plan' AND state = 'open' AND session_id IS NOT NULL
      ORDER BY created_at DESC LIMIT ${limit}`,
  );
  return rows.map(({ sessionId }) => sessionId);
}

/** The sessions of a client's pages that are not known to be paid or closed, newest first. */
export async function listOpenPages(sql: Sql, clientId: string, limit: number): Promise<string[]> {
  const rows = await idempotent(
    () => sql<{ sessionId: string }[]>`
      SELECT session_id AS "sessionId" FROM orders
      WHERE client_id = ${clientId} AND kind IN ('top_up', 'plan') AND state = 'open' AND session_id IS NOT NULL
      ORDER BY created_at DESC LIMIT ${limit}`,
  );
  return rows.map(({ sessionId }) => sessionId);
}

/** What Stripe made of the order: the page where it is paid, the payment, the subscription. */
export interface OrderLinks {
  readonly sessionId?: string | undefined;
  readonly paymentIntent?: string | undefined;
  readonly subscriptionId?: string | undefined;
}

/** Remembers what is not known yet. */
export async function linkOrder(sql: SqlRunner, id: string, links: OrderLinks): Promise<void> {
  const { sessionId, paymentIntent, subscriptionId } = links;
  await sql`
    UPDATE orders SET session_id = coalesce(session_id, ${sessionId ?? null}),
      payment_intent = coalesce(payment_intent, ${paymentIntent ?? null}),
      subscription_id = coalesce(subscription_id, ${subscriptionId ?? null}), updated_at = clock_timestamp()
    WHERE id = ${id}`;
}

/**
 * Moves an order that is not paid on; what is paid or does not fit stays so. Only the order of the session, if one is given;
 * otherwise only a purchase that nobody was asked for: on a page, a refused card can be followed by another. Gives the
 * client, or undefined when nothing was to be moved.
 */
export async function moveOrder(
  sql: SqlRunner,
  id: string,
  move: {
    readonly state: 'processing' | 'failed' | 'expired';
    readonly failure?: string | undefined;
    readonly sessionId?: string | undefined;
  },
): Promise<string | undefined> {
  const { state, failure, sessionId } = move;
  const [moved] = await sql<{ clientId: string }[]>`
    UPDATE orders SET state = ${state}, failure = ${failure?.slice(0, 200) ?? null}, updated_at = clock_timestamp()
    WHERE id = ${id} AND state IN ('open', 'processing') AND ${
      sessionId === undefined
        ? sql`kind = 'auto_top_up'`
        : sql`(session_id IS NULL OR session_id = ${sessionId}) AND kind IN ('top_up', 'plan')`
    }
    RETURNING client_id AS "clientId"`;
  return moved?.clientId;
}

/** A plan's change that Stripe has taken over: from now on invoices may be of its terms. */
export async function confirmPlanChange(sql: SqlRunner, id: string): Promise<void> {
  await sql`
    UPDATE orders SET state = 'paid', paid_at = clock_timestamp(), updated_at = clock_timestamp()
    WHERE id = ${id} AND kind = 'plan_change' AND state = 'open'`;
}

/** Older than `seconds`, at most `limit`: those that were asked about longest ago, or never, first. */
export interface OldOrders {
  readonly seconds: number;
  readonly limit: number;
}

/** Orders that still wait to be paid, asked about by who takes them. A plan's change does not: what has become of it is seen at the plan. */
export function takeWaitingOrders(sql: Sql, old: OldOrders): Promise<Order[]> {
  return takeOld(sql, sql`o.state IN ('open', 'processing') AND o.kind <> 'plan_change'`, old);
}

/** Purchases without being asked that nobody has seen to the end: of one that is processing, its message tells. */
export function takeAbandonedPurchases(sql: Sql, old: OldOrders): Promise<Order[]> {
  return takeOld(sql, sql`o.state = 'open' AND o.kind = 'auto_top_up'`, old);
}

/** That they are taken is noted before anything is asked: those of which nothing can be learned keep no others from their turn. */
async function takeOld(
  sql: Sql,
  which: ReturnType<Sql>,
  { seconds, limit }: OldOrders,
): Promise<Order[]> {
  return idempotent(
    () => sql<Order[]>`
      WITH due AS (
        SELECT o.id FROM orders o
        WHERE ${which} AND o.created_at < clock_timestamp() - make_interval(secs => ${seconds})
        ORDER BY o.asked_at NULLS FIRST, o.created_at LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED
      ), taken AS (
        UPDATE orders o SET asked_at = clock_timestamp() FROM due WHERE o.id = due.id RETURNING o.*
      )
      SELECT ${columns(sql)} FROM taken o JOIN billing_packages p ON p.id = o.package_id ORDER BY o.created_at`,
  );
}

function columns(sql: Sql) {
  return sql`
    o.id, o.client_id AS "clientId", o.package_id AS "packageId", p.name AS "packageName", o.kind, o.currency,
    o.amount, o.seconds, o.state, o.failure, o.session_id AS "sessionId", o.payment_intent AS "paymentIntent",
    o.subscription_id AS "subscriptionId", o.created_at AS "createdAt", o.paid_at AS "paidAt"`;
}
