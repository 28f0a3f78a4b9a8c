// How heard words are written: capitals, a full stop or a question mark, digits for phone numbers, letters for spelled names.

import type { HeardWord } from './hearing.ts';
import { firstNames, lastNames, months, weekdays } from './spoken-words.ts';

export interface WordingOptions {
  readonly punctuate: boolean;
  readonly numerals: boolean;
  /** The utterance is over: only then does it get a stop. */
  readonly final: boolean;
}

export interface WrittenWord extends HeardWord {
  /** With capitals and punctuation, where they were asked for; otherwise as `text`. */
  readonly written: string;
}

const digitOf: Readonly<Record<string, string>> = {
  zero: '0',
  oh: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
};
/** So many digits in a row are a number that is said digit by digit. Fewer are a time or a count. */
const DIGITS_MIN = 3;
const proper = new Set([...firstNames, ...lastNames, ...months, ...weekdays, 'i']);
const asks =
  /^(?:(?:hello|hi|hi there|okay|sorry|so|well|and) )?(?:what|when|where|how|who|is|are|do|does|can|could|may)\b/;
/** Said by someone who goes on after a breath. */
const openEnded = new Set(
  "and or so but the a an at on in to for is my i i'm with of or uh um".split(' '),
);

export function write(words: readonly HeardWord[], options: WordingOptions): WrittenWord[] {
  const joined = joinLetters(options.numerals ? joinDigits(words) : words);
  const spoken = joined.map(({ text }) => text).join(' ');
  return joined.map((word, index) => {
    if (!options.punctuate) return { ...word, written: word.text };
    const last = index === joined.length - 1;
    const stop = last && options.final ? stopAfter(spoken, word.text) : '';
    return { ...word, written: capital(word.text, index === 0) + stop };
  });
}

/** Runs of digits, `double` included, as one word. */
function joinDigits(words: readonly HeardWord[]): HeardWord[] {
  const joined: HeardWord[] = [];
  for (let at = 0; at < words.length;) {
    let digits = '';
    let end = at;
    while (end < words.length) {
      const double = words[end]!.text === 'double';
      const digit = digitOf[words[end + (double ? 1 : 0)]?.text ?? ''];
      if (digit === undefined) break;
      digits += double ? digit + digit : digit;
      end += double ? 2 : 1;
    }
    if (digits.length >= DIGITS_MIN) {
      joined.push({ ...words[at]!, text: digits, endMs: words[end - 1]!.endMs });
      at = end;
    } else {
      joined.push(words[at]!);
      at += 1;
    }
  }
  return joined;
}

/** `a.` `m.` is `a.m.`; other letters are written as capitals. */
function joinLetters(words: readonly HeardWord[]): HeardWord[] {
  const joined: HeardWord[] = [];
  for (const word of words) {
    const before = joined.at(-1);
    if (word.text === 'm.' && before && /^[AP]$/.test(before.text)) {
      const text = `${before.text.toLowerCase()}.m.`;
      joined[joined.length - 1] = { ...before, text, endMs: word.endMs };
    } else if (/^[a-z]\.$/.test(word.text)) {
      joined.push({ ...word, text: word.text[0]!.toUpperCase() });
    } else joined.push(word);
  }
  return joined;
}

function capital(text: string, first: boolean): string {
  const raise = first || proper.has(text.replace(/'.*$/, ''));
  return raise ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

function stopAfter(spoken: string, last: string): string {
  if (openEnded.has(last)) return '';
  if (asks.test(spoken)) return '?';
  return last.endsWith('.') ? '' : '.';
}
