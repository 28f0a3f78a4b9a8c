// Conversations as owners read them: lists with filters and a search, one in full, and its end.

import { COUNTED_MAX, keyText, toPage } from './keyset.ts';
import type { Page, PageQuery } from './keyset.ts';
import { mine } from './owned-clients.ts';
import type { Reach } from './owned-clients.ts';
import type { ToolRunRow } from './conversations.ts';
import type { Sql } from './sql.ts';
import { idempotent } from './store-error.ts';

export interface ListedConversation {
  readonly id: string;
  readonly clientId: string;
  readonly contactId: string | null;
  readonly contactName: string | null;
  readonly channel: string;
  /** E.164; null when withheld. */
  readonly callerPhone: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly endReason: string | null;
  readonly outcome: string | null;
  readonly flags: readonly string[];
  /** Of a running call: so far. */
  readonly durationMs: number;
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

/** A turn with its times in milliseconds, null where a stage did not occur. */
export interface ListedTurn {
  readonly number: number;
  readonly kind: string;
  readonly ending: string;
  readonly responseMs: number | null;
  readonly endpointMs: number | null;
  readonly hearMs: number | null;
  readonly thinkMs: number | null;
  readonly speakMs: number | null;
  readonly playMs: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly wastedInputTokens: number;
  readonly wastedOutputTokens: number;
  readonly characters: number;
  readonly costMicrodollars: number;
  readonly tools: readonly ToolRunRow[];
  readonly unheard: string | null;
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

/** Phrases of one search that the index of pairs is asked for. */
const PHRASES_MAX = 3;

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
    // A search reads the words of every match, so it is made once; without one the index alone counts and turns pages.
    const found =
      words === undefined
        ? sql`WITH page AS (
            SELECT id, created_at FROM conversations WHERE ${where} ${beyond}
            ORDER BY created_at DESC, id DESC LIMIT ${limit + 1} OFFSET ${offset}
          ), total AS (
            SELECT count(*) AS total FROM (SELECT 1 FROM conversations WHERE ${where} LIMIT ${COUNTED_MAX}) counted
          )`
        : sql`WITH matched AS MATERIALIZED (${matches(sql, where, words)}), page AS (
            SELECT id, created_at FROM matched WHERE true ${beyond}
            ORDER BY created_at DESC, id DESC LIMIT ${limit + 1} OFFSET ${offset}
          ), total AS (
            SELECT least(count(*), ${COUNTED_MAX}) AS total FROM matched
          )`;
    const rows = await sql<(Partial<ListedConversation> & { key: string; total: number })[]>`
      ${found}
      SELECT ${columns(sql)}, ${keyText(sql, sql`c.created_at`)} AS key, total.total
      FROM total LEFT JOIN (page JOIN conversations c ON c.id = page.id LEFT JOIN contacts k ON k.id = c.contact_id)
        ON true
      ORDER BY c.created_at DESC, c.id DESC`;
    const total = rows[0]?.total ?? 0;
    // Without any row on the page there is one that has the total only.
    const listed = rows.filter((row) => row.id !== null) as (ListedConversation & Totalled)[];
    return toPage(listed.map(withoutTotal), total, limit);
  });
}

/**
 * Those in which the words were said. A phrase is looked for in the index of pairs: the one of words would find all
 * conversations with its words somewhere, and each would have to be read. The empty text hides that index from the planner.
 *
 * Everything else is looked for in the index of words. To read what was said in a conversation costs a hundred times what
 * the planner believes; a planner who knew that the word is in most of them would read them all. So it is not told:
 * what a subquery says it learns too late. Where no word must be there (all are unwanted, or one is an alternative), that
 * index would be read from end to end for all clients, and to read the conversations of the one is the quicker way.
 */
function matches(sql: Sql, where: Piece, words: string) {
  const found = (says: Piece) =>
    sql`SELECT id, created_at FROM conversations WHERE ${where} AND ${says}`;
  const query = sql`websearch_to_tsquery('simple', ${words})`;
  const [first, ...others] = phrasesOf(words);
  if (first !== undefined) {
    const pairs = (phrase: string) =>
      sql`AND word_pairs(search) @> word_pairs(to_tsvector('simple', ${phrase}))`;
    return found(sql`search IS NOT NULL ${pairs(first)} ${others.length > 0 ? others.map(pairs) : sql``}
      AND (search || ''::tsvector) @@ ${query}`);
  }
  // The part of a question that an index can answer; T where there is none.
  const indexed = sql`(SELECT querytree(${query}) <> 'T')`;
  return sql`
    ${found(sql`${indexed} AND search @@ (SELECT ${query})`)}
    UNION ALL
    ${found(sql`NOT ${indexed} AND (search || ''::tsvector) @@ ${query}`)}`;
}

/** Phrases that each match must hold: none where there is an alternative to them. What is left out is searched as before. */
function phrasesOf(words: string): string[] {
  const phrases = [...words.matchAll(/(^|\s)"([^"]+)"/g)].map(([, , phrase]) => phrase!);
  const others = words.replaceAll(/"[^"]*"/g, ' ');
  return /(^|\s)or(\s|$)/i.test(others) ? [] : phrases.slice(0, PHRASES_MAX);
}

/** Of a statement. */
type Piece = ReturnType<typeof columns>;

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
        FROM bookings WHERE conversation_id = ${conversationId} AND status IN ('confirmed', 'cancelled')
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

function columns(sql: Sql) {
  return sql`
    c.id, c.client_id AS "clientId", c.contact_id AS "contactId", k.name AS "contactName", c.channel,
    c.caller_phone AS "callerPhone", c.started_at AS "startedAt", c.ended_at AS "endedAt",
    c.end_reason AS "endReason", c.outcome, c.flags,
    CASE WHEN c.ended_at IS NULL AND c.channel <> 'chat'
      THEN (extract(epoch FROM clock_timestamp() - c.started_at) * 1000)::bigint
      ELSE c.duration_ms END AS "durationMs",
    c.created_at AS "createdAt"`;
}
