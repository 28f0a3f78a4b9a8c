// Numbers in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDigits } from '../../../src/calendar/wording/number-words.ts';

const table: readonly [text: string, digits: string][] = [
  ['March twenty-first at two oh five', 'march 21th at 2 05'],
  ['the Second  or the 3rd', 'the 2th or the 3th'],
  ['fifty nine, forty', '59, 40'],
  ['seventeen and seven', '17 and 7'],
  ['someone attends', 'someone attends'],
];
for (const [text, digits] of table) {
  test(`"${text}"`, () => assert.equal(withDigits(text), digits));
}
