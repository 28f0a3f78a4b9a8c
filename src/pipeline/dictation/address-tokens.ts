// A text in which somebody may dictate an e-mail address, cut into letters, numbers, words and signs. Pure.

import { languageNumbers } from './spoken-numbers.ts';
import type { AddressWords, ListeningWords } from '../languages/language.ts';
import { example, exampleMore, isNearly, letterNamed, twice } from './spelled-words.ts';

/** Words in the longest phrase: "mil novecentos e noventa e nove", and some. */
const PHRASE_WORDS_MAX = 8;
/** Words of an alphabet in a row that spell; fewer may be names. */
const ALPHABET_WORDS_MIN = 3;
/** Words between a word and its spelling: "Smith, that is spelled S M I T H". */
const LINK_WORDS_MAX = 3;
/** Fewer letters are no spelling of a word before them. */
const SPELLING_LETTERS_MIN = 3;

export interface Token {
  /** Stop: a sentence ends, or it is nothing of an address. */
  readonly kind: 'word' | 'letter' | 'digits' | 'sign' | 'aside' | 'comma' | 'stop';
  /** In lower case and without marks; of a sign, the sign. */
  readonly text: string;
  /** As it was written, in lower case. */
  readonly raw: string;
  /** Where it stands in the text. */
  readonly start: number;
  readonly end: number;
  /** A sign that was written between two words without spaces. */
  readonly glued: boolean;
}

/** Letters that stand for nothing else although they are words, where nobody speaks English: "jota", "efe". */
const certainNames = new Set(
  (
    'efe effe hache ache acca jota elle ele eme emme enne erre esse uve equis ics iks igrec ypsilon ipsilon zeta zett ' +
    'zede dablio xis'
  ).split(' '),
);
/** Said while thinking, also in the middle of an address. */
const fillers: ReadonlySet<string> = new Set('um uh uhm erm hmm aeh aehm euh ehm'.split(' '));
const wLike =
  /^(double (you|u|v|ve)|uve doble|doble (uve|ve|u)|ve doble|doppi[ao] (v|vu|vi)|duplo (v|ve)|dabliu|dablio)$/;
const yLike = /^i (grec|griega|greca)$/;
const thrice = /^(triple|treble|triplo|tripla|dreifach)$/;

/** The tokens of a text in the language of `words`. */
export function addressTokens(text: string, words: ListeningWords): Token[] {
  const { address } = words;
  const scanned = scan(text, address);
  const joined = joinPhrases(scanned, address);
  return dropRepeats(spellOut(expand(joined), address), words);
}

/** Lower case, without marks: "Müller" is "mueller" in German, "muller" elsewhere. */
export function withoutMarks(text: string, { marked }: AddressWords): string {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[^\p{ASCII}]/gu, (each) => marked[each] ?? each)
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '');
}

