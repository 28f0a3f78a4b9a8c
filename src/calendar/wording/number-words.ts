// Spoken numbers as digits, as far as dates and times need them. Pure.

import { ordinals } from './spoken-time.ts';

const ones = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const teens =
  'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const tens = ['twenty', 'thirty', 'forty', 'fifty'];

const ordinalOf = new Map(ordinals.map((word, index) => [word.replace('-', ' '), index + 1]));
const cardinalOf = new Map<string, number>([
  ...[...ones, ...teens].map((word, index): [string, number] => [word, index + 1]),
  ...tens.flatMap((ten, index) =>
    ['', ...ones].map((one, extra): [string, number] => [
      one ? `${ten} ${one}` : ten,
      (index + 2) * 10 + extra,
    ]),
  ),
]);

const ordinalWords = anyOf(ordinalOf.keys());
const cardinalWords = anyOf(cardinalOf.keys());

/** "March twenty-first at two thirty" becomes "march 21th at 2 30": lower case, ordinals all with `th`, up to 59. */
export function withDigits(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('-', ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(ordinalWords, (word) => `${ordinalOf.get(word)}th`)
    .replaceAll(/\b(\d{1,2})(?:st|nd|rd)\b/g, '$1th')
    .replaceAll(cardinalWords, (word) => String(cardinalOf.get(word)))
    .replaceAll(/\boh? (\d)\b/g, '0$1')
    .trim();
}

function anyOf(words: Iterable<string>): RegExp {
  // The longest first, or "twenty one" would be read as "twenty".
  const sorted = [...words].toSorted((a, b) => b.length - a.length);
  return new RegExp(`\\b(?:${sorted.join('|')})\\b`, 'g');
}
