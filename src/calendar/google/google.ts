// A client's calendar at Google: our own table decides between callers, Google between us and everybody else.

import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { listBusy } from '../../store/calendar/bookings.ts';
import { findCalendarLink, listWatched } from '../../store/calendar/calendar-links.ts';
import type { CalendarLink } from '../../store/calendar/calendar-links.ts';
import { listGoogleBusy } from '../../store/calendar/google-busy.ts';
import type { Sql } from '../../store/database/sql.ts';
import { promiseBooking } from '../../store/calendar/unfinished-bookings.ts';
import type { Busy } from '../availability.ts';
import type { OpenAccount } from './google-accounts.ts';
import { syncCalendar } from './google-sync.ts';
import type { Interval } from '../hours.ts';
import { openOwnTable } from '../own-table.ts';
import { noteTrouble } from './link-trouble.ts';
import { finishHold, RETRY_MS } from './outside-booking.ts';
import type { OutsideParts } from './outside-booking.ts';
import { cancelOutside, moveOutside } from './outside-change.ts';
import type { Calendar, ConfirmResult } from '../types.ts';
import { AppError } from '../../lib/errors.ts';

export interface GoogleCalendarParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  /** Rejects with `not_configured` when the client has no account at Google any more. */
  openAccount(clientId: string): Promise<OpenAccount>;
}

/** `link`: as the client has it now. Asks Google nothing. */
export function openGoogleCalendar(parts: GoogleCalendarParts, link: CalendarLink): Calendar {
  const { sql, clock, log } = parts;
  const { clientId, calendarId } = link;
  const home = { sql, clock, log, clientId, calendarId, open: outside };

  return {
    ...openOwnTable(parts, { clientId, calendarId }),
    async busy(window, signal) {
      signal.throwIfAborted();
      return busy(window);
    },
    confirm,
    move: (bookingId, slot, idemKey) => moveOutside(home, { bookingId, slot, idemKey }),
    cancel: (bookingId) => cancelOutside(home, bookingId),
  };

  /** From the copy. A client whose calendar has never been read is read now; without an answer nothing is free. */
  async function busy(window: Interval): Promise<readonly Busy[]> {
    const current = await findCalendarLink(sql, clientId);
    if (!current?.syncedAt) await syncCalendar(await outside());
    const [ours, google] = await Promise.all([
      listBusy(sql, calendarId, window),
      listGoogleBusy(sql, { clientId, calendarId }, window),
    ]);
    return [...ours, ...google];
  }

  async function confirm(bookingId: string): Promise<ConfirmResult> {
    try {
      return await finishHold(await outside(), bookingId);
    } catch (error) {
      await noteTrouble(parts, clientId, error);
      // The caller hears that they get a message, and the reconciler sees to it.
      const kept = await promiseBooking(sql, bookingId, RETRY_MS);
      return { status: kept ? 'pending' : 'taken' };
    }
  }

  /** Everything that is asked of Google is asked with the link as it is by then. */
  function outside(): Promise<OutsideParts> {
    return openOutside(parts, clientId);
  }
}

/** A client's link with its account opened. Rejects with `not_configured` when either is gone, or known to be broken. */
export async function openOutside(
  parts: GoogleCalendarParts,
  clientId: string,
  { evenBroken = false }: { readonly evenBroken?: boolean } = {},
): Promise<OutsideParts> {
  const { sql, clock, log } = parts;
  const [link, watched] = await Promise.all([
    findCalendarLink(sql, clientId),
    listWatched(sql, clientId),
  ]);
  if (!link) throw new AppError('not_configured', 'google: no calendar is linked');
  if (link.brokenAt && !evenBroken) throw new AppError('not_configured', 'google: broken link');
  const { calls } = await parts.openAccount(clientId);
  return { sql, clock, log, calls, link, watched };
}
