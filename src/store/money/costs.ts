// What calls and chats cost us, by vendor, and what they brought in: for administrators.

import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export type CostUnit = 'input_tokens' | 'output_tokens' | 'characters' | 'milliseconds';

export interface Cost {
  /** The model or voice as it is priced. */
  readonly vendor: string;
  readonly unit: CostUnit;
  readonly quantity: number;
  /** Millionths of a US dollar. */
  readonly microdollars: number;
}

/** Adds to what a conversation has cost. To be called once for each part, in the transaction that stores the part. */
export async function addCosts(
  sql: SqlRunner,
  conversationId: string,
  costs: readonly Cost[],
): Promise<void> {
  for (const { vendor, unit, quantity, microdollars } of costs) {
    await sql`
      INSERT INTO conversation_costs AS c (conversation_id, client_id, vendor, unit, quantity, microdollars)
      SELECT id, client_id, ${vendor}, ${unit}, ${quantity}, ${microdollars} FROM conversations
      WHERE id = ${conversationId}
      ON CONFLICT (conversation_id, vendor, unit) DO UPDATE SET quantity = c.quantity + excluded.quantity,
        microdollars = c.microdollars + excluded.microdollars`;
  }
}

export interface ConversationMoney {
  readonly clientId: string;
  readonly startedAt: Date;
  readonly channel: string;
  /** Charged to the client so far. */
  readonly billedSeconds: number;
  /** What was received for a second of the client's, on average, in millionths of a dollar; null without such a price. */
  readonly receivedPerSecond: number | null;
  readonly costs: readonly Cost[];
}

export async function findConversationMoney(
  sql: Sql,
  conversationId: string,
): Promise<ConversationMoney | undefined> {
  const [row] = await idempotent(
    () => sql<ConversationMoney[]>`
      SELECT v.client_id AS "clientId", v.started_at AS "startedAt", v.channel,
        coalesce((SELECT sum(l.billed_seconds) FROM call_leases l WHERE l.call_sid = v.call_sid), 0)::bigint
          - coalesce((SELECT sum(e.delta_seconds) FROM ledger e WHERE e.client_id = v.client_id AND e.kind = 'chat'
            AND e.meta->>'conversation_id' = v.id::text), 0)::bigint AS "billedSeconds",
        (SELECT ${receivedPerSecond(sql)} FROM clients c WHERE c.id = v.client_id) AS "receivedPerSecond",
        ${costsOf(sql, sql`k.conversation_id = v.id`)} AS costs
      FROM conversations v WHERE v.id = ${conversationId} AND v.client_id IS NOT NULL`,
  );
  return row;
}

export interface ClientMoney {
  readonly clientId: string;
  readonly clientName: string;
  /** Calls that were charged in the time. */
  readonly calls: number;
  readonly usedSeconds: number;
  /** Of telephone calls, by ISO day. */
  readonly lineSeconds: Readonly<Record<string, number>>;
  readonly receivedPerSecond: number | null;
  readonly costs: readonly Cost[];
}

/** What clients used and cost between two ISO days, both included, in UTC; those with neither are left out. */
export async function reportMoney(
  sql: Sql,
  { from, until }: { from: string; until: string },
): Promise<ClientMoney[]> {
  return idempotent(
    () => sql<ClientMoney[]>`
      WITH span AS (
        SELECT ${from}::text::timestamp AT TIME ZONE 'UTC' AS since,
          (${until}::text::timestamp + interval '1 day') AT TIME ZONE 'UTC' AS before
      ), used AS (
        SELECT l.client_id, -sum(l.delta_seconds)::bigint AS seconds,
          count(DISTINCT l.meta->>'call_sid') FILTER (WHERE l.kind = 'call') AS calls
        FROM ledger l, span
        WHERE l.kind IN ('call', 'chat') AND l.created_at >= span.since AND l.created_at < span.before
        GROUP BY 1
      ), line AS (
        SELECT client_id, jsonb_object_agg(day, seconds) AS days FROM (
          SELECT l.client_id, to_char(l.settled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, sum(l.billed_seconds) AS seconds
          FROM call_leases l JOIN conversations v ON v.call_sid = l.call_sid AND v.channel = 'phone', span
          WHERE l.settled_at >= span.since AND l.settled_at < span.before
          GROUP BY 1, 2
        ) days GROUP BY 1
      ), spent AS (
        SELECT DISTINCT k.client_id FROM conversation_costs k, span
        WHERE k.first_at >= span.since AND k.first_at < span.before
      )
      SELECT c.id AS "clientId", c.name AS "clientName", coalesce(used.calls, 0) AS calls,
        coalesce(used.seconds, 0) AS "usedSeconds", coalesce(line.days, '{}') AS "lineSeconds",
        ${receivedPerSecond(sql)} AS "receivedPerSecond",
        ${costsOf(sql, sql`k.client_id = c.id AND k.first_at >= span.since AND k.first_at < span.before`)} AS costs
      FROM span, clients c LEFT JOIN used ON used.client_id = c.id LEFT JOIN line ON line.client_id = c.id
        LEFT JOIN spent ON spent.client_id = c.id
      WHERE used.client_id IS NOT NULL OR spent.client_id IS NOT NULL
      ORDER BY c.name, c.id`,
  );
}

/**
 * Of `clients c`: the money that came in and stayed, over all seconds the client ever got, those that were given included.
 * Null while nothing was paid, or in another currency than dollars.
 */
function receivedPerSecond(sql: Sql) {
  return sql`(
    SELECT CASE WHEN bool_and(p.currency = 'usd') THEN
      (10000.0 * sum(p.amount * p.applied_seconds / p.seconds) / nullif(greatest(
        (SELECT sum(l.delta_seconds) FROM ledger l WHERE l.client_id = c.id AND l.kind NOT IN ('call', 'chat')), 0), 0))::float8
      END
    FROM payments p WHERE p.client_id = c.id)`;
}

function costsOf(sql: Sql, which: ReturnType<Sql>) {
  return sql`coalesce((
    SELECT jsonb_agg(jsonb_build_object('vendor', vendor, 'unit', unit, 'quantity', quantity, 'microdollars', microdollars)
      ORDER BY vendor, unit)
    FROM (SELECT k.vendor, k.unit, sum(k.quantity) AS quantity, sum(k.microdollars) AS microdollars
      FROM conversation_costs k WHERE ${which} GROUP BY 1, 2) k), '[]')`;
}
