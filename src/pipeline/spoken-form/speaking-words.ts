// What it takes to say times, prices, dates, symbols and abbreviations in a language.

import type { Rule } from './rule.ts';

/** One and many of a unit. */
export type Counted = readonly [one: string, many: string];

/** A part of one, by itself and after a whole number: "half", "a half". */
export interface Fraction {
  readonly alone: string;
  readonly after: string;
}

export interface SpeakingWords {
  cardinal(value: number): string;
  ordinal(value: number): string;
  /** What follows the figures of an ordinal; source of a pattern. */
  readonly ordinalEnds: string;
  /** A number and what it counts, where the language makes them agree; with where it stands, if that is known. */
  counting?(value: number, noun: string, match?: RegExpExecArray): string;
  /** Whether a word after a number can be what it counts. */
  countable?(word: string): boolean;
  /** A Roman numeral after the word `before`; undefined where it is none. */
  roman(value: number, before: string): string | undefined;
  readonly fractions: Readonly<Record<string, Fraction>>;
  /** "two and a half". */
  mixed(count: number, fraction: Fraction): string;
  /** Hours 0 to 23; `half` where it was written. */
  time(hour: number, minute: number, half: 'a.m.' | 'p.m.' | undefined): string;
  year(value: number): string;
  /** `before`: the word before it, where the language declines. */
  date(day: number, month: string, before?: string): string;
  /** Between a date and its year. */
  readonly beforeYear: string;
  /** Digits said in one breath where a number is written in one go; three by default. */
  readonly numberGroup?: number;
  /** What only this language writes. */
  readonly more?: readonly Rule[];
  /** Between whole and part: "point", "coma". */
  readonly point: string;
  /** Whether 1.234,5 is a thousand and something. */
  readonly commaIsPoint: boolean;
  readonly minus: string;
  readonly percent: string;
  /** Between the ends of a range. */
  readonly to: string;
  readonly at: string;
  readonly dot: string;
  readonly slash: string;
  readonly dash: string;
  readonly underscore: string;
  readonly plus: string;
  readonly and: string;
  readonly number: string;
  readonly degrees: string;
  /** Between measures: "three by four". */
  readonly times: string;
  /** "four out of five stars". */
  readonly outOf: string;
  readonly signs: Readonly<
    Record<
      'equals' | 'about' | 'plusMinus' | 'atLeast' | 'atMost' | 'moreThan' | 'lessThan' | 'section',
      string
    >
  >;
  /** Keys of a telephone. */
  readonly keys: { readonly hash: string; readonly star: string };
  /** Names of numbers that are read digit by digit, and what stands between the two; sources of patterns. */
  readonly codes: string;
  readonly codeIs: string;
  /** Monday to Sunday and January to December, each whole and as it is shortened. */
  readonly days: readonly (readonly [whole: string, short: string])[];
  readonly months: readonly (readonly [whole: string, short: string])[];
  /** Words before a day and a month in figures: source of a pattern; days of the week are known. */
  readonly beforeDate: string;
  /** Before "one" of a unit of money, where it differs: "un euro". */
  readonly oneOf: string;
  readonly currencies: Readonly<Record<string, readonly [whole: Counted, part: Counted]>>;
  readonly units: Readonly<Record<string, Counted>>;
  readonly abbreviations: readonly (readonly [written: RegExp, spoken: string])[];
}

/** The five fractions that are written in figures or as one sign. */
export function fractionsOf(
  half: Fraction,
  third: Fraction,
  twoThirds: Fraction,
  quarter: Fraction,
  threeQuarters: Fraction,
): Readonly<Record<string, Fraction>> {
  return {
    '1/2': half,
    '½': half,
    '1/3': third,
    '⅓': third,
    '2/3': twoThirds,
    '⅔': twoThirds,
    '1/4': quarter,
    '¼': quarter,
    '3/4': threeQuarters,
    '¾': threeQuarters,
  };
}

/** Words with their short forms: "Monday:Mon Tuesday:Tue/Tues". */
export function shortened(list: string): (readonly [whole: string, short: string])[] {
  return list.split(' ').map((each) => {
    const [whole = '', short = ''] = each.split(':');
    return [whole, short.replaceAll('/', '|')] as const;
  });
}
