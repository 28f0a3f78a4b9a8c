// What somebody uses on a day without a client that pays for it.

import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** Takes seconds out of the day's allowance; false when fewer are left, and then none are taken. */
export async function takeAllowance(
  sql: SqlRunner,
  { subject, seconds, limitSeconds }: { subject: string; seconds: number; limitSeconds: number },
): Promise<boolean> {
  if (seconds > limitSeconds) return false;
  const rows = await sql`
    INSERT INTO daily_usage AS u (subject, day, used_seconds)
    VALUES (${subject}, (clock_timestamp() AT TIME ZONE 'UTC')::date, ${seconds})
    ON CONFLICT (subject, day) DO UPDATE SET used_seconds = u.used_seconds + ${seconds}
      WHERE u.used_seconds + ${seconds} <= ${limitSeconds}
    RETURNING 1`;
  return rows.length > 0;
}

/** Notes what has been used already, as far as it may go beyond the allowance; less than nothing gives back. */
export async function addUsage(sql: SqlRunner, subject: string, seconds: number): Promise<void> {
  await sql`
    INSERT INTO daily_usage AS u (subject, day, used_seconds)
    VALUES (${subject}, (clock_timestamp() AT TIME ZONE 'UTC')::date, greatest(0, ${seconds}::bigint))
    ON CONFLICT (subject, day) DO UPDATE SET used_seconds = greatest(0, u.used_seconds + ${seconds}::bigint)`;
}

/** Seconds that are left today. */
export async function findAllowance(
  sql: Sql,
  { subject, limitSeconds }: { subject: string; limitSeconds: number },
): Promise<number> {
  const [row] = await idempotent(
    () => sql<{ used: number }[]>`
      SELECT used_seconds AS used FROM daily_usage
      WHERE subject = ${subject} AND day = (clock_timestamp() AT TIME ZONE 'UTC')::date`,
  );
  return Math.max(0, limitSeconds - (row?.used ?? 0));
}

/** Forgets days that are over. */
export async function deleteOldUsage(sql: Sql): Promise<void> {
  await sql`DELETE FROM daily_usage WHERE day < (clock_timestamp() AT TIME ZONE 'UTC')::date - 7`;
}
