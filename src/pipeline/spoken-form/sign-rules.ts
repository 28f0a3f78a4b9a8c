// Signs between words and numbers, said by name where they mean something and left out where they do not.

import { inside, rule } from './rule.ts';
import type { Rule } from './rule.ts';
import type { SpeakingWords } from './speaking-words.ts';

/** Keys of a telephone that are spoken of: alone between words, where markdown has none. */
export function keyRules({ keys }: SpeakingWords): Rule[] {
  return [
    rule(/(?<=\S[^\S\n])\*(?=$|[.,;!?)]|\s)/, () => keys.star),
    rule(/(?<=\S[^\S\n])["“«']?#["”»']?(?=$|[\s.,;!?)])(?!\s\d)/, () => keys.hash),
  ];
}

export function signRules(words: SpeakingWords): Rule[] {
  const { signs } = words;
  return [
    rule(/\s*&(?:amp;)?\s*/, () => ` ${words.and} `, inside),
    rule(/\s\+\s/, () => ` ${words.plus} `, inside),
    rule(/(?<=\d(?:\s?[€$£%])?)\+/, () => ` ${words.plus}`, inside),
    rule(/\s?[=＝]\s?/, () => ` ${signs.equals} `, inside),
    rule(/[~≈∼]\s?(?=\p{Sc}?\d)/u, () => `${signs.about} `, inside),
    rule(/(?:±|\+\/-)\s?(?=\d)/, () => `${signs.plusMinus} `, inside),
    rule(/(?:≥|>=)\s?(?=\p{Sc}?\d)/u, () => `${signs.atLeast} `, inside),
    rule(/(?:≤|<=)\s?(?=\p{Sc}?\d)/u, () => `${signs.atMost} `, inside),
    rule(/>\s?(?=\p{Sc}?\d)/u, () => `${signs.moreThan} `, inside),
    rule(/<\s?(?=\p{Sc}?\d)/u, () => `${signs.lessThan} `, inside),
    rule(/§{1,2}\s?/, () => `${signs.section} `),
    rule(/\s?(?:→|⇒|[-=]>)\s?/, () => ', ', inside),
    rule(/\s?@\s?/, () => ` ${words.at} `, inside),
    rule(/(?<=[\p{L}\d])\s?\/\s?(?=\p{L})/u, () => ' ', inside),
    rule(/(?<=[\p{L}\d])_(?=[\p{L}\d])/u, () => ' ', inside),
    rule(/(?<=\p{L})[-–—]{2,}(?=\p{L})/u, () => ', ', inside),
    // Nothing that anybody says.
    rule(
      /[\\^{}<>|~`¶•·▪¬#$€£¥_[\]]+|-{2,}/,
      (match) => {
        const around =
          match.input.charAt(match.index - 1) + match.input.charAt(match.index + match[0].length);
        return /^[\p{L}\d]{2}$/u.test(around) ? ' ' : '';
      },
      inside,
    ),
  ];
}
