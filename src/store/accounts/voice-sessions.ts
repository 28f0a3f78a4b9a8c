// Sessions of users with the assistant in a room: opened before anybody joins, found by who may watch or stop them.

import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface NewVoiceSession {
  readonly id: string;
  /** Null for somebody unknown. */
  readonly userId: string | null;
  readonly callSid: string;
  readonly room: string;
  readonly systemPrompt: string;
  /** The process that has it. */
  readonly owner: string;
}

export async function openVoiceSession(sql: SqlRunner, session: NewVoiceSession): Promise<void> {
  const { id, userId, callSid, room, systemPrompt, owner } = session;
  await sql`
    INSERT INTO conversations (id, user_id, channel, call_sid, room, system_prompt, owner, metadata)
    VALUES (${id}, ${userId}, 'browser', ${callSid}, ${room}, ${systemPrompt}, ${owner},
      ${sql.json(userId === null ? {} : { user_id: userId })})`;
}

export interface FoundVoiceSession {
  readonly id: string;
  readonly userId: string | null;
  /** Who owns the client that it is with, if any. */
  readonly clientOwnerId: string | null;
  readonly ended: boolean;
}

export async function findVoiceSession(
  sql: Sql,
  id: string,
): Promise<FoundVoiceSession | undefined> {
  const [row] = await idempotent(
    () => sql<FoundVoiceSession[]>`
      SELECT c.id, c.user_id AS "userId", k.owner_id AS "clientOwnerId", c.ended_at IS NOT NULL AS ended
      FROM conversations c LEFT JOIN clients k ON k.id = c.client_id
      WHERE c.id = ${id} AND c.channel = 'browser'`,
  );
  return row;
}

/** Ends sessions that nothing was set aside for and whose process died: none is as long as that. */
export async function endLostVoiceSessions(sql: Sql): Promise<void> {
  await sql`
    UPDATE conversations c SET ended_at = clock_timestamp(), end_reason = 'lost', outcome = coalesce(outcome, 'failed'),
      owner = NULL
    WHERE channel = 'browser' AND client_id IS NULL AND ended_at IS NULL
      AND started_at < clock_timestamp() - interval '5 hours'
      AND NOT EXISTS (SELECT 1 FROM session_grants g WHERE g.conversation_id = c.id)`;
}
