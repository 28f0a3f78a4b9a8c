// What is no answer: to who listens, anything without a word; to who reads, only what cannot be seen.

import { isWordless } from '../tts/speech-limits.ts';

/** `written`: it is read. An emoji, "?" and "…" are answers then; a voice makes no sound of them. */
export function isNoAnswer(text: string, written = false): boolean {
  return written ? !/[^\s\p{C}\p{Z}\p{M}]/u.test(text) : isWordless(text);
}
