// From a language tag to the words of that language.

import { english } from './english.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import { italian } from './italian.ts';
import type { ListeningWords } from './language.ts';
import { portuguese } from './portuguese.ts';
import { spanish } from './spanish.ts';

const listening: Readonly<Record<string, ListeningWords>> = {
  de: german,
  en: english,
  es: spanish,
  fr: french,
  it: italian,
  pt: portuguese,
};

/** `language`: BCP 47. Languages without words of their own are listened to like English, whose words then rarely occur. */
export function listeningWords(language: string): ListeningWords {
  return listening[languageOf(language)] ?? english;
}

/** "pt" of "pt-BR". */
export function languageOf(tag: string): string {
  return tag.split('-')[0]!.toLowerCase();
}
