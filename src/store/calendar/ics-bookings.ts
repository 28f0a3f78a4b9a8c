// Appointments for other calendars to read.

import { isPromised } from './booking-list.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface FeedBooking {
  readonly id: string;
  readonly businessName: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly updatedMs: number;
  /** `held`: promised to a caller, and not certain yet. */
  readonly status: 'confirmed' | 'cancelled' | 'held';
  readonly name: string;
  readonly phone: string | null;
  readonly reason: string;
  readonly resourceName: string;
}

const FEED_MAX = 2000;

/** A client's appointments from some weeks ago on; cancelled ones as well, so that readers take them off, and promised ones. */
export async function listFeedBookings(sql: Sql, clientId: string): Promise<FeedBooking[]> {
  return idempotent(
    () => sql<FeedBooking[]>`
      SELECT ${columns(sql)} FROM ${tables(sql)}
      WHERE b.client_id = ${clientId} AND (b.status IN ('confirmed', 'cancelled') OR ${isPromised(sql)})
        AND lower(b.shown) > clock_timestamp() - interval '30 days'
      ORDER BY lower(b.shown), b.id LIMIT ${FEED_MAX}`,
  );
}

export async function findFeedBooking(sql: Sql, id: string): Promise<FeedBooking | undefined> {
  const [row] = await idempotent(
    () => sql<FeedBooking[]>`
      SELECT ${columns(sql)} FROM ${tables(sql)}
      WHERE b.id = ${id} AND b.status IN ('confirmed', 'cancelled') AND c.deleted_at IS NULL`,
  );
  return row;
}

function tables(sql: Sql) {
  return sql`bookings b JOIN clients c ON c.id = b.client_id
    JOIN resources r ON r.calendar_id = b.calendar_id AND r.number = b.resource`;
}

function columns(sql: Sql) {
  const ms = (instant: ReturnType<Sql>) => sql`(extract(epoch FROM ${instant}) * 1000)::float8`;
  return sql`b.id, c.name AS "businessName", ${ms(sql`lower(b.shown)`)} AS "startMs",
    ${ms(sql`upper(b.shown)`)} AS "endMs", ${ms(sql`b.updated_at`)} AS "updatedMs", b.status, b.name, b.phone, b.reason,
    r.name AS "resourceName"`;
}
