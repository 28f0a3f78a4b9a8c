// What running sessions may take of somebody's day: set aside when one begins, settled once, by its process or after its death.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';
import { takeAllowance } from './daily-usage.ts';
import { openVoiceSession } from './voice-sessions.ts';
import type { NewVoiceSession } from './voice-sessions.ts';

/** Longer than a database is away that comes back by itself. */
const LOST_SECONDS = 120;

export interface SessionGrant {
  readonly subject: string;
  readonly seconds: number;
  readonly limitSeconds: number;
}

/** Opens the session and sets the seconds aside, both or neither; false when fewer are left of the day. */
export async function openGrantedSession(
  sql: Sql,
  session: NewVoiceSession,
  grant: SessionGrant,
): Promise<boolean> {
  return sql.begin(async (tx) => {
    if (!(await takeAllowance(tx, grant))) return false;
    await openVoiceSession(tx, session);
    await tx`
      INSERT INTO session_grants (conversation_id, subject, day, granted_seconds)
      VALUES (${session.id}, ${grant.subject}, (clock_timestamp() AT TIME ZONE 'UTC')::date, ${grant.seconds})`;
    return true;
  });
}

/** Its process lives, and the session has used so much. */
export async function beatGrant(
  sql: Sql,
  conversationId: string,
  usedSeconds: number,
): Promise<void> {
  await sql`
    UPDATE session_grants SET beat_at = clock_timestamp(),
      used_seconds = least(granted_seconds, greatest(used_seconds, ${usedSeconds}::bigint))
    WHERE conversation_id = ${conversationId}`;
}

/** What was not used goes back to the day it was taken from. Once: a grant that is settled is gone. */
export async function settleGrant(
  sql: Sql,
  conversationId: string,
  usedSeconds: number,
): Promise<void> {
  await idempotent(
    () => sql`
      WITH settled AS (DELETE FROM session_grants WHERE conversation_id = ${conversationId} RETURNING *)
      UPDATE daily_usage u
      SET used_seconds = greatest(0, u.used_seconds - (s.granted_seconds - least(s.granted_seconds, ${usedSeconds}::bigint)))
      FROM settled s WHERE u.subject = s.subject AND u.day = s.day`,
  );
}

/**
 * Ends sessions whose process died, and settles what they had used when it was last heard of. `all`: those of every process, which is
 * right where there is no other.
 */
export async function endLostSessions(sql: Sql, which: 'abandoned' | 'all'): Promise<void> {
  await sql`
    WITH lost AS (
      DELETE FROM session_grants
      WHERE ${which === 'all'} OR beat_at < clock_timestamp() - make_interval(secs => ${LOST_SECONDS})
      RETURNING *
    ), unused AS (
      SELECT subject, day, sum(granted_seconds - used_seconds)::bigint AS seconds FROM lost GROUP BY subject, day
    ), given_back AS (
      UPDATE daily_usage u SET used_seconds = greatest(0, u.used_seconds - n.seconds)
      FROM unused n WHERE u.subject = n.subject AND u.day = n.day
    )
    UPDATE conversations c SET ended_at = clock_timestamp(), end_reason = 'lost', outcome = coalesce(c.outcome, 'failed'),
      owner = NULL, duration_ms = 1000 * l.used_seconds
    FROM lost l WHERE c.id = l.conversation_id AND c.ended_at IS NULL`;
}
