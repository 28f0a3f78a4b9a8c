// The calendar of a client that has connected none: bookings in our own database.

import type { Clock } from '../lib/clock.ts';
import {
  cancelBooking,
  confirmBooking,
  holdBooking,
  listBookings,
  listBusy,
  listConversationBookings,
  moveBooking,
} from '../store/bookings.ts';
import { ensureCalendar, findBookingRules, listResources } from '../store/opening-hours.ts';
import type { Sql, SqlRunner } from '../store/sql.ts';
import { idempotent } from '../store/store-error.ts';
import { findOutsideBooking } from '../store/unfinished-bookings.ts';
import type { BookingMessages } from './booking-messages.ts';
import type { MessageKind } from './message-text.ts';
import type { Calendar } from './types.ts';

export interface BuiltInCalendarParts {
  readonly sql: Sql;
  readonly clock: Clock;
  /** Without it nobody is sent anything. */
  readonly messages?: BookingMessages;
}

/** Opens the client's calendar; the first time it is made. Statements are short and bounded by the pool's limits. */
export async function openBuiltInCalendar(
  { sql, clock, messages }: BuiltInCalendarParts,
  clientId: string,
): Promise<Calendar> {
  const calendarId = await ensureCalendar(sql, clientId, clock.now());
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
    async busy(window, signal) {
      signal.throwIfAborted();
      return listBusy(sql, calendarId, window);
    },
    async hold({ slot, idemKey, holdMs, details }, signal) {
      signal.throwIfAborted();
      const booking = { clientId, calendarId, idemKey, ...details };
      return holdBooking(sql, booking, slot, { holdMs, nowMs: clock.now() });
    },
    confirm: (bookingId) =>
      together(async (tx) => {
        const booking = await confirmBooking(tx, bookingId);
        if (!booking) return { status: 'taken' } as const;
        await tell(tx, 'confirmed', bookingId);
        return { status: 'confirmed', booking } as const;
      }),
    move: (bookingId, slot, idemKey) =>
      together(async (tx) => {
        const moved = await moveBooking(tx, { bookingId, clientId, calendarId, idemKey }, slot);
        if (moved.status === 'moved') await tell(tx, 'moved', bookingId);
        return moved;
      }),
    cancel: (bookingId) =>
      together(async (tx) => {
        const cancelled = await cancelBooking(tx, { bookingId, clientId });
        if (cancelled) await tell(tx, 'cancelled', bookingId);
        return cancelled;
      }),
    async find(query, signal) {
      signal.throwIfAborted();
      return 'startsWithin' in query
        ? listBookings(sql, clientId, query.startsWithin)
        : listConversationBookings(sql, clientId, query.conversationId);
    },
  };

  /** What is done, and what is sent about it: both or neither. */
  function together<T>(act: (tx: SqlRunner) => Promise<T>): Promise<T> {
    return idempotent(() => sql.begin((tx) => act(tx as SqlRunner)) as Promise<T>);
  }

  async function tell(tx: SqlRunner, kind: MessageKind, bookingId: string): Promise<void> {
    const booking = messages && (await findOutsideBooking(tx, bookingId));
    if (booking) await messages.tell(tx, kind, booking);
  }
}
