// The week view's geometry: which days, which hours, where each thing stands. Minutes are those of the client's clock.

import { addDays, dayAt, minuteOfDay } from '../../lib/zoned.ts';

export interface Span {
  readonly starts_at: string;
  readonly ends_at: string;
}

export interface Placed {
  /** Minutes since midnight. */
  readonly from: number;
  readonly until: number;
}

const DAY_MINUTES = 24 * 60;

/** The part of a span on a day; undefined where there is none. What ends at midnight ends at 24:00 of the day before. */
export function placeOn(
  day: string,
  { starts_at, ends_at }: Span,
  zone: string,
): Placed | undefined {
  const start = Date.parse(starts_at);
  const end = Date.parse(ends_at);
  const startDay = dayAt(start, zone);
  const endDay = dayAt(end, zone);
  if (startDay > day || endDay < day) return undefined;
  const from = startDay < day ? 0 : minuteOfDay(start, zone);
  const until = endDay > day ? DAY_MINUTES : minuteOfDay(end, zone);
  return until > from ? { from, until } : undefined;
}

export function daysFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => addDays(first, at));
}

/** Whole hours that hold all of these, at least nine to five. */
export function hoursAround(placed: readonly Placed[]): { first: number; last: number } {
  const first = Math.min(9 * 60, ...placed.map(({ from }) => from));
  const last = Math.max(17 * 60, ...placed.map(({ until }) => until));
  return { first: Math.floor(first / 60), last: Math.ceil(last / 60) };
}

export interface Lane<Item> extends Placed {
  readonly item: Item;
  /** Which of `lanes` side by side. */
  readonly lane: number;
  readonly lanes: number;
}

/** Things that overlap stand side by side, each group with as many lanes as it needs. */
export function intoLanes<Item>(
  items: readonly (Placed & { readonly item: Item })[],
): Lane<Item>[] {
  const sorted = items.toSorted((one, other) => one.from - other.from || other.until - one.until);
  const found: Lane<Item>[] = [];
  let group: (Placed & { readonly item: Item; readonly lane: number })[] = [];
  let groupEnd = -1;
  const close = () => {
    const lanes = Math.max(0, ...group.map(({ lane }) => lane + 1));
    found.push(...group.map((each) => ({ ...each, lanes })));
    group = [];
  };
  for (const each of sorted) {
    if (each.from >= groupEnd) close();
    let lane = 0;
    while (group.some((other) => other.lane === lane && other.until > each.from)) lane += 1;
    group.push({ ...each, lane });
    groupEnd = Math.max(groupEnd, each.until);
  }
  close();
  return found;
}
