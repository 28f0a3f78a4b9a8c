// When each letter of a piece of speech is said, from the times of its words: the form in which ElevenLabs tells them.

import type { Piece } from './speech-queue.ts';

export interface Alignment {
  readonly chars: readonly string[];
  /** From the start of the piece. */
  readonly charStartTimesMs: readonly number[];
  readonly charDurationsMs: readonly number[];
}

/** Null for a piece in which no word begins. A word's letters all go with the piece in which it begins, a space behind them. */
export function lettersIn({ words, startMs }: Piece): Alignment | null {
  if (words.length === 0) return null;
  const chars: string[] = [];
  const charStartTimesMs: number[] = [];
  const charDurationsMs: number[] = [];
  const add = (char: string, atMs: number, durationMs: number) => {
    chars.push(char);
    charStartTimesMs.push(Math.round(atMs - startMs));
    charDurationsMs.push(Math.round(durationMs));
  };
  for (const word of words) {
    const eachMs = (word.endMs - word.startMs) / word.text.length;
    for (let at = 0; at < word.text.length; at += 1) {
      add(word.text[at]!, word.startMs + at * eachMs, eachMs);
    }
    add(' ', word.endMs, 0);
  }
  return { chars, charStartTimesMs, charDurationsMs };
}
