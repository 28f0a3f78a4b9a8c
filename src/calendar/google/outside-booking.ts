// The booking sequence with Google: recheck, mark, insert under our id, verify, confirm. It may be cut off anywhere and
// taken up again from what is stored.

import { newId } from '../../lib/ids.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { confirmBooking } from '../../store/calendar/bookings.ts';
import type { Booking } from '../../store/calendar/bookings.ts';
import { notifyOwner } from '../../store/clients/notices.ts';
import type { SqlRunner } from '../../store/database/sql.ts';
import { idempotent } from '../../store/database/store-error.ts';
import {
  findOutsideBooking,
  followUpLost,
  giveUpHold,
  markSubmitted,
  postponeEvent,
  renameBooking,
  settleEvent,
} from '../../store/calendar/unfinished-bookings.ts';
import type { OutsideBooking } from '../../store/calendar/unfinished-bookings.ts';
import { tellCaller } from '../messages/booking-messages.ts';
import type { GoogleEvent } from './google-calls.ts';
import { isBroken } from './google-faults.ts';
import { eventIdOf, newEventOf, textsOf, wins } from './outside-event.ts';
import { isTakenOutside, listRivals } from './outside-checks.ts';
import type { CheckParts } from './outside-checks.ts';

const WRITE_MS = 4000;
const PATIENCE = { timeoutMs: WRITE_MS };
/** Attempts to insert, and the wait before the second, which doubles. */
const ATTEMPTS = 4;
const WAIT_MS = 150;
/** No further attempt is begun after this: a caller is listening. */
const BEGIN_WITHIN_MS = 8000;
/** How long a change waits that could not be made at once. */
export const RETRY_MS = 30_000;

export interface OutsideParts extends CheckParts {
  readonly clock: Clock;
  readonly log: Log;
}

export type Finished =
  | { readonly status: 'confirmed'; readonly booking: Booking }
  | { readonly status: 'taken' };

/**
 * Takes a held booking to its end. Rejects when Google cannot be asked or does not answer in time: what has been done is stored, and it may be
 * called again.
 */
export async function finishHold(parts: OutsideParts, bookingId: string): Promise<Finished> {
  const { sql } = parts;
  let booking = await findOutsideBooking(sql, bookingId);
  if (booking?.status === 'confirmed') return confirmAgain(parts, booking);
  if (booking?.status !== 'held') return { status: 'taken' };

  let event = booking.submittedAt ? await findOwn(parts, booking) : undefined;
  if (!event) {
    if (await isTakenOutside(parts, wantedBy(booking))) {
      await giveUp(parts, booking);
      return { status: 'taken' };
    }
    if (!(await markSubmitted(sql, booking.id))) return { status: 'taken' };
    // The caller may have moved it until now.
    booking = (await findOutsideBooking(sql, booking.id)) ?? booking;
    let put = await insert(parts, booking);
    if (put === 'foreign') {
      const nextId = newId(parts.clock.now());
      if (!(await renameBooking(sql, booking.id, nextId))) return { status: 'taken' };
      booking = { ...booking, id: nextId };
      if (!(await markSubmitted(sql, nextId))) return { status: 'taken' };
      put = await insert(parts, booking);
      if (put === 'foreign') throw new AppError('vendor_failed', 'google: our event ids are taken');
    }
    event = put;
  }
  const rivals = await listRivals(parts, wantedBy(booking));
  if (rivals.some((rival) => !wins(event, rival))) {
    await giveUp(parts, booking);
    return { status: 'taken' };
  }
  const confirmed = await confirmBooking(sql, booking.id, event.etag);
  if (!confirmed) {
    await removeEvent(parts, booking.id);
    return { status: 'taken' };
  }
  if (rivals.length > 0) await tellOfConflict(sql, booking);
  return { status: 'confirmed', booking: confirmed };
}

/** The event of a booking if it is at Google and was made by us. */
export async function findOwn(
  { calls, link }: OutsideParts,
  booking: OutsideBooking,
): Promise<GoogleEvent | undefined> {
  const event = await calls.get(link.googleId, eventIdOf(booking.id), PATIENCE);
  return event && !event.cancelled && event.bookingId === booking.id ? event : undefined;
}

/**
 * Writes the event. An answer that did not come may hide a success, so that each failure is followed by a look.
 * `foreign`: the id is taken by something that is not this booking.
 */
export async function insert(
  parts: OutsideParts,
  booking: OutsideBooking,
): Promise<GoogleEvent | 'foreign'> {
  const { calls, clock, link } = parts;
  const startedMs = clock.elapsed();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const made = await calls.insert(link.googleId, newEventOf(booking), PATIENCE);
      return made === 'exists' ? ((await findOwn(parts, booking)) ?? 'foreign') : made;
    } catch (error) {
      const late = clock.elapsed() - startedMs > BEGIN_WITHIN_MS;
      if (isBroken(error) || attempt >= ATTEMPTS || late) throw error;
    }
    await clock.sleep(WAIT_MS * 2 ** (attempt - 1));
    const stored = await findOwn(parts, booking).catch(() => undefined);
    if (stored) return stored;
  }
}

