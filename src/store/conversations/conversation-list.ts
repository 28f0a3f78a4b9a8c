// Conversations as owners read them: lists with filters and a search, one in full, and its end.

import { matched, newestFirst, readSearch } from './conversation-search.ts';
import { COUNTED_MAX, keyText, toPage } from '../database/keyset.ts';
import type { Page, PageQuery } from '../database/keyset.ts';
import { mine } from '../clients/owned-clients.ts';
import type { Reach } from '../clients/owned-clients.ts';
import type { TurnRow } from './conversations.ts';
import { isPromised } from '../calendar/booking-list.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface ListedConversation {
  readonly id: string;
  readonly clientId: string;
  readonly contactId: string | null;
  readonly contactName: string | null;
  readonly channel: string;
  /** `outbound`: the business called, and the number is whom. */
  readonly direction: 'inbound' | 'outbound';
  /** E.164; null when withheld. */
  readonly callerPhone: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly endReason: string | null;
  readonly outcome: string | null;
  /** Of a chat that is not over: when it was last answered. Null while it is being answered, and of calls. */
  readonly quietSince: Date | null;
  readonly flags: readonly string[];
  /** Of a running call: so far. */
  readonly durationMs: number;
  /** What vendors charged, once it is over. */
  readonly costMicrodollars: number;
  readonly createdAt: Date;
}

/** Something that was said, as it was heard. */
export interface Said {
  readonly turnNumber: number;
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly interrupted: boolean;
  /** What was meant to be said beyond it; null where all was heard. */
  readonly unheard: string | null;
  readonly at: Date;
}

/** A turn as it is kept, but for what it said and cost by vendor. */
export interface ListedTurn extends Omit<TurnRow, 'costs' | 'at' | 'utterances'> {
  readonly createdAt: Date;
}

export interface ConversationFilter {
  readonly clientId: string;
  readonly contactId?: string | undefined;
  readonly outcome?: string | undefined;
  readonly channel?: string | undefined;
  /** E.164 */
  readonly callerPhone?: string | undefined;
  /** Only those that somebody should look at. */
  readonly flagged?: boolean | undefined;
  /** Only those where somebody still has to act. */
  readonly followUp?: boolean | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  /** Words, "phrases", -not, or: as search engines take them. */
  readonly words?: string | undefined;
}

/** Newest first. */
export async function listConversations(
  sql: Sql,
  filter: ConversationFilter,
  { limit, offset, after }: PageQuery,
): Promise<Page<ListedConversation>> {
  const { words } = filter;
  const where = sql`
    client_id = ${filter.clientId}
    ${filter.contactId === undefined ? sql`` : sql`AND contact_id = ${filter.contactId}`}
    ${filter.outcome === undefined ? sql`` : sql`AND outcome = ${filter.outcome}`}
    ${filter.channel === undefined ? sql`` : sql`AND channel = ${filter.channel}`}
    ${filter.callerPhone === undefined ? sql`` : sql`AND caller_phone = ${filter.callerPhone}`}
    ${filter.flagged === undefined ? sql`` : sql`AND (flags <> '{}') = ${filter.flagged}`}
    ${
      filter.followUp === undefined
        ? sql``
        : sql`AND id ${filter.followUp ? sql`` : sql`NOT`} IN (
            SELECT conversation_id FROM reviews WHERE client_id = ${filter.clientId} AND follow_up)`
    }
    ${filter.from === undefined ? sql`` : sql`AND created_at >= ${filter.from}`}
    ${filter.until === undefined ? sql`` : sql`AND created_at < ${filter.until}`}`;
  const beyond = after
    ? sql`AND (created_at, id) < (${after.at}::text::timestamptz, ${after.id}::uuid)`
    : sql``;
  return idempotent(async () => {
    const search = words === undefined ? undefined : await readSearch(sql, words);
    if (words !== undefined && !search) return toPage([], 0, limit);
    const countedMax = search?.countedMax ?? COUNTED_MAX;
    // Without a search the index alone turns the pages and counts; with one both draw on the same matches.
    const rows = await sql<(Partial<ListedConversation> & { key: string; total: number })[]>`
      WITH ${search ? sql`${matched(sql, where, search, after)},` : sql``} page AS (
        SELECT id, created_at FROM ${search ? sql`matched WHERE true` : sql`conversations WHERE ${where}`} ${beyond}
        ${search ? newestFirst(sql, search) : sql`ORDER BY created_at DESC, id DESC`} LIMIT ${limit + 1} OFFSET ${offset}
      ), total AS (
        SELECT count(*) AS total FROM (
          SELECT 1 FROM ${search ? sql`matched` : sql`conversations WHERE ${where}`} LIMIT ${countedMax}) counted
      )
      SELECT ${columns(sql)}, ${keyText(sql, sql`c.created_at`)} AS key, total.total
      FROM total LEFT JOIN (page JOIN conversations c ON c.id = page.id LEFT JOIN contacts k ON k.id = c.contact_id)
        ON true
      ORDER BY c.created_at DESC, c.id DESC`;
    const total = rows[0]?.total ?? 0;
    // Without any row on the page there is one that has the total only.
    const listed = rows.filter((row) => row.id !== null) as (ListedConversation & Totalled)[];
    return toPage(listed.map(withoutTotal), total, limit, countedMax);
  });
}

