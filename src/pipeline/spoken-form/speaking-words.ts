// What it takes to say times, prices, dates, symbols and abbreviations in a language. Nothing here runs.

import type { Rule } from './rule.ts';

/** One and many of a unit. */
export type Counted = readonly [one: string, many: string];

export interface SpeakingWords {
  cardinal(value: number): string;
  ordinal(value: number): string;
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
  /** Before "one" of a unit of money, where it differs: "un euro". */
  readonly oneOf: string;
  readonly currencies: Readonly<Record<string, readonly [whole: Counted, part: Counted]>>;
  readonly units: Readonly<Record<string, Counted>>;
  readonly abbreviations: readonly (readonly [written: RegExp, spoken: string])[];
}
