// Roman numerals after a name or a word that is numbered: "Henry VIII", "Via Vittorio Emanuele II", "Phase II".

import { rule } from './rule.ts';
import type { Rule } from './rule.ts';
import type { SpeakingWords } from './speaking-words.ts';

const values: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10 };

export function romanRules(words: SpeakingWords): Rule[] {
  return [
    // A single letter is more often a letter.
    rule(
      /(?<=\p{L}{2}\s)(X{0,3}(?:IX|IV|V?I{0,3}))(?:\.(?=\s\p{Ll}|[,;)]))?(?![\p{L}\p{N}'’-]|\.\p{L})/u,
      (match) => {
        const figures = match[1]!;
        const before = /\p{L}+(?=\s$)/u.exec(match.input.slice(0, match.index))?.[0] ?? '';
        if (
          figures.length < 2 ||
          /^\s(?:sedation|drip|therapy|hydration|infusion|fluids|vitamins?|line|treatments?)/.test(
            match.input.slice(match.index + match[0].length),
          )
        ) {
          return undefined;
        }
        return words.roman(valueOf(figures), before);
      },
    ),
    rule(/(?<!\p{L}\s?)(X{1,3}(?:IX|IV|V?I{0,3}))(?=\s(?:secolo|siècle|Jahrhundert))/u, (match) =>
      words.roman(valueOf(match[1]!), 'century'),
    ),
  ];
}

function valueOf(figures: string): number {
  const each = Array.from(figures, (letter) => values[letter]!);
  return each.reduce((sum, value, at) => sum + (value < (each[at + 1] ?? 0) ? -value : value), 0);
}