interface Totalled {
  readonly key: string;
  readonly total: number;
}

function withoutTotal<Row extends Totalled>(row: Row): Omit<Row, 'total'> {
  const { total: _total, ...rest } = row;
  return rest;
}

/** One conversation of a client within reach. */
export async function findConversation(
  sql: Sql,
  reach: Reach,
  id: string,
): Promise<ListedConversation | undefined> {
  const [row] = await idempotent(
    () => sql<ListedConversation[]>`
      SELECT ${columns(sql)}
      FROM conversations c LEFT JOIN contacts k ON k.id = c.contact_id
      WHERE c.id = ${id} AND ${within(sql, reach)}`,
  );
  return row;
}

/** What was said in each of these conversations, in order: one query for a whole page. */
export async function listSaid(sql: Sql, ids: readonly string[]): Promise<Map<string, Said[]>> {
  const said = new Map<string, Said[]>(ids.map((id) => [id, []]));
  if (ids.length === 0) return said;
  const rows = await idempotent(
    () => sql<(Said & { conversationId: string })[]>`
      SELECT u.conversation_id AS "conversationId", u.turn_number AS "turnNumber", u.role, u.content, u.interrupted,
        t.unheard, u.at
      FROM utterances u LEFT JOIN turns t
        ON u.role = 'assistant' AND t.conversation_id = u.conversation_id AND t.number = u.turn_number
      WHERE u.conversation_id = ANY (${[...ids]}::uuid[])
      ORDER BY u.conversation_id, u.turn_number, u.id`,
  );
  for (const { conversationId, ...each } of rows) said.get(conversationId)?.push(each);
  return said;
}

export async function listTurns(sql: Sql, conversationId: string): Promise<ListedTurn[]> {
  const rows = await idempotent(
    () => sql<ListedTurn[]>`
      SELECT number, kind, ending, response_ms AS "responseMs", endpoint_ms AS "endpointMs", hear_ms AS "hearMs",
        think_ms AS "thinkMs", speak_ms AS "speakMs", play_ms AS "playMs", input_tokens AS "inputTokens",
        output_tokens AS "outputTokens", wasted_input_tokens AS "wastedInputTokens",
        wasted_output_tokens AS "wastedOutputTokens", characters, cost_microdollars AS "costMicrodollars", tools,
        unheard, created_at AS "createdAt"
      FROM turns WHERE conversation_id = ${conversationId} ORDER BY number`,
  );
  return [...rows];
}

