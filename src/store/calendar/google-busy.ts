// The copy of when a client's calendars at Google are busy: slots are offered from it, and looked up again before they are sold.

import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** A busy time in the copy. `bookingId`: where the event's id is one of ours. */
export interface CopiedEvent extends Span {
  readonly eventId: string;
  readonly bookingId: string | undefined;
}

/**
 * What the copy has within a span, for each chair or person, of calendars that are still the client's: a look at Google
 * that was under way while others were chosen writes down what it saw. Appointments of ours that are where we have
 * them are left out.
 */
export async function listGoogleBusy(
  sql: Sql,
  { clientId, calendarId }: { clientId: string; calendarId: string },
  span: Span,
): Promise<(Span & { readonly resource: number })[]> {
  return idempotent(
    () => sql<(Span & { resource: number })[]>`
      SELECT r.number AS resource, (extract(epoch FROM lower(taken)) * 1000)::float8 AS "startMs",
        (extract(epoch FROM upper(taken)) * 1000)::float8 AS "endMs"
      FROM (
        SELECT resource, unnest(range_agg(during)) AS taken FROM (
          SELECT w.resource, g.during FROM google_busy g
          LEFT JOIN watched_calendars w ON w.client_id = g.client_id AND w.google_id = g.google_id
          WHERE g.client_id = ${clientId} AND g.during && ${range(sql, span)}
            AND (w.google_id IS NOT NULL OR g.google_id = (SELECT google_id FROM calendars WHERE id = ${calendarId}))
            AND NOT EXISTS (
              SELECT 1 FROM bookings b WHERE b.id = g.booking_id AND b.calendar_id = ${calendarId}
                AND (b.shown = g.during OR b.event_due IS NOT NULL OR b.status NOT IN ('held', 'confirmed')))
        ) each GROUP BY resource
      ) joined
      JOIN resources r ON r.calendar_id = ${calendarId} AND r.is_active
        AND (joined.resource IS NULL OR joined.resource = r.number)`,
  );
}

/** The whole of one calendar, in the place of what was known of it. */
export async function replaceGoogleBusy(
  sql: SqlRunner,
  { clientId, googleId }: { clientId: string; googleId: string },
  events: readonly CopiedEvent[],
): Promise<void> {
  await sql`DELETE FROM google_busy WHERE client_id = ${clientId} AND google_id = ${googleId}`;
  await addGoogleBusy(sql, { clientId, googleId }, events);
}

/** What has changed: `gone` are the ids of events that no longer keep anybody busy, or of the repetition they were part of. */
export async function changeGoogleBusy(
  sql: SqlRunner,
  calendar: { clientId: string; googleId: string },
  { changed, gone }: { changed: readonly CopiedEvent[]; gone: readonly string[] },
): Promise<void> {
  if (gone.length > 0) {
    await sql`
      DELETE FROM google_busy WHERE client_id = ${calendar.clientId} AND google_id = ${calendar.googleId}
        AND (event_id = ANY (${[...gone]}::text[]) OR split_part(event_id, '_', 1) = ANY (${[...gone]}::text[]))`;
  }
  await addGoogleBusy(sql, calendar, changed);
}

async function addGoogleBusy(
  sql: SqlRunner,
  { clientId, googleId }: { clientId: string; googleId: string },
  events: readonly CopiedEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await sql`
    INSERT INTO google_busy (client_id, google_id, event_id, during, booking_id)
    SELECT ${clientId}::uuid, ${googleId}::text, id, tstzrange(starts, ends, '[)'), booking
    FROM unnest(${events.map((each) => each.eventId)}::text[],
      ${events.map((each) => new Date(each.startMs).toISOString())}::timestamptz[],
      ${events.map((each) => new Date(each.endMs).toISOString())}::timestamptz[],
      ${events.map((each) => each.bookingId ?? null)}::uuid[]) AS given (id, starts, ends, booking)
    WHERE ends > starts
    ON CONFLICT (client_id, google_id, event_id) DO UPDATE SET during = excluded.during, booking_id = excluded.booking_id`;
}

/** Where the copy of the calendar that is written to stands now, unless another has been chosen meanwhile. */
export async function noteCopied(
  sql: SqlRunner,
  { clientId, calendarId }: { clientId: string; calendarId: string },
  copy: { readonly token: string; readonly fullUntil: Date | undefined },
): Promise<void> {
  await sql`
    UPDATE calendar_links SET sync_token = ${copy.token},
      copied_until = coalesce(${copy.fullUntil ?? null}, copied_until),
      copied_at = CASE WHEN ${copy.fullUntil !== undefined} THEN clock_timestamp() ELSE copied_at END
    WHERE client_id = ${clientId} AND calendar_id = ${calendarId}`;
}

/** Google has answered all we asked about this calendar: the copy is fresh, and nothing is wrong. */
export async function noteSynced(
  sql: Sql,
  { clientId, calendarId }: { clientId: string; calendarId: string },
): Promise<void> {
  await sql`
    UPDATE calendar_links SET synced_at = clock_timestamp(), failing_since = NULL, broken_at = NULL, fault = NULL
    WHERE client_id = ${clientId} AND calendar_id = ${calendarId}`;
}

/** Appointments whose event is at Google, that start within a span and are not among `present`. */
export async function listAbsentBookings(
  sql: Sql,
  { clientId, calendarId }: { clientId: string; calendarId: string },
  span: Span,
  { present, before }: { present: readonly string[]; before: Date },
): Promise<string[]> {
  const rows = await idempotent(
    () => sql<{ id: string }[]>`
      SELECT id FROM bookings
      WHERE client_id = ${clientId} AND calendar_id = ${calendarId} AND status = 'confirmed' AND event_due IS NULL
        AND submitted_at < ${before} AND updated_at < ${before}
        AND shown && ${range(sql, span)} AND NOT id = ANY (${[...present]}::uuid[])
      LIMIT 200`,
  );
  return rows.map((row) => row.id);
}

function range(sql: SqlRunner, { startMs, endMs }: Span) {
  return sql`tstzrange(${new Date(startMs)}, ${new Date(endMs)}, '[)')`;
}
