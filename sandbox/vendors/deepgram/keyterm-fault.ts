// What Deepgram says of the names and words that a request gives it to listen for.
// https://developers.deepgram.com/docs/keyterm

const TERMS_MAX = 100;
const TOKENS_MAX = 500;
/** The vendor counts tokens of its own; no text has more of them than a third of its bytes, and one. */
const TOKEN_BYTES = 3;

/** What is wrong with `keyterm` and `keywords` of a query for this model; undefined for nothing. */
export function keytermFault(model: string, query: URLSearchParams): string | undefined {
  const takesTerms = /^(?:nova-3|flux-)/.test(model);
  const terms = query.getAll('keyterm');
  if (takesTerms && query.has('keywords')) {
    return `Bad Request: keywords are not supported for ${model}; use keyterm.`;
  }
  if (!takesTerms && terms.length > 0) return `Bad Request: keyterm is not supported for ${model}.`;
  const sizes = terms.map((term) => 1 + Math.ceil(Buffer.byteLength(term) / TOKEN_BYTES));
  const tokens = sizes.reduce((sum, each) => sum + each, 0);
  if (tokens > TOKENS_MAX) return `Bad Request: keyterm limit exceeded: ${TOKENS_MAX} tokens.`;
  if (terms.length > TERMS_MAX || query.getAll('keywords').length > TERMS_MAX) {
    return `Bad Request: more than ${TERMS_MAX} keyterms or keywords.`;
  }
  return undefined;
}
