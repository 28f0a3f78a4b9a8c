// A user's own conversations with the voice agent.

import type { Sql } from '../database/sql.ts';

export interface HistorySession {
  readonly id: string;
  readonly room: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly systemPrompt: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly utteranceCount: number;
}

export interface HistoryUtterance {
  readonly id: number;
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly at: Date;
}

/** Newest first, with how many there are in all. */
export async function listHistory(
  sql: Sql,
  userId: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: readonly HistorySession[]; count: number }> {
  const [rows, counted] = await Promise.all([
    sql<HistorySession[]>`
      SELECT ${columns(sql)} FROM conversations c WHERE c.user_id = ${userId}
      ORDER BY c.started_at DESC, c.id DESC LIMIT ${limit} OFFSET ${offset}`,
    sql<{ count: number }[]>`SELECT count(*) FROM conversations WHERE user_id = ${userId}`,
  ]);
  return { rows, count: counted[0]?.count ?? 0 };
}

/** Undefined for unknown sessions and those of others. */
export async function findHistorySession(
  sql: Sql,
  userId: string,
  id: string,
): Promise<(HistorySession & { utterances: readonly HistoryUtterance[] }) | undefined> {
  const [session] = await sql<HistorySession[]>`
    SELECT ${columns(sql)} FROM conversations c WHERE c.id = ${id} AND c.user_id = ${userId}`;
  if (!session) return undefined;
  const utterances = await sql<HistoryUtterance[]>`
    SELECT id, role, content, at FROM utterances WHERE conversation_id = ${id} ORDER BY at, id`;
  return { ...session, utterances };
}

function columns(sql: Sql) {
  return sql`
    c.id, c.room, c.started_at AS "startedAt", c.ended_at AS "endedAt", c.system_prompt AS "systemPrompt",
    c.metadata, (SELECT count(*) FROM utterances u WHERE u.conversation_id = c.id) AS "utteranceCount"`;
}
