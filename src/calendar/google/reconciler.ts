// Looks after what was begun and not ended, and keeps the copies fresh, in whichever process gets to it.

import { confirmBooking } from '../../store/calendar/bookings.ts';
import { claimDueLinks, findCalendarLink } from '../../store/calendar/calendar-links.ts';
import {
  claimUnfinished,
  giveUpHold,
  noteMissingEvent,
  promiseBooking,
  settleEvent,
} from '../../store/calendar/unfinished-bookings.ts';
import type { Sql } from '../../store/database/sql.ts';
import { idempotent } from '../../store/database/store-error.ts';
import type { OutsideBooking } from '../../store/calendar/unfinished-bookings.ts';
import type { GoogleCalendarParts } from './google.ts';
import { openOutside } from './google.ts';
import { syncCalendar } from './google-sync.ts';
import { noteTrouble } from './link-trouble.ts';
import { answerableUntilMs, findOwn, finishHold, loseHold } from './outside-booking.ts';
import type { OutsideParts } from './outside-booking.ts';
import { tellDueChange } from './outside-change.ts';
import { sendReminders } from '../messages/reminders.ts';

/** Every interval that tests shorten. */
export interface CalendarTimers {
  /** Between two rounds of one process. */
  readonly roundMs: number;
  /** Nobody else looks after the same thing so long. */
  readonly leaseMs: number;
  /** An event that Google does not know is believed to be missing after so long. */
  readonly missingMs: number;
  /** How old a copy may become. */
  readonly syncMs: number;
  /** A link that Google refuses is tried again after so long: somebody may have shared the calendar again. */
  readonly brokenMs: number;
}

export const calendarTimers: CalendarTimers = {
  roundMs: 10_000,
  leaseMs: 60_000,
  missingMs: 30_000,
  syncMs: 60_000,
  brokenMs: 600_000,
};

/** In one round. */
const BOOKINGS_MAX = 50;
const LINKS_MAX = 50;
const AT_ONCE = 8;

export interface ReconcilerParts extends GoogleCalendarParts {
  readonly timers: CalendarTimers;
}

/** Runs until the signal aborts; then resolves. */
export async function runReconciler(parts: ReconcilerParts, signal: AbortSignal): Promise<void> {
  const { clock, log, timers } = parts;
  while (!signal.aborted) {
    try {
      await reconcile(parts);
    } catch (error) {
      log.warn('appointments could not be looked after', { error });
    }
    await clock.sleep(timers.roundMs, signal).catch(() => {});
  }
}

/** One round: unfinished appointments, links that are due, reminders. */
export async function reconcile(parts: ReconcilerParts): Promise<void> {
  const { sql, log, timers } = parts;
  const { leaseMs } = timers;
  const unfinished = await claimUnfinished(sql, { limit: BOOKINGS_MAX, leaseMs });
  await each(unfinished, (booking) =>
    finish(parts, booking).catch((error: unknown) =>
      log.error('an appointment could not be looked after', { bookingId: booking.id, error }),
    ),
  );
  const due = await claimDueLinks(sql, {
    limit: LINKS_MAX,
    syncMs: timers.syncMs,
    brokenMs: timers.brokenMs,
  });
  await each(due, (clientId) => syncLink(parts, clientId));
  await sendReminders(parts);
}

/** Reads what is new at Google for one client. Never rejects; true when Google has answered. */
export async function syncLink(parts: GoogleCalendarParts, clientId: string): Promise<boolean> {
  try {
    await syncCalendar(await openOutside(parts, clientId, { evenBroken: true }));
    return true;
  } catch (error) {
    await noteTrouble(parts, clientId, error);
    return false;
  }
}

/** TRUST 4.4: what to do depends on what Google says. */
async function finish(parts: ReconcilerParts, booking: OutsideBooking): Promise<void> {
  const { sql, clock } = parts;
  try {
    const untilMs = Math.min(answerableUntilMs(booking), booking.duringStartMs);
    if (booking.status === 'held' && untilMs <= clock.now()) {
      return await lose(parts, booking, 'unanswered');
    }
    if (!(await findCalendarLink(sql, booking.clientId))) return await finishAtHome(parts, booking);
    const outside = await openOutside(parts, booking.clientId);
    if (outside.link.calendarId !== booking.calendarId) return await leave(parts, booking);
    if (booking.eventDue !== null) return await tellDueChange(outside, booking);
    if (booking.promisedAt !== null || (await isThere(outside, booking))) {
      await finishHold(outside, booking.id);
      return;
    }
    const since = await noteMissingEvent(sql, booking.id);
    if (since && clock.now() - since.getTime() >= parts.timers.missingMs) {
      await giveUpHold(sql, booking.id, { status: 'expired', withEvent: false });
    }
  } catch (error) {
    await noteTrouble(parts, booking.clientId, error);
    if (booking.status === 'held') await promiseAgain(parts, booking);
  }
}

async function isThere(outside: OutsideParts, booking: OutsideBooking): Promise<boolean> {
  return (await findOwn(outside, booking)) !== undefined;
}

/** Nobody can wait for an answer any longer. Should Google have the event after all, it is deleted. */
async function lose(
  { sql }: { readonly sql: Sql },
  booking: OutsideBooking,
  why: 'unanswered' | 'left',
): Promise<void> {
  const withEvent = why === 'unanswered' && booking.submittedAt !== null;
  await idempotent(() => sql.begin((tx) => loseHold(tx, booking, { withEvent, why })));
}

/** The client has parted from Google: what was promised is certain now, since nobody else is to be asked. */
async function finishAtHome({ sql }: ReconcilerParts, booking: OutsideBooking): Promise<void> {
  if (booking.status === 'held' && booking.promisedAt !== null) {
    await confirmBooking(sql, booking.id);
  } else await leave({ sql }, booking);
}

/** The calendar it was for is no longer the client's. */
async function leave({ sql }: { readonly sql: Sql }, booking: OutsideBooking): Promise<void> {
  if (booking.status === 'held') {
    await lose({ sql }, booking, 'left');
  } else {
    const { eventDue: due, calendarId } = booking;
    await settleEvent(sql, booking.id, booking.eventEtag, { due, calendarId });
  }
}

async function promiseAgain({ sql, timers }: ReconcilerParts, booking: OutsideBooking) {
  if (booking.promisedAt !== null) await promiseBooking(sql, booking.id, timers.leaseMs);
}

async function each<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
    }),
  );
}
