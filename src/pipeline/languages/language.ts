// What listening needs to know of a language: which words end a turn, which hold it open, what our questions ask for.

/** What a question of ours asks for, as far as it decides how long we wait for the answer. */
export type AskedFor = 'phone' | 'email' | 'spelling' | 'name' | 'code' | 'date';

export interface ListeningWords {
  /** Words after which a sentence goes on: whoever stops there is thinking. */
  readonly openWords: ReadonlySet<string>;
  /** Whole endings that announce something to come. */
  readonly openEndings: readonly RegExp[];
  /** Endings in open words that end a sentence all the same. */
  readonly closedEndings: readonly RegExp[];
  /** Answers that are whole however short they are. */
  readonly answers: ReadonlySet<string>;
  /** What people say to show that they listen. */
  readonly acknowledgements: ReadonlySet<string>;
  /** In an answer to "is that right?": what makes it a yes, and the words that make it none whatever else is said. */
  readonly assents: RegExp;
  readonly denials: ReadonlySet<string>;
  /** What silences us at once. */
  readonly stops: ReadonlySet<string>;
  /** Spoken digits; longer numbers by their digits ("twenty" is "20"). */
  readonly digits: ReadonlyMap<string, string>;
  /** What is said for @ and for a full stop in an address. */
  readonly at: RegExp;
  readonly dot: RegExp;
  /** What our question asks for; the first that matches. */
  readonly asks: readonly (readonly [what: AskedFor, question: RegExp])[];
  /** A time of day or a part of it: with one, an answer to "when" is whole. */
  readonly timeOfDay: RegExp;
}

/** "a|b c" as a set. */
export function setOf(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split('|')).filter((each) => each !== ''));
}

/** "zero|oh=0, one=1" as a map from each word to the digits. */
export function digitsOf(list: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const entry of list.split(',')) {
    const [words = '', digits = ''] = entry.split('=');
    for (const word of words.split('|')) map.set(word.trim(), digits.trim());
  }
  return map;
}

/** Lower case, punctuation at the edges of words dropped, one space between words. */
export function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[^\p{L}\p{N}'@:+.-]+/gu, ' ')
    .replaceAll(/(?<![\p{L}\p{N}])[.:'-]+|[.:'-]+(?![\p{L}\p{N}])/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
