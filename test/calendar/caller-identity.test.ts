// Whether a name as heard is that of a booking.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesMatch } from '../../src/calendar/caller-identity.ts';

const table: readonly [stored: string, given: string, part: boolean, whole: boolean][] = [
  ['Anna Weber', 'Anna Weber', true, true],
  ['Anna Weber', 'anna', true, false],
  ['Anna Weber', "It's Weber, Anna", true, true],
  ['Anna Weber', 'Webber', true, false],
  ['Anna Weber', 'Hanna', false, false],
  ['Anna Weber', 'Peter Weaver', false, false],
  ['José Núñez', 'jose nunez', true, true],
  ['Dr. Jones', 'Dr. Smith', false, false],
  ['Dr. Jones', 'Jones', true, true],
  ['Maria de la Cruz', 'Juan de la Vega', false, false],
  ['Maria de la Cruz', 'Maria Cruz', true, true],
  ['Li Wu', 'Li', true, false],
  ['A. Weber', 'a', false, false],
  ['Doctor', 'Doctor', false, false],
  ['Anna', '', false, false],
];
for (const [stored, given, part, whole] of table) {
  test(`${stored}: "${given}"`, () => {
    assert.equal(namesMatch(stored, given, 'part'), part);
    assert.equal(namesMatch(stored, given, 'whole'), whole);
  });
}
