// Which texts mean that somebody wants no more of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meaningOf } from '../../src/delivery/opt-out-words.ts';
import type { SmsMeaning } from '../../src/delivery/opt-out-words.ts';

const texts: readonly [text: string, meaning: SmsMeaning][] = [
  ['STOP', 'stop'],
  ['stop', 'stop'],
  [' Stop. ', 'stop'],
  ['“STOP”', 'stop'],
  ['ＳＴＯＰ', 'stop'],
  ['stop all', 'stop'],
  ['Opt-out', 'stop'],
  ['Unsubscribe', 'stop'],
  ['arrêt', 'stop'],
  ['alto', 'stop'],
  ['START', 'start'],
  ['unstop', 'start'],
  ['please stop by at nine', 'other'],
  ['stop texting me', 'other'],
  ['ok', 'other'],
  ['', 'other'],
];

test('one word alone counts, however it is written', () => {
  for (const [text, meaning] of texts) assert.equal(meaningOf(text), meaning, text);
});
