// Appointments as owners read them: in order of their start, also those that were cancelled, or are promised and not certain yet.

import { COUNTED_MAX, keyText, toPage } from '../database/keyset.ts';
import type { Page, PageQuery } from '../database/keyset.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface ListedBooking {
  readonly id: string;
  readonly clientId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly status: 'held' | 'confirmed' | 'cancelled' | 'expired';
  readonly name: string;
  /** E.164 */
  readonly phone: string | null;
  readonly reason: string;
  readonly conversationId: string | null;
  readonly contactId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** An outside calendar has not been told of it yet. */
  readonly waiting: boolean;
}

export interface BookingFilter {
  readonly clientId: string;
  readonly status?: string | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

/** Of a booking: held until an outside calendar answers, and promised to a caller meanwhile. */
export function isPromised(sql: Sql) {
  return sql`(status = 'held' AND promised_at IS NOT NULL)`;
}

/** Of a booking: an outside calendar has not been told of it, or of what was done with it. */
export function isWaiting(sql: Sql) {
  return sql`(event_due IS NOT NULL OR ${isPromised(sql)})`;
}

/** Earliest first. What was only held for a while is left out, unless it is asked for; what a caller was promised is not. */
export async function listOwnedBookings(
  sql: Sql,
  { clientId, status, from, until }: BookingFilter,
  { limit, offset, after }: PageQuery,
): Promise<Page<ListedBooking>> {
  const where = sql`client_id = ${clientId}
    ${status === undefined ? sql`AND (status IN ('confirmed', 'cancelled') OR ${isPromised(sql)})` : sql`AND status = ${status}`}
    ${from === undefined ? sql`` : sql`AND lower(shown) >= ${from}`}
    ${until === undefined ? sql`` : sql`AND lower(shown) < ${until}`}`;
  return idempotent(async () => {
    const [rows, [{ total }]] = await Promise.all([
      sql<(ListedBooking & { key: string })[]>`
        SELECT ${columns(sql)}, ${keyText(sql, sql`lower(shown)`)} AS key FROM bookings
        WHERE ${where}
          ${after ? sql`AND (lower(shown), id) > (${after.at}::text::timestamptz, ${after.id}::uuid)` : sql``}
        ORDER BY lower(shown), id LIMIT ${limit + 1} OFFSET ${offset}`,
      sql<[{ total: number }]>`
        SELECT count(*) AS total FROM (SELECT 1 FROM bookings WHERE ${where} LIMIT ${COUNTED_MAX}) counted`,
    ]);
    return toPage(rows, total, limit);
  });
}

export async function findOwnedBooking(
  sql: Sql,
  { id, clientId }: { id: string; clientId: string },
): Promise<ListedBooking | undefined> {
  const [row] = await idempotent(
    () => sql<ListedBooking[]>`
      SELECT ${columns(sql)} FROM bookings WHERE id = ${id} AND client_id = ${clientId}`,
  );
  return row;
}

function columns(sql: Sql) {
  return sql`id, client_id AS "clientId", lower(shown) AS "startsAt", upper(shown) AS "endsAt", status, name, phone,
    reason, conversation_id AS "conversationId", contact_id AS "contactId", created_at AS "createdAt",
    updated_at AS "updatedAt", ${isWaiting(sql)} AS waiting`;
}