/** Deletes the event of a booking that is over; if that cannot be done now, somebody does it later. */
export async function removeEvent(parts: OutsideParts, bookingId: string): Promise<void> {
  const { sql, calls, link } = parts;
  try {
    await calls.remove(link.googleId, eventIdOf(bookingId), PATIENCE);
    await settleEvent(sql, bookingId, null, { due: 'delete', calendarId: link.calendarId });
  } catch (error) {
    await postponeEvent(sql, bookingId, 'delete', RETRY_MS);
    throw error;
  }
}

/** Callers are told at least this long before the time, or after half of what was left when it was promised. */
const NOTICE_MS = 3_600_000;

/** Until when an answer of Google's makes a promised hold an appointment: whoever was promised it has to know in time. */
export function answerableUntilMs({ startMs, promisedAt }: OutsideBooking): number {
  if (promisedAt === null) return startMs;
  return startMs - Math.min(NOTICE_MS, Math.max(0, startMs - promisedAt.getTime()) / 2);
}

const whys = {
  taken: 'the time was taken in Google Calendar meanwhile',
  unanswered: 'Google Calendar did not answer in time',
  left: 'another calendar was chosen meanwhile, where the time is taken',
};

/**
 * Within a transaction: a hold comes to nothing. Who was promised it gets a message, and the owner hears of it and still sees it.
 * `withEvent`: an event of ours may be at Google.
 */
export async function loseHold(
  tx: SqlRunner,
  booking: OutsideBooking,
  { withEvent, why }: { readonly withEvent: boolean; readonly why: keyof typeof whys },
): Promise<void> {
  const promised = booking.promisedAt !== null;
  const status = promised || why === 'taken' ? 'cancelled' : 'expired';
  const given = await giveUpHold(tx, booking.id, { status, withEvent });
  if (!given || !promised) return;
  await tellCaller(tx, 'sorry', booking);
  await followUpLost(tx, booking.id);
  const told = booking.phone === null ? 'We do not know their number.' : 'They are sent a message.';
  await notifyOwner(tx, {
    clientId: booking.clientId,
    kind: 'booking_lost',
    severity: 'warning',
    text: `A caller was told that an appointment would be confirmed, but ${whys[why]}: nothing is booked. ${told}`,
    dedupeKey: `booking_lost:${booking.id}`,
    data: { booking_id: booking.id, starts_at: new Date(booking.startMs).toISOString() },
  });
}

/** Somebody else has the time. */
async function giveUp(parts: OutsideParts, booking: OutsideBooking): Promise<void> {
  const { sql } = parts;
  const current = await findOutsideBooking(sql, booking.id);
  const withEvent = current?.submittedAt != null;
  await idempotent(() => sql.begin((tx) => loseHold(tx, booking, { withEvent, why: 'taken' })));
  // What remains to be deleted is stored: a failure here changes nothing for the caller.
  if (withEvent) await removeEvent(parts, booking.id).catch(() => {});
}

/** The same request once more, perhaps with a corrected name, which Google is told as well. */
async function confirmAgain(parts: OutsideParts, booking: OutsideBooking): Promise<Finished> {
  const { sql, calls, link } = parts;
  const confirmed = await confirmBooking(sql, booking.id, booking.eventEtag);
  if (!confirmed) return { status: 'taken' };
  if (booking.eventEtag !== null && booking.eventDue === null) {
    const own = { id: eventIdOf(booking.id), etag: booking.eventEtag };
    try {
      const changed = await calls.change(link.googleId, own, textsOf(booking), PATIENCE);
      if (typeof changed === 'object')
        await settleEvent(sql, booking.id, changed.etag, {
          due: null,
          calendarId: link.calendarId,
        });
    } catch (error) {
      parts.log.warn('the text of an event could not be corrected', {
        bookingId: booking.id,
        error,
      });
    }
  }
  return { status: 'confirmed', booking: confirmed };
}

export async function tellOfConflict(sql: SqlRunner, booking: OutsideBooking): Promise<void> {
  await notifyOwner(sql, {
    clientId: booking.clientId,
    kind: 'booking_conflict',
    severity: 'warning',
    text: 'An appointment overlaps something else in Google Calendar. Please look at both and move one of them.',
    dedupeKey: `booking_conflict:${booking.id}:${booking.startMs}`,
    data: { booking_id: booking.id, starts_at: new Date(booking.startMs).toISOString() },
  });
}

export function wantedBy(booking: OutsideBooking) {
  const { id: bookingId, resource, duringStartMs, duringEndMs } = booking;
  return { bookingId, resource, during: { startMs: duringStartMs, endMs: duringEndMs } };
}
