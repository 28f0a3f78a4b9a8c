// Which token counts are believed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUsage } from '../../src/pipeline/model-usage.ts';

for (const [input, output] of [
  [-1, 5],
  [5, -1],
  [3_000_000_000, 5],
  [1.5, 5],
  ['12', 3],
  [Number.NaN, 3],
  [undefined, 3],
  [3, null],
] as const) {
  test(`${String(input)} and ${String(output)} are no counts`, () =>
    assert.equal(readUsage(input, output), undefined));
}

test('others are', () => {
  assert.deepEqual(readUsage(0, 12), { inputTokens: 0, outputTokens: 12 });
});
