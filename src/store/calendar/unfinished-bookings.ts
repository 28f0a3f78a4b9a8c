// Appointments that an outside calendar is still to be told of: what was sent, what was promised, what is due again.

import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** How many the client's owner may be waiting for. */
export async function countWaitingBookings(sql: Sql, clientId: string): Promise<number> {
  const [row] = await idempotent(
    () => sql<[{ count: number }]>`
      SELECT count(*) AS count FROM bookings WHERE client_id = ${clientId}
        AND ((status = 'held' AND promised_at IS NOT NULL) OR event_due IS NOT NULL)`,
  );
  return row.count;
}

/** Appointments to come whose event is in this calendar. */
export async function listWrittenBookings(
  sql: Sql,
  { clientId, calendarId }: { clientId: string; calendarId: string },
): Promise<string[]> {
  const rows = await idempotent(
    () => sql<{ id: string }[]>`
      SELECT id FROM bookings WHERE client_id = ${clientId} AND calendar_id = ${calendarId} AND status = 'confirmed'
        AND submitted_at IS NOT NULL AND upper(during) > clock_timestamp()
      ORDER BY lower(shown) LIMIT 500`,
  );
  return rows.map((row) => row.id);
}

/** An appointment as an outside calendar needs it. */
export interface OutsideBooking {
  readonly id: string;
  readonly clientId: string;
  readonly calendarId: string;
  readonly resource: number;
  readonly resourceName: string;
  readonly startMs: number;
  readonly endMs: number;
  /** With its buffers. */
  readonly duringStartMs: number;
  readonly duringEndMs: number;
  readonly status: 'held' | 'confirmed' | 'cancelled' | 'expired';
  readonly name: string;
  readonly phone: string | null;
  readonly reason: string;
  /** Of the client, as all that follows. */
  readonly zone: string;
  readonly language: string;
  readonly businessName: string;
  readonly submittedAt: Date | null;
  readonly promisedAt: Date | null;
  readonly missingSince: Date | null;
  readonly eventEtag: string | null;
  readonly eventDue: 'insert' | 'patch' | 'delete' | null;
}

export async function findOutsideBooking(
  sql: SqlRunner,
  bookingId: string,
): Promise<OutsideBooking | undefined> {
  const [row] = await idempotent(
    () => sql<OutsideBooking[]>`
      SELECT ${outsideColumns(sql)} FROM ${outsideTables(sql)} WHERE b.id = ${bookingId}`,
  );
  return row;
}

/** Says that Google may have the event from now on; false when the booking was given up meanwhile. */
export async function markSubmitted(sql: Sql, bookingId: string): Promise<boolean> {
  return changed(
    () => sql`
      UPDATE bookings SET submitted_at = coalesce(submitted_at, clock_timestamp()), missing_since = NULL
      WHERE id = ${bookingId} AND status IN ('held', 'confirmed') RETURNING 1`,
  );
}

/** Keeps the hold until Google has answered: the caller was told so. Someone looks after it from `retryMs` on. */
export async function promiseBooking(
  sql: Sql,
  bookingId: string,
  retryMs: number,
): Promise<boolean> {
  return changed(
    () => sql`
      UPDATE bookings SET promised_at = coalesce(promised_at, clock_timestamp()),
        retry_at = clock_timestamp() + make_interval(secs => ${retryMs / 1000}::float8)
      WHERE id = ${bookingId} AND status = 'held' RETURNING 1`,
  );
}

/** Gives a hold up because somebody else has the time. `withEvent`: an event of ours may be at Google. */
export async function giveUpHold(
  sql: SqlRunner,
  bookingId: string,
  { status, withEvent }: { status: 'cancelled' | 'expired'; withEvent: boolean },
): Promise<boolean> {
  const rows = await sql`
    UPDATE bookings SET status = ${status}, hold_until = NULL, updated_at = clock_timestamp(),
      event_due = CASE WHEN ${withEvent} THEN 'delete' END
    WHERE id = ${bookingId} AND status = 'held' RETURNING 1`;
  return rows.length > 0;
}

const LOST = 'The caller was promised an appointment that did not come true.';

/** Within a transaction: somebody should get back to who was promised this one. */
export async function followUpLost(tx: SqlRunner, bookingId: string): Promise<void> {
  await tx`
    UPDATE reviews r SET follow_up = true, follow_up_reason = coalesce(nullif(follow_up_reason, ''), ${LOST})
    FROM bookings b WHERE b.id = ${bookingId} AND r.conversation_id = b.conversation_id`;
}

/** The id is used up at Google. False when the booking is over. */
export async function renameBooking(sql: Sql, bookingId: string, nextId: string): Promise<boolean> {
  return changed(
    () => sql`
      UPDATE bookings SET id = ${nextId}, submitted_at = NULL
      WHERE id = ${bookingId} AND status IN ('held', 'confirmed') RETURNING 1`,
  );
}

/**
 * What Google has been told is as it is here; its etag, if there is still an event. Not where the appointment has gone to
 * another calendar meanwhile, which is still to be told of it.
 */
export async function settleEvent(
  sql: SqlRunner,
  bookingId: string,
  etag: string | null,
  { due, calendarId }: { due: OutsideBooking['eventDue']; calendarId: string },
): Promise<void> {
  await idempotent(
    () => sql`
      UPDATE bookings SET event_etag = ${etag}, event_due = NULL, retry_at = NULL
      WHERE id = ${bookingId} AND calendar_id = ${calendarId} AND event_due IS NOT DISTINCT FROM ${due}`,
  );
}

