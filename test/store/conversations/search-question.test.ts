// What indexes are asked for a search: every shape of a question, as the database writes it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookUp } from '../../../src/store/conversations/search-question.ts';

const sure = { sure: true, doubtful: [] };
const unsure = { sure: false, doubtful: [] };

const shapes: readonly [tsquery: string, alternatives: readonly object[], exact?: false][] = [
  ["'a'", [{ words: "'a'", ...sure }]],
  ["'a' & 'b'", [{ words: "'a' & 'b'", ...sure }]],
  ["'a' & !'b'", [{ words: "'a' & !'b'", ...sure }]],
  ["'a' | 'b' & 'c'", [{ words: "'a' | 'b' & 'c'", ...sure }]],
  ["!'a'", [{ without: "('a')", ...sure }]],
  ["!'a' & !'b'", [{ without: "('a' | 'b')", ...sure }]],
  ["!'a' & !'b' | !'c'", [{ without: "('a' | 'b') & ('c')", ...sure }]],
  [
    "!'a' | 'b' & !'c'",
    [
      { words: "'b' & !'c'", ...sure },
      { without: "('a')", ...sure },
    ],
  ],
  ["'a' <-> 'b' <-> 'c'", [{ pairs: "'a':2 'b':3 'c':4", ...unsure }], false],
  ["'a' <-> 'b' & 'c' <-> 'd'", [{ pairs: "'a':2 'b':3 'c':5 'd':6", ...unsure }], false],
  ["'a' <-> 'b' & !'c'", [{ pairs: "'a':2 'b':3", without: "'c'", ...unsure }], false],
  ["'a' <-> 'b' & 'c' & !'d'", [{ words: "'c' & !'d'", pairs: "'a':2 'b':3", ...unsure }], false],
  [
    "'a' <-> 'b' & !( 'c' <-> 'd' )",
    [{ pairs: "'a':2 'b':3", sure: false, doubtful: ["'c':2 'd':3"] }],
    false,
  ],
  [
    "'a' <-> 'b' | 'c'",
    [
      { pairs: "'a':2 'b':3", ...unsure },
      { words: "'c'", ...sure },
    ],
    false,
  ],
  ["'a' & !( 'b' <-> 'c' )", [{ words: "'a'", sure: true, doubtful: ["'b':2 'c':3"] }], false],
  [
    "!( 'a' <-> 'b' ) & !'c' & !( 'd' <-> 'e' )",
    [{ without: "'c'", sure: true, doubtful: ["'a':2 'b':3", "'d':2 'e':3"] }],
    false,
  ],
  ["'a' <-> 'b' | 'a' <-> 'c' | 'a' <-> 'd' | 'a' <-> 'e' | 'a' <-> 'f'", [unsure], false],
  // Quotes, bars and arrows inside a word are no operators.
  ["'o''neil' & 'x|<->!y'", [{ words: "'o''neil' & 'x|<->!y'", ...sure }]],
];

test('what cannot match is not looked at, and what is sure to match is not read', () => {
  for (const [tsquery, alternatives, exact = true] of shapes) {
    // What is undefined is not there.
    assert.deepEqual(JSON.parse(JSON.stringify(lookUp(tsquery))), { alternatives, exact }, tsquery);
  }
  assert.equal(lookUp(''), undefined);
});
