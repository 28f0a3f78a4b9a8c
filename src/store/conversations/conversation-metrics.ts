// What conversations come to in numbers: one of them, a span of days, everything. Definitions: docs/GATEWAY.md "Reports".

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface ConversationMetrics {
  readonly messageCount: number;
  readonly userMessageCount: number;
  readonly assistantMessageCount: number;
  /** Of the user's messages, those that were answered. */
  readonly answeredCount: number;
  /** Seconds; null without answers. */
  readonly averageResponseTime: number | null;
  readonly firstMessageAt: Date | null;
  readonly lastMessageAt: Date | null;
}

/** Of a conversation of this user: their own, or a call of their client. Undefined when it is none. */
export async function findMetrics(
  sql: Sql,
  { userId, conversationId }: { userId: string; conversationId: string },
): Promise<ConversationMetrics | undefined> {
  const [row] = await idempotent(
    () => sql<ConversationMetrics[]>`
      WITH mine AS (
        SELECT c.id FROM conversations c LEFT JOIN clients k ON k.id = c.client_id
        WHERE c.id = ${conversationId} AND (c.user_id = ${userId} OR k.owner_id = ${userId})
      )
      SELECT count(u.id) AS "messageCount",
        count(u.id) FILTER (WHERE u.role = 'user') AS "userMessageCount",
        count(u.id) FILTER (WHERE u.role = 'assistant') AS "assistantMessageCount",
        count(u.id) FILTER (WHERE u.role = 'user' AND EXISTS (
          SELECT 1 FROM utterances a WHERE a.conversation_id = u.conversation_id
            AND a.turn_number = u.turn_number AND a.role = 'assistant')) AS "answeredCount",
        (SELECT avg(t.response_ms) / 1000 FROM turns t
          WHERE t.conversation_id = mine.id AND t.kind = 'reply') AS "averageResponseTime",
        min(u.at) AS "firstMessageAt", max(u.at) AS "lastMessageAt"
      FROM mine LEFT JOIN utterances u ON u.conversation_id = mine.id GROUP BY mine.id`,
  );
  return row;
}

export interface Span {
  /** Whose conversations; undefined for everybody's. */
  readonly userId: string | undefined;
  readonly from: Date | undefined;
  /** Not included. */
  readonly until: Date | undefined;
}

export interface Totals {
  readonly conversations: number;
  readonly messages: number;
  /** Users who chatted or talked, and callers by their contact. */
  readonly activeUsers: number;
  /** Seconds; null without answers. */
  readonly averageResponseTime: number | null;
}

export async function findTotals(sql: Sql, span: Span): Promise<Totals> {
  const [row] = await idempotent(
    () => sql<[Totals]>`WITH found AS (${found(sql, span)}) SELECT ${numbers(sql)} FROM found f`,
  );
  return row;
}

export interface DayTotals extends Totals {
  /** ISO, of UTC. */
  readonly date: string;
}

/** Days with conversations, in order. */
export async function listDayTotals(sql: Sql, span: Span): Promise<DayTotals[]> {
  const rows = await idempotent(
    () => sql<DayTotals[]>`
      WITH found AS (${found(sql, span)})
      SELECT (f.created_at AT TIME ZONE 'UTC')::date::text AS date, ${numbers(sql)}
      FROM found f GROUP BY 1 ORDER BY 1`,
  );
  return [...rows];
}

/** What there is in all, for the bot's statistics. */
export async function countByChannel(sql: Sql): Promise<Readonly<Record<string, number>>> {
  const rows = await idempotent(
    () => sql<{ channel: string; count: number }[]>`
      SELECT channel, count(*) AS count FROM conversations GROUP BY channel`,
  );
  return Object.fromEntries(rows.map(({ channel, count }) => [channel, count]));
}

/** Conversations of the span with what was said in each. */
function found(sql: Sql, { userId, from, until }: Span) {
  return sql`
    SELECT c.id, c.created_at, coalesce(c.user_id, c.contact_id) AS person,
      (SELECT count(*) FROM utterances u WHERE u.conversation_id = c.id) AS messages,
      (SELECT sum(t.response_ms) FROM turns t WHERE t.conversation_id = c.id AND t.kind = 'reply') AS waited,
      (SELECT count(t.response_ms) FROM turns t WHERE t.conversation_id = c.id AND t.kind = 'reply') AS answers
    FROM conversations c LEFT JOIN clients k ON k.id = c.client_id
    WHERE true
      ${userId === undefined ? sql`` : sql`AND (c.user_id = ${userId} OR k.owner_id = ${userId})`}
      ${from ? sql`AND c.created_at >= ${from}` : sql``}
      ${until ? sql`AND c.created_at < ${until}` : sql``}`;
}

function numbers(sql: Sql) {
  return sql`
    count(*) AS conversations, coalesce(sum(f.messages), 0)::bigint AS messages,
    count(DISTINCT f.person) AS "activeUsers",
    (sum(f.waited) / nullif(sum(f.answers), 0) / 1000)::float8 AS "averageResponseTime"`;
}
