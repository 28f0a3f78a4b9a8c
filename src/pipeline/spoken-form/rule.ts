// A rule that says a stretch of written text otherwise than it stands there.

/** Matches at the place where it is asked; undefined when it does not match there. */
export interface Rule {
  match(text: string, at: number): { length: number; spoken: string } | undefined;
  /** Also in the middle of a word. */
  readonly inside: boolean;
  /** Also at a letter in the middle of a word; such are few, and such places are most of a text. */
  readonly letters: boolean;
}

export const inside = { inside: true };
export const insideLetters = { inside: true, letters: true };

/** What must follow a number or a word for it to be whole. */
export const end = '(?![\\p{L}\\p{N}])';

/** A rule from a pattern that is looked for at one place; `say` gives undefined where it does not hold after all. */
export function rule(
  pattern: RegExp,
  say: (match: RegExpExecArray) => string | undefined,
  options: { readonly inside?: boolean; readonly letters?: boolean } = {},
): Rule {
  const sticky = new RegExp(pattern.source, pattern.flags.includes('i') ? 'iuy' : 'uy');
  return {
    inside: options.inside ?? false,
    letters: options.letters ?? false,
    match(text, at) {
      sticky.lastIndex = at;
      const match = sticky.exec(text);
      const spoken = match ? say(match) : undefined;
      return match && spoken !== undefined ? { length: match[0].length, spoken } : undefined;
    },
  };
}

/** The word before a match, for languages that decline. */
export function wordBefore({ input, index }: RegExpExecArray): string {
  // "3.-5. Dezember"
  if (/\d\.\s?[–-]\s?$/.test(input.slice(Math.max(0, index - 6), index))) return 'bis';
  return /(\p{L}+)[\s,]+$/u.exec(input.slice(Math.max(0, index - 24), index))?.[1] ?? '';
}
