// Typed conversations: opened by a user, answered by one process at a time, ended by a goodbye or by silence.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';
import { keepTurnsUnderWay } from './turns-under-way.ts';

/** A chat in which nothing is said for so long is over; it may be taken up again. */
const IDLE_MINUTES = 30;

export interface NewChat {
  readonly id: string;
  readonly userId: string;
  /** Null for a chat with the assistant itself. */
  readonly clientId: string | null;
  readonly turnMs: number;
}

/** A new chat, taken for its first turn of at most `turnMs`. */
export async function openChat(sql: Sql, { id, userId, clientId, turnMs }: NewChat): Promise<void> {
  await sql`
    INSERT INTO conversations (id, user_id, client_id, channel, busy_until)
    VALUES (${id}, ${userId}, ${clientId}, 'chat',
      clock_timestamp() + make_interval(secs => ${turnMs}::float8 / 1000))`;
}

/** Forgets a chat in which nothing was said. */
export async function deleteEmptyChat(sql: Sql, id: string): Promise<void> {
  await sql`
    DELETE FROM conversations c WHERE id = ${id} AND channel = 'chat'
      AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.conversation_id = c.id)`;
}

export type ClaimedChat =
  | {
      readonly status: 'claimed';
      readonly clientId: string | null;
      readonly userId: string | null;
      /** Number of the next turn. */
      readonly turns: number;
    }
  /** Another message of it is being answered. */
  | { readonly status: 'busy' }
  | { readonly status: 'none' };

/** Takes the chat for one turn of at most `turnMs`. Whose it is not, finds none; `userId` undefined finds everybody's. */
export async function claimChat(
  sql: Sql,
  { id, userId, turnMs }: { id: string; userId: string | undefined; turnMs: number },
): Promise<ClaimedChat> {
  const mine = userId === undefined ? sql`` : sql`AND user_id = ${userId}`;
  const claimed = await sql.begin(async (tx) => {
    const [row] = await tx<{ clientId: string | null; userId: string | null }[]>`
    UPDATE conversations c SET ended_at = NULL, end_reason = NULL,
      busy_until = clock_timestamp() + make_interval(secs => ${turnMs}::float8 / 1000)
    WHERE id = ${id} AND channel = 'chat' ${mine} AND (busy_until IS NULL OR busy_until <= clock_timestamp())
    RETURNING client_id AS "clientId", user_id AS "userId"`;
    if (!row) return undefined;
    // Nobody answers any more what is left of a turn here: what was said stands before what is said now.
    await keepTurnsUnderWay(tx, [id]);
    const [{ turns }] = await tx<[{ turns: number }]>`
      SELECT coalesce(max(number) + 1, 0) AS turns FROM turns WHERE conversation_id = ${id}`;
    return { ...row, turns };
  });
  if (claimed) return { status: 'claimed', ...claimed };
  const [known] =
    await sql`SELECT 1 FROM conversations WHERE id = ${id} AND channel = 'chat' ${mine}`;
  return { status: known ? 'busy' : 'none' };
}

/** The turn is over. `ended`: a goodbye was said. What tools did weighs more than that something was answered. */
export async function releaseChat(
  sql: Sql,
  id: string,
  { outcome, ended }: { outcome: string; ended: boolean },
): Promise<void> {
  await idempotent(
    () => sql`
      UPDATE conversations SET busy_until = clock_timestamp(),
        outcome = CASE WHEN ${outcome}::text IN ('answered', 'failed') THEN coalesce(outcome, ${outcome}) ELSE ${outcome} END,
        ended_at = CASE WHEN ${ended} THEN clock_timestamp() END,
        end_reason = CASE WHEN ${ended} THEN 'goodbye' END
      WHERE id = ${id}`,
  );
}

/** Ends chats that have fallen silent, as of when they were last answered: nobody was there since. */
export async function endIdleChats(sql: Sql): Promise<void> {
  await sql`
    UPDATE conversations SET ended_at = busy_until, end_reason = 'silence'
    WHERE channel = 'chat' AND ended_at IS NULL
      AND busy_until < clock_timestamp() - make_interval(mins => ${IDLE_MINUTES})`;
}
