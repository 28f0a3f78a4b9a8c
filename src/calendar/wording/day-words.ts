// A day, or some days, as a caller or a model says them, as dates. Dates are not the model's business. Pure.

import { withDigits } from './number-words.ts';

/** Local dates, ISO. */
export interface Days {
  readonly first: string;
  /** Undefined: from the first on, whenever something is free. */
  readonly last: string | undefined;
  /** The weekday that was said, where the date that was said falls on another one. */
  readonly wrongWeekday?: string;
}

type PlainDate = Temporal.PlainDate;

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const months =
  'january february march april may june july august september october november december'.split(
    ' ',
  );
const weekdayPattern = /\b(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b/;
const monthPattern =
  /\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b/;

/**
 * The days that `text` means, seen from `today` (ISO, in the client's zone); undefined when it is not understood.
 * Knows ISO dates, today, tomorrow, yesterday, weekdays ("Tuesday" is the next one, "next Tuesday" that of next week), weeks,
 * "in three days", "March second", "the fifteenth", "Monday to Wednesday", "as soon as possible".
 */
export function parseDays(text: string, today: string): Days | undefined {
  const iso = text.match(/\b\d{4}-\d{2}-\d{2}\b/g);
  if (iso) return isoDays(iso);
  const words = withDigits(text.replaceAll(/[,.?!']/g, ' '));
  const now = Temporal.PlainDate.from(today);
  const [left, right, ...rest] = words.split(/ (?:to|through|till|until|or|and) /);
  if (left !== undefined && right !== undefined && rest.length === 0) {
    const first = parseOne(left, now);
    const last = parseOne(right, now);
    if (first && last?.last !== undefined) return joinDays(first, last.last);
  }
  return parseOne(words, now);
}

function isoDays(dates: readonly string[]): Days | undefined {
  try {
    const plain = dates.map((date) => Temporal.PlainDate.from(date).toString()).toSorted();
    return { first: plain[0]!, last: plain.at(-1)! };
  } catch {
    // A date that no calendar has, such as February 30: not understood, like any other wrong word.
    return undefined;
  }
}

function joinDays(first: Days, last: string): Days {
  const end = Temporal.PlainDate.from(last);
  const late = Temporal.PlainDate.compare(end, first.first) < 0 ? end.add({ weeks: 1 }) : end;
  if (Temporal.PlainDate.compare(late, first.first) < 0) return first;
  return { first: first.first, last: late.toString() };
}

function parseOne(words: string, today: PlainDate): Days | undefined {
  if (/\bday after tomorrow\b/.test(words)) return oneDay(today.add({ days: 2 }));
  if (/\btomorrow\b/.test(words)) return oneDay(today.add({ days: 1 }));
  if (/\byesterday\b/.test(words)) return oneDay(today.subtract({ days: 1 }));
  const from = /^(?:in )?(\d{1,2}|an?) weeks? from (.+)$/.exec(words);
  const start = from && parseOne(from[2]!, today);
  if (from && start) {
    return oneDay(Temporal.PlainDate.from(start.first).add({ weeks: Number(from[1]) || 1 }));
  }
  const ahead = /\bin (\d{1,2}|an?) (day|week|month)s?\b/.exec(words);
  if (ahead) return oneDay(today.add({ [`${ahead[2]}s`]: Number(ahead[1]) || 1 }));
  const date = dateIn(words, today);
  const weekday = weekdayIn(words);
  if (date) {
    if (weekday === undefined || date.last !== date.first) return date;
    const said = weekdays[weekday]!;
    return Temporal.PlainDate.from(date.first).dayOfWeek - 1 === weekday
      ? date
      : { ...date, wrongWeekday: said[0]!.toUpperCase() + said.slice(1) };
  }
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  const week = /\bweek after next\b/.test(words) ? 2 : /\bnext\b/.test(words) ? 1 : 0;
  if (weekday !== undefined) {
    if (/\blast (?:mon|tue|wed|thu|fri|sat|sun)/.test(words)) {
      return oneDay(today.subtract({ days: (today.dayOfWeek - 1 - weekday + 7) % 7 || 7 }));
    }
    if (week > 0) return oneDay(monday.add({ weeks: week, days: weekday }));
    const distance = (weekday - (today.dayOfWeek - 1) + 7) % 7;
    const same = /\bthis\b/.test(words) ? 0 : 7;
    return oneDay(today.add({ days: distance || same }));
  }
  if (/\bweekend\b/.test(words)) return someDays(monday.add({ weeks: week, days: 5 }), 2, today);
  if (/\bweek\b/.test(words)) return someDays(monday.add({ weeks: week }), 7, today);
  if (/\bmonth\b/.test(words)) return wholeMonth(today.add({ months: week }), today);
  if (/\b(?:today|tonight|now|this (?:morning|afternoon|evening))\b/.test(words)) {
    return oneDay(today);
  }
  if (
    /\b(?:any|any ?time|whenever|soon|sooner|soonest|earliest|asap|available|free|preference)\b/.test(
      words,
    )
  ) {
    return { first: today.toString(), last: undefined };
  }
  return undefined;
}

/** "March 2", "the 2nd of March", "March", "the 15th": the next such date, today included. */
function dateIn(words: string, today: PlainDate): Days | undefined {
  const monthName = monthPattern.exec(words)?.[1];
  if (monthName === undefined) {
    const day = Number(/\b(\d{1,2})th\b/.exec(words)?.[1]);
    if (!(day >= 1 && day <= 31)) return undefined;
    for (let ahead = 0; ahead < 12; ahead += 1) {
      const month = today.with({ day: 1 }).add({ months: ahead });
      if (day > month.daysInMonth) continue;
      const date = month.with({ day });
      if (Temporal.PlainDate.compare(date, today) >= 0) return oneDay(date);
    }
    return undefined;
  }
  const month = months.findIndex((name) => name.startsWith(monthName.slice(0, 3))) + 1;
  const near = String.raw`\b(\d{1,2})(?:th)?\b`;
  const day = Number(
    new RegExp(`${monthName} (?:the )?${near}`).exec(words)?.[1] ??
      new RegExp(`${near} (?:of )?${monthName}`).exec(words)?.[1],
  );
  for (const year of [today.year, today.year + 1]) {
    const start = Temporal.PlainDate.from({ year, month, day: 1 });
    if (Number.isNaN(day)) {
      const end = start.with({ day: start.daysInMonth });
      if (Temporal.PlainDate.compare(end, today) >= 0) return wholeMonth(start, today);
    } else if (day >= 1 && day <= start.daysInMonth) {
      const date = start.with({ day });
      if (Temporal.PlainDate.compare(date, today) >= 0) return oneDay(date);
    }
  }
  return undefined;
}

function weekdayIn(words: string): number | undefined {
  const name = weekdayPattern.exec(words)?.[1];
  if (name === undefined) return undefined;
  return weekdays.findIndex((each) => each.startsWith(name.slice(0, 3)));
}

function oneDay(date: PlainDate): Days {
  return { first: date.toString(), last: date.toString() };
}

function wholeMonth(date: PlainDate, today: PlainDate): Days {
  const start = date.with({ day: 1 });
  return someDays(start, start.daysInMonth, today);
}

/** Days that have passed are left out. */
function someDays(start: PlainDate, count: number, today: PlainDate): Days {
  const first = Temporal.PlainDate.compare(start, today) < 0 ? today : start;
  return { first: first.toString(), last: start.add({ days: count - 1 }).toString() };
}
