// Amounts in figures, as each language writes them and as models write them in any: digits, decimals, money, things counted.

import { CARDINAL_MAX } from './cardinals.ts';
import type { Counted, SpeakingWords } from './speaking-words.ts';

/** Reads figures in the words of a language. */
export interface Amounts {
  /** A number as the language writes it: source of a pattern. */
  readonly amount: string;
  /** An amount of money, in whose figures either sign may stand for the point. */
  readonly sum: string;
  readonly digits: (text: string) => string;
  /** A whole number, or its digits where it counts nothing. */
  readonly whole: (text: string) => string;
  readonly decimal: (text: string) => string;
  readonly counted: (text: string, counted: Counted) => string;
  /** `undefined` for a sign that is no money here. */
  readonly money: (text: string, sign: string) => string | undefined;
}

/** Other ways to write a currency. */
const aliases: Readonly<Record<string, string>> = {
  A$: '$',
  C$: '$',
  CA$: '$',
  EUR: '€',
  GBP: '£',
  INR: '₹',
  JPY: '¥',
  US$: '$',
  USD: '$',
};

export function amountsOf(words: SpeakingWords): Amounts {
  const [group, point] = words.commaIsPoint ? ['\\.', ','] : [',', '\\.'];
  const inRow = words.commaIsPoint ? ',(?:\\d{3},)+\\d{3}' : '\\.(?:\\d{3}\\.)+\\d{3}';
  const amount =
    `\\d{1,3}(?:${group}\\d{3})+(?:${point}\\d+)?|\\d{1,3}${inRow}(?![.,]?\\d)|` +
    `\\d{1,3}(?:['’]\\d{3})+|\\d+(?:${point}\\d+)?`;
  // 1 250 €: some write a space between the thousands.
  const spaces = words.commaIsPoint ? ' \\u00a0\\u202f' : '';
  const sum =
    `\\d{1,3}(?:[.,'’${spaces}]\\d{3})+(?:[.,]\\d{1,2})?(?![.,]?\\d)|` +
    `\\d+[.,]\\d{1,2}(?!\\d)|\\d+(?:${point}\\d+)?|\\.\\d\\d(?!\\d)`;

  const digits = (text: string) =>
    text
      .replaceAll(/\D/g, '')
      .split('')
      .map((digit) => words.cardinal(Number(digit)))
      .join(' ');
  const isCode = (text: string) =>
    (text.length > 1 && text.startsWith('0')) || text.length > 9 || Number(text) > CARDINAL_MAX;
  const whole = (text: string): string =>
    isCode(text) ? digits(text) : words.cardinal(Number(text));
  const split = (text: string) => {
    const plain = text.replaceAll(/['’\s]/g, '');
    if (new RegExp(`^\\d{1,3}${inRow}$`).test(plain))
      return { before: plain.replaceAll(/\D/g, '') };
    const [before = '', after] = plain
      .replaceAll(new RegExp(group, 'g'), '')
      .split(words.commaIsPoint ? ',' : '.');
    return { before, after };
  };
  const decimal = (text: string): string => {
    const { before, after } = split(text);
    return after === undefined ? whole(before) : `${whole(before)} ${words.point} ${digits(after)}`;
  };
  const count = (value: number, [one, many]: Counted): string => {
    if (value === 1) return words.counting?.(1, one) ?? `${words.oneOf} ${one}`;
    return words.counting?.(value, many) ?? `${words.cardinal(value)} ${many}`;
  };
  const counted = (text: string, names: Counted) => {
    const { before, after } = split(text);
    return after === undefined && !isCode(before)
      ? count(Number(before), names)
      : `${decimal(text)} ${names[1]}`;
  };
  const money = (text: string, sign: string): string | undefined => {
    const currency = words.currencies[sign] ?? words.currencies[aliases[sign] ?? ''];
    if (!currency) return undefined;
    const plain = text.replaceAll(/['’\s]/g, '');
    const [, part] = /[.,](\d{1,2})$/.exec(plain) ?? [];
    const before = (part === undefined ? plain : plain.slice(0, -part.length)).replaceAll(
      /\D/g,
      '',
    );
    if (Number(before) > CARDINAL_MAX) return `${digits(before)} ${currency[0][1]}`;
    const head = count(Number(before), currency[0]);
    const cents = part === undefined ? 0 : Number(part.padEnd(2, '0'));
    if (cents === 0) return head;
    const tail = count(cents, currency[1]);
    return Number(before) === 0 ? tail : `${head} ${words.and} ${tail}`;
  };
  return { amount, sum, digits, whole, decimal, counted, money };
}

/** Patterns of the signs and codes of money that `words` can say: those that stand before the figures, and all of them. */
export function moneySigns(words: SpeakingWords): {
  readonly symbols: string;
  readonly codes: string;
} {
  const known = Object.entries(aliases).flatMap(([alias, sign]) =>
    words.currencies[sign] ? [alias] : [],
  );
  const all = [...Object.keys(words.currencies), ...known].toSorted((a, b) => b.length - a.length);
  const anyOf = (signs: readonly string[]) => signs.map((sign) => RegExp.escape(sign)).join('|');
  return {
    symbols: anyOf(all.filter((sign) => !/\p{L}/u.test(sign))),
    codes: anyOf(all.filter((sign) => /\p{L}/u.test(sign))),
  };
}
