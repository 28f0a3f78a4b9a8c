// Tokens in, speakable pieces out: the first as early as it can be spoken, the others as whole sentences.

/** Words that are enough for a first piece even without a clause. */
const FIRST_WORDS = 4;
/** A sentence that never ends is cut at a space here. */
const PIECE_CHARACTERS_MAX = 300;

const abbreviation =
  /(?:^|[\s(])(?:dra?|sra|srta|mme|mlle|hr|fr|bzw|ca|usw|dott|sig|avd|avda|tel|tél|mr|mrs|ms|prof|st|vs|etc|e\.g|i\.e|dept|ext|approx|jr|sr|avd?|ave|blvd|rd|a\.m|p\.m|u\.s|[a-z])\.$/i;

/** "No. 5" is one; "No. We are closed." are two. */
const beforeNumber = /(?:^|[\s(])(?:no|nr|n)\.$/i;

/** "27. November" is a day, and no end of a sentence. */
const months =
  'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' ');

/**
 * Cuts a stream of text where a voice may pause. The pieces joined are exactly the text. Numbers, times and
 * abbreviations stay whole: a full stop ends a sentence only when white space and something that can begin one follow.
 */
export async function* sentences(tokens: AsyncIterable<string>): AsyncGenerator<string> {
  let text = '';
  let first = true;
  for await (const token of tokens) {
    text += token;
    for (let end = cut(text, first); end > 0; end = cut(text, first)) {
      yield text.slice(0, end);
      text = text.slice(end);
      first = false;
    }
  }
  if (text.trim() !== '') yield text;
}

/**
 * Where the first speakable piece of `text` ends, its white space included; 0 when more text has to come. Only as much is
 * looked at as a piece may hold, and what follows it: a long text that is here at once would be looked through again
 * for each of its pieces.
 */
function cut(text: string, first: boolean): number {
  const near = text.slice(0, PIECE_CHARACTERS_MAX + 1);
  return (
    sentenceEnd(near) ||
    (first ? clauseEnd(near) || wordsEnd(near, FIRST_WORDS) : 0) ||
    tooLong(near)
  );
}

function sentenceEnd(text: string): number {
  for (const match of text.matchAll(/[.!?…:;]+["')\]]*\s+(?=\S)|\n+(?=\S)/g)) {
    const before = text.slice(0, match.index + match[0].trimEnd().length);
    const stop = /[.:]["')\]]*$/.test(before);
    const next = text.charAt(match.index + match[0].length);
    const short = abbreviation.test(before) || (beforeNumber.test(before) && /\d/.test(next));
    const rest = text.slice(match.index + match[0].length);
    const goesOn = stop && (short || /[\p{Ll}]/u.test(next) || isDay(before, rest));
    if (!goesOn && before.trim() !== '') return match.index + match[0].length;
  }
  return 0;
}

/** A month that has only begun to come may still be one. */
function isDay(before: string, rest: string): boolean {
  if (!/(?:^|\s)\d{1,2}\.$/.test(before)) return false;
  const word = /^\p{L}+/u.exec(rest)?.[0];
  return word !== undefined && months.some((each) => each.startsWith(word) || word === each);
}

function clauseEnd(text: string): number {
  const match = /^\s*\S+(?:\s+\S+)*?[,–—]\s+(?=\S)/.exec(text);
  if (!match) return 0;
  return /\d,\s+$/.test(match[0]) ? 0 : match[0].length;
}

/** After `count` words, unless that would part a title or a number from what belongs to it. */
function wordsEnd(text: string, count: number): number {
  const words = [...text.matchAll(/\S+\s+(?=\S)/g)];
  for (const [index, word] of words.entries()) {
    if (index + 1 < count) continue;
    const plain = word[0].trim();
    if (/\d\.?$/.test(plain) || abbreviation.test(` ${plain}`)) continue;
    if (/^\d/.test(text.slice(word.index + word[0].length))) continue;
    return word.index + word[0].length;
  }
  return 0;
}

function tooLong(text: string): number {
  if (text.length <= PIECE_CHARACTERS_MAX) return 0;
  const space = text.lastIndexOf(' ', PIECE_CHARACTERS_MAX);
  return space > 0 ? space + 1 : PIECE_CHARACTERS_MAX;
}
