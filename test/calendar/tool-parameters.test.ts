// What a model may put into a tool: known fields, bounded, and no others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Value } from 'typebox/value';
import * as parameters from '../../src/calendar/tool-parameters.ts';

const { slotsParameters, bookParameters, rescheduleParameters, cancelParameters } = parameters;
const long = 'x'.repeat(600);
const table: readonly [schema: object, args: object, valid: boolean][] = [
  [slotsParameters, {}, true],
  [slotsParameters, { date: 'next Tuesday', time: 'half past two', part_of_day: 'any' }, true],
  [slotsParameters, { date: long }, false],
  [slotsParameters, { part_of_day: 'dawn' }, false],
  [slotsParameters, { duration_minutes: 100_000 }, false],
  [slotsParameters, { calendar_id: 'another' }, false],
  [bookParameters, { slot_id: 'ab12', name: 'Anna' }, true],
  [bookParameters, { slot_id: 'ab12' }, false],
  [bookParameters, { slot_id: 'ab12', name: long }, false],
  [bookParameters, { slot_id: 'ab12', name: 'Anna', reason: long }, false],
  [bookParameters, { slot_id: 'ab12', name: 'Anna', start: '2027-03-02T14:30' }, false],
  [rescheduleParameters, { slot_id: 'ab12' }, true],
  [rescheduleParameters, { name: 'Anna', appointment_date: 'tomorrow' }, false],
  [cancelParameters, {}, true],
  [cancelParameters, { booking_id: '1' }, false],
];
for (const [schema, args, valid] of table) {
  test(`${JSON.stringify(args).slice(0, 60)} is ${valid ? 'taken' : 'refused'}`, () => {
    assert.equal(Value.Check(schema, args), valid);
  });
}
