// Numbers as they are said, back to digits: "forty two" is 42, in six languages. Pure.

import type { AddressWords } from '../languages/language.ts';

/** Years are the longest numbers that people have in their addresses; others are said digit by digit. */
const NUMBER_MAX = 2100;

export interface LanguageNumbers {
  /** From the words of a number, without marks and hyphens, to its digits. */
  readonly digits: ReadonlyMap<string, string>;
  /** Every word that is in one. */
  readonly parts: ReadonlySet<string>;
}

const known = new WeakMap<AddressWords, LanguageNumbers>();

/** The numbers of a language; made when they are first asked for. */
export function languageNumbers(address: AddressWords): LanguageNumbers {
  const before = known.get(address);
  if (before) return before;
  const digits = new Map<string, string>();
  for (let value = 0; value <= NUMBER_MAX; value += 1) {
    const words = plainNumber(address.cardinal(value), address);
    for (const each of ways(words)) if (!digits.has(each)) digits.set(each, String(value));
  }
  const parts = new Set([...digits.keys()].flatMap((phrase) => phrase.split(' ')));
  // "Two thousand and one", where the numbers themselves have no such word.
  if (!parts.has('and') && parts.has('thousand')) {
    for (const [phrase, value] of Array.from(digits)) {
      const said = phrase.replace(/ (hundred|thousand) (?!.*hundred)(?=\S)/, ' $1 and ');
      if (!digits.has(said)) digits.set(said, value);
    }
  }
  const numbers = { digits, parts };
  known.set(address, numbers);
  return numbers;
}

/** As numbers are looked up: lower case, without marks and hyphens. */
export function plainNumber(words: string, { marked }: AddressWords): string {
  return words
    .toLowerCase()
    .replaceAll(/[^\p{ASCII}]/gu, (each) => marked[each] ?? each)
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[-\s\u00AD]+/g, ' ')
    .trim();
}

/** As it is written, and as recognisers write it too: "quatre vingts" and "deux cents" without their s. */
function ways(words: string): string[] {
  return /(?:vingts|cents)$/.test(words) ? [words, words.slice(0, -1)] : [words];
}
