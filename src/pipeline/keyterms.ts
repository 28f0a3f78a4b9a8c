// Names and words that callers are likely to say, as each recogniser wants to be told of them.
// https://developers.deepgram.com/docs/keyterm, https://developers.deepgram.com/docs/keywords

/** Deepgram takes a hundred, and refuses to listen at all beyond 500 of its tokens. */
const KEYTERMS_MAX = 100;
const TOKENS_MAX = 450;
/** Bytes of UTF-8 in a token, at the least: names are cut finer than plain words. */
const TOKEN_BYTES = 3;
/** Words this short are common ones, or are heard as them: the older models would hear them everywhere. */
const KEYWORD_LENGTH_MIN = 4;
/** How much the older models prefer a word, as a power: 2 is the least that shows, 5 hears it where it was not said. */
const KEYWORD_WEIGHT = 2;

export interface Named {
  /** Of the business. */
  readonly name: string;
  /** What its owner expects to be said, the most important first. */
  readonly keyterms: readonly string[];
  /** Of those whom callers may ask for. */
  readonly peopleNames?: readonly string[];
}

/** All that is worth telling a recogniser, what the owner has named first, each once, no more than any vendor takes. */
export function keytermsOf({ name, keyterms, peopleNames = [] }: Named): string[] {
  const seen = new Set<string>();
  let tokens = 0;
  return [...keyterms, name, ...peopleNames]
    .map(plain)
    .filter((term) => {
      const key = term.toLowerCase();
      if (term === '' || seen.has(key)) return false;
      const size = 1 + Math.ceil(Buffer.byteLength(term) / TOKEN_BYTES);
      if (tokens + size > TOKENS_MAX) return false;
      seen.add(key);
      tokens += size;
      return true;
    })
    .slice(0, KEYTERMS_MAX);
}

/**
 * For the query of a Deepgram socket or request. Nova-3 and Flux take terms of several words; models before them single words
 * with a weight, and each generation refuses what the other takes.
 */
export function deepgramKeyterms(
  model: string,
  terms: readonly string[],
): readonly (readonly [name: 'keyterm' | 'keywords', value: string])[] {
  if (/^(?:nova-3|flux)/.test(model)) return terms.map((term) => ['keyterm', term]);
  const words = terms.flatMap((term) => term.split(' '));
  const rare = new Set(words.filter((word) => word.length >= KEYWORD_LENGTH_MIN));
  return [...rare].slice(0, KEYTERMS_MAX).map((word) => ['keywords', `${word}:${KEYWORD_WEIGHT}`]);
}

/** For OpenAI's transcription, which takes text that might have come before. Undefined where there is nothing to tell. */
export function transcriptionPrompt(terms: readonly string[] = []): string | undefined {
  return terms.length === 0 ? undefined : `${terms.join(', ')}.`;
}

/** Commas and colons part terms and weights from each other. */
function plain(term: string): string {
  return term
    .replaceAll(/[,;:\p{Cc}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
