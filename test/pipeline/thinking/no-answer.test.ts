// What is no answer to who listens, and to who reads.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNoAnswer } from '../../../src/pipeline/thinking/no-answer.ts';

test('words and numbers are answers to everybody', () => {
  for (const text of ['OK', '7', 'é', '你', '. Yes']) {
    assert.deepEqual([isNoAnswer(text), isNoAnswer(text, true)], [false, false], text);
  }
});

test('signs are answers to who reads them, and nothing to a voice', () => {
  for (const text of ['👍', '👩‍🚀', '🇫🇷', '…', '?', '-', '✓']) {
    assert.deepEqual([isNoAnswer(text), isNoAnswer(text, true)], [true, false], text);
  }
});

test('what cannot be seen is none', () => {
  for (const text of ['', ' ', '\n\t', '\u00a0', '\u200b', '\ufeff', '\u200d\ufe0f']) {
    assert.deepEqual([isNoAnswer(text), isNoAnswer(text, true)], [true, true], text);
  }
});
