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
  /** `among`: every match is among what is found. `beside`: whatever is not found is a match. */
  readonly matches: 'among' | 'beside';
  /** For the index of words, a tsquery. */
  readonly words: string | undefined;
  /** For the index of pairs, a tsvector: all pairs of it must be there. */
  readonly pairs: string | undefined;
  /** Whether what is found says it all. Otherwise it must be read to be sure: an index does not know how words follow each other. */
  readonly exact: boolean;
}

/** Of a tsquery that `websearch_to_tsquery` has made, such as `'a' & !( 'b' <-> 'c' ) | 'd'`. Undefined where it asks for nothing. */
export function lookUp(tsquery: string): Lookup | undefined {
  const question = parse(tsquery);
  if (question.length === 0) return undefined;
  const exact = question.every((terms) => terms.every(isWord));
  if (question.some((terms) => terms.every(({ unwanted }) => unwanted))) {
    return { matches: 'beside', words: contrary(question), pairs: undefined, exact };
  }
  const [terms = [], ...others] = question;
  const phrases = terms.filter((term) => !term.unwanted && !isWord(term));
  if (others.length > 0 || phrases.length === 0) {
    return { matches: 'among', words: necessary(question), pairs: undefined, exact };
  }
  const rest = terms.filter((term) => !phrases.includes(term));
  const words = rest.some(({ unwanted }) => !unwanted) ? necessary([rest]) : undefined;
  return { matches: 'among', words, pairs: pairsOf(phrases), exact };
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

/** What every match holds: the words of its phrases wherever they stand. Each alternative wants something. */
function necessary(question: Question): string {
  const alternatives = question.map((terms) =>
    terms.flatMap((term) => {
      if (!term.unwanted) return term.words;
      return isWord(term) ? term.words.map((word) => `!${word}`) : [];
    }),
  );
  return alternatives.map((words) => words.join(' & ')).join(' | ');
}

/** What everything holds that is no match, and more where there are phrases: no alternative may be true. */
function contrary(question: Question): string {
  const alternatives = question
    // That a phrase is missing cannot be looked up; one alternative of unwanted terms remains.
    .filter((terms) => terms.every((term) => term.unwanted || isWord(term)))
    .map((terms) =>
      terms.map(({ words, unwanted }) => (unwanted ? `(${words.join(' & ')})` : `!${words[0]!}`)),
    );
  return alternatives.map((terms) => `(${terms.join(' | ')})`).join(' & ');
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
