// Written text as people say it: numbers, times, prices, addresses, symbols; no markdown. The same for every voice.

import { CARDINAL_MAX } from './cardinals.ts';
import { english } from './english.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import { italian } from './italian.ts';
import { portuguese, portugueseOfPortugal } from './portuguese.ts';
import { end, inside, rule } from './rule.ts';
import type { Rule } from './rule.ts';
import { spanish } from './spanish.ts';
import { dateRules } from './spoken-dates.ts';
import { spelledAddress } from './spelled-address.ts';
import type { SpeakingWords } from './speaking-words.ts';

/** How an owner wants a name or a word to be said. */
export interface Pronunciation {
  /** As it is written; matched as a whole, whatever its case. */
  readonly written: string;
  /** As it is said, in ordinary letters. */
  readonly spoken: string;
}

/** A stretch of text in both forms. What is written, joined, is the text; what is spoken, joined, is what the voice gets. */
export interface SpokenPiece {
  readonly written: string;
  readonly spoken: string;
}

/** Makes pieces of a text that is spoken in one go. */
export type SpokenForm = (text: string) => SpokenPiece[];

const languages: Readonly<Record<string, SpeakingWords>> = {
  de: german,
  en: english,
  es: spanish,
  fr: french,
  it: italian,
  pt: portuguese,
  'pt-pt': portugueseOfPortugal,
};

/**
 * `language`: BCP 47. A language we do not know how to speak loses its markdown and keeps its digits. `spells`: whether an
 * e-mail address is spelled where it can be misheard; none is unless this says so.
 */
export function spokenForm(
  language: string,
  pronunciations: readonly Pronunciation[] = [],
  spells: (address: string) => boolean = () => false,
): SpokenForm {
  const tag = language.toLowerCase();
  const words = languages[tag] ?? languages[tag.split('-')[0]!];
  const rules = [
    ...markdown,
    ...pronounced(pronunciations),
    ...(words ? rulesOf(words, language, spells) : []),
  ];
  const insideRules = rules.filter((each) => each.inside);
  return (text) => {
    const pieces: SpokenPiece[] = [];
    let plain = 0;
    for (let at = 0; at < text.length;) {
      const inWord = /[\p{L}\p{N}]/u.test(text.charAt(at - 1));
      const found = firstMatch(inWord ? insideRules : rules, text, at);
      if (!found || found.length === 0) {
        at += 1;
        continue;
      }
      if (at > plain) pieces.push(...plainPieces(text.slice(plain, at)));
      pieces.push({ written: text.slice(at, at + found.length), spoken: found.spoken });
      at += found.length;
      plain = at;
    }
    if (plain < text.length) pieces.push(...plainPieces(text.slice(plain)));
    return pieces;
  };
}

/** One piece for each word, so that what was heard can be told word by word. */
function plainPieces(text: string): SpokenPiece[] {
  const parts = text.match(/\s*\S+\s*|\s+/g) ?? [];
  return parts.map((part) => ({ written: part, spoken: part }));
}

function firstMatch(rules: readonly Rule[], text: string, at: number) {
  for (const each of rules) {
    const found = each.match(text, at);
    if (found) return found;
  }
  return undefined;
}

const silent = () => '';

