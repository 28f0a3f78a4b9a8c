// Numbers, addresses and spelled names that a caller dictates: which are in a text, and which were read back and confirmed. Pure.

import { listeningWords } from '../languages/find-language.ts';
import { plainWords } from '../languages/language.ts';
import type { ListeningWords } from '../languages/language.ts';
import { isNearly, plainLetters, spelledIn } from './spelled-words.ts';
import { emailsIn } from './spoken-emails.ts';
import { digitsIn } from './spoken-values.ts';
import type { Message } from '../types.ts';

/** Shorter ones are dates, times and extensions. */
const PHONE_DIGITS_MIN = 7;
const PHONE_DIGITS_MAX = 15;
/** So many digits in an answer that are not in the number are a correction. */
const CORRECTION_DIGITS = 3;

/** Something that is easily misheard. */
export type Dictated =
  | DictatedPhone
  | { readonly kind: 'email'; readonly text: string }
  | {
      readonly kind: 'name';
      /** As it is read back: letter by letter. */
      readonly text: string;
      /** As the caller spelled it, which what is used must hold; without marks. */
      readonly letters: string;
    };

export interface DictatedPhone {
  readonly kind: 'phone';
  readonly text: string;
  readonly digits: string;
}

/** What may be an address, as it is written. Looked for where a word begins, and not at each of its letters. */
const email =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu;
const phone = /(?:\+\s?)?\(?\d[\d\s().\-/]{5,30}\d/g;

/** A telephone number that stands alone, in digits or in words; undefined when it is none. */
export function dictatedPhone(text: string, language: string): DictatedPhone | undefined {
  const written = text.replaceAll(/\D/g, '');
  const wordless = /^[\d\s().+\-/]*$/.test(text);
  const digits = wordless ? written : digitsIn(plainWords(text), listeningWords(language));
  return isPhone(digits)
    ? { kind: 'phone', text: wordless ? text.trim() : digits, digits }
    : undefined;
}

/** Every number and address in a text. */
export function dictatedIn(text: string): Dictated[] {
  const found: Dictated[] = (text.match(email) ?? []).map((each) => ({
    kind: 'email',
    text: each,
  }));
  for (const each of text.replaceAll(email, ' ').match(phone) ?? []) {
    const digits = each.replaceAll(/\D/g, '');
    if (isPhone(digits)) found.push({ kind: 'phone', text: each.trim(), digits });
  }
  return found;
}

/** What of a name the caller has spelled, whether it was taken down rightly or nearly; the last spelling counts. */
export function spelledName(name: string, said: readonly Message[]): Dictated | undefined {
  const wholes = [plainLetters(name), ...name.split(/[\s-]+/).map(plainLetters)];
  for (const message of said.toReversed()) {
    if (message.role !== 'user') continue;
    const letters = spelledIn(message.text).findLast((spelled) =>
      wholes.some((whole) => isNearly(whole, spelled)),
    );
    if (letters === undefined) continue;
    return { kind: 'name', text: Array.from(letters.toUpperCase()).join(', '), letters };
  }
  return undefined;
}

/** Whether the words of one side have it in them, spoken or written. */
export function isIn(value: Dictated, text: string, language: string): boolean {
  const words = listeningWords(language);
  if (value.kind === 'name') return plainLetters(text).includes(value.letters);
  if (value.kind === 'email') {
    const address = value.text.toLowerCase();
    if (text.match(email)?.some((each) => each.toLowerCase() === address)) return true;
    return emailsIn(text, words, true).some((each) => each.address === address);
  }
  const digits = digitsIn(plainWords(text), words);
  return nationals(value.text).some((each) => digits.includes(each));
}

/** Whether two numbers are one, with or without the country's prefix. */
export function isSameNumber(value: Dictated, phoneNumber: string): boolean {
  if (value.kind !== 'phone') return false;
  return nationals(phoneNumber).some((each) => nationals(value.text).includes(each));
}

/**
 * Whether it was read back to the caller, who then said yes. `said`: as it was heard, oldest first. The last reading
 * counts.
 */
export function wasConfirmed(value: Dictated, said: readonly Message[], language: string): boolean {
  const words = listeningWords(language);
  let confirmed = false;
  let ours = '';
  for (const [at, message] of said.entries()) {
    if (message.role === 'assistant') ours += ` ${message.text}`;
    if (message.role !== 'user') continue;
    const answer = [message.text];
    // What is said before we speak again is one answer.
    for (const next of said.slice(at + 1)) {
      if (next.role !== 'user') break;
      answer.push(next.text);
    }
    if (ours !== '' && isIn(value, ours, language)) {
      confirmed = assents(answer.join(' '), value, words);
    }
    ours = '';
  }
  return confirmed;
}

/** Whether somebody has typed exactly this. */
export function wasTyped(value: Dictated, said: readonly Message[]): boolean {
  return said.some(
    ({ role, ...message }) =>
      role === 'user' &&
      'text' in message &&
      value.kind !== 'name' &&
      dictatedIn(message.text).some((each) =>
        value.kind === 'phone'
          ? isSameNumber(each, value.text)
          : each.text.toLowerCase() === value.text.toLowerCase(),
      ),
  );
}

/** A yes, and neither a no nor other digits. */
function assents(answer: string, value: Dictated, words: ListeningWords): boolean {
  const plain = plainWords(answer);
  const all = plain.split(' ');
  if (all.some((word) => words.denials.has(word))) return false;
  const digits = digitsIn(plain, words);
  if (value.kind === 'phone' && digits.length >= CORRECTION_DIGITS) {
    if (!value.digits.includes(digits)) return false;
  }
  return words.assents.test(plain);
}

function isPhone(digits: string): boolean {
  return digits.length >= PHONE_DIGITS_MIN && digits.length <= PHONE_DIGITS_MAX;
}

/** Digits as a number may be said: whole, without the nought before it, without a country's prefix where it has one. */
function nationals(text: string): readonly string[] {
  const digits = text.replaceAll(/\D/g, '');
  const bare = digits.replace(/^0+/, '');
  const northAmerican = digits.length === 11 && digits.startsWith('1');
  if (!northAmerican && !/^\s*(\+|00)/.test(text)) return [bare];
  const prefix = shortPrefixes.exec(bare)?.[0].length ?? 3;
  const national = bare.slice(prefix).replace(/^0/, '');
  return national.length < PHONE_DIGITS_MIN ? [bare] : [bare, national];
}

/** Country prefixes of one and of two digits; all others have three. */
const shortPrefixes = /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
