// The calendar of a client that has connected none: bookings in our own database.

import type { Clock } from '../lib/clock.ts';
import {
  cancelBooking,
  confirmBooking,
  listBusy,
  moveBooking,
} from '../store/calendar/bookings.ts';
import { ensureCalendar } from '../store/clients/opening-hours.ts';
import type { Sql } from '../store/database/sql.ts';
import { openOwnTable } from './own-table.ts';
import type { Calendar } from './types.ts';

/** Opens the client's calendar; the first time it is made. Statements are short and bounded by the pool's limits. */
export async function openBuiltInCalendar(
  { sql, clock }: { sql: Sql; clock: Clock },
  clientId: string,
): Promise<Calendar> {
  const calendarId = await ensureCalendar(sql, clientId, clock.now());
  return {
    ...openOwnTable({ sql, clock }, { clientId, calendarId }),
    async busy(window, signal) {
      signal.throwIfAborted();
      return listBusy(sql, calendarId, window);
    },
    async confirm(bookingId) {
      const booking = await confirmBooking(sql, bookingId);
      return booking ? { status: 'confirmed', booking } : { status: 'taken' };
    },
    move: (bookingId, slot, idemKey) =>
      moveBooking(sql, { bookingId, clientId, calendarId, idemKey }, slot),
    cancel: (bookingId) => cancelBooking(sql, { bookingId, clientId }),
  };
}
