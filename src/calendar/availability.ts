// Opening hours minus what is booked, cut into slots. Pure.

import { clockMinutes, joinOverlaps, localTime } from './hours.ts';
import type { Interval } from './hours.ts';

/** A time at which somebody or something is not free. */
export interface Busy extends Interval {
  readonly resource: number;
}

/** A time that can be booked. */
export interface Slot extends Interval {
  /** The chair or person that is free then: the first in order. */
  readonly resource: number;
  /** With the buffers before and after: what must be free, and what a booking takes. */
  readonly during: Interval;
}

export interface AvailabilityQuery {
  /** From `openIntervals`: a slot starts on the grid of one of them, and ends within the time that they cover. */
  readonly open: readonly Interval[];
  /** In any order, buffers included. */
  readonly busy: readonly Busy[];
  /** Numbers of the resources, in the order in which they are filled. */
  readonly resources: readonly number[];
  /** The step of the grid. */
  readonly stepMs: number;
  readonly durationMs: number;
  readonly bufferBeforeMs: number;
  readonly bufferAfterMs: number;
  /** No slot starts before: now and the lead time. */
  readonly earliestMs: number;
  /** No slot starts at this or later. */
  readonly latestMs: number;
}

/** All slots of the query in order of time, one for each start. */
export function freeSlots(query: AvailabilityQuery): Slot[] {
  const covered = joinOverlaps(query.open, true);
  const diaries = query.resources.map((resource) => ({
    resource,
    busy: joinOverlaps(
      query.busy.filter((each) => each.resource === resource),
      true,
    ),
    next: 0,
  }));
  const slots: Slot[] = [];
  let cover = 0;
  for (const piece of query.open) {
    while ((covered[cover]?.endMs ?? Infinity) <= piece.startMs) cover += 1;
    const closesMs = covered[cover]?.endMs ?? piece.endMs;
    for (let startMs = piece.startMs; startMs < piece.endMs; startMs += query.stepMs) {
      const endMs = startMs + query.durationMs;
      if (startMs < query.earliestMs) continue;
      if (startMs >= query.latestMs || endMs > closesMs) break;
      const during = {
        startMs: startMs - query.bufferBeforeMs,
        endMs: endMs + query.bufferAfterMs,
      };
      const free = diaries.find((diary) => isFree(diary, during));
      if (free) slots.push({ startMs, endMs, resource: free.resource, during });
    }
  }
  return slots;
}

/** Asked for in order of time, so that each diary is read once. */
function isFree(diary: { readonly busy: Interval[]; next: number }, during: Interval): boolean {
  while ((diary.busy[diary.next]?.endMs ?? Infinity) <= during.startMs) diary.next += 1;
  return (diary.busy[diary.next]?.startMs ?? Infinity) >= during.endMs;
}

/** What a caller asked for within the free slots. */
export interface SlotWish {
  readonly zone: string;
  /** Local clock minutes, the end not included. */
  readonly within: { readonly fromMinutes: number; readonly toMinutes: number } | undefined;
  /** Local clock times in minutes since midnight, any of which is meant ("two thirty" may be 02:30 or 14:30). */
  readonly near: readonly number[];
  /** At most so many. */
  readonly count: number;
}

/**
 * The slots to name to a caller, in order of time: those nearest to the wished time, or else some spread over all that
 * there is, the first one included.
 */
export function chooseSlots(slots: readonly Slot[], wish: SlotWish): Slot[] {
  const minutesOf = (slot: Slot) => clockMinutes(localTime(wish.zone, slot.startMs));
  const { within, near, count } = wish;
  const fitting = within
    ? slots.filter((slot) => {
        const minutes = minutesOf(slot);
        return minutes >= within.fromMinutes && minutes < within.toMinutes;
      })
    : slots;
  if (fitting.length <= count) return [...fitting];
  if (near.length === 0) {
    const step = (fitting.length - 1) / (count - 1);
    return Array.from({ length: count }, (_, index) => fitting[Math.round(index * step)]!);
  }
  return fitting
    .map((slot) => {
      const minutes = minutesOf(slot);
      return { slot, distance: Math.min(...near.map((each) => Math.abs(each - minutes))) };
    })
    .toSorted((a, b) => a.distance - b.distance || a.slot.startMs - b.slot.startMs)
    .slice(0, count)
    .map(({ slot }) => slot)
    .toSorted((a, b) => a.startMs - b.startMs);
}
