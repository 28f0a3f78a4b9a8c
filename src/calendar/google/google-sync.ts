// Keeps the copy of a client's calendars at Google fresh, and follows what the owner does there with our appointments.

import { cancelBooking, moveBooking } from '../../store/calendar/bookings.ts';
import { listWatched } from '../../store/calendar/calendar-links.ts';
import type { CalendarLink } from '../../store/calendar/calendar-links.ts';
import {
  changeGoogleBusy,
  listAbsentBookings,
  noteCopied,
  noteSynced,
  replaceGoogleBusy,
} from '../../store/calendar/google-busy.ts';
import type { CopiedEvent } from '../../store/calendar/google-busy.ts';
import { findBookingRules } from '../../store/clients/opening-hours.ts';
import type { SqlRunner } from '../../store/database/sql.ts';
import { idempotent } from '../../store/database/store-error.ts';
import {
  findOutsideBooking,
  lockUnchanged,
  settleEvent,
} from '../../store/calendar/unfinished-bookings.ts';
import type { OutsideBooking } from '../../store/calendar/unfinished-bookings.ts';
import type { GoogleEvent } from './google-calls.ts';
import type { Interval } from '../hours.ts';
import { tellOfConflict } from './outside-booking.ts';
import { eachAlone } from '../../store/database/each-alone.ts';
import type { OutsideParts } from './outside-booking.ts';
import { bookingIdOf, eventIdOf } from './outside-event.ts';

const PATIENCE = { timeoutMs: 15_000 };
const DAY_MS = 86_400_000;
/** The whole is read again after this, so that no mistake of a change lasts. */
const FULL_EVERY_MS = 3_600_000;
/** Google refuses free/busy questions about more. */
const FREE_BUSY_MS = 56 * DAY_MS;
/** Beyond what may be booked, so that the copy need not be made anew each day. */
const MARGIN_DAYS = 7;
const HORIZON_DEFAULT_DAYS = 60;

/** Reads what is new at Google. Rejects when it does not answer; what was read until then is kept. */
export async function syncCalendar(parts: OutsideParts): Promise<void> {
  const { sql, clock, link } = parts;
  const { clientId } = link;
  const rules = await findBookingRules(sql, clientId);
  const nowMs = clock.now();
  const horizonMs = ((rules?.horizonDays ?? HORIZON_DEFAULT_DAYS) + 1) * DAY_MS;
  const window = { startMs: nowMs - DAY_MS, endMs: nowMs + horizonMs };
  const events = await readWritten(parts, window, nowMs);
  const faults: Error[] = [];
  await eachAlone(
    events,
    (event) => follow(parts, event),
    (_event, error) => faults.push(error),
  );
  for (const { googleId } of await listWatched(sql, clientId)) {
    await copyWatched(parts, googleId, window);
  }
  const [fault] = faults;
  if (fault) throw fault;
  await noteSynced(sql, link);
}

/** The changes since the last time, or all. */
async function readWritten(
  parts: OutsideParts,
  window: Interval,
  nowMs: number,
): Promise<readonly GoogleEvent[]> {
  const { calls, link } = parts;
  if (isCopied(link, window, nowMs)) {
    const changes = await calls.listChanges(link.googleId, link.syncToken!, PATIENCE);
    if (changes) {
      await idempotent(() =>
        parts.sql.begin(async (tx) => {
          const changed = changes.events.flatMap(copied);
          const gone = changes.events.filter((each) => !each.blocks).map((each) => each.id);
          await changeGoogleBusy(tx, link, { changed, gone });
          await noteCopied(tx, link, { token: changes.token, fullUntil: undefined });
        }),
      );
      return changes.events;
    }
  }
  return readAll(parts, window, nowMs);
}

