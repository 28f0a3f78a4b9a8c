// What another service says of a failure, fit for the log: without the key that it was given, and not all of it.

/** Characters that are told. */
const TOLD_MAX = 200;

/** Servers have been seen to repeat the key: it must not reach the log, nor those who look at a vendor's health. */
export function told(words: string, key: string): string {
  const plain = key === '' ? words : words.replaceAll(key, '[key]');
  return plain.trim().slice(0, TOLD_MAX);
}
