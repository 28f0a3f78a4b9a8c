// Plans as Stripe last described them.

import type { Sql, SqlRunner, Transaction } from '../database/sql.ts';
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

/**
 * Saves what was seen, if its order is the client's; false when it is not. Of several plans of a client that go on billing, all
 * but the one that came first are found surplus, for good; of a deleted client every one.
 */
export async function saveSubscription(
  sql: Transaction,
  state: SubscriptionState,
): Promise<boolean> {
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
  // Two that begin at once must see each other.
  await sql`SELECT 1 FROM clients WHERE id = ${clientId} FOR NO KEY UPDATE`;
  const ended = [...endedStatuses];
  // What ends with its month bills no more. A page whose first payment is not made may never become a plan.
  await sql`
    UPDATE subscriptions s SET surplus_at = clock_timestamp(), surplus_try_at = clock_timestamp()
    WHERE client_id = ${clientId} AND surplus_at IS NULL AND NOT cancel_at_period_end
      AND NOT status = ANY(${ended}::text[]) AND status <> 'incomplete'
      AND (EXISTS (SELECT 1 FROM clients WHERE id = s.client_id AND deleted_at IS NOT NULL)
        OR EXISTS (SELECT 1 FROM subscriptions o WHERE o.client_id = s.client_id AND o.surplus_at IS NULL
          AND NOT o.cancel_at_period_end AND NOT o.status = ANY(${ended}::text[]) AND o.status <> 'incomplete'
          AND (o.created_at, o.id) < (s.created_at, s.id)))`;
  return true;
}

export interface SurplusPlan {
  readonly id: string;
  readonly clientId: string;
}

/** The surplus plan that is to be ended now, put off by `againSeconds` for everybody else; undefined without any. */
export async function claimSurplusPlan(
  sql: Sql,
  { clientId, againSeconds }: { clientId?: string | undefined; againSeconds: number },
): Promise<SurplusPlan | undefined> {
  const [claimed] = await sql<SurplusPlan[]>`
    UPDATE subscriptions SET surplus_try_at = clock_timestamp() + make_interval(secs => ${againSeconds})
    WHERE id = (
      SELECT id FROM subscriptions WHERE surplus_try_at <= clock_timestamp()
        ${clientId === undefined ? sql`` : sql`AND client_id = ${clientId}`}
      ORDER BY surplus_try_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id, client_id AS "clientId"`;
  return claimed;
}

/** It is ended, and its money on the way back. */
export async function endSurplusPlan(sql: SqlRunner, id: string): Promise<void> {
  await sql`UPDATE subscriptions SET surplus_try_at = NULL WHERE id = ${id}`;
}

/** Money came in for a surplus plan, from a bank that takes days for instance: it is to go back as well. */
export async function reopenSurplusPlan(sql: SqlRunner, id: string): Promise<void> {
  await sql`UPDATE subscriptions SET surplus_try_at = clock_timestamp() WHERE id = ${id} AND surplus_at IS NOT NULL`;
}

/** The plan of a client that is not over, never one that is surplus beside another; otherwise the last one that was. */
export async function findSubscription(
  sql: Sql,
  clientId: string,
): Promise<Subscription | undefined> {
  const [found] = await idempotent(
    () => sql<Subscription[]>`
      SELECT ${columns(sql)} FROM subscriptions s JOIN orders o ON o.id = s.order_id
      JOIN billing_packages p ON p.id = o.package_id WHERE s.client_id = ${clientId}
      ORDER BY s.surplus_at IS NOT NULL, s.status = ANY(${[...endedStatuses]}::text[]), s.created_at DESC LIMIT 1`,
  );
  return found;
}

/** Ids of a client's plans that are not over. */
export async function listPlansOf(sql: Sql, clientId: string): Promise<string[]> {
  const rows = await idempotent(
    () => sql<{ id: string }[]>`
      SELECT id FROM subscriptions
      WHERE client_id = ${clientId} AND NOT status = ANY(${[...endedStatuses]}::text[])`,
  );
  return rows.map(({ id }) => id);
}

/** Ids of plans that are not over, at most `limit`, those that were taken to be looked at longest ago first. */
export async function takeLiveSubscriptions(sql: Sql, limit: number): Promise<string[]> {
  const rows = await idempotent(
    () => sql<{ id: string }[]>`
      WITH due AS (
        SELECT id FROM subscriptions WHERE NOT status = ANY(${[...endedStatuses]}::text[])
        ORDER BY asked_at NULLS FIRST, created_at LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED
      )
      UPDATE subscriptions s SET asked_at = clock_timestamp() FROM due WHERE s.id = due.id RETURNING s.id`,
  );
  return rows.map(({ id }) => id);
}

function columns(sql: Sql) {
  return sql`s.id, s.client_id AS "clientId", s.order_id AS "orderId", o.package_id AS "packageId",
    p.name AS "packageName", o.currency, o.amount, o.seconds, s.status,
    s.cancel_at_period_end AS "cancelAtPeriodEnd", s.current_period_end AS "currentPeriodEnd"`;
}
