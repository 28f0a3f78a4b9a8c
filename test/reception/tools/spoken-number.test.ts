// Numbers are read out in groups that can be written down.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spokenNumber } from '../../../src/reception/tools/spoken-number.ts';

test('a number is read out in groups', () => {
  assert.equal(spokenNumber('+14155550111', 'en-US'), '4 1 5, 5 5 5, 0 1 1 1');
  assert.equal(spokenNumber('+4930123456', 'en-US'), '4 9 3, 0 1 2, 3 4 5 6');
  assert.equal(spokenNumber('+442079460018', 'en-US'), '4 4 2, 0 7 9, 4 6 0, 0 1 8');
});

test('at home it is read as it is dialled there', () => {
  const numbers: readonly [number: string, language: string, spoken: string][] = [
    ['+4930123456', 'de-DE', '0 3 0, 1 2 3, 4 5 6'],
    ['+4930123456', 'de-AT', '4 9 3, 0 1 2, 3 4 5 6'],
    ['+33142680053', 'fr-FR', '0 1, 4 2, 6 8, 0 0, 5 3'],
    ['+442079460018', 'en-GB', '0 2 0, 7 9 4, 6 0 0, 1 8'],
    ['+34911230000', 'es-ES', '9 1 1, 2 3 0, 0 0 0'],
    ['+34911230000', 'es-MX', '3 4 9, 1 1 2, 3 0 0, 0 0'],
    ['+390612345678', 'it', '0 6 1, 2 3 4, 5 6 7 8'],
    ['+351213456789', 'pt-PT', '2 1 3, 4 5 6, 7 8 9'],
  ];
  for (const [number, language, spoken] of numbers) {
    assert.equal(spokenNumber(number, language), spoken);
  }
});
