// Appointments in the form that other calendars read (iCalendar, RFC 5545): one as an invitation, or all as a feed.

import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';

export interface IcsBooking {
  readonly id: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly state: 'confirmed' | 'cancelled' | 'tentative';
  readonly updatedMs: number;
  readonly summary: string;
  readonly description: string;
}

const states = {
  confirmed: ICalEventStatus.CONFIRMED,
  cancelled: ICalEventStatus.CANCELLED,
  tentative: ICalEventStatus.TENTATIVE,
} as const;

/** Minutes between two looks that a subscriber should take. */
const REFRESH_MINUTES = 15;

/** For a program that asks again and again. */
export function icsFeed(name: string, bookings: readonly IcsBooking[]): string {
  return file({ name, method: ICalCalendarMethod.PUBLISH, refresh: true }, bookings);
}

/** For the calendar of the one who has booked. */
export function icsInvitation(businessName: string, booking: IcsBooking): string {
  return file({ name: businessName, method: ICalCalendarMethod.PUBLISH, refresh: false }, [
    booking,
  ]);
}

function file(
  { name, method, refresh }: { name: string; method: ICalCalendarMethod; refresh: boolean },
  bookings: readonly IcsBooking[],
): string {
  const calendar = ical({
    // The package does not escape this one: in a line of its own it would be whatever it says.
    name: clean(name).replaceAll('\n', ' '),
    method,
    prodId: { company: 'Frontdesk', product: 'Appointments', language: 'EN' },
    ...(refresh && { ttl: REFRESH_MINUTES * 60 }),
  });
  for (const each of bookings) {
    calendar.createEvent({
      id: `${each.id}@frontdesk`,
      // Instants: what the clocks of the reader's zone show then is the reader's affair.
      start: new Date(each.startMs),
      end: new Date(each.endMs),
      stamp: new Date(each.updatedMs),
      lastModified: new Date(each.updatedMs),
      sequence: Math.floor(each.updatedMs / 1000) % 2_000_000_000,
      summary: clean(each.summary),
      description: clean(each.description),
      status: states[each.state],
    });
  }
  return calendar.toString();
}

/** Text is escaped by the package; control characters have no business in it at all. */
function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these very characters are meant
  return text.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ');
}
