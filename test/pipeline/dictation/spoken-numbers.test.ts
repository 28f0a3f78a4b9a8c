// Numbers as they are said, back to digits, in six languages.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listeningWords } from '../../../src/pipeline/languages/find-language.ts';
import { languageNumbers } from '../../../src/pipeline/dictation/spoken-numbers.ts';

const rows: readonly (readonly [language: string, words: string, digits: string])[] = [
  ['en', 'forty two', '42'],
  ['en', 'two thousand five', '2005'],
  ['es', 'cuarenta y dos', '42'],
  ['es', 'veintidos', '22'],
  ['fr', 'quatre vingt', '80'],
  ['fr', 'quatre vingt dix neuf', '99'],
  ['de', 'zweiundvierzig', '42'],
  ['de', 'fuenf', '5'],
  ['it', 'ventidue', '22'],
  ['pt', 'quarenta e dois', '42'],
];

test('the words of a number are its digits', () => {
  for (const [language, words, digits] of rows) {
    assert.equal(
      languageNumbers(listeningWords(language).address).digits.get(words),
      digits,
      words,
    );
  }
});

test('each of its words is known to be part of one, and the table is made once', () => {
  const { address } = listeningWords('fr');
  const numbers = languageNumbers(address);
  assert.ok(numbers.parts.has('vingt') && !numbers.parts.has('point'));
  assert.equal(languageNumbers(address), numbers);
});
