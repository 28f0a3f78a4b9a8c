// E-mail addresses that a caller dictates, put together: "j dot smith forty two at gmail dot com" is j.smith42@gmail.com. Pure.

import { addressTokens, withoutMarks } from './address-tokens.ts';
import type { Token } from './address-tokens.ts';
import { asWritten, isEnding, isMailbox, isWellKnown, mayGoOn } from './email-address.ts';
import { listeningWords } from '../languages/find-language.ts';
import type { AddressWords, ListeningWords } from '../languages/language.ts';

/** Words that are said as one before the @; more are a sentence. */
const LOCAL_WORDS_MAX = 5;
/** And in a name of the domain: "the garden shop dot com". */
const NAME_WORDS_MAX = 4;
/** Letters and words together; nobody dictates more in one go. */
const LOCAL_TOKENS_MAX = 50;
/** Words after which an address has no beginning any more: "my e-mail is the same as last time". */
const ANNOUNCED_WORDS_MAX = 6;

export interface HeardEmail {
  /** Lower case, and such as a mailbox can have. */
  readonly address: string;
  /** Where it was said in the text. */
  readonly start: number;
  readonly end: number;
}

/** `asked`: whether an address was asked for, so that one is expected. */
export function emailsIn(text: string, words: ListeningWords, asked = false): HeardEmail[] {
  if (!hasSign(text, words, 'at')) return [];
  const tokens = addressTokens(text, words);
  const found: HeardEmail[] = [];
  let from = 0;
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'sign' || token.text !== '@' || at < from) continue;
    const domain = domainAfter(tokens, at);
    const local = domain.ends === undefined ? undefined : localBefore(tokens, at, from, words);
    if (!local || domain.ends === undefined) continue;
    const address = `${local.text}@${domain.text}`;
    if (!isMailbox(address)) continue;
    const certain =
      asked || mentions(text, words) || isClear(token, words) || local.dictated || local.alone;
    if (!certain && !isWellKnown(domain.text.split('.')[0]!)) continue;
    from = domain.ends + 1;
    const { start } = tokens[local.begins]!;
    found.push({ address, start, end: tokens[domain.ends]!.end });
  }
  return found;
}

/**
 * Whether the words so far end in an address: a whole one, or part of one that goes on. Undefined where they do neither.
 */
export function emailAtEnd(
  text: string,
  words: ListeningWords,
  asked = false,
): 'whole' | 'part' | undefined {
  const announced = asked || announcedAt(text, words) !== undefined;
  if (!announced && !hasSign(text, words, 'at') && !hasSign(text, words, 'within'))
    return undefined;
  const tokens = addressTokens(text, words);
  while (['aside', 'comma', 'stop'].includes(tokens.at(-1)?.kind ?? '')) tokens.pop();
  const at = tokens.findLastIndex(({ kind, text: sign }) => kind === 'sign' && sign === '@');
  if (at >= 0) {
    const domain = domainAfter(tokens, at);
    const local = localBefore(tokens, at, 0, words);
    const sure = announced || (local && (isClear(tokens[at]!, words) || local.dictated));
    if (!local || !sure) return undefined;
    if (domain.ends === tokens.length - 1) return domain.open ? 'part' : 'whole';
    return domain.ends === undefined && domain.unfinished ? 'part' : undefined;
  }
  const local = localBefore(tokens, tokens.length, 0, words, true);
  if (!local) return undefined;
  if (announced) return local.begins > 0 || asked ? partOf(local) : undefined;
  return local.signs !== '' && (local.spelled || local.signs.includes('_')) ? 'part' : undefined;
}

/** Whether a text has anything in it that may be an @. */
export function hasAt(text: string, words: ListeningWords): boolean {
  return hasSign(text, words, 'at');
}

/** The address in one word that everybody writes alike, where a text is nothing else; undefined where it is none. */
export function asEmail(text: string, words: ListeningWords): string | undefined {
  const written = text.trim().toLowerCase();
  if (isMailbox(written)) return written;
  if (!/\s/.test(written)) return undefined;
  const [heard, ...others] = emailsIn(text, words, true);
  return others.length === 0 ? heard?.address : undefined;
}

function partOf(local: Local): 'part' | undefined {
  return local.words <= ANNOUNCED_WORDS_MAX ? 'part' : undefined;
}

/** What finds an @, or else a full stop and an underscore, in a text without marks. */
interface Signs {
  readonly at: RegExp;
  readonly within: RegExp;
}

