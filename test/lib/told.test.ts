// What is told of another service's words: not the key, wherever they repeat it, and not all of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { told } from '../../src/lib/told.ts';

for (const [words, key, expected] of [
  ['no such voice', 'sk-1', 'no such voice'],
  [' Bad key sk-1, not sk-1! ', 'sk-1', 'Bad key [key], not [key]!'],
  ['no key at all', '', 'no key at all'],
  ['x'.repeat(500), 'sk-1', 'x'.repeat(200)],
  // Not in part either.
  [`${'x'.repeat(198)}sk-1`, 'sk-1', `${'x'.repeat(198)}[k`],
] as const) {
  test(words.slice(0, 40), () => assert.equal(told(words, key), expected));
}