async function readAll(
  parts: OutsideParts,
  window: Interval,
  nowMs: number,
): Promise<readonly GoogleEvent[]> {
  const { sql, calls, link } = parts;
  const wide = { startMs: window.startMs, endMs: window.endMs + MARGIN_DAYS * DAY_MS };
  const { events, token } = await calls.list(link.googleId, wide, PATIENCE);
  await idempotent(() =>
    sql.begin(async (tx) => {
      await replaceGoogleBusy(tx, link, events.flatMap(copied));
      await noteCopied(tx, link, { token, fullUntil: new Date(wide.endMs) });
    }),
  );
  // An appointment that is not in the list was deleted, or moved out of it: Google is asked for each.
  const present = events.flatMap((event) => bookingIdOf(event.id) ?? []);
  const before = new Date(nowMs - 60_000);
  const absent = await listAbsentBookings(sql, link, wide, { present, before });
  const found = await Promise.all(
    absent.map((id) => calls.get(link.googleId, eventIdOf(id), PATIENCE)),
  );
  return [...events, ...found.filter((event) => event !== undefined)];
}

function isCopied(link: CalendarLink, window: Interval, nowMs: number): boolean {
  const { syncToken, copiedAt, copiedUntil } = link;
  if (!syncToken || !copiedAt || !copiedUntil) return false;
  return copiedUntil.getTime() >= window.endMs && nowMs - copiedAt.getTime() < FULL_EVERY_MS;
}

function copied({ id, blocks, interval }: GoogleEvent): CopiedEvent[] {
  if (!blocks || !interval) return [];
  return [{ eventId: id, ...interval, bookingId: bookingIdOf(id) }];
}

/** Of the others nothing is known but when they are busy. */
async function copyWatched(
  { sql, calls, link }: OutsideParts,
  googleId: string,
  window: Interval,
): Promise<void> {
  const busy: CopiedEvent[] = [];
  for (let startMs = window.startMs; startMs < window.endMs; startMs += FREE_BUSY_MS) {
    const part = { startMs, endMs: Math.min(startMs + FREE_BUSY_MS, window.endMs) };
    const found = (await calls.freeBusy([googleId], part, PATIENCE)).get(googleId) ?? [];
    for (const each of found) {
      busy.push({ eventId: `busy_${each.startMs}_${startMs}`, ...each, bookingId: undefined });
    }
  }
  const { clientId } = link;
  await idempotent(() => sql.begin((tx) => replaceGoogleBusy(tx, { clientId, googleId }, busy)));
}

/** What the owner has done with an appointment of ours: deleted it, or moved it. */
async function follow(parts: OutsideParts, listed: GoogleEvent): Promise<void> {
  const { sql, calls, link } = parts;
  const id = bookingIdOf(listed.id);
  const booking = id === undefined ? undefined : await findOutsideBooking(sql, id);
  // What is still to be told to Google is newer than what Google says; what is only held belongs to a call.
  if (booking?.calendarId !== link.calendarId || booking.clientId !== link.clientId) return;
  if (booking.eventDue !== null || booking.status !== 'confirmed') return;
  if (booking.eventEtag === listed.etag && !listed.cancelled) return;
  // A list may be older than our own last change; what is asked for after the row was read is not.
  const event = await calls.get(link.googleId, listed.id, PATIENCE);
  if (!event) return;
  await idempotent(() =>
    sql.begin(async (tx) => {
      if (await lockUnchanged(tx, booking)) await adopt(tx, booking, event);
    }),
  );
}

/** The caller is told as if we had done it. A conflict is for the owner to solve: nothing is guessed. */
async function adopt(
  tx: SqlRunner,
  booking: OutsideBooking,
  { cancelled, etag, interval }: GoogleEvent,
): Promise<void> {
  const { id: bookingId, clientId, calendarId, resource } = booking;
  if (cancelled) {
    await cancelBooking(tx, { bookingId, clientId });
    return settleEvent(tx, bookingId, null, { due: 'delete', calendarId });
  }
  if (!interval) return;
  const moves = interval.startMs !== booking.startMs || interval.endMs !== booking.endMs;
  if (!moves) return settleEvent(tx, bookingId, etag, { due: null, calendarId });
  const during = {
    startMs: interval.startMs - (booking.startMs - booking.duringStartMs),
    endMs: interval.endMs + (booking.duringEndMs - booking.endMs),
  };
  const idemKey = `google:${bookingId}:${etag}`.slice(0, 200);
  const place = { ...interval, resource, during };
  const moved = await moveBooking(tx, { bookingId, clientId, calendarId, idemKey }, place);
  if (moved.status === 'taken') return tellOfConflict(tx, { ...booking, ...interval });
  await settleEvent(tx, bookingId, etag, { due: null, calendarId });
}
