// Work that any one of the processes does now and then: who begins it first does it, the others leave it.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** Whether the job is ours now: nobody has begun it for `everyMs`, or somebody has left it at a place to go on from. */
export async function claimJob(sql: Sql, name: string, everyMs: number): Promise<boolean> {
  const claimed = await idempotent(
    () => sql`
      INSERT INTO job_runs AS j (name, started_at) VALUES (${name}, clock_timestamp())
      ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at
      WHERE j.place IS NOT NULL
        OR j.started_at <= clock_timestamp() - make_interval(secs => ${everyMs}::float8 / 1000)
      RETURNING name`,
  );
  return claimed.length > 0;
}

/** Where the job was left; it is nobody's then: one that dies begins anew. Undefined when it came to its end. */
export async function takePlace(sql: Sql, name: string): Promise<number | undefined> {
  const [row] = await idempotent(
    () => sql<{ place: number | null }[]>`
      WITH left_at AS (SELECT place FROM job_runs WHERE name = ${name} FOR NO KEY UPDATE)
      UPDATE job_runs SET place = NULL FROM left_at WHERE name = ${name} RETURNING left_at.place`,
  );
  return row?.place ?? undefined;
}

/** Leaves the job at a place of its own measure: it is due at once, and goes on from there. */
export async function leavePlace(sql: Sql, name: string, place: number): Promise<void> {
  await idempotent(
    () => sql`
      INSERT INTO job_runs (name, started_at, place) VALUES (${name}, clock_timestamp(), ${place})
      ON CONFLICT (name) DO UPDATE SET place = excluded.place`,
  );
}