const signsOf = new WeakMap<AddressWords, Signs>();

/** Most texts have no such sign, and cost no more than this. */
function hasSign(text: string, { address }: ListeningWords, which: keyof Signs): boolean {
  let signs = signsOf.get(address);
  if (!signs) {
    const said = (wanted: string) => {
      const phrases = [...address.signs].filter(([, sign]) => wanted.includes(sign));
      const list = phrases.map(([phrase]) => RegExp.escape(phrase)).join('|');
      return new RegExp(
        `[${wanted.replace('.', '')}]|(?<![\\p{L}\\p{N}])(?:${list})(?![\\p{L}\\p{N}])`,
        'u',
      );
    };
    signs = { at: said('@'), within: said('_.') };
    signsOf.set(address, signs);
  }
  return signs[which].test(withoutMarks(text, address));
}

/** Whether e-mail is spoken of. */
function mentions(text: string, { asks }: ListeningWords): boolean {
  const mail = asks.find(([what]) => what === 'email')?.[1];
  return mail?.test(text.toLowerCase()) ?? false;
}

function announcedAt(text: string, { address }: ListeningWords): number | undefined {
  return address.announces.exec(`${text.toLowerCase()} `)?.index;
}

/** Whether this sign can be nothing else. */
function isClear({ glued }: Token, { address }: ListeningWords): boolean {
  return glued || !address.atIsAWord;
}

/** Adds to what a caller said which addresses that makes: for those who do not put them together as surely. */
export function withEmails(language: string): (text: string, ours: string) => string {
  const words = listeningWords(language);
  return (text, ours) => {
    const heard = emailsIn(text, words, mentions(ours, words))
      .map(({ address }) => address)
      .filter((address) => !text.toLowerCase().includes(address));
    return heard.length === 0 ? text : `${text} (e-mail address as heard: ${heard.join(', ')})`;
  };
}

interface Domain {
  readonly text: string;
  /** The last of its tokens; undefined where it is none, or not yet. */
  readonly ends: number | undefined;
  /** It may become one. */
  readonly unfinished: boolean;
  /** It is one, but may go on. */
  readonly open: boolean;
}

/** What follows the @ at `at`. */
function domainAfter(tokens: readonly Token[], at: number): Domain {
  const none = { text: '', ends: undefined, unfinished: false, open: false };
  const labels: string[] = [];
  let name = '';
  let count = 0;
  for (let index = at + 1; index <= tokens.length; index += 1) {
    const token = tokens[index];
    // The words end within it.
    if (!token) return { ...none, unfinished: true };
    if (token.kind === 'sign' && token.text === '.') {
      if (name === '') return none;
      labels.push(asWritten(name));
      name = '';
      count = 0;
      const end = endingAt(tokens, index);
      if (!end) continue;
      const next = tokens[end.at + 1];
      const goesOn = next?.kind === 'sign' && next.text === '.';
      if (goesOn && isNameLike(tokens[end.at + 2])) continue;
      const open = goesOn || mayGoOn(end.text);
      return { text: [...labels, end.text].join('.'), ends: end.at, unfinished: false, open };
    }
    if (token.kind === 'sign') {
      if (token.text !== '-' || name === '') return none;
      name += '-';
      continue;
    }
    if (token.kind === 'aside' || (token.kind === 'comma' && name === '')) continue;
    if (token.kind === 'comma' || token.kind === 'stop') return none;
    name += token.text;
    count += token.kind === 'word' ? 1 : 0;
    if (count > NAME_WORDS_MAX) return none;
  }
  return none;
}

function isNameLike(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'letter' || token?.kind === 'digits';
}

/** The ending after the full stop at `dot`, also where it is spelled. What was written in one word may end as it likes. */
function endingAt(
  tokens: readonly Token[],
  dot: number,
): { readonly text: string; readonly at: number } | undefined {
  const word = tokens[dot + 1];
  if (word?.kind === 'word') {
    const known = isEnding(word.text) || (tokens[dot]!.glued && /^[a-z]{2,}$/.test(word.text));
    return known ? { text: word.text, at: dot + 1 } : undefined;
  }
  let text = '';
  let found: { readonly text: string; readonly at: number } | undefined;
  for (let at = dot + 1; tokens[at]?.kind === 'letter'; at += 1) {
    text += tokens[at]!.text;
    if (isEnding(text)) found = { text, at };
  }
  return found;
}

