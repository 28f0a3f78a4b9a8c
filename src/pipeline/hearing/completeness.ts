// Does what the caller has said so far sound finished? From the words and from what we asked: our wait depends on it.

import type { Expectation } from './expectation.ts';
import { plainWords } from '../languages/language.ts';
import type { AskedFor, ListeningWords } from '../languages/language.ts';
import { alphabetWords } from '../dictation/spelled-words.ts';
import { emailAtEnd } from '../dictation/spoken-emails.ts';
import { digitsIn, isWholeNumber, spelledLetters } from '../dictation/spoken-values.ts';

/**
 * Complete: a whole sentence, answer or value. Likely: enough to answer what we asked. Unclear: may be either. Unfinished: it
 * must go on. Spelling: letters or digits one by one, of which nobody knows how many will come. Dictating: part of a number or
 * an address, which people say with long pauses.
 */
export type Completeness =
  | 'complete'
  | 'likely'
  | 'unclear'
  | 'unfinished'
  | 'spelling'
  | 'dictating';

/** An answer of so many words needs no full stop to be one. */
const BRIEF_WORDS_MAX = 4;
/** No telephone number that people dictate is shorter. */
const NUMBER_DIGITS_MIN = 7;
/** More words than these around a value are a sentence about it. */
const VALUE_WORDS_MAX = 4;

/** How finished `text` sounds. Punctuation comes from the recogniser and is a hint, words decide first. */
export function completeness(
  text: string,
  words: ListeningWords,
  expected: Expectation = {},
): Completeness {
  const said = text.trim();
  const plain = plainWords(said);
  if (plain === '') return 'unclear';
  if (words.answers.has(plain)) return 'complete';
  const { what, lengths } = expected;
  const value = what && ofValue(said, plain, words, what, lengths);
  if (value) return value;
  // An address that nobody has asked for is dictated as slowly.
  const address = what === 'email' ? undefined : emailAtEnd(said, words);
  if (address) return address === 'whole' ? 'complete' : 'dictating';
  if (beginsNumber(plain, words)) return 'dictating';
  if (/(,|…|\.\.\.|-|–)$/.test(said)) return 'unfinished';
  if (words.closedEndings.some((ending) => ending.test(plain))) return 'complete';
  if (words.openEndings.some((ending) => ending.test(plain))) return 'unfinished';
  const all = plain.split(' ');
  const stopped = /[.?!]$/.test(said);
  if (words.openWords.has(all.at(-1) ?? '') && !(stopped && all.length > 2)) return 'unfinished';
  if (/[?!]$/.test(said)) return 'complete';
  if (stopped && all.length >= 2) return 'complete';
  return expected.asked && all.length <= BRIEF_WORDS_MAX ? 'likely' : 'unclear';
}

/** Nor is a number that is announced, and has only begun. */
function beginsNumber(plain: string, words: ListeningWords): boolean {
  const announced = words.announcesNumber.exec(plain);
  if (!announced) return false;
  const after = plain.slice(announced.index + announced[0].length);
  const digits = digitsIn(after, words);
  // Behind the digits something else may have been said.
  const last = digitsIn(after.split(' ').at(-1) ?? '', words);
  return last !== '' && digits.length < NUMBER_DIGITS_MIN;
}

/** What is said where we asked for a value; undefined when it is something else. */
function ofValue(
  said: string,
  plain: string,
  words: ListeningWords,
  what: AskedFor,
  lengths: readonly number[] | undefined,
): Completeness | undefined {
  const count = plain.split(' ').length;
  switch (what) {
    case 'phone':
    case 'code': {
      const digits = digitsIn(plain, words);
      if (digits === '' && spelledLetters(plain) < 2) return undefined;
      // "I don't have one" is no digit.
      if (digits.length === 1 && count > 2) return undefined;
      if (lengths && digits !== '') {
        return isWholeNumber(digits, said, lengths) ? 'complete' : 'dictating';
      }
      return 'spelling';
    }
    case 'email':
      switch (emailAtEnd(said, words, true)) {
        case 'whole':
          return 'complete';
        case 'part':
          return 'dictating';
        case undefined:
          break;
      }
      if (spelledLetters(plain) > 0) return 'dictating';
      return count <= VALUE_WORDS_MAX && !words.openWords.has(plain.split(' ').at(-1)!)
        ? 'dictating'
        : undefined;
    case 'spelling':
      return spelledLetters(plain) > 0 || alphabetWords(plain) > 0 ? 'spelling' : undefined;
    case 'name':
      // Two words of an alphabet are a whole name more often: "Charlie Adam".
      if (spelledLetters(plain) > 1 || alphabetWords(plain) > 2) return 'spelling';
      // A first name may be followed by the other, whatever the recogniser makes of the pause.
      return count === 1 ? 'unclear' : undefined;
    case 'date':
      if (words.openWords.has(plain.split(' ').at(-1)!)) return undefined;
      return words.timeOfDay.test(plain) && count > 1 ? 'complete' : undefined;
  }
}

/** Whether `text` is nothing but a sign of listening: said over a statement of ours it takes nothing from us. */
export function isAcknowledgement(text: string, words: ListeningWords): boolean {
  return words.acknowledgements.has(plainWords(text));
}

/** Whether `text` tells us to be silent. */
export function isStop(text: string, words: ListeningWords): boolean {
  return words.stops.has(plainWords(text));
}

/** Whoever asks us to wait is let alone for so much longer. */
export const AWAITED_MS = 30_000;
/** More than this is about something, whatever it ends in. */
const AWAITING_WORDS_MAX = 12;

/** Whether whoever says `text` leaves us waiting, and wants it so. */
export function asksToWait(text: string, words: ListeningWords): boolean {
  const plain = plainWords(text);
  return plain.split(' ').length <= AWAITING_WORDS_MAX && words.awaits.test(plain);
}
