// What the caller is likely to say next, from what we have said last.

import { listeningWords } from '../languages/find-language.ts';
import type { AskedFor } from '../languages/language.ts';
import { phoneNumberLengths } from '../dictation/spoken-values.ts';

export interface Expectation {
  /** We have asked something. */
  readonly asked?: boolean;
  /** And it was for one of these. */
  readonly what?: AskedFor;
  /** Digits in a whole number, where that is known. */
  readonly lengths?: readonly number[];
}

/** Nothing in particular. */
export const NOTHING_ASKED: Expectation = {};

/** "Please give me your number." asks as well as a question does. */
const REQUEST_CHARACTERS_MAX = 200;

/** What `ourText` asks for in its last sentence. `language`: BCP 47. */
export function expectationAfter(ourText: string, language: string): Expectation {
  const sentence = lastSentence(ourText).toLowerCase();
  if (sentence === '') return NOTHING_ASKED;
  const asked = sentence.endsWith('?');
  const what = listeningWords(language).asks.find(([, question]) => question.test(sentence))?.[0];
  if (!what) return asked ? { asked } : NOTHING_ASKED;
  // A sentence that only mentions a number ("We have your number.") is no request for one.
  if (!asked && !isRequest(sentence)) return NOTHING_ASKED;
  const lengths = what === 'phone' ? phoneNumberLengths(language) : codeLengths(what, sentence);
  return lengths ? { asked: true, what, lengths } : { asked: true, what };
}

function lastSentence(text: string): string {
  const sentences = text
    .slice(-REQUEST_CHARACTERS_MAX)
    .trim()
    .split(/(?<=[.?!…])\s+/);
  return sentences.at(-1) ?? '';
}

const requests =
  /\b(please|give|tell|say|spell|leave|need|por favor|dígame|indíqueme|deme|deletree|necesito|donnez|dites|épelez|laissez|veuillez|bitte|sagen|nennen|buchstabieren|brauche|dica|mi dia|per favore|lasci|diga|diga-me|por favor|soletre|preciso)\b/;

function isRequest(sentence: string): boolean {
  return requests.test(sentence);
}

const smallNumbers: readonly (readonly [RegExp, number])[] = [
  [/\b(3|three|tres|trois|drei|tre|três)\b/, 3],
  [/\b(4|four|cuatro|quatre|vier|quattro|quatro)\b/, 4],
  [/\b(5|five|cinco|cinq|fünf|cinque)\b/, 5],
  [/\b(6|six|seis|sechs|sei)\b/, 6],
  [/\b(8|eight|ocho|huit|acht|otto|oito)\b/, 8],
  [/\b(10|ten|diez|dix|zehn|dieci|dez)\b/, 10],
];

/** "The four digit code" tells how long it is; a date of birth and a time do not. */
function codeLengths(what: AskedFor, sentence: string): readonly number[] | undefined {
  if (what !== 'code') return undefined;
  const found = smallNumbers.find(([number]) => number.test(sentence));
  return found && [found[1]];
}
