// Written text as people say it: numbers, times, prices, addresses, symbols; no markdown. The same for every voice.

import { Cache } from '../../lib/cache.ts';
import { amountsOf, moneySigns } from './amounts.ts';
import { english, englishAbroad } from './english.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import { italian } from './italian.ts';
import { markupRules } from './markup-rules.ts';
import { measureRules, moneyRules, timeRules } from './number-rules.ts';
import { phoneRules } from './phone-rules.ts';
import { portuguese, portugueseOfPortugal } from './portuguese.ts';
import { romanRules } from './roman-rules.ts';
import { insideLetters, rule } from './rule.ts';
import type { Rule } from './rule.ts';
import { keyRules, signRules } from './sign-rules.ts';
import { spanish, spanishWithPesos } from './spanish.ts';
import { dateRules } from './spoken-dates.ts';
import { spelledAddress } from './spelled-address.ts';
import type { SpeakingWords } from './speaking-words.ts';

/** Languages whose rules are kept. */
const LANGUAGES_MAX = 64;

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
  'en-au': englishAbroad,
  'en-gb': englishAbroad,
  'en-ie': englishAbroad,
  'en-in': englishAbroad,
  'en-nz': englishAbroad,
  'en-za': englishAbroad,
  es: spanish,
  fr: french,
  it: italian,
  'es-ar': spanishWithPesos,
  'es-cl': spanishWithPesos,
  'es-co': spanishWithPesos,
  'es-mx': spanishWithPesos,
  'es-uy': spanishWithPesos,
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
  const { words, keys, abbreviations, others } = rulesOf(language);
  const rules = [
    ...keys,
    ...markupRules,
    ...pronounced(pronunciations),
    ...abbreviations,
    ...(words ? [mailRule(words, spells)] : []),
    ...others,
  ];
  const insideRules = rules.filter((each) => each.inside);
  const letterRules = rules.filter((each) => each.letters);
  return (text) => {
    const pieces: SpokenPiece[] = [];
    let plain = 0;
    for (let at = 0; at < text.length;) {
      const inWord = /[\p{L}\p{N}]/u.test(text.charAt(at - 1));
      const inside = /\p{L}/u.test(text.charAt(at)) ? letterRules : insideRules;
      const found = firstMatch(inWord ? inside : rules, text, at);
      if (!found || found.length === 0) {
        at += 1;
        continue;
      }
      if (at > plain) pieces.push(...plainPieces(text.slice(plain, at)));
      pieces.push(apart(text, at, found, pieces.at(-1)?.spoken ?? ''));
      at += found.length;
      plain = at;
    }
    if (plain < text.length) pieces.push(...plainPieces(text.slice(plain)));
    return pieces;
  };
}

