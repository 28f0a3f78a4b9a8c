// What happened on each day, for a client's reports. Days are those of the client's zone.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface DayReport {
  /** ISO */
  readonly date: string;
  readonly calls: number;
  readonly seconds: number;
  /** Appointments made, not those that take place. */
  readonly bookings: number;
  readonly messages: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Of replies: last word of the caller to our first sound, in milliseconds; null without replies. */
  readonly responseP50Ms: number | null;
  readonly responseP90Ms: number | null;
  readonly responseP95Ms: number | null;
  readonly responseP99Ms: number | null;
  readonly costMicrodollars: number;
}

/** One row for each day from `first` to `last` (ISO dates, both included), in order, also for days without calls. */
export async function reportDays(
  sql: Sql,
  { clientId, first, last }: { clientId: string; first: string; last: string },
): Promise<DayReport[]> {
  const rows = await idempotent(
    () => sql<DayReport[]>`
      WITH client AS (SELECT zone FROM clients WHERE id = ${clientId}),
      span AS (
        SELECT zone, ${first}::date::timestamp AT TIME ZONE zone AS starts,
          (${last}::date + 1)::timestamp AT TIME ZONE zone AS ends
        FROM client
      ),
      found AS MATERIALIZED (
        SELECT c.id, (c.created_at AT TIME ZONE s.zone)::date AS day, c.channel, c.duration_ms, c.outcome,
          f.reply_ms, f.cost
        FROM span s JOIN conversations c
          ON c.client_id = ${clientId} AND c.created_at >= s.starts AND c.created_at < s.ends
        -- What has not ended has not been summed up yet.
        CROSS JOIN LATERAL (
          SELECT c.reply_ms, c.cost_microdollars AS cost WHERE c.ended_at IS NOT NULL
          UNION ALL SELECT g.reply_ms, g.cost FROM conversation_figures(c.id) g WHERE c.ended_at IS NULL
        ) f
      ),
      spent AS (SELECT day, sum(cost)::bigint AS cost FROM found GROUP BY day),
      spoken AS (
        SELECT f.day, percentile_cont(ARRAY[0.5, 0.9, 0.95, 0.99]) WITHIN GROUP (ORDER BY ms) AS response
        FROM found f, unnest(f.reply_ms) AS ms GROUP BY f.day
      ),
      called AS (
        SELECT day, count(*) AS calls, (sum(duration_ms) / 1000)::bigint AS seconds FROM found
        WHERE channel <> 'chat' GROUP BY day
      ),
      ended AS (
        SELECT day, jsonb_object_agg(outcome, number) AS outcomes
        FROM (SELECT day, outcome, count(*) AS number FROM found WHERE outcome IS NOT NULL GROUP BY day, outcome) each
        GROUP BY day
      ),
      booked AS (
        SELECT (b.created_at AT TIME ZONE s.zone)::date AS day, count(*) AS bookings
        FROM span s JOIN bookings b ON b.client_id = ${clientId} AND b.created_at >= s.starts AND b.created_at < s.ends
        WHERE b.status IN ('confirmed', 'cancelled') GROUP BY 1
      ),
      left_word AS (
        SELECT (m.created_at AT TIME ZONE s.zone)::date AS day, count(*) AS messages
        FROM span s JOIN messages m ON m.client_id = ${clientId} AND m.created_at >= s.starts AND m.created_at < s.ends
        GROUP BY 1
      )
      SELECT d.day::date::text AS date, coalesce(calls, 0) AS calls, coalesce(seconds, 0) AS seconds,
        coalesce(bookings, 0) AS bookings, coalesce(messages, 0) AS messages, coalesce(outcomes, '{}') AS outcomes,
        response[1] AS "responseP50Ms", response[2] AS "responseP90Ms", response[3] AS "responseP95Ms",
        response[4] AS "responseP99Ms", coalesce(cost, 0) AS "costMicrodollars"
      FROM generate_series(${first}::date::timestamp, ${last}::date::timestamp, interval '1 day') AS d (day)
      LEFT JOIN called ON called.day = d.day::date
      LEFT JOIN ended ON ended.day = d.day::date
      LEFT JOIN booked ON booked.day = d.day::date
      LEFT JOIN left_word ON left_word.day = d.day::date
      LEFT JOIN spent ON spent.day = d.day::date
      LEFT JOIN spoken ON spoken.day = d.day::date
      ORDER BY d.day`,
  );
  return [...rows];
}
