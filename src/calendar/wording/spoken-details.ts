// Names and reasons as callers say them: cleaned of all that is no part of a name, and bounded. Pure.

const NAME_CHARACTERS_MAX = 80;
const REASON_CHARACTERS_MAX = 300;

/** What a model writes when it has no name. */
const noNames = new Set(
  'n a caller customer client patient guest user unknown anonymous name none null undefined'.split(
    ' ',
  ),
);

/** A name that may be stored and spoken; undefined when there is none in `text`. */
export function cleanName(text: string): string | undefined {
  const name = text
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{M}.'’ -]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .slice(0, NAME_CHARACTERS_MAX)
    .trim();
  const words = name.toLowerCase().match(/\p{L}+/gu);
  if (!words || words.every((word) => noNames.has(word) || word === 'the')) return undefined;
  return name;
}

/** A reason in one line; empty when there is none. */
export function cleanReason(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .slice(0, REASON_CHARACTERS_MAX)
    .trim();
}
