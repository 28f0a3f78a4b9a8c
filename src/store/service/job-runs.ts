// Work that any one of the processes does now and then: who begins it first does it, the others leave it.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** Whether the job is ours now: nobody has begun it for `everyMs`. */
export async function claimJob(sql: Sql, name: string, everyMs: number): Promise<boolean> {
  const claimed = await idempotent(
    () => sql`
      INSERT INTO job_runs AS j (name, started_at) VALUES (${name}, clock_timestamp())
      ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at
      WHERE j.started_at <= clock_timestamp() - make_interval(secs => ${everyMs}::float8 / 1000)
      RETURNING name`,
  );
  return claimed.length > 0;
}
