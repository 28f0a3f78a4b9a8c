// Whose stored speech is still to be made, and when that is tried next.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** Seconds before another try; they double, up to an hour. */
const TRY_AGAIN_SECONDS = 30;

export interface DueClips {
  readonly clientId: string;
  /** Since when something is missing. */
  readonly since: Date;
}

/** Something could not be made. What is due already stays as it is. */
export async function oweClips(sql: Sql, clientId: string): Promise<void> {
  await idempotent(
    () => sql`
      INSERT INTO clips_due (client_id, try_at)
      VALUES (${clientId}, clock_timestamp() + make_interval(secs => ${TRY_AGAIN_SECONDS}))
      ON CONFLICT DO NOTHING`,
  );
}

/** Everything is there. */
export async function settleClips(sql: Sql, clientId: string): Promise<void> {
  await idempotent(() => sql`DELETE FROM clips_due WHERE client_id = ${clientId}`);
}

/** The next to be tried, for this process alone until it would be tried again. */
export async function claimDueClips(sql: Sql): Promise<DueClips | undefined> {
  const [row] = await sql<DueClips[]>`
    WITH due AS (
      SELECT client_id FROM clips_due WHERE try_at <= clock_timestamp()
      ORDER BY try_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE clips_due d SET attempts = d.attempts + 1,
      try_at = clock_timestamp()
        + make_interval(secs => least(3600, ${TRY_AGAIN_SECONDS} * 2 ^ least(d.attempts + 1, 10)))
    FROM due WHERE d.client_id = due.client_id
    RETURNING d.client_id AS "clientId", d.since`;
  return row;
}
