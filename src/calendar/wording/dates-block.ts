// What the model is told about time: today, the next days by name, opening hours, holidays. Pure.

import type { BookingRules, OpenRange } from '../../store/clients/opening-hours.ts';
import { datesBetween, localDate, localTime } from '../hours.ts';
import { spokenClock, spokenDate } from './spoken-time.ts';

/** Days given with their names, so that no model has to count. */
const DAYS_NAMED = 14;
/** How far ahead special days are told, and how many. */
const SPECIAL_DAYS_AHEAD = 60;
const SPECIAL_DAYS_MAX = 10;

const weekdays = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

/** Lines for the system prompt, in English whatever the call's language: the model translates. */
export function datesBlock(
  rules: BookingRules,
  { nowMs, language }: { nowMs: number; language: string },
): string {
  const english = language.startsWith('en') ? language : 'en-US';
  const today = localDate(rules.zone, nowMs);
  const time = spokenClock(localTime(rules.zone, nowMs), english);
  const named = datesBetween(today, addDays(today, DAYS_NAMED - 1)).map((date, index) => {
    const name = weekdays[Temporal.PlainDate.from(date).dayOfWeek - 1]!;
    const relative = index === 0 ? 'today ' : index === 1 ? 'tomorrow ' : '';
    return `${relative}${name} ${date}`;
  });
  const special = specialInWords(rules, today, english);
  // What changes most often stands last: what comes before is the same for the next call.
  const lines = [
    `Opening hours: ${weeklyInWords(rules.weekly, english)}.`,
    ...(special ? [`Exceptions: ${special}.`] : []),
    `Dates: ${named.join(', ')}.`,
    `Today is ${spokenDate(today, english)}, ${today.slice(0, 4)}. The time is ${time} (${rules.zone}).`,
  ];
  return lines.join('\n');
}

/** "Monday to Friday 9 a.m. to noon and 1 p.m. to 5 p.m.; closed on Saturday and Sunday". */
export function weeklyInWords(weekly: BookingRules['weekly'], language: string): string {
  const groups: { words: string; days: number[] }[] = [];
  for (const [index, hours] of weekly.entries()) {
    const words = rangesInWords(hours, language);
    const group = groups.find((each) => each.words === words);
    if (group) group.days.push(index);
    else groups.push({ words, days: [index] });
  }
  return groups
    .toSorted((a, b) => Number(a.words === '') - Number(b.words === ''))
    .map(({ words, days }) =>
      words ? `${daysInWords(days)} ${words}` : `closed on ${daysInWords(days)}`,
    )
    .join('; ');
}

function specialInWords(rules: BookingRules, today: string, language: string): string {
  const last = addDays(today, SPECIAL_DAYS_AHEAD);
  return rules.specialDays
    .filter(({ date }) => date >= today && date <= last)
    .toSorted((a, b) => (a.date < b.date ? -1 : 1))
    .slice(0, SPECIAL_DAYS_MAX)
    .map(({ date, name, hours }) => {
      const words = rangesInWords(hours, language) || 'closed';
      return `${spokenDate(date, language)} (${date}) ${words}${name ? ` (${name})` : ''}`;
    })
    .join('; ');
}

function rangesInWords(hours: readonly OpenRange[], language: string): string {
  return hours
    .map(({ opens, closes }) =>
      opens === '00:00' && closes === '24:00'
        ? 'all day'
        : `${spokenClock(opens, language)} to ${spokenClock(closes, language)}`,
    )
    .join(' and ');
}

/** Neighbours as "Monday to Friday" from three on; the rest listed. */
function daysInWords(days: readonly number[]): string {
  const runs: number[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run && run.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  const parts = runs.flatMap((run) =>
    run.length > 2
      ? [`${weekdays[run[0]!]} to ${weekdays[run.at(-1)!]}`]
      : run.map((day) => weekdays[day]!),
  );
  const last = parts.pop()!;
  return parts.length > 0 ? `${parts.join(', ')} and ${last}` : last;
}

function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}
