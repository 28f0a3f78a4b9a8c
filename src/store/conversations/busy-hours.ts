// When calls come in, by weekday and hour of the client's zone.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface BusyHour {
  /** 1 for Monday to 7 for Sunday. */
  readonly weekday: number;
  /** 0 to 23 */
  readonly hour: number;
  readonly calls: number;
}

/** Calls that began from `first` to `last` (ISO dates, both included); hours without any are left out. Chats are no calls. */
export async function countBusyHours(
  sql: Sql,
  { clientId, first, last }: { clientId: string; first: string; last: string },
): Promise<BusyHour[]> {
  const rows = await idempotent(
    () => sql<BusyHour[]>`
      WITH span AS (
        SELECT zone, ${first}::date::timestamp AT TIME ZONE zone AS starts,
          (${last}::date + 1)::timestamp AT TIME ZONE zone AS ends
        FROM clients WHERE id = ${clientId}
      )
      SELECT extract(isodow FROM c.created_at AT TIME ZONE s.zone)::int AS weekday,
        extract(hour FROM c.created_at AT TIME ZONE s.zone)::int AS hour, count(*)::int AS calls
      FROM span s JOIN conversations c
        ON c.client_id = ${clientId} AND c.created_at >= s.starts AND c.created_at < s.ends
      WHERE c.channel <> 'chat'
      GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  return [...rows];
}