/** Where figures and letters are written in one, the words of the figures stand by themselves: "7ish", "US$50". */
function apart(
  text: string,
  at: number,
  { length, spoken }: { readonly length: number; readonly spoken: string },
  said: string,
): SpokenPiece {
  const written = text.slice(at, at + length);
  const figures = (sign: string) => /[^\p{L}\s.,*_'’·(]/u.test(sign);
  const before =
    figures(written.charAt(0)) &&
    /^\p{L}/u.test(spoken) &&
    /\p{L}/u.test(text.charAt(at - 1)) &&
    !said.endsWith(' ');
  const after =
    figures(written.at(-1)!) && /\p{L}$/u.test(spoken) && /\p{L}/u.test(text.charAt(at + length));
  return { written, spoken: `${before ? ' ' : ''}${spoken}${after ? ' ' : ''}` };
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

function pronounced(pronunciations: readonly Pronunciation[]): Rule[] {
  const longestFirst = pronunciations.toSorted((a, b) => b.written.length - a.written.length);
  return longestFirst.map(({ written, spoken }) => {
    const escaped = RegExp.escape(written.trim());
    return rule(new RegExp(`${escaped}(?![\\p{L}\\p{N}])`, 'i'), () => spoken);
  });
}

interface LanguageRules {
  readonly words: SpeakingWords | undefined;
  readonly keys: readonly Rule[];
  readonly abbreviations: readonly Rule[];
  readonly others: readonly Rule[];
}

/** Made once for all calls: they are a hundred patterns, and took each call 2 ms of its beginning. */
const kept = new Cache<string, LanguageRules>(LANGUAGES_MAX);

function rulesOf(language: string): LanguageRules {
  const tag = language.toLowerCase();
  const known = kept.get(tag);
  if (known) return known;
  const words = languages[tag] ?? languages[tag.split('-')[0]!];
  const rules = {
    words,
    keys: words ? keyRules(words) : [],
    abbreviations: words ? abbreviationRules(words) : [],
    others: words ? otherRules(words, language) : [],
  };
  kept.set(tag, rules);
  return rules;
}

function abbreviationRules(words: SpeakingWords): Rule[] {
  return words.abbreviations.map(([written, spoken]) =>
    // The stop of one that is the last word ends its sentence too.
    rule(
      written,
      ({ 0: match, index, input }) =>
        match.endsWith('.') && input.slice(index + match.length).trim() === ''
          ? `${spoken}.`
          : spoken,
      written.source.startsWith('str') ? insideLetters : {},
    ),
  );
}

function otherRules(words: SpeakingWords, language: string): Rule[] {
  const amounts = amountsOf(words);
  const { symbols, codes } = moneySigns(words);
  return [
    ...pageRules(words),
    rule(/24\/7(?!\d)/, () => `${words.cardinal(24)} ${words.cardinal(7)}`),
    ...dateRules(words, language),
    ...(words.more ?? []),
    ...romanRules(words),
    ...timeRules(words),
    ...phoneRules(words, amounts),
    ...moneyRules(words, amounts),
    ...measureRules(words, amounts, `${codes}|${symbols}`),
    ...signRules(words),
  ];
}

/** The dot and the dash of an address are said. */
function addressOf(words: SpeakingWords): (text: string) => string {
  const names: Readonly<Record<string, string>> = {
    '@': words.at,
    '.': words.dot,
    '/': words.slash,
    '-': words.dash,
    _: words.underscore,
    '+': words.plus,
  };
  return (text) =>
    (text.match(/[\p{L}]+|\d|[@./\-_+]/gu) ?? [])
      .map((part) => names[part] ?? (/\d/.test(part) ? words.cardinal(Number(part)) : part))
      .join(' ');
}

function mailRule(words: SpeakingWords, spells: (address: string) => boolean): Rule {
  const address = addressOf(words);
  return rule(/[\p{L}\d][\p{L}\d._%+-]*@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/u, ([match]) =>
    spells(match) ? spelledAddress(match, words) : address(match),
  );
}

/** What a page is asked for nobody dictates. */
function pageRules(words: SpeakingWords): Rule[] {
  const address = addressOf(words);
  return [
    rule(/https?:\/\/[^\s)]+?(?=[.,;:!?)]*(?:\s|$))/, (match) =>
      address(
        match[0]
          .replace(/^https?:\/\//, '')
          .replace(/[?#].*$/, '')
          .replace(/\/$/, ''),
      ),
    ),
    rule(/www\.[^\s)]+?(?=[.,;:!?)]*(?:\s|$))/, (match) =>
      address(match[0].replace(/\/$/, '')).replace(/^www/, 'w w w'),
    ),
    rule(
      /(?:[\p{L}\d][\p{L}\d-]*\.)+(?:com|org|net|info|biz|io|app|dev|health|clinic|shop|de|at|ch|es|fr|it|pt|br|mx|uk|us|ca|eu)(?![\p{L}\d@-]|\.\p{L})(?:\/[\p{L}\d_./-]*[\p{L}\d])?/u,
      ([match]) => (/[\p{L}\d]{2}\./u.test(match) ? address(match) : undefined),
    ),
  ];
}
