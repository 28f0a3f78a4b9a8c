// Plans as Stripe last described them.

import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface Subscription {
  readonly id: string;
  readonly clientId: string;
  readonly orderId: string;
  readonly packageId: string;
  readonly packageName: string;
  readonly currency: string;
  readonly amount: number;
  readonly seconds: number;
  /** Stripe's word: active, past_due, canceled and others. */
  readonly status: string;
  readonly cancelAtPeriodEnd: boolean;
  readonly currentPeriodEnd: Date | null;
}

/** Over: nothing will come of it any more. */
export const endedStatuses: readonly string[] = ['canceled', 'incomplete_expired'];

export interface SubscriptionState {
  readonly id: string;
  readonly clientId: string;
  readonly orderId: string;
  readonly status: string;
  readonly cancelAtPeriodEnd: boolean;
  readonly currentPeriodEnd: Date | null;
  /** Unix time of the message that made us look: a state seen because of an older one changes nothing. */
  readonly asOf: number;
}

/** Saves what was seen, if its order is the client's. False when it is not. */
export async function saveSubscription(sql: SqlRunner, state: SubscriptionState): Promise<boolean> {
  const { id, clientId, orderId, status, cancelAtPeriodEnd, currentPeriodEnd, asOf } = state;
  const [order] = await sql`
    UPDATE orders SET subscription_id = coalesce(subscription_id, ${id}), updated_at = clock_timestamp()
    WHERE id = ${orderId} AND client_id = ${clientId} AND kind IN ('plan', 'plan_change') RETURNING id`;
  if (!order) return false;
  await sql`
    INSERT INTO subscriptions AS s (id, client_id, order_id, status, cancel_at_period_end, current_period_end, as_of)
    VALUES (${id}, ${clientId}, ${orderId}, ${status}, ${cancelAtPeriodEnd}, ${currentPeriodEnd}, ${asOf})
    ON CONFLICT (id) DO UPDATE SET order_id = excluded.order_id, status = excluded.status,
      cancel_at_period_end = excluded.cancel_at_period_end, current_period_end = excluded.current_period_end,
      as_of = excluded.as_of, updated_at = clock_timestamp()
    WHERE s.client_id = excluded.client_id AND s.as_of <= excluded.as_of`;
  return true;
}

/** The plan of a client that is not over, the newest if there are several; otherwise the last one that was. */
export async function findSubscription(
  sql: Sql,
  clientId: string,
): Promise<Subscription | undefined> {
  const [found] = await idempotent(
    () => sql<Subscription[]>`
      SELECT ${columns(sql)} FROM subscriptions s JOIN orders o ON o.id = s.order_id
      JOIN billing_packages p ON p.id = o.package_id WHERE s.client_id = ${clientId}
      ORDER BY s.status = ANY(${[...endedStatuses]}::text[]), s.created_at DESC LIMIT 1`,
  );
  return found;
}

/** Ids of all plans that are not over, at most `limit`, those that were looked at longest ago first. */
export async function listLiveSubscriptions(sql: Sql, limit: number): Promise<string[]> {
  const rows = await idempotent(
    () => sql<{ id: string }[]>`
      SELECT id FROM subscriptions WHERE NOT status = ANY(${[...endedStatuses]}::text[])
      ORDER BY updated_at LIMIT ${limit}`,
  );
  return rows.map(({ id }) => id);
}

function columns(sql: Sql) {
  return sql`s.id, s.client_id AS "clientId", s.order_id AS "orderId", o.package_id AS "packageId",
    p.name AS "packageName", o.currency, o.amount, o.seconds, s.status,
    s.cancel_at_period_end AS "cancelAtPeriodEnd", s.current_period_end AS "currentPeriodEnd"`;
}
