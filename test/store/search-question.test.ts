// What indexes are asked for a search: every shape of a question, as the database writes it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookUp } from '../../src/store/search-question.ts';

const among = (words: string | undefined, exact: boolean, pairs?: string) => ({
  matches: 'among',
  words,
  pairs,
  exact,
});
const beside = (words: string, exact: boolean) => ({
  matches: 'beside',
  words,
  pairs: undefined,
  exact,
});

const shapes: readonly [tsquery: string, lookup: ReturnType<typeof among> | undefined][] = [
  ['', undefined],
  ["'a'", among("'a'", true)],
  ["'a' & 'b'", among("'a' & 'b'", true)],
  ["'a' & !'b'", among("'a' & !'b'", true)],
  ["'a' | 'b' & 'c'", among("'a' | 'b' & 'c'", true)],
  ["'a' <-> 'b' <-> 'c'", among(undefined, false, "'a':2 'b':3 'c':4")],
  ["'a' <-> 'b' & 'c' <-> 'd'", among(undefined, false, "'a':2 'b':3 'c':5 'd':6")],
  ["'a' <-> 'b' & !'c'", among(undefined, false, "'a':2 'b':3")],
  ["'a' <-> 'b' & 'c' & !'d'", among("'c' & !'d'", false, "'a':2 'b':3")],
  ["'a' <-> 'b' | 'c'", among("'a' & 'b' | 'c'", false)],
  ["'a' & !( 'b' <-> 'c' )", among("'a'", false)],
  ["!'a'", beside("(('a'))", true)],
  ["!'a' & !'b'", beside("(('a') | ('b'))", true)],
  ["!'a' | 'b' & !'c'", beside("(('a')) & (!'b' | ('c'))", true)],
  ["!( 'a' <-> 'b' )", beside("(('a' & 'b'))", false)],
  ["!'a' | 'b' <-> 'c'", beside("(('a'))", false)],
  ["!( 'a' <-> 'b' ) & !'c' | 'd'", beside("(('a' & 'b') | ('c')) & (!'d')", false)],
  // Quotes, bars and arrows inside a word are no operators.
  ["'o''neil' & 'x|<->!y'", among("'o''neil' & 'x|<->!y'", true)],
];

test('an index is asked for what every match holds, or for what no match holds', () => {
  for (const [tsquery, lookup] of shapes) assert.deepEqual(lookUp(tsquery), lookup, tsquery);
});
