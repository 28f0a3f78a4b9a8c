// Telephone numbers and codes: digit by digit, with a breath between the groups.

import type { Amounts } from './amounts.ts';
import { rule } from './rule.ts';
import type { Rule } from './rule.ts';
import type { SpeakingWords } from './speaking-words.ts';

export function phoneRules(words: SpeakingWords, { digits }: Amounts): Rule[] {
  const phone = (text: string) => phoneSpoken(text, digits, words);
  const long = (text: string) => text.replaceAll(/\D/g, '').length >= 7;
  return [
    rule(/(?:\+|00)\d(?:[ \u00a0()./-]{0,3}\d){7,14}(?![/:]?\d|[\p{L}°ºª]|\s?[%€$£])/u, (match) =>
      phone(match[0]),
    ),
    // Of another area, as it is written in North America.
    rule(/1[-.\s]\(?\d{3}\)?[-.\s]\d{3}[-.\s]\d{4}(?![\d-])/, (match) => phone(match[0])),
    // What begins with a nought is dialled and counts nothing.
    rule(
      /\(?0\d{1,5}\)?\s?[/-]?\s?\d{2,8}(?:\s?[\s/-]\s?\d{2,8}){0,4}(?:\s?-\s?\d{1,4})?(?![\d.,:/]?\d|[\p{L}°ºª%€$£])/u,
      (match) => (long(match[0]) ? phone(match[0]) : undefined),
    ),
    // A code and a number, each in one go.
    rule(/\(?\d{2,4}\)?[\s/-]\d{5,9}(?![\d.,:/]?\d|\p{L})/u, (match) =>
      long(match[0]) ? phone(match[0]) : undefined,
    ),
    // So many digits in a row count nothing.
    rule(/\d{7,15}(?![\d.,]?\d|\p{L})/u, (match) => phone(match[0])),
    rule(/\(?\d{2,4}\)?(?:[\s./-]{1,2}\d{2,4}){2,5}(?![/:]?\d|[\p{L}°ºª]|\s?[€$£%])/u, ([match]) =>
      long(match) && !(words.commaIsPoint && /^\d+(?:\.\d{3})+$/.test(match))
        ? phone(match)
        : undefined,
    ),
    // Names of numbers by which something is found again.
    rule(
      new RegExp(
        `(?<=(?<!\\p{L})(?:${words.codes})\\.?(?:[\\s:#]+(?:${words.codeIs}))*\\s?[:#]*\\s?)\\d{3,6}(?![\\d.,:/]?\\d|-?\\p{L}|\\s?%)`,
        'iu',
      ),
      (match) => digits(match[0]),
    ),
  ];
}

/** Digit by digit, with a breath between the groups that are written, or else usual. */
function phoneSpoken(text: string, digits: (text: string) => string, words: SpeakingWords): string {
  const groups = (text.match(/\d+/g) ?? []).flatMap((group) => breaths(group, words));
  const spoken = groups.map((group) => digits(group)).join(', ');
  return text.startsWith('+') ? `${words.plus} ${spoken}` : spoken;
}

/** Nobody follows more than four digits in one breath; none is left alone at the end. */
function breaths(group: string, { numberGroup = 3 }: SpeakingWords): string[] {
  if (group.length < 6) return [group];
  const american = /^(1?)([2-9]\d\d)([2-9]\d\d)(\d{4})$/.exec(group);
  if (american && numberGroup === 3) return american.slice(1).filter((part) => part !== '');
  const parts = group.match(new RegExp(`\\d{1,${numberGroup}}`, 'g')) ?? [];
  const last = parts.at(-1)!;
  return last.length > 1 ? parts : [...parts.slice(0, -2), parts.at(-2)! + last];
}
