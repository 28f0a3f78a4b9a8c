// Owners who are at Google's consent screen to connect a calendar: a state that is good once, for ten minutes, for them.

import { createHash } from 'node:crypto';
import type { Sql } from '../database/sql.ts';

const VALID_SECONDS = 600;

export interface CalendarOauthState {
  readonly state: string;
  readonly clientId: string;
  readonly userId: string;
  /** The cookie of the browser that was sent away. */
  readonly browser: string;
}

/** Only hashes are kept. */
export async function saveCalendarOauthState(
  sql: Sql,
  { state, clientId, userId, browser }: CalendarOauthState,
): Promise<void> {
  await sql`
    INSERT INTO calendar_oauth_states (state_hash, client_id, user_id, browser_hash, expires_at)
    VALUES (${hash(state)}, ${clientId}, ${userId}, ${hash(browser)},
      clock_timestamp() + make_interval(secs => ${VALID_SECONDS}))`;
}

/**
 * Uses the state up, whoever brings it, and tells for which client it was; undefined when it is unknown, used or
 * expired, or brought by another user, or by another browser than the one that left. A program has no browser: it shows
 * who it is by a token.
 */
export async function useCalendarOauthState(
  sql: Sql,
  state: string,
  bearer: {
    readonly userId: string;
    readonly browser: string | undefined;
    readonly program: boolean;
  },
): Promise<string | undefined> {
  const [row] = await sql<
    { clientId: string; userId: string; browserHash: Buffer; valid: boolean }[]
  >`
    DELETE FROM calendar_oauth_states WHERE state_hash = ${hash(state)}
    RETURNING client_id AS "clientId", user_id AS "userId", browser_hash AS "browserHash",
      expires_at > clock_timestamp() AS valid`;
  if (!row?.valid) return undefined;
  const { browser, program } = bearer;
  const sameBrowser = browser !== undefined && hash(browser).equals(row.browserHash);
  return row.userId === bearer.userId && (program || sameBrowser) ? row.clientId : undefined;
}

/** Forgets those who never came back. */
export async function deleteExpiredCalendarStates(sql: Sql): Promise<void> {
  await sql`DELETE FROM calendar_oauth_states WHERE expires_at < clock_timestamp()`;
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
