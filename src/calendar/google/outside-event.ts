// An appointment as Google is to have it: its id follows from ours, so that the same one is never written twice.

import type { OutsideBooking } from '../../store/calendar/unfinished-bookings.ts';
import type { GoogleEvent, NewEvent } from './google-calls.ts';
import type { Interval } from '../hours.ts';

/** 32 hexadecimal digits, all of which Google allows. */
export function eventIdOf(bookingId: string): string {
  return bookingId.replaceAll('-', '');
}

const ours = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** The appointment that an event's id would stand for; undefined for ids that we never make. */
export function bookingIdOf(eventId: string): string | undefined {
  const parts = ours.exec(eventId);
  return parts ? parts.slice(1).join('-') : undefined;
}

export function newEventOf(booking: OutsideBooking): NewEvent {
  const { id, startMs, endMs, zone } = booking;
  return { id: eventIdOf(id), bookingId: id, startMs, endMs, zone, ...textsOf(booking) };
}

/** What the owner reads in the calendar. */
export function textsOf(booking: OutsideBooking): Pick<NewEvent, 'summary' | 'description'> {
  const { name, phone, reason, resourceName } = booking;
  const lines = [
    reason,
    phone === null ? '' : `Phone: ${phone}`,
    resourceName === '' ? '' : `With: ${resourceName}`,
    'Booked by your receptionist.',
  ];
  return {
    summary: reason === '' ? name : `${name}: ${reason}`.slice(0, 250),
    description: lines.filter((line) => line !== '').join('\n'),
  };
}

export function overlaps(a: Interval, b: Interval): boolean {
  return a.startMs < b.endMs && b.startMs < a.endMs;
}

/** Of two events for one time the one that was made first stays; made in the same millisecond, the smaller id. */
export function wins(
  ours_: Pick<GoogleEvent, 'createdMs' | 'id'>,
  rival: Pick<GoogleEvent, 'createdMs' | 'id'>,
): boolean {
  if (ours_.createdMs !== rival.createdMs) return ours_.createdMs < rival.createdMs;
  return ours_.id < rival.id;
}
