// Which numbers are dialled: the client's country and those the owner allows, never what exists to cost money.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseToDial } from '../../src/telephony/dial-policy.ts';
import type { DialRefusal } from '../../src/telephony/dial-policy.ts';

const ownNumber = '+12025550123';

const numbers: readonly [number: string, refusal: DialRefusal | undefined][] = [
  ['+12025550145', undefined],
  ['+14155550111', undefined],
  ['+15551234567', undefined],
  ['+18005550199', undefined],
  ['+19005550123', 'denied'],
  ['+19765550123', 'denied'],
  ['+12129761234', 'denied'],
  ['+17005551234', 'denied'],
  ['+15005550001', 'denied'],
  ['+18765550123', 'country'],
  ['+12425550123', 'country'],
  ['+18095550123', 'country'],
  ['+18295550123', 'country'],
  ['+12845550123', 'country'],
  ['+14735550123', 'country'],
  ['+16645550123', 'country'],
  ['+12465550123', 'country'],
  ['+13455550123', 'country'],
  ['+17875550123', 'country'],
  ['+14165550123', 'country'],
  ['+442071838750', 'country'],
  ['+447700900123', 'country'],
  ['+449098790123', 'denied'],
  ['+447012345678', 'denied'],
  ['+448719876543', 'denied'],
  ['+870773111632', 'denied'],
  ['+881612345678', 'denied'],
  ['+882161234567', 'denied'],
  ['+883510012345', 'denied'],
  ['+878101234567', 'denied'],
  ['+979123456789', 'denied'],
  ['+80012345678', 'denied'],
  ['+4990012345678', 'denied'],
  ['+491371234567', 'denied'],
  ['+33899123456', 'denied'],
  ['+39899123456', 'denied'],
  ['+34806123456', 'denied'],
  ['+5312345678', 'country'],
  ['+25261234567', 'country'],
  ['+999123456789', 'country'],
  ['911', 'not-a-number'],
  ['+911', 'not-a-number'],
  ['12025550145', 'not-a-number'],
  ['+1202555014５', 'not-a-number'],
  ['+12025550145,,99', 'not-a-number'],
  ['sip:+12025550145@example.com', 'not-a-number'],
  ['client:alice', 'not-a-number'],
  ['', 'not-a-number'],
];

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
