// Dates in figures as people say them: ISO, with full stops or strokes, in English also "March 2" and "Jan. 5".

import { rule, wordBefore } from './rule.ts';
import type { Rule } from './rule.ts';
import type { SpeakingWords } from './speaking-words.ts';

const anyOf = (words: readonly string[]) => words.filter((word) => word !== '').join('|');

/** `language`: BCP 47; in North America the month comes first. */
export function dateRules(words: SpeakingWords, language: string): Rule[] {
  const tag = language.toLowerCase();
  const monthFirst = /^en(?:-us|-ca)?$/.test(tag);
  const context = `(?<!\\p{L})(?:${words.beforeDate}|${anyOf(words.days.flat())})\\.?`;
  const says = (match: RegExpExecArray, day: number, month: number, year?: number) =>
    say({ words, language, before: wordBefore(match) }, day, month, year);
  return [
    rule(
      /(\d{4})-(\d\d)-(\d\d)(?!\d)(?:T(\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?(?!\d))?/,
      (match) => {
        const date = says(match, Number(match[3]), Number(match[2]), Number(match[1]));
        if (!date || match[4] === undefined) return date;
        return `${date}, ${words.time(Number(match[4]) % 24, Number(match[5]), undefined)}`;
      },
    ),
    rule(/(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)(?!\d|[./-]\d)/, (match) => {
      const [one, other] = [Number(match[1]), Number(match[3])];
      const year = match[4]!.length === 2 ? 2000 + Number(match[4]) : Number(match[4]);
      return monthFirst ? says(match, other, one, year) : says(match, one, other, year);
    }),
    // After a day of the week, or a word that a date follows.
    rule(
      new RegExp(
        `(?:(?<=${context}[\\s,]+|\\d/\\d{1,2}\\s(?:and|or|to|y|o|et|ou|und|oder|e)\\s)(\\d{1,2})/(\\d{1,2})(?![\\d/])|(\\d{1,2})/(\\d{1,2})(?=\\s(?:at|@|um|a las?|à|alle|às?)\\s?\\d))`,
        'iu',
      ),
      (match) => {
        const [one, other] = [Number(match[1] ?? match[3]), Number(match[2] ?? match[4])];
        if (
          /^\s(?:hours?|cups?|price|off)/.test(match.input.slice(match.index + match[0].length))
        ) {
          return undefined;
        }
        return monthFirst ? says(match, other, one) : says(match, one, other);
      },
    ),
    // Where one of the two can be no month; "1/2" may be a half.
    rule(/(\d{1,2})\/(\d{1,2})(?![\d/])/, (match) => {
      const [one, other] = [Number(match[1]), Number(match[2])];
      if (one <= 12 && other <= 12) return undefined;
      return monthFirst ? says(match, other, one) : says(match, one, other);
    }),
    ...(tag.startsWith('de') ? germanDays(words, says) : []),
    ...(tag.startsWith('en') ? englishDays(words) : []),
    ...shortNames(words, tag.startsWith('en')),
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

/** "2. März" and "3.12.": the full stop makes it the second, and the third. */
function germanDays(
  words: SpeakingWords,
  says: (match: RegExpExecArray, day: number, month: number) => string | undefined,
): Rule[] {
  const month = anyOf(words.months.flat());
  return [
    rule(new RegExp(`(\\d{1,2})\\.\\s?(${month})(?!\\p{L})\\.?`, 'u'), (match) =>
      words.date(Number(match[1]), wholeName(words.months, match[2]!), wordBefore(match)),
    ),
    rule(/(\d{1,2})\.(\d{1,2})\.(?!\d)/, (match) =>
      says(match, Number(match[1]), Number(match[2])),
    ),
  ];
}

/** "March 2", "2 March", "Jan. 5". */
function englishDays(words: SpeakingWords): Rule[] {
  const names = words.months.map(([whole]) => whole);
  const short = words.months.map((each) => each[1]);
  const month = `(${anyOf(names)}|(?:${anyOf(short)})\\b\\.?)`;
  return [
    rule(
      new RegExp(`${month}\\s(\\d{1,2})(?:st|nd|rd|th)?(?![\\p{L}\\d:]|[.,]\\d|\\s?[–-]\\s?\\d)`),
      (match) => {
        const day = Number(match[2]);
        return day >= 1 && day <= 31
          ? `${wholeName(words.months, match[1]!)} ${words.ordinal(day)}`
          : undefined;
      },
    ),
    rule(new RegExp(`(\\d{1,2})(?:st|nd|rd|th)?\\s${month}(?!\\p{L})`), (match) => {
      const day = Number(match[1]);
      if (day < 1 || day > 31) return undefined;
      const the = wordBefore(match).toLowerCase() === 'the' ? '' : 'the ';
      return `${the}${words.ordinal(day)} of ${wholeName(words.months, match[2]!)}`;
    }),
  ];
}

/** "Mon-Fri", "sáb. 9-13", "Dez. 2026": the names of days and months are shortened in writing only. */
function shortNames(words: SpeakingWords, english: boolean): Rule[] {
  const days = `(?:${anyOf(words.days.flatMap(([whole, short]) => [whole, short]))})`;
  const shortDays = `(?:${anyOf(words.days.map((each) => each[1]))})`;
  const shortMonths = anyOf(words.months.map((each) => each[1]));
  const day = (text: string) => wholeName(words.days, text);
  const month = (text: string) => wholeName(words.months, text);
  // Some are words by themselves: they need figures, a stop or another day beside them.
  const beside = `(?=\\.?(?:\\s?[,:;/&]|\\s?[–-]\\s?\\d|\\s\\d|$)|\\.\\s\\p{Ll}|\\s(?:closed|geschlossen|cerrado|fermé|chiuso|fechado)|\\s(?:${words.and}|${words.to})\\s${days}(?!\\p{L}))\\.?`;
  return [
    rule(
      new RegExp(
        `(${days})\\.?\\s?[–-]\\s?(${days})(?!\\p{L})(?:\\.(?=[\\s,;:]+[\\p{Ll}\\d]))?`,
        'u',
      ),
      (match) => `${day(match[1]!)} ${words.to} ${day(match[2]!)}`,
    ),
    rule(
      new RegExp(
        `(?<=\\d(?:\\.|\\s(?:de|di))?\\s)(${shortMonths})(?!\\p{L})(?:\\.(?=[\\s,;]+[\\p{Ll}\\d]))?`,
        'u',
      ),
      (match) => month(match[1]!),
    ),
    rule(new RegExp(`(${shortMonths})(?!\\p{L})\\.?(?=\\s\\d{4}(?!\\d))`, 'u'), (match) =>
      month(match[1]!),
    ),
    rule(new RegExp(`(${shortDays})(?!\\p{L})${beside}`, 'u'), (match) => {
      const word = match[1]!;
      const before = match.input.slice(Math.max(0, match.index - 12), match.index);
      const after = match.input.slice(match.index + match[0].length);
      if (/\d[\s.]*$/.test(before) && !/\d[\s,;:]+$/.test(before)) return undefined;
      const listed = /^\s*[/&,;]/.test(after) || /[/&]\s?$/.test(before);
      const ordinary =
        /^(?:So|Do|Fr|Mo|Di|Mi|Sa|Sat|Sun|Wed|mar|mer|ter|sex|dom|sam|ven|gio|set)$/.test(word);
      const plain =
        !match[0].endsWith('.') && !/^\s?:?\s?[\d–-]/.test(after) && !closing.test(after);
      if (ordinary && plain && !listed) return undefined;
      return day(word) + (match[0].endsWith('.') && after.trim() === '' ? '.' : '');
    }),
    rule(new RegExp(`(${shortMonths})\\.(?=[\\s,;]+\\p{Ll}|,)`, 'u'), (match) => month(match[1]!)),
    ...(english ? [rule(/(?:Tues?|Thur?s?|Mon|Fri)(?!\p{L})/u, (match) => day(match[0]))] : []),
  ];
}

const closing = /^\s(?:closed|geschlossen|cerrado|fermé|chiuso|fechado|and|und|y|et|e|to|bis|a|à)/;

/** The whole name of one that may be shortened. */
function wholeName(names: SpeakingWords['days'], text: string): string {
  const plain = text.replace(/\.$/, '');
  const found = names.find(([whole, short]) => whole === plain || short.split('|').includes(plain));
  return found?.[0] ?? plain;
}
