// Is a time free at Google, right now? And of two events for one time, is ours the one that stays?

import type { Sql } from '../../store/database/sql.ts';
import type { CalendarLink, WatchedCalendar } from '../../store/calendar/calendar-links.ts';
import { listOwnEvents } from '../../store/calendar/unfinished-bookings.ts';
import type { GoogleCalls, GoogleEvent } from './google-calls.ts';
import type { Interval } from '../hours.ts';
import { bookingIdOf, overlaps } from './outside-event.ts';

const RECHECK_MS = 3000;

export interface CheckParts {
  readonly sql: Sql;
  readonly calls: GoogleCalls;
  readonly link: CalendarLink;
  readonly watched: readonly WatchedCalendar[];
}

/** A time at one chair or person, for an appointment that may be there already. */
export interface Wanted {
  readonly bookingId: string;
  readonly resource: number;
  /** With its buffers. */
  readonly during: Interval;
}

/** Whether anybody but us has the time. Rejects when Google cannot say. */
export async function isTakenOutside(parts: CheckParts, wanted: Wanted): Promise<boolean> {
  const { calls, watched } = parts;
  const others = watched
    .filter(({ resource }) => resource === null || resource === wanted.resource)
    .map(({ googleId }) => googleId);
  const [rivals, busy] = await Promise.all([
    listRivals(parts, wanted),
    others.length > 0
      ? calls.freeBusy(others, wanted.during, { timeoutMs: RECHECK_MS })
      : undefined,
  ]);
  if (rivals.length > 0) return true;
  return [...(busy?.values() ?? [])].flat().some((each) => overlaps(each, wanted.during));
}

/** Events in the way that are not ours, or that somebody has moved by hand to where they are in the way. */
export async function listRivals(
  { sql, calls, link }: CheckParts,
  { bookingId, resource, during }: Wanted,
): Promise<readonly GoogleEvent[]> {
  const { events } = await calls.list(link.googleId, during, { timeoutMs: RECHECK_MS });
  const blocking = events.filter(
    ({ blocks, interval }) => blocks && interval && overlaps(interval, during),
  );
  const ids = blocking.flatMap((event) => bookingIdOf(event.id) ?? []);
  const own = await listOwnEvents(sql, link.calendarId, ids);
  return blocking.filter((event) => {
    const booking = own.get(bookingIdOf(event.id) ?? '');
    if (!booking) return true;
    if (booking.id === bookingId || booking.unsettled) return false;
    // Where our own table has it, our own constraint has decided already.
    const inPlace =
      booking.startMs === event.interval?.startMs && booking.endMs === event.interval.endMs;
    return !inPlace && booking.resource === resource;
  });
}
