// Appointments: held, confirmed, moved, cancelled, found. The exclusion constraint decides between two callers; all of
// it may be asked twice (a lost connection, a deadlock) and throws `unavailable` when the database does not answer.

import { newId } from '../../lib/ids.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** A stretch of time, the end not included, in milliseconds since 1970. */
interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Booking extends Span {
  readonly id: string;
  readonly resource: number;
  readonly status: 'held' | 'confirmed' | 'cancelled' | 'expired';
  readonly name: string;
  /** E.164 */
  readonly phone: string | undefined;
  readonly reason: string;
  readonly conversationId: string | undefined;
}

/** Where a booking is put. */
export interface Place extends Span {
  readonly resource: number;
  /** The time with its buffers: what must not overlap. */
  readonly during: Span;
}

export interface NewBooking {
  readonly clientId: string;
  readonly calendarId: string;
  /** Names the request: asked again while the booking is active it gives the same booking. */
  readonly idemKey: string;
  readonly name: string;
  readonly phone: string | undefined;
  readonly reason: string;
  readonly conversationId: string | undefined;
}

export type HoldOutcome =
  | { readonly status: 'held' | 'same'; readonly bookingId: string }
  | { readonly status: 'taken' };

/**
 * Holds a place for `holdMs`. `same` is answered, with name, phone and reason brought up to date, to a repeated request. Whoever has
 * a number is a contact of the client, and the booking theirs.
 */
export async function holdBooking(
  sql: Sql,
  booking: NewBooking,
  place: Place,
  { holdMs, nowMs }: { holdMs: number; nowMs: number },
): Promise<HoldOutcome> {
  const id = newId(nowMs);
  const [row] = await idempotent(
    () => sql<{ status: 'held' | 'same' | 'taken'; booking: string }[]>`
      SELECT status, booking FROM book_hold(${id}, ${booking.clientId}, ${booking.calendarId}, ${place.resource},
        ${range(sql, place)}, ${range(sql, place.during)}, ${booking.idemKey},
        make_interval(secs => ${holdMs / 1000}::float8), ${booking.name}, ${booking.phone ?? null}, ${booking.reason},
        ${booking.conversationId ?? null}, NULL)
    `,
  );
  return row!.status === 'taken'
    ? { status: 'taken' }
    : { status: row!.status, bookingId: row!.booking };
}

/**
 * Makes a held booking certain; a confirmed one is answered as it is. Undefined when the hold was given up. `etag`: of
 * its event in an outside calendar. Where the call that asked for it is over by now, this is what it came to after all.
 */
export async function confirmBooking(
  sql: SqlRunner,
  bookingId: string,
  etag: string | null = null,
): Promise<Booking | undefined> {
  const [row] = await idempotent(
    () => sql<BookingRow[]>`
      WITH confirmed AS (
        UPDATE bookings SET status = 'confirmed', hold_until = NULL, retry_at = NULL, event_etag = ${etag},
          updated_at = clock_timestamp()
        WHERE id = ${bookingId} AND status IN ('held', 'confirmed')
        RETURNING ${columns(sql)}
      ), ended AS (
        UPDATE conversations c SET outcome = 'booked' FROM confirmed
        WHERE c.id = confirmed.conversation_id AND c.ended_at IS NOT NULL AND c.outcome <> 'booked'
        RETURNING c.contact_id
      ), named AS (
        UPDATE contacts k SET name = confirmed.name, updated_at = clock_timestamp() FROM confirmed, ended
        WHERE k.id = ended.contact_id AND k.name = '' AND k.phone_number = confirmed.phone
      )
      SELECT * FROM confirmed`,
  );
  return row && toBooking(row);
}

export type MoveOutcome =
  | { readonly status: 'moved'; readonly booking: Booking }
  | { readonly status: 'taken' | 'gone' };

/** Puts a confirmed booking elsewhere, or one that is promised and of which no outside calendar knows, or leaves it where it is. `idemKey` names the request from then on. */
export async function moveBooking(
  sql: SqlRunner,
  move: { bookingId: string; clientId: string; calendarId: string; idemKey: string },
  place: Place,
): Promise<MoveOutcome> {
  const [row] = await idempotent(
    () => sql<{ status: 'moved' | 'taken' | 'gone' }[]>`
      SELECT status FROM book_move(${move.bookingId}, ${move.clientId}, ${move.calendarId}, ${place.resource},
        ${range(sql, place)}, ${range(sql, place.during)}, ${move.idemKey})
    `,
  );
  if (row!.status !== 'moved') return { status: row!.status };
  const booking = await findBooking(sql, move.clientId, move.bookingId);
  return booking ? { status: 'moved', booking } : { status: 'gone' };
}

/**
 * Gives the time back. False when the client has no such booking; cancelling again changes nothing and is true. What an
 * outside calendar may have of it is marked to be deleted there. Who was promised it and waits for a message is told.
 */