/**
 * Within a transaction: whether nobody has changed the booking's event since it was read, and nobody can until the
 * transaction ends.
 */
export async function lockUnchanged(
  tx: SqlRunner,
  { id, calendarId, eventEtag }: Pick<OutsideBooking, 'id' | 'calendarId' | 'eventEtag'>,
): Promise<boolean> {
  await tx`SELECT 1 FROM calendars WHERE id = ${calendarId} FOR NO KEY UPDATE`;
  const rows = await tx`
    SELECT 1 FROM bookings WHERE id = ${id} AND status = 'confirmed' AND event_due IS NULL
      AND event_etag IS NOT DISTINCT FROM ${eventEtag} FOR NO KEY UPDATE`;
  return rows.length > 0;
}

/** The caller of a change that Google could not be told of yet gets a message about it. */
export async function promiseMessage(sql: Sql, bookingId: string): Promise<void> {
  await idempotent(
    () => sql`
      UPDATE bookings SET promised_at = coalesce(promised_at, clock_timestamp()) WHERE id = ${bookingId}`,
  );
}

/** Google is to be told later. */
export async function postponeEvent(
  sql: SqlRunner,
  bookingId: string,
  due: NonNullable<OutsideBooking['eventDue']>,
  retryMs: number,
): Promise<void> {
  await idempotent(
    () => sql`
      UPDATE bookings SET event_due = ${due},
        retry_at = clock_timestamp() + make_interval(secs => ${retryMs / 1000}::float8)
      WHERE id = ${bookingId}`,
  );
}

/** Google does not know the event of a hold: since when. */
export async function noteMissingEvent(sql: Sql, bookingId: string): Promise<Date | undefined> {
  const [row] = await idempotent(
    () => sql<{ since: Date }[]>`
      UPDATE bookings SET missing_since = coalesce(missing_since, clock_timestamp())
      WHERE id = ${bookingId} AND status = 'held' RETURNING missing_since AS since`,
  );
  return row?.since;
}

/**
 * What somebody must look after, each given to one asker for `leaseMs`: holds that ran out, promises and changes whose
 * time has come. Holds that Google has never been told of and nobody was promised just expire.
 */
export async function claimUnfinished(
  sql: Sql,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<OutsideBooking[]> {
  await idempotent(
    () => sql`
      UPDATE bookings SET status = 'expired', updated_at = clock_timestamp()
      WHERE status = 'held' AND submitted_at IS NULL AND promised_at IS NULL AND hold_until < clock_timestamp()`,
  );
  return idempotent(
    () => sql<OutsideBooking[]>`
      WITH due AS (
        SELECT id FROM bookings
        WHERE (event_due IS NOT NULL OR (status = 'held' AND (promised_at IS NOT NULL OR hold_until < clock_timestamp())))
          AND coalesce(retry_at, '-infinity') <= clock_timestamp()
        ORDER BY retry_at NULLS FIRST LIMIT ${limit} FOR UPDATE SKIP LOCKED
      ), claimed AS (
        UPDATE bookings SET retry_at = clock_timestamp() + make_interval(secs => ${leaseMs / 1000}::float8)
        FROM due WHERE bookings.id = due.id RETURNING bookings.id
      )
      SELECT ${outsideColumns(sql)} FROM ${outsideTables(sql)} JOIN claimed ON claimed.id = b.id`,
  );
}

/** An appointment of ours as it should be at Google. */
export interface OwnEvent {
  readonly id: string;
  readonly resource: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Google is to have no event of it, or is still to be told of a change. */
  readonly unsettled: boolean;
}

/** Which of the ids are appointments in this calendar, whatever has become of them. */
export async function listOwnEvents(
  sql: Sql,
  calendarId: string,
  bookingIds: readonly string[],
): Promise<ReadonlyMap<string, OwnEvent>> {
  if (bookingIds.length === 0) return new Map();
  const rows = await idempotent(
    () => sql<OwnEvent[]>`
      SELECT id, resource, (extract(epoch FROM lower(shown)) * 1000)::float8 AS "startMs",
        (extract(epoch FROM upper(shown)) * 1000)::float8 AS "endMs",
        status NOT IN ('held', 'confirmed') OR event_due IS NOT NULL AS unsettled
      FROM bookings WHERE calendar_id = ${calendarId} AND id = ANY (${[...bookingIds]}::uuid[])`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

async function changed(act: () => PromiseLike<readonly unknown[]>): Promise<boolean> {
  return (await idempotent(act)).length > 0;
}

/** For a query of appointments as `b` with their clients as `c`. */
export function outsideTables(sql: SqlRunner) {
  return sql`bookings b JOIN clients c ON c.id = b.client_id
    JOIN resources r ON r.calendar_id = b.calendar_id AND r.number = b.resource`;
}

export function outsideColumns(sql: SqlRunner) {
  const ms = (instant: ReturnType<Sql>) => sql`(extract(epoch FROM ${instant}) * 1000)::float8`;
  return sql`b.id, b.client_id AS "clientId", b.calendar_id AS "calendarId", b.resource, r.name AS "resourceName",
    ${ms(sql`lower(b.shown)`)} AS "startMs", ${ms(sql`upper(b.shown)`)} AS "endMs",
    ${ms(sql`lower(b.during)`)} AS "duringStartMs", ${ms(sql`upper(b.during)`)} AS "duringEndMs",
    b.status, b.name, b.phone, b.reason, c.zone, c.language, c.name AS "businessName", b.submitted_at AS "submittedAt", b.promised_at AS "promisedAt",
    b.missing_since AS "missingSince", b.event_etag AS "eventEtag", b.event_due AS "eventDue"`;
}
