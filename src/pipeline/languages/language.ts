// What listening needs to know of a language: which words end a turn, which hold it open, what our questions ask for.

/** What a question of ours asks for, as far as it decides how long we wait for the answer. */
export type AskedFor = 'phone' | 'email' | 'spelling' | 'name' | 'code' | 'date';

/** Phrases in lower case and without marks, as `plainPhrases` makes them. */
export interface AddressWords {
  /** What is said for the signs in an address. */
  readonly signs: ReadonlyMap<string, '@' | '.' | '-' | '_' | '+'>;
  /** The word for @ has another meaning too. */
  readonly atIsAWord: boolean;
  /** Said about an address, and no part of it. */
  readonly asides: ReadonlySet<string>;
  /** What is said before an address, beyond the words that leave a sentence open. */
  readonly before: ReadonlySet<string>;
  /** An ending that says that an address follows. */
  readonly announces: RegExp;
  /** How whole numbers are said. */
  cardinal(value: number): string;
  /** What the marks of letters become, where that is more than to lose them. */
  readonly marked: Readonly<Record<string, string>>;
}

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
  /** The end of what somebody says who looks something up, or is called away: they come back by themselves. */
  readonly awaits: RegExp;
  /** Says that a telephone number follows. */
  readonly announcesNumber: RegExp;
  /** Spoken digits; longer numbers by their digits ("twenty" is "20"). */
  readonly digits: ReadonlyMap<string, string>;
  /** How e-mail addresses are dictated. */
  readonly address: AddressWords;
  /** What our question asks for; the first that matches. */
  readonly asks: readonly (readonly [what: AskedFor, question: RegExp])[];
  /** A time of day or a part of it: with one, an answer to "when" is whole. */
  readonly timeOfDay: RegExp;
}

/** "a|b c" as a set. */
export function setOf(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split('|')).filter((each) => each !== ''));
}

/** The words for the signs of an address, beside those that are understood everywhere. */
export function signsOf(
  said: Readonly<Record<'at' | 'dot' | 'dash' | 'underscore' | 'plus', string>>,
): AddressWords['signs'] {
  const all: readonly (readonly [string, '@' | '.' | '-' | '_' | '+'])[] = [
    [`at|at sign|${said.at}`, '@'],
    [`dot|${said.dot}`, '.'],
    [said.dash, '-'],
    [`underscore|under score|${said.underscore}`, '_'],
    [`plus|${said.plus}`, '+'],
  ];
  return new Map(all.flatMap(([list, sign]) => [...setOf(list)].map((each) => [each, sign])));
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