export async function cancelBooking(
  sql: SqlRunner,
  { bookingId, clientId }: { bookingId: string; clientId: string },
): Promise<boolean> {
  const rows = await idempotent(
    () => sql`
      WITH was AS (
        SELECT status, promised_at FROM bookings WHERE id = ${bookingId} AND client_id = ${clientId} FOR NO KEY UPDATE
      ), done AS (
        UPDATE bookings SET status = 'cancelled', hold_until = NULL, retry_at = NULL,
          event_due = CASE WHEN status = 'cancelled' THEN event_due WHEN submitted_at IS NOT NULL
            AND calendar_id IN (SELECT id FROM calendars WHERE google_id IS NOT NULL) THEN 'delete' END,
          updated_at = CASE WHEN status = 'cancelled' THEN updated_at ELSE clock_timestamp() END
        WHERE id = ${bookingId} AND client_id = ${clientId} AND status IN ('held', 'confirmed', 'cancelled')
          AND EXISTS (SELECT 1 FROM was)
        RETURNING id
      ), noted AS (
        INSERT INTO booking_changes (booking_id, kind)
        SELECT done.id, 'cancelled' FROM done, was WHERE was.status = 'held' AND was.promised_at IS NOT NULL
      )
      SELECT id FROM done
    `,
  );
  return rows.length > 0;
}

async function findBooking(
  sql: SqlRunner,
  clientId: string,
  bookingId: string,
): Promise<Booking | undefined> {
  const [row] = await idempotent(
    () => sql<BookingRow[]>`
    SELECT ${columns(sql)} FROM bookings WHERE id = ${bookingId} AND client_id = ${clientId}
  `,
  );
  return row && toBooking(row);
}

const LISTED_MAX = 500;

/** Confirmed and promised bookings of a client that start within a span, in order, at most 500. */
export async function listBookings(sql: Sql, clientId: string, span: Span): Promise<Booking[]> {
  const rows = await idempotent(
    () => sql<BookingRow[]>`
    SELECT ${columns(sql)} FROM bookings
    WHERE client_id = ${clientId} AND ${isKept(sql)}
      AND lower(shown) >= ${new Date(span.startMs)} AND lower(shown) < ${new Date(span.endMs)}
    ORDER BY lower(shown), id LIMIT ${LISTED_MAX}
  `,
  );
  return rows.map(toBooking);
}

/** Confirmed and promised bookings that a conversation has made, in order of their making. */
export async function listConversationBookings(
  sql: Sql,
  clientId: string,
  conversationId: string,
): Promise<Booking[]> {
  const rows = await idempotent(
    () => sql<BookingRow[]>`
    SELECT ${columns(sql)} FROM bookings
    WHERE conversation_id = ${conversationId} AND client_id = ${clientId} AND ${isKept(sql)}
    ORDER BY created_at, id LIMIT ${LISTED_MAX}
  `,
  );
  return rows.map(toBooking);
}

/** A promise to a caller is kept like what is certain, until it is known to come to nothing. */
function isKept(sql: SqlRunner) {
  return sql`(status = 'confirmed' OR status = 'held' AND promised_at IS NOT NULL)`;
}

/** What of a calendar is taken within a span, buffers included and joined. Holds that ran out count as free. */
export async function listBusy(
  sql: Sql,
  calendarId: string,
  span: Span,
): Promise<(Span & { readonly resource: number })[]> {
  const rows = await idempotent(
    () => sql<{ resource: number; start_ms: number; end_ms: number }[]>`
    SELECT resource, ${epochMs(sql, sql`lower(taken)`)} AS start_ms, ${epochMs(sql, sql`upper(taken)`)} AS end_ms
    FROM (
      SELECT resource, unnest(range_agg(during)) AS taken FROM bookings
      WHERE calendar_id = ${calendarId} AND status IN ('held', 'confirmed') AND during && ${range(sql, span)}
        AND NOT (status = 'held' AND submitted_at IS NULL AND hold_until < clock_timestamp())
      GROUP BY resource
    ) joined
  `,
  );
  return rows.map((row) => ({
    resource: row.resource,
    startMs: row.start_ms,
    endMs: row.end_ms,
  }));
}

interface BookingRow {
  readonly id: string;
  readonly resource: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly status: Booking['status'];
  readonly name: string;
  readonly phone: string | null;
  readonly reason: string;
  readonly conversation_id: string | null;
}

function toBooking(row: BookingRow): Booking {
  return {
    id: row.id,
    resource: row.resource,
    startMs: row.start_ms,
    endMs: row.end_ms,
    status: row.status,
    name: row.name,
    phone: row.phone ?? undefined,
    reason: row.reason,
    conversationId: row.conversation_id ?? undefined,
  };
}

function columns(sql: SqlRunner) {
  return sql`id, resource, ${epochMs(sql, sql`lower(shown)`)} AS start_ms,
    ${epochMs(sql, sql`upper(shown)`)} AS end_ms, status, name, phone, reason, conversation_id`;
}

function epochMs(sql: SqlRunner, instant: ReturnType<Sql>) {
  return sql`(extract(epoch FROM ${instant}) * 1000)::float8`;
}

function range(sql: SqlRunner, { startMs, endMs }: Span) {
  return sql`tstzrange(${new Date(startMs)}, ${new Date(endMs)}, '[)')`;
}
