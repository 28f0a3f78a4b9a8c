// Which appointment a caller may change: a number on the display proves nothing, a name and a date must be known too.

import type { Clock } from '../lib/clock.ts';
import type { Booking } from '../store/calendar/bookings.ts';
import { clockMinutes, daysInterval, localTime } from './hours.ts';
import type { Calendar } from './types.ts';

/** Wrong names or dates in one call, after which no more are tried: names can be guessed. */
const FAILURES_MAX = 3;

/** As far ahead as anything can be booked. */
const HORIZON_MS = 367 * 24 * 3_600_000;

export interface Claim {
  readonly name: string | undefined;
  /** ISO; the day of the appointment. */
  readonly date: string | undefined;
  /** Clock times in minutes, any of which is meant; empty when none was named. */
  readonly near: readonly number[];
}

export type Identified =
  | { readonly status: 'found'; readonly booking: Booking }
  /** The caller is known and has more than one that day: the time is needed. */
  | { readonly status: 'several' }
  /** No name or no date was given. */
  | { readonly status: 'incomplete' }
  /** No such appointment, or not this caller's: never told apart. */
  | { readonly status: 'unknown' }
  | { readonly status: 'blocked' };

export interface CallerIdentityParts {
  readonly calendar: Calendar;
  readonly clock: Clock;
  /** E.164 */
  readonly callerPhone: string | undefined;
  readonly conversationId: string | undefined;
}

/**
 * One call's attempts. An appointment that this very call has made needs no proof. From the number on the booking, any
 * part of its name will do; from another one the whole name is needed.
 */
export class CallerIdentity {
  readonly #parts: CallerIdentityParts;
  #failures = 0;
  #proven = false;

  constructor(parts: CallerIdentityParts) {
    this.#parts = parts;
  }

  /** The caller has shown that the number is theirs: what stands under it is theirs too. */
  prove(): void {
    this.#proven = true;
  }

  get proven(): boolean {
    return this.#proven;
  }

  async identify(claim: Claim, zone: string, signal: AbortSignal): Promise<Identified> {
    const own = [...(await this.ownBookings(signal)), ...(await this.bookingsOfNumber(signal))];
    const mine = unique(own).filter((booking) => fits(booking, claim, zone));
    if (mine.length === 1) return { status: 'found', booking: mine[0]! };
    if (mine.length > 1) return { status: 'several' };
    const { name, date } = claim;
    if (!name || date === undefined) return { status: 'incomplete' };
    if (this.#failures >= FAILURES_MAX) return { status: 'blocked' };
    const { calendar, clock, callerPhone } = this.#parts;
    const { startMs, endMs } = daysInterval(zone, date, date);
    // What has begun can no longer be changed.
    const startsWithin = { startMs: Math.max(startMs, clock.now()), endMs };
    const sameDay = await calendar.find({ startsWithin }, signal);
    const known = sameDay.filter((booking) => {
      const samePhone = callerPhone !== undefined && booking.phone === callerPhone;
      return namesMatch(booking.name, name, samePhone ? 'part' : 'whole');
    });
    const meant = known.filter((booking) => atTime(booking, claim.near, zone));
    if (known.length === 0 || (known.length === 1 && meant.length === 0)) {
      this.#failures += 1;
      return { status: 'unknown' };
    }
    return meant.length === 1 ? { status: 'found', booking: meant[0]! } : { status: 'several' };
  }

  /** What is still to come under a number that the caller has proven to be theirs; nothing before that. */
  async bookingsOfNumber(signal: AbortSignal): Promise<readonly Booking[]> {
    const { calendar, clock, callerPhone } = this.#parts;
    if (!this.#proven || callerPhone === undefined) return [];
    const nowMs = clock.now();
    const startsWithin = { startMs: nowMs, endMs: nowMs + HORIZON_MS };
    return (await calendar.find({ startsWithin }, signal)).filter(
      ({ phone }) => phone === callerPhone,
    );
  }

  /** What this call has booked. */
  async ownBookings(signal: AbortSignal): Promise<readonly Booking[]> {
    const { calendar, conversationId } = this.#parts;
    return conversationId === undefined ? [] : calendar.find({ conversationId }, signal);
  }
}

function unique(bookings: readonly Booking[]): Booking[] {
  return [...new Map(bookings.map((booking) => [booking.id, booking])).values()];
}

/** Whether a booking of this very call is the one meant by as much as was said. */
function fits(booking: Booking, { name, date, near }: Claim, zone: string): boolean {
  if (name && !namesMatch(booking.name, name, 'part')) return false;
  if (date !== undefined) {
    const { startMs, endMs } = daysInterval(zone, date, date);
    if (booking.startMs < startMs || booking.startMs >= endMs) return false;
  }
  return atTime(booking, near, zone);
}

function atTime(booking: Booking, near: readonly number[], zone: string): boolean {
  return near.length === 0 || near.includes(clockMinutes(localTime(zone, booking.startMs)));
}

/**
 * Whether a name as heard is that of a booking. `part`: one of its words, at most one letter off, since recognisers
 * spell as they like. `whole`: all its words, as they are.
 */
export function namesMatch(stored: string, given: string, how: 'part' | 'whole'): boolean {
  const wanted = nameWords(stored);
  const heard = nameWords(given);
  if (wanted.length === 0) return false;
  if (how === 'whole') return wanted.every((word) => heard.includes(word));
  return wanted.some(
    (word) => word.length > 1 && heard.some((other) => other.length > 1 && alike(word, other)),
  );
}

/** In too many names to tell one from another. */
const commonWords = new Set(
  'mr mrs ms miss mister dr doctor prof professor sir madam de del della la le van von der den da di el al'.split(
    ' ',
  ),
);

function nameWords(name: string): string[] {
  return name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '' && !commonWords.has(word));
}

/** Equal, or words of at least five letters one insertion, deletion or replacement apart. */
function alike(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < 5 || long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  const rest = short.length === long.length ? short.slice(at + 1) : short.slice(at);
  return rest === long.slice(at + 1);
}