/** Signs of lists, headings and emphasis say nothing. */
const markdown: readonly Rule[] = [
  atLineStart(/#{1,6}\s+/),
  atLineStart(/>\s+/),
  atLineStart(/[-*•]\s+/),
  rule(/\[([^\]\n]{1,200})\]\([^)\s]{1,500}\)/, (match) => match[1]!, inside),
  rule(/(?:\*{1,3}|_{2,3}|~~|`{1,3})/, silent, inside),
  rule(/\s{0,4}\|\s{0,4}/, () => ', ', inside),
  rule(/[\p{Extended_Pictographic}\u{FE0F}\u{200D}]+\s?/u, silent, inside),
];

function atLineStart(pattern: RegExp): Rule {
  const plain = rule(pattern, silent, inside);
  return {
    inside: true,
    match: (text, at) =>
      at === 0 || text.charAt(at - 1) === '\n' ? plain.match(text, at) : undefined,
  };
}

function pronounced(pronunciations: readonly Pronunciation[]): Rule[] {
  const longestFirst = pronunciations.toSorted((a, b) => b.written.length - a.written.length);
  return longestFirst.map(({ written, spoken }) => {
    const escaped = RegExp.escape(written.trim());
    return rule(new RegExp(`${escaped}(?![\\p{L}\\p{N}])`, 'i'), () => spoken);
  });
}

function rulesOf(
  words: SpeakingWords,
  language: string,
  spells: (address: string) => boolean,
): Rule[] {
  const digits = (text: string) =>
    text
      .replaceAll(/\D/g, '')
      .split('')
      .map((digit) => words.cardinal(Number(digit)))
      .join(' ');
  const whole = (text: string): string => {
    const value = Number(text);
    const code = text.length > 1 && text.startsWith('0');
    return code || text.length > 9 || value > CARDINAL_MAX ? digits(text) : words.cardinal(value);
  };
  const [group, point] = words.commaIsPoint ? ['\\.', ','] : [',', '\\.'];
  const amount = `\\d{1,3}(?:${group}\\d{3})+(?:${point}\\d+)?|\\d+(?:${point}\\d+)?`;
  // 1 250 €: some write a space between the thousands.
  const spaced = words.commaIsPoint ? '\\d{1,3}(?:[ \\u00a0\\u202f]\\d{3})+(?:,\\d+)?' : '(?!)';
  const split = (text: string) => {
    const [before = '', after] = text
      .replaceAll(new RegExp(group, 'g'), '')
      .split(words.commaIsPoint ? ',' : '.');
    return { before, after };
  };
  const decimal = (text: string): string => {
    const { before, after } = split(text);
    return after === undefined ? whole(before) : `${whole(before)} ${words.point} ${digits(after)}`;
  };
  const counted = (text: string, [one, many]: readonly [string, string]) =>
    text === '1' ? `${words.oneOf} ${one}` : `${decimal(text)} ${many}`;
  const money = (text: string, sign: string): string | undefined => {
    const currency = words.currencies[sign];
    if (!currency) return undefined;
    const { before, after } = split(text);
    const head = counted(before, currency[0]);
    const cents = after === undefined ? 0 : Number(after.padEnd(2, '0').slice(0, 2));
    if (cents === 0) return head;
    const tail = counted(String(cents), currency[1]);
    return before === '0' ? tail : `${head} ${words.and} ${tail}`;
  };
  const address = (text: string): string => {
    const names: Readonly<Record<string, string>> = {
      '@': words.at,
      '.': words.dot,
      '/': words.slash,
      '-': words.dash,
      _: words.underscore,
      '+': words.plus,
    };
    return (text.match(/[\p{L}]+|\d|[@./\-_+]/gu) ?? [])
      .map((part) => names[part] ?? (/\d/.test(part) ? words.cardinal(Number(part)) : part))
      .join(' ');
  };
  const signs = Object.keys(words.currencies)
    .map((sign) => RegExp.escape(sign))
    .join('|');
  const units = Object.keys(words.units)
    .map((unit) => RegExp.escape(unit))
    .join('|');
  const year = (text: string) => words.year(Number(text));
  return [
    ...words.abbreviations.map(([written, spoken]) =>
      rule(written, () => spoken, written.source.startsWith('str') ? inside : {}),
    ),
    rule(/[\p{L}\d][\p{L}\d._%+-]*@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/u, ([match]) =>
      spells(match) ? spelledAddress(match, words) : address(match),
    ),
    rule(/https?:\/\/[^\s)]+?(?=[.,;:!?)]*(?:\s|$))/, (match) =>
      address(match[0].replace(/^https?:\/\//, '').replace(/\/$/, '')),
    ),
    rule(/www\.[^\s)]+?(?=[.,;:!?)]*(?:\s|$))/, (match) =>
      address(match[0]).replace(/^www/, 'w w w'),
    ),
    ...dateRules(words, language),
    ...(words.more ?? []),
    rule(
      new RegExp(
        `(\\d{1,2})(?:[:h]|\\.(?=\\d\\d\\s?(?:[ap]\\.?m|Uhr)))(\\d\\d)(?::\\d\\d)?(?:\\s?([ap])\\.?m\\b\\.?)?(?:\\s?(?:Uhr|h(?=[\\s.,;)]|$)))?${end}`,
        'i',
      ),
      (match) => {
        const [hour, minute] = [Number(match[1]), Number(match[2])];
        return hour > 24 || minute > 59
          ? undefined
          : words.time(hour % 24, minute, halfOf(match[3]));
      },
    ),
    rule(/(\d{1,2})\s?([ap])\.?m\b\.?/i, (match) => {
      const hour = Number(match[1]);
      return hour > 12 ? undefined : words.time(hour, 0, halfOf(match[2]));
    }),
    rule(/(?:\+|00)\d(?:[\s().-]{0,2}\d){7,14}(?!\d)/, (match) => phone(match[0], digits, words)),
    // A code and a number, each in one go.
    rule(/\d{3,4}[\s/-]\d{5,8}(?![\d.,]?\d|\p{L})/u, (match) => phone(match[0], digits, words)),
    // So many digits in a row count nothing.
    rule(/\d{7,15}(?![\d.,]?\d|\p{L})/u, (match) => phone(match[0], digits, words)),
    rule(/\(?\d{2,4}\)?(?:[\s./-]{1,2}\d{2,4}){2,5}(?!\d)/, (match) =>
      match[0].replaceAll(/\D/g, '').length >= 7 ? phone(match[0], digits, words) : undefined,
    ),
    rule(new RegExp(`(${signs})\\s?(${amount})\\s?[–-]\\s?(${amount})${end}`), (match) => {
      const most = money(match[3]!, match[1]!);
      return most && `${decimal(match[2]!)} ${words.to} ${most}`;
    }),
    rule(new RegExp(`(${amount})\\s?[–-]\\s?(${amount})\\s?(${signs})`), (match) => {
      const most = money(match[2]!, match[3]!);
      return most && `${decimal(match[1]!)} ${words.to} ${most}`;
    }),
    rule(new RegExp(`(${signs})\\s?(${amount})`), (match) => money(match[2]!, match[1]!), inside),
    rule(new RegExp(`(${spaced}|${amount})\\s?(${signs})`), (match) =>
      money(match[1]!.replaceAll(/\s/g, ''), match[2]!),
    ),
    // From one price or hour to the next.
    rule(
      new RegExp(
        `(?<=\\d|[ap]\\.?m\\.?|h|Uhr|€)\\s?(?:–|(?<!\\d)-|-(?=(?:${signs})|\\d{1,2}:))\\s?(?=(?:${signs})?\\d)`,
        'i',
      ),
      () => ` ${words.to} `,
      inside,
    ),
    rule(new RegExp(`(${amount})\\s?%`), (match) => `${decimal(match[1]!)} ${words.percent}`),
    rule(
      new RegExp(`(-?)(${amount})\\s?°\\s?[CF]?`),
      (match) => `${match[1] ? `${words.minus} ` : ''}${decimal(match[2]!)} ${words.degrees}`,
    ),
    rule(new RegExp(`(${amount})\\s?(${units})${end}`), (match) =>
      counted(match[1]!, words.units[match[2]!]!),
    ),
    rule(
      /(\d{1,4})\s?[–-]\s?(\d{1,4})(?![\d-])/,
      (match) => `${whole(match[1]!)} ${words.to} ${whole(match[2]!)}`,
    ),
    rule(/(\d+)(?:st|nd|rd|th|º|ª|ème|er|e)(?![\p{L}\p{N}])/u, (match) =>
      Number(match[1]) > 999 ? undefined : words.ordinal(Number(match[1])),
    ),
    rule(/(?:19|20)\d\d(?![\d.,]\d|\p{L}|\d)/u, (match) => year(match[0])),
    rule(/#\s?(?=\d)/, () => `${words.number} `, inside),
    rule(/(?=[A-Z\d-]*\d)(?=[A-Z\d-]*[A-Z])[A-Z\d][A-Z\d-]{1,11}(?![\p{L}\p{N}])/u, (match) =>
      spelled(match[0], words),
    ),
    rule(new RegExp(`-(${amount})${end}`), (match) => `${words.minus} ${decimal(match[1]!)}`),
    rule(/24\/7(?!\d)/, () => `${whole('24')} ${whole('7')}`),
    rule(/(\d{1,4})\/(\d{1,4})(?!\d)/, (m) => `${whole(m[1]!)} ${words.slash} ${whole(m[2]!)}`),
    rule(new RegExp(amount), (match) => decimal(match[0]), inside),
    rule(/\s*&\s*/, () => ` ${words.and} `, inside),
    rule(/\s\+\s/, () => ` ${words.plus} `, inside),
    rule(/(?<=\p{L})\s?\/\s?(?=\p{L})/u, () => ' ', inside),
  ];
}

function halfOf(letter: string | undefined): 'a.m.' | 'p.m.' | undefined {
  if (!letter) return undefined;
  return letter.toLowerCase() === 'a' ? 'a.m.' : 'p.m.';
}

/** Digit by digit, with a breath between the groups that are written, or else usual. */
function phone(text: string, digits: (text: string) => string, words: SpeakingWords): string {
  const groups = (text.match(/\d+/g) ?? []).flatMap((group) => breaths(group, words));
  const spoken = groups.map((group) => digits(group)).join(', ');
  return text.startsWith('+') ? `${words.plus} ${spoken}` : spoken;
}

/** Nobody follows more than four digits in one breath; none is left alone at the end. */
function breaths(group: string, { numberGroup = 3 }: SpeakingWords): string[] {
  if (group.length < 7) return [group];
  const american = /^(1?)([2-9]\d\d)([2-9]\d\d)(\d{4})$/.exec(group);
  if (american && numberGroup === 3) return american.slice(1).filter((part) => part !== '');
  const parts = group.match(new RegExp(`\\d{1,${numberGroup}}`, 'g')) ?? [];
  const last = parts.at(-1)!;
  return last.length > 1 ? parts : [...parts.slice(0, -2), parts.at(-2)! + last];
}

/** "AB12" letter by letter. */
function spelled(text: string, words: SpeakingWords): string {
  return text
    .replaceAll('-', '')
    .split('')
    .map((each) => (/\d/.test(each) ? words.cardinal(Number(each)) : each))
    .join(' ');
}
