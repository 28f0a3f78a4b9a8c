// Conversations of everybody, with or without a client: listed, searched, read and removed by administrators.

import { quietSince } from './conversation-list.ts';
import { matched, newestFirst, readSearch, says } from './conversation-search.ts';
import { COUNTED_MAX, keyText, toPage } from '../database/keyset.ts';
import type { Page, PageQuery, Piece } from '../database/keyset.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface AnyConversation {
  readonly id: string;
  readonly userId: string | null;
  readonly clientId: string | null;
  readonly clientName: string | null;
  readonly channel: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly outcome: string | null;
  /** Of a chat that is not over: when it was last answered. Null while it is being answered, and of calls. */
  readonly quietSince: Date | null;
  /** What somebody should look at. */
  readonly flags: readonly string[];
  readonly messageCount: number;
}

interface Asked extends PageQuery {
  /** Theirs: their own chats and sessions, and the calls of their clients. */
  readonly userId?: string | undefined;
  /** Only those that failed, or that somebody should look at. */
  readonly problems?: boolean | undefined;
}

/** So many of the newest are read before an index is asked, which finds a frequent word in all that were ever had. */
const READ_FIRST = 500;

/** Newest first. */
export async function listAnyConversations(
  sql: Sql,
  { userId, problems = false, limit, offset, after }: Asked,
): Promise<Page<AnyConversation>> {
  const which = problems ? sql`AND (outcome = 'failed' OR flags <> '{}')` : sql``;
  const beyond = after
    ? sql`AND (created_at, id) < (${after.at}::text::timestamptz, ${after.id}::uuid)`
    : sql``;
  const newest = sql`ORDER BY created_at DESC, id DESC`;
  const rowsMax = offset + limit + 1;
  const all = sql`SELECT id, created_at FROM conversations WHERE true ${which} ${beyond}`;
  // The newest of each client and of the user: more are not needed to know the newest of them all.
  const theirs = (owner: string) => sql`
    (SELECT id, created_at FROM conversations WHERE user_id = ${owner} ${which} ${beyond} ${newest} LIMIT ${rowsMax})
    UNION
    SELECT c.id, c.created_at FROM clients k CROSS JOIN LATERAL (
      SELECT id, created_at FROM conversations WHERE client_id = k.id ${which} ${beyond} ${newest} LIMIT ${rowsMax}
    ) c WHERE k.owner_id = ${owner}`;
  const whose =
    userId === undefined
      ? sql`true`
      : sql`(user_id = ${userId} OR client_id IN (SELECT id FROM clients WHERE owner_id = ${userId}))`;
  return idempotent(async () => {
    const [rows, [counted]] = await Promise.all([
      shown(
        sql,
        sql`page AS (
          SELECT id FROM (${userId === undefined ? all : theirs(userId)}) found
          ${newest} LIMIT ${limit + 1} OFFSET ${offset}
        )`,
      ),
      sql<[{ total: number }]>`
        SELECT count(*) AS total FROM (
          SELECT 1 FROM conversations WHERE ${whose} ${which} LIMIT ${COUNTED_MAX}) counted`,
    ]);
    return toPage(rows, counted.total, limit);
  });
}

/** Those in which the words were said, newest first: "phrases", -not, or. Of conversations that have ended. */
export async function searchAnyConversations(
  sql: Sql,
  { words, limit }: { readonly words: string; readonly limit: number },
): Promise<readonly AnyConversation[]> {
  return idempotent(async () => {
    const search = await readSearch(sql, words);
    if (!search) return [];
    const newest = sql`ORDER BY created_at DESC, id DESC`;
    const older = sql`(created_at, id) < (SELECT created_at, id FROM recent ORDER BY created_at, id LIMIT 1)`;
    const rows = await shown(
      sql,
      sql`recent AS MATERIALIZED (
        SELECT id, created_at FROM conversations ${newest} LIMIT ${READ_FIRST}
      ), ${matched(sql, older, search)}, page AS (
        SELECT id FROM recent each WHERE ${says(sql, search)}
        UNION ALL (SELECT id FROM matched ${newestFirst(sql, search)}) LIMIT ${limit}
      )`,
    );
    return toPage(rows, rows.length, limit).rows;
  });
}

/** `page` has the ids of those to show. */
async function shown(sql: Sql, page: Piece): Promise<(AnyConversation & { key: string })[]> {
  const rows = await sql<(AnyConversation & { key: string })[]>`
    WITH ${page}
    SELECT ${columns(sql)}, ${keyText(sql, sql`c.created_at`)} AS key FROM page JOIN conversations c ON c.id = page.id LEFT JOIN clients k ON k.id = c.client_id
    ORDER BY c.created_at DESC, c.id DESC`;
  return [...rows];
}

export async function findAnyConversation(
  sql: Sql,
  id: string,
): Promise<AnyConversation | undefined> {
  const [row] = await idempotent(
    () => sql<AnyConversation[]>`
      SELECT ${columns(sql)} FROM conversations c LEFT JOIN clients k ON k.id = c.client_id
      WHERE c.id = ${id}`,
  );
  return row;
}

/** `running`: a call cannot be deleted before it is over. */
export async function deleteAnyConversation(
  sql: Sql,
  id: string,
): Promise<'deleted' | 'running' | 'none'> {
  return idempotent(() =>
    sql.begin(async (tx) => {
      const [found] = await tx<{ over: boolean }[]>`
        SELECT ended_at IS NOT NULL OR channel = 'chat' AS over FROM conversations
        WHERE id = ${id} FOR NO KEY UPDATE`;
      if (!found) return 'none';
      if (!found.over) return 'running';
      await tx`DELETE FROM conversations WHERE id = ${id}`;
      return 'deleted';
    }),
  );
}

function columns(sql: Sql) {
  return sql`
    c.id, coalesce(c.user_id, k.owner_id) AS "userId", c.client_id AS "clientId", k.name AS "clientName", c.channel,
    c.started_at AS "startedAt", c.ended_at AS "endedAt", c.outcome, ${quietSince(sql)}, c.flags,
    (SELECT count(*) FROM utterances u WHERE u.conversation_id = c.id) AS "messageCount"`;
}
