// People who are at Google's consent screen: a state that is good once, for ten minutes, and for the browser that left.

import { createHash } from 'node:crypto';
import type { Sql } from '../database/sql.ts';

const VALID_SECONDS = 600;

export interface OauthState {
  readonly state: string;
  /** The cookie of the browser that was sent away. */
  readonly browser: string;
  /** A page asked for it, not a program: then nothing but that browser may come back. */
  readonly bound: boolean;
}

/** Only hashes are kept. */
export async function saveOauthState(
  sql: Sql,
  { state, browser, bound }: OauthState,
): Promise<void> {
  await sql`
    INSERT INTO oauth_states (state_hash, browser_hash, bound, expires_at)
    VALUES (${hash(state)}, ${hash(browser)}, ${bound},
      clock_timestamp() + make_interval(secs => ${VALID_SECONDS}))`;
}

/**
 * Uses the state up; false when it is unknown, used, expired or another browser's. `browserNeeded`: whether the answer
 * signs in whoever brings the state, so that it must be the one who asked.
 */
export async function useOauthState(
  sql: Sql,
  state: string,
  { browser, browserNeeded }: { browser: string | undefined; browserNeeded: boolean },
): Promise<boolean> {
  const browserHash = browser === undefined ? null : hash(browser);
  const rows = await sql`
    DELETE FROM oauth_states
    WHERE state_hash = ${hash(state)} AND expires_at > clock_timestamp()
      AND (browser_hash = ${browserHash}::bytea
        OR (${browserHash}::bytea IS NULL AND NOT bound AND NOT ${browserNeeded}::boolean))
    RETURNING 1`;
  return rows.length > 0;
}

/** Forgets those who never came back. */
export async function deleteExpiredOauthStates(sql: Sql): Promise<void> {
  await sql`DELETE FROM oauth_states WHERE expires_at < clock_timestamp()`;
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
