// When each word of a synthesised text is said, worked out from the sounds the synthesiser reports.

import type { Word } from '../../src/pipeline/types.ts';
import type { Phone } from './flite.ts';

/** A token counts as a word when there is something to say in it. */
const speakable = /[\p{L}\p{N}]/u;

/** The words of `text`, punctuation attached. */
export function splitWords(text: string): string[] {
  return text.split(/\s+/).filter((token) => speakable.test(token));
}

/** The text to give the synthesiser so that its sounds come in one group a word, divided by pauses. */
export function spacedOut(words: readonly string[]): string {
  return words.map((word) => word.replace(/[^\p{L}\p{N}:']+$/u, '')).join(', ');
}

/**
 * Divides the sounds of a text among its words. `spaced`: the sounds of `spacedOut(words)`, which tell how many belong
 * to each word; where they do not add up (a word with a pause inside) the letters decide.
 */
export function timeWords(
  words: readonly string[],
  phones: readonly Phone[],
  spaced: readonly Phone[],
): Word[] {
  const sounds = phones.filter(({ name }) => name !== 'pau');
  if (sounds.length === 0 || words.length === 0) return [];
  const groups = groupSizes(spaced);
  const weights = groups.length === words.length ? groups : words.map(letters);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  return words.map((text, index) => {
    const first = Math.round((before / total) * sounds.length);
    before += weights[index]!;
    const last = Math.max(first, Math.round((before / total) * sounds.length) - 1);
    const start = sounds[Math.min(first, sounds.length - 1)]!;
    const end = sounds[Math.min(last, sounds.length - 1)]!;
    return { text, startMs: start.startMs, endMs: end.endMs };
  });
}

function groupSizes(phones: readonly Phone[]): number[] {
  const sizes: number[] = [];
  let inGroup = false;
  for (const { name } of phones) {
    if (name === 'pau') inGroup = false;
    else if (inGroup) sizes[sizes.length - 1]! += 1;
    else {
      sizes.push(1);
      inGroup = true;
    }
  }
  return sizes;
}

/** A digit is said as a word of its own: about three sounds. */
function letters(word: string): number {
  return word.length + 2 * word.replace(/\D/g, '').length;
}
