// What is typed into a search, as patterns of LIKE.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containing, containingNumber } from '../../../src/store/database/search-text.ts';

test('letters that LIKE would take for its own are looked for as they are', () => {
  assert.equal(containing('Ana'), '%Ana%');
  assert.equal(containing('50% _a\\b'), '%50\\% \\_a\\\\b%');
});

test('a number is found however it is written; words are no number', () => {
  for (const [typed, pattern] of [
    ['(202) 555-0177', '%2025550177%'],
    ['+44 20.7946', '%44207946%'],
    ['0177', '%0177%'],
    ['Ana 2', null],
    ['()', null],
    ['', null],
  ] as const) {
    assert.equal(containingNumber(typed), pattern, typed);
  }
});
