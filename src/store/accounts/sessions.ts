// Browsers that have logged in: a cookie's hash, who it stands for, and when it ends.

import { createHash } from 'node:crypto';
import { newToken } from '../../lib/ids.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { userColumns } from './users.ts';
import type { User } from './users.ts';

/** A session ends this long after the login, whatever happens. */
export const SESSION_SECONDS = 14 * 24 * 3600;
/** And this long after its last request. */
const IDLE_SECONDS = 12 * 3600;
/** The last request is noted this often: one write a minute and browser. */
const NOTE_SECONDS = 60;

/** A new session; its token goes into the cookie and is kept nowhere. */
export async function createSession(sql: Sql, userId: string): Promise<string> {
  const token = newToken();
  await sql`
    INSERT INTO sessions (token_hash, user_id, expires_at)
    VALUES (${hash(token)}, ${userId}, clock_timestamp() + make_interval(secs => ${SESSION_SECONDS}))`;
  return token;
}

/** Who the cookie stands for; undefined once the session has ended or its user may not log in. Only what is `used` stays awake. */
export async function findSessionUser(
  sql: Sql,
  token: string,
  used = true,
): Promise<User | undefined> {
  const tokenHash = hash(token);
  const [row] = await sql<(User & { stale: boolean })[]>`
    SELECT ${userColumns(sql)},
      s.last_seen_at < clock_timestamp() - make_interval(secs => ${NOTE_SECONDS}) AS stale
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.token_hash = ${tokenHash} AND s.expires_at > clock_timestamp()
      AND s.last_seen_at > clock_timestamp() - make_interval(secs => ${IDLE_SECONDS})
      AND u.is_active AND u.blocked_at IS NULL`;
  if (!row) return undefined;
  const { stale, ...user } = row;
  if (stale && used) {
    await sql`UPDATE sessions SET last_seen_at = clock_timestamp() WHERE token_hash = ${tokenHash}`;
  }
  return user;
}

/** Whether the session was begun no longer ago than that. */
export async function isFreshSession(sql: Sql, token: string, seconds: number): Promise<boolean> {
  const rows = await sql`
    SELECT 1 FROM sessions WHERE token_hash = ${hash(token)}
      AND created_at > clock_timestamp() - make_interval(secs => ${seconds})`;
  return rows.length > 0;
}

export async function deleteSession(sql: Sql, token: string): Promise<void> {
  await sql`DELETE FROM sessions WHERE token_hash = ${hash(token)}`;
}

/** Ends the user's sessions, but for that of `exceptToken`. */
export async function deleteSessionsOf(
  sql: SqlRunner,
  userId: string,
  exceptToken?: string,
): Promise<void> {
  const kept = exceptToken === undefined ? null : hash(exceptToken);
  await sql`
    DELETE FROM sessions WHERE user_id = ${userId} AND token_hash IS DISTINCT FROM ${kept}`;
}

/** Forgets sessions that have ended. */
export async function deleteEndedSessions(sql: Sql): Promise<void> {
  await sql`
    DELETE FROM sessions WHERE expires_at < clock_timestamp()
      OR last_seen_at < clock_timestamp() - make_interval(secs => ${IDLE_SECONDS})`;
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
