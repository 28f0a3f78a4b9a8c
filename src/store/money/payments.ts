// Messages of Stripe and what they say about money: thin words for the functions of sql/0017_payments.sql, all safe to repeat.

import type { Sql, SqlRunner, Transaction } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** `mismatch`: not what was ordered. `unknown`: of no order of ours. Neither credits anything. */
export type PaidStatus = 'ok' | 'duplicate' | 'mismatch' | 'unknown';

export interface PaidPayment {
  readonly paymentIntent: string;
  readonly orderId: string;
  /** As Stripe was told when the order was made. */
  readonly clientId: string | null;
  /** What came in, in the smallest unit. */
  readonly amount: number;
  readonly currency: string;
  /** Of an invoice of a plan. */
  readonly subscriptionId?: string | undefined;
  readonly invoiceId?: string | undefined;
}

export async function applyPaid(sql: SqlRunner, paid: PaidPayment): Promise<PaidStatus> {
  const [row] = await sql<[{ status: PaidStatus }]>`
    SELECT status FROM pay_paid(${paid.paymentIntent}, ${paid.orderId}, ${paid.clientId}, ${paid.amount},
      ${paid.currency}, ${paid.subscriptionId ?? null}, ${paid.invoiceId ?? null})`;
  return row.status;
}

export interface KnownRefund {
  readonly refundId: string;
  readonly paymentIntent: string;
  readonly amount: number;
  readonly failed: boolean;
}

export async function applyRefund(sql: SqlRunner, refund: KnownRefund): Promise<void> {
  const { refundId, paymentIntent, amount, failed } = refund;
  await sql`SELECT pay_refund(${refundId}, ${paymentIntent}, ${amount}, ${failed})`;
}

export interface KnownDispute {
  readonly disputeId: string;
  readonly paymentIntent: string;
  readonly amount: number;
  /** How often the money was taken from us, and given back. */
  readonly withdrawals: number;
  readonly reinstatements: number;
}

export async function applyDispute(sql: SqlRunner, dispute: KnownDispute): Promise<void> {
  const { disputeId, paymentIntent, amount, withdrawals, reinstatements } = dispute;
  await sql`
    SELECT pay_dispute(${disputeId}, ${paymentIntent}, ${amount}, ${withdrawals}, ${reinstatements})`;
}

export interface SeenEvent {
  readonly id: string;
  readonly type: string;
  /** Unix time. */
  readonly created: number;
}

export interface EventOutcome {
  readonly outcome: 'applied' | 'ignored' | 'mismatch' | 'unknown';
  /** For a person who looks: what came and what was expected. No names, no numbers of cards. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Runs `act` and remembers the message, all or nothing. Undefined, and nothing done, when the message was seen before. */
export async function onEvent(
  sql: Sql,
  event: SeenEvent,
  act: (tx: Transaction) => Promise<EventOutcome>,
): Promise<EventOutcome | undefined> {
  return idempotent(() =>
    sql.begin(async (tx) => {
      const first = await tx`
        INSERT INTO stripe_events (id, type, created, outcome)
        VALUES (${event.id}, ${event.type}, ${event.created}, 'ignored')
        ON CONFLICT DO NOTHING RETURNING id`;
      if (first.length === 0) return undefined;
      const done = await act(tx);
      if (done.outcome !== 'ignored' || done.detail) {
        await tx`
          UPDATE stripe_events SET outcome = ${done.outcome}, detail = ${tx.json({ ...done.detail })}
          WHERE id = ${event.id}`;
      }
      return done;
    }),
  );
}

/** Those of `ids` that were never seen. */
export async function unseenEvents(sql: Sql, ids: readonly string[]): Promise<Set<string>> {
  const seen = await idempotent(
    () => sql<{ id: string }[]>`SELECT id FROM stripe_events WHERE id = ANY(${[...ids]}::text[])`,
  );
  const known = new Set(seen.map(({ id }) => id));
  return new Set(ids.filter((id) => !known.has(id)));
}

/** Payments that brought a client talk time after it was deleted, and still do: to be given back. */
export async function listLatePayments(
  sql: Sql,
  { clientId, limit }: { clientId: string | undefined; limit: number },
): Promise<string[]> {
  const rows = await idempotent(
    () => sql<{ id: string }[]>`
      SELECT p.payment_intent AS id FROM payments p JOIN clients c ON c.id = p.client_id
      WHERE c.deleted_at IS NOT NULL AND ${latePayment(sql)}
        ${clientId === undefined ? sql`` : sql`AND c.id = ${clientId}`}
      ORDER BY random() LIMIT ${limit}`,
  );
  return rows.map(({ id }) => id);
}

/** Of `payments p` and the deleted `clients c`. */
export function latePayment(sql: Sql) {
  return sql`p.paid_at > c.deleted_at AND p.applied_seconds > 0`;
}

export interface OddEvent extends SeenEvent {
  readonly outcome: 'mismatch' | 'unknown';
  readonly detail: Readonly<Record<string, unknown>>;
  readonly receivedAt: Date;
}

/** Messages in which something did not fit, newest first. */
export async function listOddEvents(sql: Sql, limit: number): Promise<OddEvent[]> {
  return idempotent(
    () => sql<OddEvent[]>`
      SELECT id, type, created, outcome, detail, received_at AS "receivedAt" FROM stripe_events
      WHERE outcome IN ('mismatch', 'unknown') ORDER BY received_at DESC LIMIT ${limit}`,
  );
}

/** Forgets messages that were acted upon, or ignored, so long ago that none of them comes again. What did not fit stays. */
export async function deleteDoneEvents(sql: Sql, days: number): Promise<void> {
  await sql`
    DELETE FROM stripe_events WHERE outcome IN ('applied', 'ignored')
      AND received_at < clock_timestamp() - make_interval(days => ${days})`;
}
