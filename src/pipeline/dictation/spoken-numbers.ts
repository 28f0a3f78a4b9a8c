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
  const numbers = { digits, parts };
  known.set(address, numbers);
  return numbers;
}

function plainNumber(words: string, { marked }: AddressWords): string {
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
