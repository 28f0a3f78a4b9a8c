// What a model writes for the eye only: markdown, HTML and pictures say nothing.

import { inside, rule } from './rule.ts';
import type { Rule } from './rule.ts';

const silent = () => '';

/** Entities of HTML that a model writes; any other is left out. */
const entities: Readonly<Record<string, string>> = {
  apos: "'",
  gt: '',
  lt: '',
  nbsp: ' ',
  quot: '"',
};

/** Signs of lists, headings, tables and emphasis say nothing. */
export const markupRules: readonly Rule[] = [
  atLineStart(/[ \t]*(?:[-*_=]{3,}|\|?[\s:]*-{2,}[-\s:|]*)(?=\n|$)/),
  atLineStart(/[ \t]*```\w*(?=\n)/),
  atLineStart(/[ \t]*#{1,6}\s+/),
  atLineStart(/[ \t]*>\s+/),
  atLineStart(/[ \t]*[-*•▪·–]\s+(?:\[[ xX]\]\s+)?/),
  atLineStart(/[ \t]*\|[ \t]*/),
  rule(/\[([^\]\n]{1,200})\]\([^)\s]{1,500}\)/, (match) => match[1]!, inside),
  rule(/<\/?[a-z][^<>\n]{0,200}>/i, silent, inside),
  rule(
    /&(?!amp;)(?:#\d{1,6}|[a-z]{2,8});/i,
    ([match]) => entities[match.slice(1, -1)] ?? ' ',
    inside,
  ),
  rule(/(?:\*{1,3}|_{2,3}|~~|`{1,3})/, silent, inside),
  rule(/(?<![\p{L}\p{N}])_(?=\S)|_(?![\p{L}\p{N}])/u, silent, inside),
  rule(/[ \t]*\|[ \t]*(?=\n|$)/, () => '.', inside),
  rule(/[ \t]{0,4}\|[ \t]{0,4}/, () => ', ', inside),
  rule(
    /(?:(?![°№℃℉0-9#*])(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\p{So}|\uFE0F|\u200D|\u20E3))+(\s?)/u,
    (match) => (/\S/.test(match.input.charAt(match.index - 1)) ? match[1]! : ''),
    inside,
  ),
  rule(/\[(?:pause|laugh|sigh|chuckle|smile|silence|beep|music)[a-z]{0,3}\]\s?/i, silent, inside),
];

function atLineStart(pattern: RegExp): Rule {
  const plain = rule(pattern, silent, inside);
  return {
    inside: true,
    letters: false,
    match: (text, at) =>
      at === 0 || text.charAt(at - 1) === '\n' ? plain.match(text, at) : undefined,
  };
}
