// Opening hours as instants: local clock times of an IANA zone become intervals of real time. Pure.

import type { BookingRules, OpenRange } from '../store/clients/opening-hours.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/** A stretch of real time, the end not included. Milliseconds since 1970. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** The hours that apply on a local date: those of a special day, or those of the weekday. `date` is ISO. */
export function hoursOn(
  rules: Pick<BookingRules, 'weekly' | 'specialDays'>,
  date: string,
): readonly OpenRange[] {
  const special = rules.specialDays.find((day) => day.date === date);
  if (special) return special.hours;
  return rules.weekly[Temporal.PlainDate.from(date).dayOfWeek - 1] ?? [];
}

/**
 * When the business is open from the first to the last local date (ISO, both included), in order and without overlap.
 * An instant is open when the local clock then shows a time within the hours: where clocks jump forward the missing
 * times give nothing, where they are set back the repeated times count twice. Each range of a day is an interval of its
 * own, even where two touch, so that slots are counted from each opening.
 */
export function openIntervals(
  rules: Pick<BookingRules, 'zone' | 'weekly' | 'specialDays'>,
  firstDate: string,
  lastDate: string,
): Interval[] {
  const window = daysInterval(rules.zone, firstDate, lastDate);
  const found: Interval[] = [];
  for (const segment of offsetSegments(rules.zone, window)) {
    const first = localDate(rules.zone, segment.startMs);
    const last = localDate(rules.zone, segment.endMs - 1);
    for (const date of datesBetween(first, last)) {
      const midnightMs = Temporal.PlainDate.from(date).toZonedDateTime('UTC').epochMilliseconds;
      for (const { opens, closes } of hoursOn(rules, date)) {
        const shiftMs = midnightMs - segment.offsetMs;
        const startMs = Math.max(segment.startMs, shiftMs + clockMinutes(opens) * MINUTE_MS);
        const endMs = Math.min(segment.endMs, shiftMs + clockMinutes(closes) * MINUTE_MS);
        if (startMs < endMs) found.push({ startMs, endMs });
      }
    }
  }
  return joinOverlaps(found, false);
}

/** Sorted intervals in which overlaps are made one; with `touching` also those that only meet. */
export function joinOverlaps(intervals: readonly Interval[], touching: boolean): Interval[] {
  const joined: Interval[] = [];
  for (const next of intervals.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = joined.at(-1);
    if (last && (next.startMs < last.endMs || (touching && next.startMs === last.endMs))) {
      joined[joined.length - 1] = {
        startMs: last.startMs,
        endMs: Math.max(last.endMs, next.endMs),
      };
    } else joined.push(next);
  }
  return joined;
}

/**
 * The instants at which the clocks of `zone` show `time` (HH:MM) on `date` (ISO): none where clocks jump over it, two
 * where they are set back over it.
 */
export function localInstants(zone: string, date: string, time: string): number[] {
  const local = Temporal.PlainDate.from(date).toPlainDateTime(Temporal.PlainTime.from(time));
  const instants = (['earlier', 'later'] as const)
    .map((disambiguation) => local.toZonedDateTime(zone, { disambiguation }))
    .filter((candidate) => candidate.toPlainDateTime().equals(local))
    .map((candidate) => candidate.epochMilliseconds);
  return [...new Set(instants)];
}

/** From the first instant of one local date to the last of another (ISO, both included). A day has 23 to 25 hours. */
export function daysInterval(zone: string, firstDate: string, lastDate: string): Interval {
  const start = Temporal.PlainDate.from(firstDate).toZonedDateTime(zone);
  const end = Temporal.PlainDate.from(lastDate).add({ days: 1 }).toZonedDateTime(zone);
  return { startMs: start.epochMilliseconds, endMs: end.epochMilliseconds };
}

/** The date (ISO) that the calendar on the wall of `zone` shows at an instant. */
export function localDate(zone: string, ms: number): string {
  return local(zone, ms).toPlainDate().toString();
}

/** The time (HH:MM) that the clock on the wall of `zone` shows at an instant. */
export function localTime(zone: string, ms: number): string {
  return local(zone, ms).toPlainTime().toString({ smallestUnit: 'minute' });
}

/** Minutes since midnight of HH:MM; 24:00 is the end of the day. */
export function clockMinutes(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return Math.min(DAY_MINUTES, hours * 60 + minutes);
}

/** ISO dates from first to last, both included. */
export function datesBetween(first: string, last: string): string[] {
  const dates: string[] = [];
  const end = Temporal.PlainDate.from(last);
  let date = Temporal.PlainDate.from(first);
  while (Temporal.PlainDate.compare(date, end) <= 0) {
    dates.push(date.toString());
    date = date.add({ days: 1 });
  }
  return dates;
}

function local(zone: string, ms: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toZonedDateTimeISO(zone);
}

/** The window cut at every change of the zone's offset. */
function* offsetSegments(
  zone: string,
  window: Interval,
): Generator<Interval & { readonly offsetMs: number }> {
  let startMs = window.startMs;
  while (startMs < window.endMs) {
    const here = local(zone, startMs);
    const change = here.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
    const endMs = Math.min(change, window.endMs);
    yield { startMs, endMs, offsetMs: here.offsetNanoseconds / 1_000_000 };
    startMs = endMs;
  }
}
