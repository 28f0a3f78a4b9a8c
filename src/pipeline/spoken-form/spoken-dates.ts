// Dates in figures as people say them: ISO, with full stops or strokes, in English also "March 2" and "Jan. 5".

import { rule } from './rule.ts';
import type { Rule } from './rule.ts';
import type { SpeakingWords } from './speaking-words.ts';

const english = {
  months: 'January February March April May June July August September October November December',
  short: 'Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec',
  days: 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday',
  shortDays: 'Mon Tues Tue Wed Thurs Thu Fri Sat Sun',
} as const;
const german = 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember';

const anyOf = (words: string) => words.replaceAll(' ', '|');

/** `language`: BCP 47; in North America the month comes first. */
export function dateRules(words: SpeakingWords, language: string): Rule[] {
  const tag = language.toLowerCase();
  const monthFirst = /^en(?:-us|-ca)?$/.test(tag);
  const says = (match: RegExpExecArray, day: number, month: number, year?: number) =>
    say({ words, language, before: beforeOf(match) }, day, month, year);
  return [
    rule(/(\d{4})-(\d\d)-(\d\d)(?!\d)/, (match) =>
      says(match, Number(match[3]), Number(match[2]), Number(match[1])),
    ),
    rule(/(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)(?![\d.]?\d)/, (match) => {
      const [one, other] = [Number(match[1]), Number(match[3])];
      const year = match[4]!.length === 2 ? 2000 + Number(match[4]) : Number(match[4]);
      return monthFirst ? says(match, other, one, year) : says(match, one, other, year);
    }),
    // Where one of the two can be no month; "1/2" may be a half.
    rule(/(\d{1,2})\/(\d{1,2})(?![\d/])/, (match) => {
      const [one, other] = [Number(match[1]), Number(match[2])];
      if (one <= 12 && other <= 12) return undefined;
      return monthFirst ? says(match, other, one) : says(match, one, other);
    }),
    ...(tag.startsWith('de') ? germanDays(words, says) : []),
    ...(tag.startsWith('en') ? englishDays(words) : []),
  ];
}

interface Saying {
  readonly words: SpeakingWords;
  readonly language: string;
  readonly before: string;
}

function say(
  { words, language, before }: Saying,
  day: number,
  month: number,
  year?: number,
): string | undefined {
  try {
    const reject = { overflow: 'reject' } as const;
    const date = Temporal.PlainDate.from({ year: year ?? 2000, month, day }, reject);
    const name = date.toLocaleString(language, { month: 'long' });
    const spoken = words.date(day, name, before);
    return year === undefined ? spoken : `${spoken}${words.beforeYear}${words.year(year)}`;
  } catch {
    return undefined;
  }
}

/** The word before a match, for languages that decline. */
function beforeOf({ input, index }: RegExpExecArray): string {
  return /(\p{L}+)[\s,]+$/u.exec(input.slice(Math.max(0, index - 20), index))?.[1] ?? '';
}

/** "2. März" and "3.12.": the full stop makes it the second, and the third. */
function germanDays(
  words: SpeakingWords,
  says: (match: RegExpExecArray, day: number, month: number) => string | undefined,
): Rule[] {
  return [
    rule(new RegExp(`(\\d{1,2})\\.\\s(${anyOf(german)})(?!\\p{L})`), (match) =>
      words.date(Number(match[1]), match[2]!, beforeOf(match)),
    ),
    rule(/(\d{1,2})\.(\d{1,2})\.(?!\d)/, (match) =>
      says(match, Number(match[1]), Number(match[2])),
    ),
  ];
}

/** "March 2", "2 March", "Jan. 5", "Mon-Fri". */
function englishDays(words: SpeakingWords): Rule[] {
  const month = `(${anyOf(english.months)}|(?:${anyOf(english.short)})\\b\\.?)`;
  const weekday = `(${anyOf(english.days)}|(?:${anyOf(english.shortDays)})\\b\\.?)`;
  return [
    rule(new RegExp(`${month}\\s(\\d{1,2})(?:st|nd|rd|th)?(?![\\p{L}\\d:]|[.,]\\d)`), (match) => {
      const day = Number(match[2]);
      return day >= 1 && day <= 31
        ? `${whole(match[1]!, english.months)} ${words.ordinal(day)}`
        : undefined;
    }),
    rule(new RegExp(`(\\d{1,2})(?:st|nd|rd|th)?\\s${month}(?!\\p{L})`), (match) => {
      const day = Number(match[1]);
      if (day < 1 || day > 31) return undefined;
      const the = beforeOf(match).toLowerCase() === 'the' ? '' : 'the ';
      return `${the}${words.ordinal(day)} of ${whole(match[2]!, english.months)}`;
    }),
    rule(
      new RegExp(`${weekday}\\s?[–-]\\s?${weekday}`),
      (match) => `${whole(match[1]!, english.days)} ${words.to} ${whole(match[2]!, english.days)}`,
    ),
  ];
}

/** The name that an abbreviation begins. */
function whole(text: string, names: string): string {
  return names.split(' ').find((name) => name.startsWith(text.slice(0, 3))) ?? text;
}