/** What came of a conversation: appointments made or changed in it, and messages left. */
export interface Done {
  readonly bookings: readonly {
    readonly id: string;
    readonly name: string;
    readonly phone: string | null;
    readonly reason: string;
    readonly status: string;
    readonly startsAt: Date;
    readonly endsAt: Date;
  }[];
  readonly messages: readonly {
    readonly id: string;
    readonly name: string;
    readonly phone: string;
    readonly text: string;
    readonly urgent: boolean;
  }[];
}

export async function listDone(sql: Sql, conversationId: string): Promise<Done> {
  return idempotent(async () => {
    const [bookings, messages] = await Promise.all([
      sql<Done['bookings'][number][]>`
        SELECT id, name, phone, reason, status, lower(shown) AS "startsAt", upper(shown) AS "endsAt"
        FROM bookings WHERE conversation_id = ${conversationId} AND (status IN ('confirmed', 'cancelled') OR ${isPromised(sql)})
        ORDER BY created_at`,
      sql<Done['messages'][number][]>`
        SELECT id, name, phone, text, urgent FROM messages WHERE conversation_id = ${conversationId}
        ORDER BY created_at`,
    ]);
    return { bookings: [...bookings], messages: [...messages] };
  });
}

/** What the ledger was charged for a call, in seconds. */
export async function findBilledSeconds(sql: Sql, conversationId: string): Promise<number> {
  const [row] = await idempotent(
    () => sql<[{ billed: number }]>`
      SELECT coalesce(sum(l.billed_seconds), 0)::bigint AS billed
      FROM conversations c JOIN call_leases l ON l.call_sid = c.call_sid AND l.client_id = c.client_id
      WHERE c.id = ${conversationId}`,
  );
  return row.billed;
}

/** `running`: a call cannot be deleted before it is over. */
export async function deleteConversation(
  sql: Sql,
  reach: Reach,
  id: string,
): Promise<'deleted' | 'running' | 'none'> {
  return idempotent(() =>
    sql.begin(async (tx) => {
      const [found] = await tx<{ ended: boolean }[]>`
        SELECT ended_at IS NOT NULL OR channel = 'chat' AS ended FROM conversations c
        WHERE c.id = ${id} AND c.client_id IN (
          SELECT id FROM clients WHERE deleted_at IS NULL ${mine(tx, reach)})
        FOR NO KEY UPDATE`;
      if (!found) return 'none';
      if (!found.ended) return 'running';
      await tx`DELETE FROM conversations WHERE id = ${id}`;
      return 'deleted';
    }),
  );
}

function within(sql: Sql, reach: Reach) {
  return sql`c.client_id IN (SELECT id FROM clients WHERE deleted_at IS NULL ${mine(sql, reach)})`;
}

/** A visitor who leaves a chat says nothing about it: all that is known is how long it has been quiet. */
export function quietSince(sql: Sql) {
  return sql`CASE WHEN c.channel = 'chat' AND c.ended_at IS NULL AND c.busy_until <= clock_timestamp() THEN c.busy_until END
    AS "quietSince"`;
}

function columns(sql: Sql) {
  return sql`
    c.id, c.client_id AS "clientId", c.contact_id AS "contactId", k.name AS "contactName", c.channel,
    coalesce(c.metadata ->> 'direction', 'inbound') AS direction,
    c.caller_phone AS "callerPhone", c.started_at AS "startedAt", c.ended_at AS "endedAt",
    c.end_reason AS "endReason", c.outcome, ${quietSince(sql)}, c.flags,
    CASE WHEN c.ended_at IS NULL AND c.channel <> 'chat'
      THEN (extract(epoch FROM clock_timestamp() - c.started_at) * 1000)::bigint
      ELSE c.duration_ms END AS "durationMs", c.cost_microdollars AS "costMicrodollars",
    c.created_at AS "createdAt"`;
}
