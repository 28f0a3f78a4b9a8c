// Some days of a client's calendar as its owner looks at them: appointments of every kind, and when Google is busy besides.

import { isWaiting } from './booking-list.ts';
import type { Sql } from '../database/sql.ts';
import { listGoogleBusy } from './google-busy.ts';
import { idempotent } from '../database/store-error.ts';

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

export interface WeekBooking {
  readonly id: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly status: 'held' | 'confirmed' | 'cancelled';
  readonly resource: number;
  readonly name: string;
  readonly phone: string | null;
  readonly reason: string;
  readonly conversationId: string | null;
  readonly contactId: string | null;
  /** Google has not been told of it yet. */
  readonly waiting: boolean;
}

export interface WeekBusy {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly resource: number;
}

export interface Resource {
  readonly number: number;
  readonly name: string;
  readonly isActive: boolean;
}

const BOOKINGS_MAX = 2000;

/** Earliest first. Holds that ran out are left out, unless somebody was promised them. */
export async function listWeekBookings(
  sql: Sql,
  clientId: string,
  span: Span,
): Promise<WeekBooking[]> {
  return idempotent(
    () => sql<WeekBooking[]>`
      SELECT id, lower(shown) AS "startsAt", upper(shown) AS "endsAt", status, resource, name, phone, reason,
        conversation_id AS "conversationId", contact_id AS "contactId",
        ${isWaiting(sql)} AS waiting
      FROM bookings
      WHERE client_id = ${clientId}
        AND shown && tstzrange(${new Date(span.startMs)}, ${new Date(span.endMs)}, '[)')
        AND (status IN ('confirmed', 'cancelled') OR (status = 'held' AND (promised_at IS NOT NULL
          OR submitted_at IS NOT NULL OR hold_until > clock_timestamp())))
      ORDER BY lower(shown), id LIMIT ${BOOKINGS_MAX}`,
  );
}

/** When the client's calendars at Google are busy, but for our own appointments; no more than that is known. */
export async function listWeekBusy(
  sql: Sql,
  clientId: string,
  calendarId: string,
  span: Span,
): Promise<WeekBusy[]> {
  const busy = await listGoogleBusy(sql, { clientId, calendarId }, span);
  return busy
    .map(({ startMs, endMs, resource }) => ({
      startsAt: new Date(startMs),
      endsAt: new Date(endMs),
      resource,
    }))
    .toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime() || a.resource - b.resource);
}

/** The chairs or staff of a calendar, also those that are no longer booked. */
export async function listAllResources(sql: Sql, calendarId: string): Promise<Resource[]> {
  return idempotent(
    () => sql<Resource[]>`
      SELECT number, name, is_active AS "isActive" FROM resources
      WHERE calendar_id = ${calendarId} ORDER BY number`,
  );
}

/** Their names in the order in which they are filled; more than these are booked no longer, and keep what they have. */
export async function saveResources(
  sql: Sql,
  calendarId: string,
  names: readonly string[],
): Promise<void> {
  await idempotent(
    () => sql`
      WITH given AS (
        SELECT name, (place - 1)::int AS number
        FROM unnest(${[...names]}::text[]) WITH ORDINALITY AS list (name, place)
      ), others AS (
        UPDATE resources SET is_active = false
        WHERE calendar_id = ${calendarId} AND number NOT IN (SELECT number FROM given)
      )
      INSERT INTO resources (calendar_id, number, name) SELECT ${calendarId}::uuid, number, name FROM given
      ON CONFLICT (calendar_id, number) DO UPDATE SET name = excluded.name, is_active = true`,
  );
}