interface Local {
  readonly text: string;
  /** The first of its tokens. */
  readonly begins: number;
  /** It has letters, digits or signs in it, which nobody says in a sentence. */
  readonly dictated: boolean;
  /** Letters one by one. */
  readonly spelled: boolean;
  /** Spoken signs. */
  readonly signs: string;
  /** Nothing but a "yes" or an "it's" was said before it, or "you can reach me at". */
  readonly alone: boolean;
  readonly words: number;
}

/** What stands before the @ at `at`, back to the words that introduce it, and not before `from`. */
function localBefore(
  tokens: readonly Token[],
  at: number,
  from: number,
  words: ListeningWords,
  unfinished = false,
): Local | undefined {
  let begins = at;
  for (let index = at - 1; index >= from && at - index <= LOCAL_TOKENS_MAX; index -= 1) {
    if (isBefore(tokens, index, words)) break;
    if (tokens[index]!.kind !== 'comma') begins = index;
  }
  while (begins < at && tokens[begins]!.kind === 'sign') begins += 1;
  const all = tokens.slice(begins, at).filter(({ kind }) => kind !== 'comma');
  const own = all.filter(({ kind }) => kind !== 'aside');
  const count = own.filter(({ kind }) => kind === 'word').length;
  const text = own.map((token) => token.text.replaceAll("'", '')).join('');
  if (text === '' || count > LOCAL_WORDS_MAX) return undefined;
  if (!unfinished && !isMailbox(`${text}@example.com`)) return undefined;
  if (/[._-]{2}/.test(text)) return undefined;
  const marks = own.filter(({ kind, glued }) => kind === 'sign' && !glued);
  const spelled = own.some(
    ({ kind, text: letter }, index) =>
      kind === 'letter' && (letter !== 'a' || own[index + 1]?.kind !== 'word'),
  );
  const dictated =
    spelled ||
    all.length > own.length ||
    own.some(({ kind, glued }) => kind === 'digits' || (kind === 'sign' && !glued));
  const alone =
    tokens[begins - 1]?.text === '@' ||
    tokens.slice(from, begins).every((token) => isIntroduction(token, words));
  const signs = marks.map((mark) => mark.text).join('');
  return { text, begins, dictated, spelled, signs, alone, words: count };
}

const isIntroduction = ({ kind, text, raw }: Token, words: ListeningWords): boolean =>
  kind === 'comma' ||
  kind === 'stop' ||
  /^(it's|its|is|that's|es|c'est|est|das|ist|è|é)$/.test(raw) ||
  (kind === 'word' && words.answers.has(text));

/** Whether an address begins after this token. */
function isBefore(tokens: readonly Token[], at: number, words: ListeningWords): boolean {
  const token = tokens[at]!;
  const [before, after] = [tokens[at - 1], tokens[at + 1]];
  switch (token.kind) {
    case 'stop':
      return true;
    case 'sign':
      return token.text === '@';
    case 'digits':
    case 'aside':
      return false;
    case 'comma':
      return before?.kind === 'word' && after?.kind === 'word';
    case 'letter':
      return isLoneWord(token, before, after, words);
    case 'word':
      if (contraction.test(token.raw)) return true;
      return (
        (words.openWords.has(token.raw) || words.address.before.has(token.text)) &&
        !staysOpen.has(token.text) &&
        !followsSign(before, tokens[at - 2])
      );
  }
}

/** "There's", "we'll": of a sentence, whatever comes before. */
const contraction = /'(?:s|re|ve|ll|d|m|t)$/;
/** Names that are open words too. */
const staysOpen: ReadonlySet<string> = new Set(['will', 'dr', 'mr']);

/** "Maria dot de la Cruz": what would introduce an address belongs to it. */
function followsSign(before: Token | undefined, second: Token | undefined): boolean {
  const sign = (token: Token | undefined) => token?.kind === 'sign' && token.text !== '@';
  return sign(before) || (before?.kind === 'word' && sign(second));
}

/** "I" and "y" are words, unless they stand among letters. */
function isLoneWord(
  { raw }: Token,
  before: Token | undefined,
  after: Token | undefined,
  words: ListeningWords,
): boolean {
  if (!words.openWords.has(raw) || (raw === 'a' && words.address.atIsAWord)) return false;
  if (before?.kind === 'letter' || before?.kind === 'digits' || before?.kind === 'sign')
    return false;
  return after?.kind === 'word' || /[^a-z]/.test(raw);
}
