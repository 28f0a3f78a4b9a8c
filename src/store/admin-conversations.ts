// Conversations of everybody, with or without a client: listed, searched, read and removed by administrators.

import type { Sql } from './sql.ts';
import { idempotent } from './store-error.ts';

export interface AnyConversation {
  readonly id: string;
  readonly userId: string | null;
  readonly clientId: string | null;
  readonly clientName: string | null;
  readonly channel: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly outcome: string | null;
  /** What somebody should look at. */
  readonly flags: readonly string[];
  readonly messageCount: number;
}

interface Asked {
  /** Theirs: their own chats and sessions, and the calls of their clients. */
  readonly userId?: string | undefined;
  /** Words, "phrases", -not, or; of conversations that have ended. */
  readonly words?: string | undefined;
  /** Only those that failed, or that somebody should look at. */
  readonly problems?: boolean | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Newest first. */
export async function listAnyConversations(
  sql: Sql,
  { userId, words, problems = false, limit, offset }: Asked,
): Promise<AnyConversation[]> {
  const rows = await idempotent(
    () => sql<AnyConversation[]>`
      SELECT ${columns(sql)} FROM conversations c LEFT JOIN clients k ON k.id = c.client_id
      WHERE true
        ${userId === undefined ? sql`` : sql`AND (c.user_id = ${userId} OR k.owner_id = ${userId})`}
        ${words === undefined ? sql`` : sql`AND c.search @@ websearch_to_tsquery('simple', ${words})`}
        ${problems ? sql`AND (c.outcome = 'failed' OR c.flags <> '{}')` : sql``}
      ORDER BY c.created_at DESC, c.id DESC LIMIT ${limit} OFFSET ${offset}`,
  );
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
    c.started_at AS "startedAt", c.ended_at AS "endedAt", c.outcome, c.flags,
    (SELECT count(*) FROM utterances u WHERE u.conversation_id = c.id) AS "messageCount"`;
}
