// An e-mail address as it is read back: names are said and spelled, what everybody knows is only said.

import { isEnding, isWellKnown } from '../dictation/email-address.ts';
import type { SpeakingWords } from './speaking-words.ts';

/** Before the @, these are words that nobody writes in another way. */
const plain: ReadonlySet<string> = new Set(
  'info office mail contact hello admin sales support team service help kontakt contacto contato bonjour'.split(
    ' ',
  ),
);
/** Endings of two letters that are said as a word. */
const saidEndings: ReadonlySet<string> = new Set(['co', 'me']);

/** `address` in the words of a language: "J, dot, smith, S, M, I, T, H, four, two, at gmail dot com". */
export function spelledAddress(address: string, words: SpeakingWords): string {
  const at = address.lastIndexOf('@');
  const names: Readonly<Record<string, string>> = {
    '.': words.dot,
    '-': words.dash,
    _: words.underscore,
    '+': words.plus,
    '%': words.percent,
  };
  const parts = (text: string) => text.match(/\p{L}+|[^\p{L}]/gu) ?? [];
  const spoken = (part: string, known: (name: string) => boolean): string => {
    if (/\d/.test(part)) return words.cardinal(Number(part));
    return names[part] ?? (known(part) ? part : spelledName(part));
  };
  const local = parts(address.slice(0, at)).map((part) => spoken(part, (name) => plain.has(name)));
  const domain = address
    .slice(at + 1)
    .toLowerCase()
    .split('.')
    .map((label, index) => {
      if (index > 0 && isEnding(label)) return ending(label);
      if (isWellKnown(label)) return label.replace('-', ` ${words.dash} `);
      return parts(label)
        .map((part) => spoken(part, () => false))
        .join(', ');
    });
  return `${local.join(', ')}, ${words.at} ${domain.join(` ${words.dot} `)}`;
}

/** Said where it can be, and letter by letter. */
function spelledName(name: string): string {
  const letters = letterByLetter(name).join(', ');
  const sayable = name.length > 2 && /[aeiouyáéíóúäöüàèìòùâêîôûãõ]/iu.test(name);
  return sayable ? `${name}, ${letters}` : letters;
}

function ending(label: string): string {
  return label.length > 2 || saidEndings.has(label) ? label : letterByLetter(label).join(' ');
}

function letterByLetter(name: string): string[] {
  return Array.from(name.toUpperCase());
}
