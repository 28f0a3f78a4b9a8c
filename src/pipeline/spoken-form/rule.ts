// A rule that says a stretch of written text otherwise than it stands there.

/** Matches at the place where it is asked; undefined when it does not match there. */
export interface Rule {
  match(text: string, at: number): { length: number; spoken: string } | undefined;
  /** Also in the middle of a word. */
  readonly inside: boolean;
}

export const inside = { inside: true };

/** What must follow a number or a word for it to be whole. */
export const end = '(?![\\p{L}\\p{N}])';

/** A rule from a pattern that is looked for at one place; `say` gives undefined where it does not hold after all. */
export function rule(
  pattern: RegExp,
  say: (match: RegExpExecArray) => string | undefined,
  options: { readonly inside?: boolean } = {},
): Rule {
  const sticky = new RegExp(pattern.source, pattern.flags.includes('i') ? 'iuy' : 'uy');
  return {
    inside: options.inside ?? false,
    match(text, at) {
      sticky.lastIndex = at;
      const match = sticky.exec(text);
      const spoken = match ? say(match) : undefined;
      return match && spoken !== undefined ? { length: match[0].length, spoken } : undefined;
    },
  };
}
