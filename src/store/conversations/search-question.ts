// What a search asks for, as the database reads it: words and phrases, wanted or not, in alternatives; and what an index can tell of it.

/** A word, or several in a row: `'word'`, as the database writes them. */
interface Term {
  readonly words: readonly string[];
  readonly unwanted: boolean;
}

/** Alternatives, each of terms that must all hold. None: nothing matches. */
type Question = readonly (readonly Term[])[];

/** What to look up, so that as little as possible must be read. */
export interface Lookup {
  /** Whatever one of these finds may match, and nothing else. */
  readonly alternatives: readonly Alternative[];
  /** Whether nothing must be read: there are no phrases, and an index knows words, not how they follow each other. */
  readonly exact: boolean;
}

/** All that is said here holds of what it finds; what says nothing finds everything. */
export interface Alternative {
  /** For the index of words: a tsquery. */
  readonly words?: string | undefined;
  /** For the index of pairs: a tsvector, all of whose pairs are there. */
  readonly pairs?: string | undefined;
  /** For the index of words: a tsquery that does not hold. */
  readonly without?: string | undefined;
  /** Whether what is found matches; but what has all pairs of one of the `doubtful` ones must be read. */
  readonly sure: boolean;
  readonly doubtful: readonly string[];
}

/** With more alternatives of phrases all conversations are read: each may ask for all of them. */
const PHRASED_MAX = 4;

/** Of a tsquery that `websearch_to_tsquery` has made, such as `'a' & !( 'b' <-> 'c' ) | 'd'`. Undefined where it asks for nothing. */
export function lookUp(tsquery: string): Lookup | undefined {
  const question = parse(tsquery);
  if (question.length === 0) return undefined;
  const worded = question.filter((terms) => terms.every(isWord));
  const phrased = question.filter((terms) => !terms.every(isWord));
  const wanting = worded.filter((terms) => terms.some(isWanted));
  const unwanting = worded.filter((terms) => !terms.some(isWanted));
  const alternatives: Alternative[] =
    phrased.length > PHRASED_MAX
      ? [{ sure: false, doubtful: [] }]
      : phrased.map((terms) => ofPhrases(terms));
  if (wanting.length > 0) {
    const words = wanting.map((terms) => allOf(terms)).join(' | ');
    alternatives.push({ words, sure: true, doubtful: [] });
  }
  if (unwanting.length > 0) {
    const without = unwanting.map((terms) => `(${anyOf(terms)})`).join(' & ');
    alternatives.push({ without, sure: true, doubtful: [] });
  }
  return { alternatives, exact: phrased.length === 0 };
}

function ofPhrases(terms: readonly Term[]): Alternative {
  const words = terms.filter(isWord);
  const phrases = terms.filter((term) => !isWord(term));
  const wanted = phrases.filter(isWanted);
  const unwanted = words.filter((term) => !isWanted(term));
  return {
    words: words.some(isWanted) ? allOf(words) : undefined,
    pairs: wanted.length > 0 ? pairsOf(wanted) : undefined,
    without: words.some(isWanted) || unwanted.length === 0 ? undefined : anyOf(unwanted),
    sure: wanted.length === 0,
    doubtful: phrases.filter((term) => !isWanted(term)).map((term) => pairsOf([term])),
  };
}

function parse(tsquery: string): Question {
  const question: { words: string[]; unwanted: boolean }[][] = [];
  for (const [token] of tsquery.matchAll(/'(?:[^']|'')*'|[&|!]/g)) {
    if (token === '|' || question.length === 0) question.push([]);
    const terms = question.at(-1)!;
    if (token === '&' || terms.length === 0) terms.push({ words: [], unwanted: false });
    const term = terms.at(-1)!;
    if (token === '!') term.unwanted = true;
    else if (token.startsWith("'")) term.words.push(token);
  }
  return question;
}

function isWord({ words }: Term): boolean {
  return words.length === 1;
}

function isWanted({ unwanted }: Term): boolean {
  return !unwanted;
}

/** Of words, one of which is wanted. */
function allOf(terms: readonly Term[]): string {
  return terms.map(({ words, unwanted }) => `${unwanted ? '!' : ''}${words[0]!}`).join(' & ');
}

function anyOf(terms: readonly Term[]): string {
  return terms.map(({ words }) => words[0]!).join(' | ');
}

/** The phrases one after the other, with a gap between. */
function pairsOf(phrases: readonly Term[]): string {
  let position = 0;
  return phrases
    .flatMap(({ words }) => {
      position += 1;
      return words.map((word) => `${word}:${(position += 1)}`);
    })
    .join(' ');
}
