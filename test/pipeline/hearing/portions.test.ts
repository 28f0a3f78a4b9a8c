// Portions of caller audio: whole and in order, small while words may come, large while none do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Portions } from '../../../src/pipeline/hearing/portions.ts';

function frameOf(value: number): Int16Array {
  return new Int16Array(160).fill(value);
}

test('quiet goes on ten frames at a time, speech two, and nothing is lost or turned round', () => {
  const given: Int16Array[] = [];
  const portions = new Portions((portion) => given.push(portion));
  for (let n = 1; n <= 25; n += 1) portions.add(frameOf(n), false);
  assert.deepEqual(
    given.map((portion) => portion.length / 160),
    [10, 10],
  );
  // Somebody begins to speak: what waits goes with the first frame.
  for (let n = 26; n <= 30; n += 1) portions.add(frameOf(n), true);
  portions.flush();
  portions.flush();
  assert.deepEqual(
    given.map((portion) => portion.length / 160),
    [10, 10, 6, 2, 2],
  );
  const values = given.flatMap((portion) => [...portion]).filter((_, index) => index % 160 === 0);
  assert.deepEqual(
    values,
    Array.from({ length: 30 }, (_, index) => index + 1),
  );
});
