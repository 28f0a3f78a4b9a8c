// What has happened to appointments and is not told yet. A trigger writes it, whoever makes the change.

import { eachAloneIn } from '../database/each-alone.ts';
import type { Sql, Transaction } from '../database/sql.ts';

export interface BookingChange {
  /** Of the last change told with this one: names it for ever. */
  readonly changeId: number;
  readonly bookingId: string;
  readonly clientId: string;
  readonly kind: 'booked' | 'rescheduled' | 'cancelled';
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly name: string;
  /** E.164 */
  readonly phone: string | null;
  readonly reason: string;
  readonly conversationId: string | null;
  readonly businessName: string;
  readonly zone: string;
  readonly language: string;
  /** The caller was told that they would get a message. */
  readonly promised: boolean;
}

/** Bookings told of at once. */
const TAKEN_MAX = 20;
/** Whoever changes something may change it again at once, outside a call as well. */
const SETTLED_SECONDS = 5;

/**
 * Takes the changes of bookings whose call is over, each booking's as one: what was booked and moved is a booking, what
 * was booked and cancelled nothing, unless a message about it was promised. `tell` runs in the same transaction; `fault` is
 * told of a change that cannot be told, and never will be. How many bookings there were.
 */
export async function takeBookingChanges(
  sql: Sql,
  tell: (tx: Transaction, change: BookingChange) => Promise<void>,
  fault: (change: BookingChange, error: Error) => void,
): Promise<number> {
  return sql.begin(async (tx) => {
    const due = await tx<{ id: string }[]>`
      SELECT b.id FROM bookings b
      WHERE b.id IN (SELECT booking_id FROM booking_changes
          WHERE at < clock_timestamp() - make_interval(secs => ${SETTLED_SECONDS}))
        AND NOT EXISTS (SELECT 1 FROM conversations v WHERE v.id = b.conversation_id AND v.ended_at IS NULL)
      ORDER BY b.id LIMIT ${TAKEN_MAX} FOR NO KEY UPDATE OF b SKIP LOCKED`;
    if (due.length === 0) return 0;
    const ids = due.map(({ id }) => id);
    const gone = await tx<{ id: number; bookingId: string; kind: BookingChange['kind'] }[]>`
      DELETE FROM booking_changes WHERE booking_id = ANY (${ids}::uuid[])
      RETURNING id, booking_id AS "bookingId", kind`;
    const rows = await tx<Omit<BookingChange, 'changeId' | 'kind'>[]>`
      SELECT b.id AS "bookingId", b.client_id AS "clientId", lower(b.shown) AS "startsAt", upper(b.shown) AS "endsAt",
        b.name, b.phone, b.reason, b.conversation_id AS "conversationId", c.name AS "businessName", c.zone, c.language,
        b.promised_at IS NOT NULL AS promised
      FROM bookings b JOIN clients c ON c.id = b.client_id
      WHERE b.id = ANY (${ids}::uuid[]) AND c.deleted_at IS NULL`;
    const told: BookingChange[] = [];
    for (const row of rows) {
      const changes = gone
        .filter(({ bookingId }) => bookingId === row.bookingId)
        .toSorted((a, b) => a.id - b.id);
      const [first] = changes;
      const last = changes.at(-1);
      if (!first || !last) continue;
      const undone = first.kind === 'booked' && last.kind === 'cancelled';
      if (undone && !row.promised) continue;
      const kind = first.kind === 'booked' && !undone ? 'booked' : last.kind;
      told.push({ ...row, kind, changeId: last.id });
    }
    await eachAloneIn(tx, told, tell, fault);
    return due.length;
  });
}
