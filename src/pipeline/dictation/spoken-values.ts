// Values that callers dictate: how many digits have been said, whether that is a whole number, whether somebody spells.

import type { ListeningWords } from '../languages/language.ts';

/** What a country's own numbers are long, without its prefix; undefined where they vary too much to be counted. */
const phoneLengths: Readonly<Record<string, readonly number[]>> = {
  US: [10],
  CA: [10],
  MX: [10],
  GB: [11],
  IE: [10],
  AU: [10],
  ES: [9],
  FR: [10],
  CH: [10],
  BR: [10, 11],
  PT: [9],
};
/** Where the tag names no region. */
const usualRegions: Readonly<Record<string, string>> = {
  en: 'US',
  es: 'ES',
  fr: 'FR',
  pt: 'PT',
  it: 'IT',
  de: 'DE',
};

/** How long a phone number is where `language` (BCP 47) is spoken; undefined when that is not certain. */
export function phoneNumberLengths(language: string): readonly number[] | undefined {
  const [spoken = '', ...rest] = language.split('-');
  const region = rest.find((part) => /^[A-Z]{2}$/i.test(part))?.toUpperCase();
  return phoneLengths[region ?? usualRegions[spoken.toLowerCase()] ?? ''];
}

/** The digits in plain words, spoken or written, in order: "my number is four one five" is "415". */
export function digitsIn(plain: string, { digits }: ListeningWords): string {
  let found = '';
  let times = 1;
  for (const word of plain.split(/[\s-]+/)) {
    const written = word.replaceAll(/[^\d]/g, '');
    const spoken = digits.get(word) ?? '';
    // "To" and "for" are digits only among digits.
    const value =
      written ||
      (/^(to|too|for|o|a|un|um|ein|eine|uma|una)$/.test(word) && found === '' ? '' : spoken);
    if (value !== '') {
      found += value.repeat(times);
      times = 1;
    } else if (/^(double|doble|doppel|doppio|dobro)$/.test(word)) {
      times = 2;
    } else if (/^(triple|treble)$/.test(word)) {
      times = 3;
    }
  }
  return found;
}

/** Whether so many digits are a whole number. One with a country's prefix is as long as it is: it never is for certain. */
export function isWholeNumber(digits: string, said: string, lengths: readonly number[]): boolean {
  if (/^\D*(\+|00)/.test(said)) return false;
  const longest = Math.max(...lengths);
  if (lengths.includes(digits.length))
    return digits.length === longest || /[.?!]$/.test(said.trim());
  // North Americans may say the 1 before it.
  if (digits.length === longest + 1) return true;
  return digits.length > longest + 1;
}

/** How many letters are said one by one at the end: "my name is m i l" has three. */
export function spelledLetters(plain: string): number {
  const words = plain.split(' ');
  let count = 0;
  for (let at = words.length - 1; at >= 0; at -= 1) {
    if (!/^\p{L}$/u.test(words[at]!)) break;
    count += 1;
  }
  // "I" and "a" alone are words.
  return count === 1 && /^[iaoyeéà]$/u.test(words.at(-1)!) ? 0 : count;
}
