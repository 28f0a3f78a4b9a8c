// Names of columns for the fields of a change; what is left out names none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedColumns } from '../../../src/store/database/named-columns.ts';

const cases: readonly [fields: object, columns: object][] = [
  [{}, {}],
  [{ keypadExit: false, callsMax: undefined }, { keypad_exit: false }],
  [
    { callerSecondsMax: null, name: '' },
    { caller_seconds_max: null, name: '' },
  ],
];
for (const [fields, columns] of cases) {
  test(`${JSON.stringify(fields)} names ${Object.keys(columns).join(', ') || 'nothing'}`, () => {
    assert.deepEqual(namedColumns(fields), columns);
  });
}
