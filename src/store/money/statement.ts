// The statement of a client: every entry with the balance after it and what it was for; and usage by day and month.

import type { EntryKind } from './ledger-entries.ts';
import type { OrderKind } from './orders.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface StatementEntry {
  readonly id: number;
  readonly at: Date;
  readonly kind: EntryKind;
  readonly deltaSeconds: number;
  /** The sum of all entries up to this one; below 0 while something is owed. */
  readonly balanceAfter: number;
  /** Of an adjustment. */
  readonly reason: string | null;
  /** Of a call or a chat; null where its conversation was deleted. */
  readonly conversationId: string | null;
  readonly callerPhone: string | null;
  /** How they came; null where the conversation was deleted. */
  readonly channel: string | null;
  /** Of money. */
  readonly orderId: string | null;
  readonly orderKind: OrderKind | null;
  readonly packageName: string | null;
  readonly amount: number | null;
  readonly currency: string | null;
}

export interface StatementPage {
  readonly rows: readonly StatementEntry[];
  /** Whether there are older ones. */
  readonly more: boolean;
}

/** Entries of a client, newest first, older than the entry `before` if one is given. */
export async function readStatement(
  sql: Sql,
  clientId: string,
  { limit, before }: { limit: number; before: number | undefined },
): Promise<StatementPage> {
  // What all newer entries add up to is taken off the balance: the first page, which is what people read, has none.
  const rows = await idempotent(
    () => sql<StatementEntry[]>`
      WITH page AS (
        SELECT * FROM ledger WHERE client_id = ${clientId} ${before === undefined ? sql`` : sql`AND id < ${before}`}
        ORDER BY id DESC LIMIT ${limit + 1}
      ), newest AS (
        SELECT c.balance_seconds - c.debt_seconds - coalesce((
          SELECT sum(n.delta_seconds) FROM ledger n
          WHERE n.client_id = c.id AND n.id > (SELECT max(id) FROM page)), 0) AS balance
        FROM clients c WHERE c.id = ${clientId}
      ), summed AS (
        SELECT page.*, (newest.balance - coalesce(sum(delta_seconds) OVER (
          ORDER BY page.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))::bigint AS balance_after
        FROM page, newest
      )
      SELECT ${columns(sql)} FROM summed l ${joins(sql)} ORDER BY l.id DESC`,
  );
  return { rows: rows.slice(0, limit), more: rows.length > limit };
}

/** Entries of a client from `from` to before `until`, oldest first, in portions: for a table of any length. */
export async function* readEntries(
  sql: Sql,
  clientId: string,
  { from, until }: { from: Date | undefined; until: Date | undefined },
): AsyncGenerator<StatementEntry[]> {
  const PORTION = 1000;
  const since = from ?? new Date(0);
  const to = until ?? new Date('9999-12-31T00:00:00Z');
  const [start] = await idempotent(
    () => sql<[{ balance: number }]>`
      SELECT coalesce(sum(delta_seconds), 0)::bigint AS balance FROM ledger
      WHERE client_id = ${clientId} AND created_at < ${since}`,
  );
  let balance = start.balance;
  let after = 0;
  for (;;) {
    const rows = await idempotent(
      () => sql<StatementEntry[]>`
        SELECT ${columns(sql)} FROM (
          SELECT *, 0::bigint AS balance_after FROM ledger
          WHERE client_id = ${clientId} AND id > ${after} AND created_at >= ${since} AND created_at < ${to}
          ORDER BY id LIMIT ${PORTION}
        ) l ${joins(sql)} ORDER BY l.id`,
    );
    yield rows.map((row) => {
      balance += row.deltaSeconds;
      return { ...row, balanceAfter: balance };
    });
    const last = rows.at(-1);
    if (!last || rows.length < PORTION) return;
    after = last.id;
  }
}

export type UsagePeriod = 'day' | 'month';

export interface Usage {
  /** The day, or the first of the month, in the client's zone: an ISO date. */
  readonly date: string;
  readonly calls: number;
  readonly callSeconds: number;
  readonly chatSeconds: number;
  /** Bought, without what was refunded or disputed since in the same period. */
  readonly boughtSeconds: number;
  readonly adjustedSeconds: number;
}

/** What was used and bought in each period between two ISO dates, both included; periods without anything are there too. */
export async function readUsage(
  sql: Sql,
  clientId: string,
  { by, from, until }: { by: UsagePeriod; from: string; until: string },
): Promise<Usage[]> {
  return idempotent(
    () => sql<Usage[]>`
      WITH zone AS (SELECT zone FROM clients WHERE id = ${clientId}),
      periods AS (
        SELECT generate_series(date_trunc(${by}, ${from}::text::timestamp), ${until}::text::timestamp,
          ${by === 'day' ? '1 day' : '1 month'}::text::interval) AS period
      ), used AS (
        SELECT date_trunc(${by}, l.created_at AT TIME ZONE zone.zone) AS period,
          count(DISTINCT l.meta->>'call_sid') FILTER (WHERE l.kind = 'call') AS calls,
          -coalesce(sum(l.delta_seconds) FILTER (WHERE l.kind = 'call'), 0) AS call_seconds,
          -coalesce(sum(l.delta_seconds) FILTER (WHERE l.kind = 'chat'), 0) AS chat_seconds,
          coalesce(sum(l.delta_seconds) FILTER (WHERE l.kind NOT IN ('call', 'chat', 'adjust')), 0) AS bought,
          coalesce(sum(l.delta_seconds) FILTER (WHERE l.kind = 'adjust'), 0) AS adjusted
        FROM ledger l, zone
        WHERE l.client_id = ${clientId}
          AND l.created_at >= date_trunc(${by}, ${from}::text::timestamp) AT TIME ZONE zone.zone
          AND l.created_at < (${until}::text::timestamp + interval '1 day') AT TIME ZONE zone.zone
        GROUP BY 1
      )
      SELECT to_char(p.period, 'YYYY-MM-DD') AS date, coalesce(u.calls, 0) AS calls,
        coalesce(u.call_seconds, 0)::bigint AS "callSeconds", coalesce(u.chat_seconds, 0)::bigint AS "chatSeconds", coalesce(u.bought, 0)::bigint AS "boughtSeconds",
        coalesce(u.adjusted, 0)::bigint AS "adjustedSeconds"
      FROM periods p LEFT JOIN used u USING (period) ORDER BY p.period`,
  );
}

function columns(sql: Sql) {
  return sql`
    l.id, l.created_at AS at, l.kind, l.delta_seconds AS "deltaSeconds", l.balance_after AS "balanceAfter",
    CASE WHEN l.kind = 'adjust' THEN l.meta->>'reason' END AS reason,
    v.id AS "conversationId", v.caller_phone AS "callerPhone", v.channel, o.id AS "orderId", o.kind AS "orderKind",
    p.name AS "packageName", m.amount, m.currency`;
}

function joins(sql: Sql) {
  return sql`
    LEFT JOIN conversations v ON v.client_id = l.client_id AND (
      l.kind = 'call' AND v.call_sid = l.meta->>'call_sid'
      OR v.id = CASE WHEN l.kind = 'chat' AND l.meta->>'conversation_id' ~ '^[0-9a-f-]{36}$'
        THEN (l.meta->>'conversation_id')::uuid END)
    LEFT JOIN payments m ON m.payment_intent = l.meta->>'payment' AND m.client_id = l.client_id
    LEFT JOIN orders o ON o.id = m.order_id
    LEFT JOIN billing_packages p ON p.id = o.package_id`;
}
