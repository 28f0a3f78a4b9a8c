// Phone numbers as carriers and owners write them, and the caller's segment of the stream's path.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatCallerSegment,
  parseCallerSegment,
  parsePhoneNumber,
} from '../../src/telephony/phone-number.ts';

const numbers: readonly [text: unknown, number: string | undefined][] = [
  ['+15551234567', '+15551234567'],
  ['+1 (555) 123-4567', '+15551234567'],
  [' +49 30 901820 ', '+4930901820'],
  ['+442071838750', '+442071838750'],
  ['15551234567', undefined],
  ['5551234567', undefined],
  ['', undefined],
  ['+', undefined],
  ['+0', undefined],
  ['+1', undefined],
  ['+999123456789', undefined],
  ['+1555123456789012345', undefined],
  ['anonymous', undefined],
  ['Anonymous', undefined],
  ['Restricted', undefined],
  ['Unavailable', undefined],
  ['+266696687', undefined],
  ['+7378742833', undefined],
  ['+2562533', undefined],
  ['+8656696', undefined],
  ['+86282452253', undefined],
  ['sip:+15551234567@example.com', undefined],
  ['sip:alice@example.com', undefined],
  ['client:alice', undefined],
  ['tel:+15551234567', undefined],
  ['+15551234567;ext=5', undefined],
  ['+1800FLOWERS', undefined],
  ['+1555123456７', undefined],
  ['+15551234567\r\nX-Evil: 1', undefined],
  ['📞+15551234567', undefined],
  ["+15551234567' OR 1=1--", undefined],
  ['5'.repeat(500), undefined],
  [undefined, undefined],
  [null, undefined],
  [15551234567, undefined],
  [['+15551234567'], undefined],
];

for (const [text, number] of numbers) {
  test(`${JSON.stringify(text)?.slice(0, 60)} is ${number ?? 'no number'}`, () => {
    assert.equal(parsePhoneNumber(text), number);
  });
}

test('a number without a country code needs a country', () => {
  assert.equal(parsePhoneNumber('(555) 123-4567', 'US'), '+15551234567');
  assert.equal(parsePhoneNumber('030 901820', 'DE'), '+4930901820');
  assert.equal(parsePhoneNumber('+442071838750', 'US'), '+442071838750');
});

const segments: readonly [number: string | undefined, segment: string][] = [
  ['+15551234567', '%2B15551234567'],
  [undefined, 'anonymous'],
];

for (const [number, segment] of segments) {
  test(`${number} in the path is ${segment}, and back`, () => {
    assert.equal(formatCallerSegment(number), segment);
    assert.equal(parseCallerSegment(segment), number);
  });
}

test('a segment that is no number is nobody', () => {
  assert.equal(parseCallerSegment('+15551234567'), '+15551234567');
  for (const segment of [
    '',
    '15551234567',
    '%',
    '%2B',
    '%00',
    '..%2F..',
    '%2B266696687',
    'x'.repeat(9999),
  ]) {
    assert.equal(parseCallerSegment(segment), undefined);
  }
});
