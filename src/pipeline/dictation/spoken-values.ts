// Values that callers dictate: how many digits have been said, whether that is a whole number, whether somebody spells.

import { languageNumbers, plainNumber } from './spoken-numbers.ts';
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

/** Words in the longest number: "mil novecentos e noventa e nove", and some. */
const NUMBER_WORDS_MAX = 8;
const twice = /^(double|doble|doppel|doppelt|doppio|doppia|dobro|duplo)$/;
const thrice = /^(triple|treble|triplo|tripla|dreifach|dreimal)$/;
/** What follows takes the place of what was said before: "six one seven, no, sorry, six one nine". */
const corrects =
  /^(no|nope|non|nein|nee|não|sorry|scratch|correction|perdón|perdona|disculpa|pardon|entschuldigung|quatsch|scusi|scusa|desculpa|desculpe)$/;
/** Articles and prepositions: digits only among digits. */
const littleWords = /^(to|too|for|a|un|um|ein|eine|uma|una)$/;

/**
 * The digits in plain words, spoken or written, in order: "my number is four one five" is "415", "soixante-dix-huit" is "78".
 * Where the caller begins anew, what was said before does not count.
 */
export function digitsIn(plain: string, words: ListeningWords): string {
  const tokens = plain.split(/[\s-]+/);
  let found = '';
  let times = 1;
  let anew = false;
  for (let at = 0; at < tokens.length;) {
    const word = tokens[at]!;
    const { value, count } = numberAt(tokens, at, words, found === '');
    at += count;
    if (value !== '') {
      if (anew) found = '';
      anew = false;
      found += value.repeat(times);
      times = 1;
    } else if (twice.test(word)) {
      times = 2;
    } else if (thrice.test(word)) {
      times = 3;
    } else if (corrects.test(word)) {
      anew = true;
    }
  }
  return found;
}

/** The digits of the number that is said from `at`, and how many words it takes; none where it is no number. */
function numberAt(
  tokens: readonly string[],
  at: number,
  words: ListeningWords,
  first: boolean,
): { readonly value: string; readonly count: number } {
  const word = tokens[at]!;
  const written = word.replaceAll(/[^\d]/g, '');
  if (written !== '') return { value: written, count: 1 };
  const { digits, parts } = languageNumbers(words.address);
  const said: string[] = [];
  for (const each of tokens.slice(at, at + NUMBER_WORDS_MAX)) {
    const token = plainNumber(each, words.address);
    if (!parts.has(token) && token !== 'and') break;
    said.push(token);
  }
  for (let count = said.length; count > 1; count -= 1) {
    const phrase = said.slice(0, count).join(' ');
    // "Eight hundred five five five" begins with an 800; nobody says 805 so on the telephone.
    if (/(?:hundred|thousand) (?!and )/.test(phrase)) continue;
    const value = digits.get(phrase);
    if (value !== undefined) return { value, count };
  }
  const spoken = words.digits.get(word) ?? digits.get(said[0] ?? '') ?? '';
  const next = words.digits.get(tokens[at + 1] ?? '') ?? '';
  if (/^[1-9]0$/.test(spoken) && /^[1-9]$/.test(next) && !littleWords.test(tokens[at + 1]!)) {
    return { value: `${spoken[0]!}${next}`, count: 2 };
  }
  if (tokens[at + 1] === 'thousand' && spoken !== '') return { value: `${spoken}000`, count: 2 };
  if (first && littleWords.test(word)) return { value: '', count: 1 };
  // "O" begins a number when digits follow it.
  if (first && word === 'o' && next === '') return { value: '', count: 1 };
  return { value: spoken, count: 1 };
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
