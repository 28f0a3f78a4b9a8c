// What every calendar of ours does alike, built in or Google's: its rules, holds and finds, all in our own database.

import type { Clock } from '../lib/clock.ts';
import { holdBooking, listBookings, listConversationBookings } from '../store/calendar/bookings.ts';
import { findBookingRules, listResources } from '../store/clients/opening-hours.ts';
import type { Sql } from '../store/database/sql.ts';
import type { Calendar } from './types.ts';

/** Our table decides between callers; who else may have the time is asked by what is built on this. */
export function openOwnTable(
  { sql, clock }: { readonly sql: Sql; readonly clock: Clock },
  { clientId, calendarId }: { readonly clientId: string; readonly calendarId: string },
): Pick<Calendar, 'id' | 'rules' | 'resources' | 'hold' | 'find'> {
  return {
    id: calendarId,
    async rules(signal) {
      signal.throwIfAborted();
      return findBookingRules(sql, clientId);
    },
    async resources(signal) {
      signal.throwIfAborted();
      return listResources(sql, calendarId);
    },
    async hold({ slot, idemKey, holdMs, details }, signal) {
      signal.throwIfAborted();
      const booking = { clientId, calendarId, idemKey, ...details };
      return holdBooking(sql, booking, slot, { holdMs, nowMs: clock.now() });
    },
    async find(query, signal) {
      signal.throwIfAborted();
      return 'startsWithin' in query
        ? listBookings(sql, clientId, query.startsWithin)
        : listConversationBookings(sql, clientId, query.conversationId);
    },
  };
}
