// What users and addresses have used of their allowance: taken by the processes some at a time, so that all together stay within it.

import type { Sql } from '../database/sql.ts';

export interface Claim {
  readonly key: string;
  /** For all processes together. */
  readonly limit: number;
  readonly wanted: number;
  /** How long a window lasts, which begins with its first request. */
  readonly windowSeconds: number;
}

export interface Claimed {
  /** At most what was wanted; 0 when nothing is left. */
  readonly granted: number;
  /** By all processes in this window, this claim included. */
  readonly used: number;
  readonly remainingMs: number;
}

/** Takes up to `wanted` requests out of the key's window, and opens a new one when the last is over. */
export async function claimRequests(sql: Sql, claim: Claim): Promise<Claimed> {
  const { key, limit, wanted, windowSeconds } = claim;
  const ends = sql`statement_timestamp() + make_interval(secs => ${windowSeconds})`;
  const first = Math.min(wanted, limit);
  const over = sql`w.ends_at <= statement_timestamp()`;
  const [row] = await sql<Claimed[]>`
    INSERT INTO rate_windows AS w (key, ends_at, used, granted) VALUES (${key}, ${ends}, ${first}, ${first})
    ON CONFLICT (key) DO UPDATE SET
      granted = CASE WHEN ${over} THEN ${first} ELSE greatest(0, least(${wanted}, ${limit} - w.used)) END,
      used = CASE WHEN ${over} THEN ${first} ELSE w.used + greatest(0, least(${wanted}, ${limit} - w.used)) END,
      ends_at = CASE WHEN ${over} THEN excluded.ends_at ELSE w.ends_at END
    RETURNING used, granted,
      ceil(extract(epoch FROM ends_at - statement_timestamp()) * 1000)::int AS "remainingMs"`;
  if (!row) throw new Error('an upsert gives a row');
  return row;
}

/** Forgets windows that are over. */
export async function deleteEndedWindows(sql: Sql): Promise<void> {
  await sql`DELETE FROM rate_windows WHERE ends_at < clock_timestamp()`;
}
