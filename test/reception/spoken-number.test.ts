// Numbers are read out in groups that can be written down.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spokenNumber } from '../../src/reception/spoken-number.ts';

test('a number is read out in groups', () => {
  assert.equal(spokenNumber('+14155550111'), '4 1 5, 5 5 5, 0 1 1 1');
  assert.equal(spokenNumber('+4930123456'), '4 9 3, 0 1 2, 3 4 5 6');
  assert.equal(spokenNumber('+442079460018'), '4 4 2, 0 7 9, 4 6 0, 0 1 8');
});
