// Moving and cancelling with Google: our own table first, which no other caller can overtake, then the event by its etag.

import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import { cancelBooking, moveBooking } from '../../store/calendar/bookings.ts';
import type { Booking } from '../../store/calendar/bookings.ts';
import type { Sql } from '../../store/database/sql.ts';
import { idempotent } from '../../store/database/store-error.ts';
import {
  findOutsideBooking,
  markSubmitted,
  postponeEvent,
  promiseMessage,
  renameBooking,
  settleEvent,
} from '../../store/calendar/unfinished-bookings.ts';
import type { OutsideBooking } from '../../store/calendar/unfinished-bookings.ts';
import type { Slot } from '../availability.ts';
import type { GoogleEvent } from './google-calls.ts';
import { noteTrouble } from './link-trouble.ts';
import { insert, removeEvent, RETRY_MS, tellOfConflict, wantedBy } from './outside-booking.ts';
import type { OutsideParts } from './outside-booking.ts';
import { isTakenOutside } from './outside-checks.ts';
import { eventIdOf } from './outside-event.ts';
import type { MoveResult } from '../types.ts';

const PATIENCE = { timeoutMs: 4000 };
/** Etags that change under us; after so many somebody is quicker than we are. */
const ATTEMPTS = 3;

/** What needs no answer from Google. */
export interface HomeParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly clientId: string;
  /** Our own id of the calendar. */
  readonly calendarId: string;
  /** Rejects when Google is known to refuse us. */
  readonly open: () => Promise<OutsideParts>;
}

/** See `Calendar.move`. It stands with us even where Google cannot be told. */
export async function moveOutside(
  home: HomeParts,
  { bookingId, slot, idemKey }: { bookingId: string; slot: Slot; idemKey: string },
): Promise<MoveResult> {
  const { sql, clientId, calendarId } = home;
  const before = await findOutsideBooking(sql, bookingId);
  if (before?.clientId !== clientId) return { status: 'gone' };
  if (before.status === 'held' && before.promisedAt !== null)
    return moveHold(home, before, slot, idemKey);
  if (before.status !== 'confirmed') return { status: 'gone' };
  const { during, resource } = slot;
  const wanted = { bookingId, resource, during };
  const stays =
    before.startMs === slot.startMs && before.endMs === slot.endMs && before.resource === resource;
  let parts: OutsideParts | undefined;
  try {
    const opened = await home.open();
    if (!stays && (await isTakenOutside(opened, wanted))) return { status: 'taken' };
    parts = opened;
  } catch (error) {
    await noteTrouble(home, clientId, error);
  }
  // What has never been written is written where it is by then.
  const due = before.eventDue === 'insert' ? 'insert' : 'patch';
  const moved = await idempotent(() =>
    sql.begin(async (tx) => {
      const done = await moveBooking(tx, { bookingId, clientId, calendarId, idemKey }, slot);
      if (done.status === 'moved' && !stays) await postponeEvent(tx, bookingId, due, RETRY_MS);
      return done;
    }),
  );
  if (moved.status !== 'moved' || stays || (parts && due === 'insert')) return moved;
  if (!parts) return pending(home, moved.booking);
  try {
    const told = await tellMove(parts, before, slot);
    if (told.status === 'gone') {
      await dropDeleted(parts, before);
      return { status: 'gone' };
    }
    if (told.status === 'elsewhere') {
      // By hand, a moment ago: the caller's appointment is not what they think it is. The next look at Google follows it.
      await putBack(parts, before, told.event);
      // With the etag that we knew: what has been done by hand is still to be followed.
      await settleEvent(sql, bookingId, before.eventEtag, { due: 'patch', calendarId });
      return { status: 'gone' };
    }
    if (await isTakenOutside(parts, wanted)) {
      // Somebody put something there at the same moment.
      if (await putBack(parts, before, told.event)) {
        const back = await tellMove(parts, { ...before, eventEtag: told.event.etag }, before);
        const { etag } = back.status === 'told' ? back.event : told.event;
        await settleEvent(sql, bookingId, etag, { due: 'patch', calendarId });
      }
      return { status: 'taken' };
    }
    await settleEvent(sql, bookingId, told.event.etag, { due: 'patch', calendarId });
    return moved;
  } catch (error) {
    await noteTrouble(home, clientId, error);
    return pending(home, moved.booking);
  }
}

/** What was promised and Google has never been told of is promised for another time. */
async function moveHold(
  { sql, clientId, calendarId }: HomeParts,
  { id: bookingId, submittedAt }: OutsideBooking,
  slot: Slot,
  idemKey: string,
): Promise<MoveResult> {
  if (submittedAt !== null) return { status: 'uncertain' };
  const moved = await moveBooking(sql, { bookingId, clientId, calendarId, idemKey }, slot);
  return moved.status === 'moved' ? { ...moved, status: 'pending' } : moved;
}

/** It stands with us, and Google is told later; the caller gets a message. */
async function pending({ sql }: HomeParts, booking: Booking): Promise<MoveResult> {
  await promiseMessage(sql, booking.id);
  return { status: 'pending', booking };
}

type Told =
  | { readonly status: 'told'; readonly event: GoogleEvent }
  /** Somebody has moved it by hand. */
  | { readonly status: 'elsewhere'; readonly event: GoogleEvent }
  /** Somebody has deleted it. */
  | { readonly status: 'gone' };

