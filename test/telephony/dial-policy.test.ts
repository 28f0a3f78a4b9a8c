// Which numbers are dialled: the client's country and those the owner allows, never what exists to cost money.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseToDial } from '../../src/telephony/dial-policy.ts';
import { numbers } from '../support/dialled-numbers.ts';

const ownNumber = '+12025550123';

test('a client in the United States dials there', () => {
  assert.ok(numbers.length >= 40);
  for (const [number, refusal] of numbers) {
    assert.equal(refuseToDial(number, { allowedCountries: [], ownNumber }), refusal, number);
  }
});

test('countries that the owner names are dialled, and only those', () => {
  const rules = { allowedCountries: ['GB', 'JM'], ownNumber };
  assert.equal(refuseToDial('+442071838750', rules), undefined);
  assert.equal(refuseToDial('+447700900123', rules), undefined);
  assert.equal(refuseToDial('+18765230123', rules), undefined);
  assert.equal(refuseToDial('+12025550145', rules), 'country');
  assert.equal(refuseToDial('+449098790123', rules), 'denied');
});

test('without a number of its own a client dials nowhere that was not named', () => {
  assert.equal(refuseToDial('+12025550145', { allowedCountries: [], ownNumber: null }), 'country');
});

test('the number that rings here is not dialled, though it is in the country', () => {
  const rules = { allowedCountries: ['US'], ownNumber };
  assert.equal(refuseToDial(ownNumber, rules), 'own');
  assert.equal(refuseToDial('+12025550124', rules), undefined);
});