function scan(text: string, address: AddressWords): Token[] {
  const numbers = languageNumbers(address);
  const tokens: Token[] = [];
  const parts = text.matchAll(/e-mails?(?![\p{L}\p{N}])|[\p{L}\p{M}\p{N}]+(?:['’][\p{L}]+)*|\S/giu);
  for (const part of parts) {
    const start = part.index;
    const end = start + part[0].length;
    const raw = part[0].toLowerCase().replaceAll('’', "'").replace('e-mail', 'email');
    const before = text.charAt(start - 1);
    const after = text.charAt(end);
    const between = isWordy(before) && isWordy(after);
    const last = tokens.at(-1);
    const at = (kind: Token['kind'], plain: string, glued = false) =>
      tokens.push({ kind, text: plain, raw, start, end, glued });
    if (isWordy(raw)) {
      const plain = withoutMarks(raw, address);
      if (fillers.has(plain)) continue;
      at(/^\d+$/.test(plain) ? 'digits' : plain.length === 1 ? 'letter' : 'word', plain);
    } else if (raw === '@') at('sign', '@', true);
    else if (raw === '_' || raw === '+') at('sign', raw, between);
    else if (raw === '.' && between) at('sign', '.', true);
    else if (raw === '.') {
      // "K. O. W." is spelled.
      if (last?.kind !== 'letter' || last.end !== start) at('stop', '.');
    } else if (raw === '-' && between) {
      const following = /^[\p{L}\p{M}\p{N}]+/u.exec(text.slice(end))?.[0] ?? '';
      const next = withoutMarks(following, address);
      const spelled = last!.text.length === 1 && next.length === 1;
      const number = numbers.parts.has(last!.text) && numbers.parts.has(next);
      if (!spelled && !number) at('sign', '-', true);
    } else if (raw === ',') at('comma', ',');
    else at('stop', raw);
  }
  return tokens;
}

function isWordy(text: string): boolean {
  return /^[\p{L}\p{M}\p{N}]/u.test(text);
}

const spoken = (token: Token | undefined): boolean =>
  token?.kind === 'word' || token?.kind === 'letter' || token?.kind === 'digits';

/** Phrases that are signs, asides, numbers and letters of several words; stops and commas beside signs are breaths. */
function joinPhrases(tokens: readonly Token[], address: AddressWords): Token[] {
  const numbers = languageNumbers(address);
  const joined: Token[] = [];
  for (let at = 0; at < tokens.length;) {
    let length = 0;
    while (length < PHRASE_WORDS_MAX && spoken(tokens[at + length])) length += 1;
    let found: Pick<Token, 'kind' | 'text'> | undefined;
    for (; length > 0 && !found; length -= found ? 0 : 1) {
      const phrase = tokens
        .slice(at, at + length)
        .map(({ text }) => text)
        .join(' ');
      found = meaning(phrase, address, numbers.digits);
      if (found) break;
    }
    const count = Math.max(1, length);
    const first = tokens[at]!;
    const last = tokens[at + count - 1]!;
    joined.push(found ? { ...first, ...found, end: last.end, glued: false } : first);
    at += count;
  }
  return joined.filter((token, index) => {
    if (token.kind !== 'comma' && token.kind !== 'stop') return true;
    if (!/^[.,]$/.test(token.text)) return true;
    return !isSign(joined[index - 1]) && !isSign(joined[index + 1]);
  });
}

const isSign = (token: Token | undefined): boolean => token?.kind === 'sign';

function meaning(
  phrase: string,
  { signs, asides }: AddressWords,
  numbers: ReadonlyMap<string, string>,
): Pick<Token, 'kind' | 'text'> | undefined {
  const sign = signs.get(phrase);
  if (sign) return { kind: 'sign', text: sign };
  if (asides.has(phrase)) return { kind: 'aside', text: phrase };
  const digits = numbers.get(phrase);
  if (digits !== undefined) return { kind: 'digits', text: digits };
  if (wLike.test(phrase)) return { kind: 'letter', text: 'w' };
  return yLike.test(phrase) ? { kind: 'letter', text: 'y' } : undefined;
}

/** "Double s" is two, and "m as in Mike" is one. */
function expand(tokens: readonly Token[]): Token[] {
  const expanded: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]!;
    const next = tokens[at + 1];
    const times = twice.test(token.text) ? 2 : thrice.test(token.text) ? 3 : 1;
    if (times > 1 && next && (next.kind === 'letter' || /^\d$/.test(next.text))) {
      expanded.push({ ...next, start: token.start, text: next.text.repeat(times) });
      at += 1;
      continue;
    }
    const shown =
      token.kind === 'letter' || certainNames.has(token.text) ? shownBy(tokens, at) : undefined;
    if (shown) {
      const end = tokens[shown.at]!.end;
      expanded.push({ ...token, kind: 'letter', text: shown.letter, end });
      at = shown.at;
      continue;
    }
    expanded.push(token);
  }
  return expanded;
}

/** The word of an example shows the letter even where that was misheard: "n as in Mike". */
function shownBy(
  tokens: readonly Token[],
  at: number,
): { readonly letter: string; readonly at: number } | undefined {
  const link = tokens[at + 1];
  if (link?.kind !== 'word') return undefined;
  const certain = example.test(link.text);
  if (!certain && link.text !== 'de') return undefined;
  const shown = certain && exampleMore.test(tokens[at + 2]?.text ?? '') ? at + 3 : at + 2;
  const word = tokens[shown];
  if (word?.kind !== 'word') return undefined;
  const same = word.text[0] === letterNamed(tokens[at]!.text)?.letter;
  const named = letterNamed(word.text);
  const known = certain && named !== undefined && named.by !== 'sound';
  return same || known ? { letter: word.text[0]!, at: shown } : undefined;
}

/** Words that stand for letters, and "oh" among digits. */
function spellOut(tokens: readonly Token[], { atIsAWord }: AddressWords): Token[] {
  const alphabet = tokens.map((token) =>
    token.kind === 'word' ? letterNamed(token.text) : undefined,
  );
  const beside = (at: number, step: 1 | -1) => {
    const next = tokens[at + step];
    return next?.kind === 'comma' ? tokens[at + 2 * step] : next;
  };
  return tokens.map((token, at) => {
    const [before, after] = [beside(at, -1), beside(at, 1)];
    const amongDigits = before?.kind === 'digits' || after?.kind === 'digits';
    if (token.text === 'oh' && amongDigits) return { ...token, kind: 'digits', text: '0' };
    if (token.text === 'o' && before?.kind === 'digits' && after?.kind === 'digits') {
      return { ...token, kind: 'digits', text: '0' };
    }
    const named = alphabet[at];
    if (!named) return token;
    const letter: Token = { ...token, kind: 'letter', text: named.letter };
    if (named.by === 'sound') {
      const alone = !atIsAWord && certainNames.has(token.text);
      const ends = after?.kind === 'letter' || !spoken(after);
      return alone || (before?.kind === 'letter' && ends) ? letter : token;
    }
    const beLetter = before?.kind === 'letter' || after?.kind === 'letter';
    if (named.by === 'aviation' && beLetter) return letter;
    return inRow(tokens, alphabet, at) >= ALPHABET_WORDS_MIN ? letter : token;
  });
}

/** How many words of alphabets stand together here. */
function inRow(
  tokens: readonly Token[],
  alphabet: readonly (ReturnType<typeof letterNamed> | undefined)[],
  at: number,
): number {
  const spells = (index: number) => {
    const by = alphabet[index]?.by;
    return by === 'aviation' || by === 'alphabet';
  };
  let count = 1;
  for (const step of [1, -1]) {
    for (let index = at + step; ; index += step) {
      if (tokens[index]?.kind === 'comma') continue;
      if (!spells(index)) break;
      count += 1;
    }
  }
  return count;
}

/** "Smith, that's S M I T H" is said once: the spelling counts. */
function dropRepeats(tokens: readonly Token[], { openWords, address }: ListeningWords): Token[] {
  const kept: Token[] = [];
  for (const [at, token] of tokens.entries()) {
    const begins = token.kind === 'letter' && kept.at(-1)?.kind !== 'letter';
    const letters = begins ? lettersFrom(tokens, at) : '';
    if (letters.length >= SPELLING_LETTERS_MIN) {
      const isLink = ({ kind, raw, text }: Token) =>
        kind === 'comma' || openWords.has(raw) || address.before.has(text);
      let word = kept.length - 1;
      while (word >= 0 && word >= kept.length - 1 - LINK_WORDS_MAX && isLink(kept[word]!))
        word -= 1;
      const said = kept[word];
      if (said?.kind === 'word' && isNearly(said.text, letters)) kept.length = word;
    }
    kept.push(token);
  }
  return kept;
}

function lettersFrom(tokens: readonly Token[], at: number): string {
  let letters = '';
  for (const { kind, text } of tokens.slice(at)) {
    if (kind === 'letter') letters += text;
    else if (kind !== 'comma') break;
  }
  return letters;
}