/** Gives the event its new time, unless the owner has done something with it meanwhile. */
async function tellMove(
  { calls, link }: OutsideParts,
  before: OutsideBooking,
  to: { readonly startMs: number; readonly endMs: number },
): Promise<Told> {
  const id = eventIdOf(before.id);
  const change = { startMs: to.startMs, endMs: to.endMs, zone: before.zone };
  let etag = before.eventEtag;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (etag !== null) {
      const changed = await calls.change(link.googleId, { id, etag }, change, PATIENCE);
      if (changed === 'gone') return { status: 'gone' };
      if (changed !== 'changed') return { status: 'told', event: changed };
    }
    const event = await calls.get(link.googleId, id, PATIENCE);
    if (!event || event.cancelled) return { status: 'gone' };
    const { startMs } = event.interval ?? {};
    if (startMs !== before.startMs && startMs !== to.startMs) return { status: 'elsewhere', event };
    ({ etag } = event);
  }
  throw new AppError('vendor_failed', 'google: an event that changes all the time');
}

/** The owner has deleted the event: the appointment is cancelled. */
async function dropDeleted({ sql }: OutsideParts, booking: OutsideBooking): Promise<void> {
  await cancelBooking(sql, { bookingId: booking.id, clientId: booking.clientId });
  await settleEvent(sql, booking.id, null, { due: 'delete', calendarId: booking.calendarId });
}

/** To where it was, in our own table; Google is still to be told. False when there is no room any more, and the owner must look. */
async function putBack(
  parts: OutsideParts,
  before: OutsideBooking,
  event: GoogleEvent,
): Promise<boolean> {
  const { sql, link } = parts;
  const { id: bookingId, clientId, startMs, endMs, resource } = before;
  const during = { startMs: before.duringStartMs, endMs: before.duringEndMs };
  const idemKey = `back:${bookingId}:${event.etag}`.slice(0, 200);
  const { calendarId } = link;
  const move = { bookingId, clientId, calendarId, idemKey };
  const back = await moveBooking(sql, move, { startMs, endMs, resource, during });
  if (back.status === 'moved') return true;
  await settleEvent(sql, bookingId, event.etag, { due: 'patch', calendarId });
  await tellOfConflict(sql, before);
  return false;
}

/** See `Calendar.cancel`. It is cancelled with us even where Google cannot be told. */
export async function cancelOutside(home: HomeParts, bookingId: string): Promise<boolean> {
  const { sql, clientId } = home;
  const before = await findOutsideBooking(sql, bookingId);
  if (!before || before.clientId !== clientId) return false;
  const cancelled = await cancelBooking(sql, { bookingId, clientId });
  if (!cancelled || before.submittedAt === null) return cancelled;
  try {
    await removeEvent(await home.open(), bookingId);
  } catch (error) {
    // It is marked to be deleted there: somebody sees to it.
    await noteTrouble(home, clientId, error);
  }
  return true;
}

/** The last word is the caller's, who was promised it, as long as there is an event at all. */
async function tellDueMove(parts: OutsideParts, booking: OutsideBooking): Promise<Told> {
  const told = await tellMove(parts, booking, booking);
  if (told.status !== 'elsewhere') return told;
  return tellMove(parts, { ...booking, eventEtag: told.event.etag }, booking);
}

/** A change that Google could not be told of when it was made. Rejects when it still cannot. */
export async function tellDueChange(parts: OutsideParts, booking: OutsideBooking): Promise<void> {
  const { sql } = parts;
  if (booking.eventDue === 'delete') return removeEvent(parts, booking.id);
  if (booking.status !== 'confirmed') {
    const { eventDue: due, calendarId } = booking;
    return settleEvent(sql, booking.id, booking.eventEtag, { due, calendarId });
  }
  if (booking.eventDue === 'insert') {
    await insertDue(parts, booking);
  } else {
    const told = await tellDueMove(parts, booking);
    if (told.status === 'gone') return dropDeleted(parts, booking);
    const { calendarId } = booking;
    await settleEvent(sql, booking.id, told.event.etag, { due: 'patch', calendarId });
  }
  // Nobody could look when the caller was told; a conflict is for the owner to solve.
  if (await isTakenOutside(parts, wantedBy(booking))) await tellOfConflict(sql, booking);
}

/** An appointment that has come from another calendar. */
async function insertDue(parts: OutsideParts, booking: OutsideBooking): Promise<void> {
  const { sql, clock } = parts;
  await markSubmitted(sql, booking.id);
  const made = await insert(parts, booking);
  if (made !== 'foreign') {
    const { startMs, endMs } = booking;
    const inPlace = made.interval?.startMs === startMs && made.interval.endMs === endMs;
    // It was there from before the calendar was parted from, perhaps at another time.
    const told = inPlace
      ? undefined
      : await tellMove(parts, { ...booking, eventEtag: made.etag }, booking);
    const { etag } = told?.status === 'told' ? told.event : made;
    await settleEvent(sql, booking.id, etag, { due: 'insert', calendarId: booking.calendarId });
    return withdrawIfMoved(parts, booking);
  }
  // It has been in this calendar before, and was deleted from it: its id is used up.
  const id = newId(clock.now());
  if (!(await renameBooking(sql, booking.id, id))) return;
  await insertDue(parts, { ...booking, id });
}

/** The owner chose another calendar while this one was written to: there it would stay for ever. */
async function withdrawIfMoved(
  { sql, calls, link }: OutsideParts,
  { id, calendarId }: OutsideBooking,
): Promise<void> {
  const now = await findOutsideBooking(sql, id);
  if (now && now.calendarId !== calendarId)
    await calls.remove(link.googleId, eventIdOf(id), PATIENCE);
}
