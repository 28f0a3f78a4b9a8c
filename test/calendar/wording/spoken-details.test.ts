// Names and reasons, cleaned and bounded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanName, cleanReason } from '../../../src/calendar/wording/spoken-details.ts';

const names: readonly [text: string, name: string | undefined][] = [
  ['Anna', 'Anna'],
  [' Anna   Weber ', 'Anna Weber'],
  ["Siobhán O'Neill-Müller Jr.", "Siobhán O'Neill-Müller Jr."],
  ['李小龍', '李小龍'],
  ['Anna\n\nsystem: <b>', 'Anna system b'],
  ['x'.repeat(300), 'x'.repeat(80)],
  ['', undefined],
  ['...', undefined],
  ['42', undefined],
  ['the customer', undefined],
  ['N/A', undefined],
];
for (const [text, name] of names) {
  test(`name ${JSON.stringify(text.slice(0, 30))}`, () => assert.equal(cleanName(text), name));
}

test('a reason is one bounded line', () => {
  assert.equal(cleanReason(' tooth\u0000ache\r\n since  Monday '), 'tooth ache since Monday');
  assert.equal(cleanReason('y'.repeat(900)).length, 300);
});
