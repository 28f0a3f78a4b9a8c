// Appointments that their callers are to be reminded of, each once for each time it has.

import type { SqlRunner, Transaction } from '../database/sql.ts';
import { outsideColumns, outsideTables } from './unfinished-bookings.ts';
import type { OutsideBooking } from './unfinished-bookings.ts';

/**
 * Marks and gives those whose time has come. What was booked or moved within that time needs no reminder: it is marked
 * and left out.
 */
export async function claimReminders(tx: Transaction, limit: number): Promise<OutsideBooking[]> {
  const runner = tx as SqlRunner;
  return runner<OutsideBooking[]>`
    WITH due AS (
      SELECT d.id FROM bookings d JOIN clients k ON k.id = d.client_id
      WHERE d.status = 'confirmed' AND d.reminded_at IS NULL AND d.phone IS NOT NULL
        AND lower(d.shown) > clock_timestamp() AND k.remind_hours IS NOT NULL AND k.deleted_at IS NULL
        AND lower(d.shown) < clock_timestamp() + make_interval(hours => k.remind_hours)
      ORDER BY lower(d.shown) LIMIT ${limit} FOR NO KEY UPDATE OF d SKIP LOCKED
    ), marked AS (
      UPDATE bookings SET reminded_at = clock_timestamp() FROM due WHERE bookings.id = due.id
      RETURNING bookings.id, bookings.updated_at AS changed, lower(bookings.shown) AS starts
    )
    SELECT ${outsideColumns(runner)} FROM ${outsideTables(runner)} JOIN marked ON marked.id = b.id
    WHERE marked.changed < marked.starts - make_interval(hours => c.remind_hours)`;
}
