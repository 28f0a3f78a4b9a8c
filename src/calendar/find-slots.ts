// Answers "what is free then": on the days asked for, or else the next ones, with the reason in words for the model.

import type { Clock } from '../lib/clock.ts';
import type { BookingRules } from '../store/clients/opening-hours.ts';
import { chooseSlots, freeSlots } from './availability.ts';
import type { Slot, SlotWish } from './availability.ts';
import type { Days } from './wording/day-words.ts';
import {
  clockMinutes,
  daysInterval,
  hoursOn,
  localDate,
  localTime,
  openIntervals,
} from './hours.ts';
import { OFFERED_MAX } from './slot-offers.ts';
import { spokenDate } from './wording/spoken-time.ts';
import type { Calendar } from './types.ts';

const MINUTE_MS = 60_000;
/** Days read at once while looking for the next free slot. */
const STEP_DAYS = 14;

export interface SlotRequest {
  readonly days: Days;
  readonly within: SlotWish['within'];
  /** Clock times in minutes, any of which is meant; empty when none was named. */
  readonly near: readonly number[];
  readonly durationMinutes: number | undefined;
}

export interface SlotAnswer {
  /** At most six, in order of time. */
  readonly slots: readonly Slot[];
  /** What the model must know to be honest about them; undefined when they are what was asked for. */
  readonly note: string | undefined;
}

/** Looks in `rules` and the calendar. Days outside of what may be booked are answered with the reason and the next ones. */
export async function findSlots(
  { calendar, clock, rules }: { calendar: Calendar; clock: Clock; rules: BookingRules },
  request: SlotRequest,
  signal: AbortSignal,
): Promise<SlotAnswer> {
  const { zone } = rules;
  const nowMs = clock.now();
  const today = localDate(zone, nowMs);
  const end = addDays(today, rules.horizonDays);
  const resources = await calendar.resources(signal);
  const { first, last } = request.days;

  if (last !== undefined && last < today) return elsewhere('That day has passed.', today);
  if (first > end) {
    return elsewhere(`Nothing can be booked more than ${rules.horizonDays} days ahead.`, today);
  }
  const from = first < today ? today : first;
  const until = last === undefined || last > end ? end : last;
  if (last === undefined) {
    const slots = await nextSlots(from, request.within);
    if (slots.length > 0) return { slots, note: timeNote(slots) };
    return elsewhere('Nothing is free at that time of day.', from);
  }

  const free = await readSlots(from, until);
  const wished = choose(free, request.within);
  if (wished.length > 0) return { slots: wished, note: timeNote(wished) };
  const otherTimes = choose(free, undefined);
  if (otherTimes.length > 0) {
    return {
      slots: otherTimes,
      note: 'Nothing is free at that time of day; these are at other times.',
    };
  }
  return elsewhere(reason(from, until), addDays(until, 1));

  /** The next free slots from a date on, for an answer that is not what was asked for. */
  async function elsewhere(why: string, date: string): Promise<SlotAnswer> {
    let slots = await nextSlots(date, request.within);
    if (slots.length === 0 && request.within) slots = await nextSlots(date, undefined);
    const next = slots.length > 0 ? 'These are the next free ones.' : 'Nothing else is free.';
    return { slots, note: `${why} ${next}` };
  }

  async function nextSlots(date: string, within: SlotWish['within']): Promise<Slot[]> {
    for (let start = date; start <= end; start = addDays(start, STEP_DAYS)) {
      const stop = addDays(start, STEP_DAYS - 1);
      const free = await readSlots(start, stop < end ? stop : end);
      const fitting = chooseSlots(free, { zone, within, near: [], count: Infinity });
      // "As soon as possible" is about the first day on which there is something.
      const day = fitting[0] && localDate(zone, fitting[0].startMs);
      const slots = choose(
        fitting.filter((slot) => localDate(zone, slot.startMs) === day),
        undefined,
      );
      if (slots.length > 0) return slots;
    }
    return [];
  }

  async function readSlots(firstDate: string, lastDate: string): Promise<Slot[]> {
    const bufferBeforeMs = rules.bufferBeforeMinutes * MINUTE_MS;
    const bufferAfterMs = rules.bufferAfterMinutes * MINUTE_MS;
    const durationMs = (request.durationMinutes ?? rules.slotMinutes) * MINUTE_MS;
    const days = daysInterval(zone, firstDate, lastDate);
    const window = {
      startMs: days.startMs - bufferBeforeMs,
      endMs: days.endMs + durationMs + bufferAfterMs,
    };
    const busy = await calendar.busy(window, signal);
    return freeSlots({
      // A day more, so that an appointment may run past midnight where the hours do.
      open: openIntervals(rules, firstDate, addDays(lastDate, 1)),
      busy,
      resources,
      stepMs: rules.slotMinutes * MINUTE_MS,
      durationMs,
      bufferBeforeMs,
      bufferAfterMs,
      earliestMs: Math.max(nowMs + rules.leadMinutes * MINUTE_MS, days.startMs),
      latestMs: days.endMs,
    });
  }

  function choose(slots: readonly Slot[], within: SlotWish['within']): Slot[] {
    return chooseSlots(slots, { zone, within, near: request.near, count: OFFERED_MAX });
  }

  function timeNote(slots: readonly Slot[]): string | undefined {
    if (request.near.length === 0) return undefined;
    const exact = slots.some((slot) =>
      request.near.includes(clockMinutes(localTime(zone, slot.startMs))),
    );
    if (exact) return undefined;
    const why = slots.some(isOpenThen)
      ? 'The time asked for is not free'
      : 'The business is closed at the time asked for';
    return `${why}; these are the nearest.`;
  }

  /** Whether the business is open at a time asked for on the day of this slot. */
  function isOpenThen(slot: Slot): boolean {
    const hours = hoursOn(rules, localDate(zone, slot.startMs));
    return request.near.some((minutes) =>
      hours.some(
        ({ opens, closes }) => minutes >= clockMinutes(opens) && minutes < clockMinutes(closes),
      ),
    );
  }

  function reason(firstDate: string, lastDate: string): string {
    if (firstDate !== lastDate) return 'Nothing is free on those days.';
    const date = spokenDate(firstDate, 'en-US');
    if (hoursOn(rules, firstDate).length > 0) return `Nothing is free any more on ${date}.`;
    const name = rules.specialDays.find((day) => day.date === firstDate)?.name;
    return `Closed on ${date}${name ? ` (${name})` : ''}.`;
  }
}

function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}
