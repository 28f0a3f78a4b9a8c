// Pooled memory: as long as asked, apart from its neighbours, and samples at any place in the pool.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pooledBytes, pooledSamples } from '../../src/lib/pool.ts';

test('pieces of odd lengths do not touch each other', () => {
  const pieces = Array.from({ length: 200 }, (_, i) => {
    const length = 1 + ((i * 37) % 333);
    return i % 2 === 0 ? pooledBytes(length).fill(i) : pooledSamples(length).fill(i);
  });
  for (const [i, piece] of pieces.entries()) {
    assert.equal(piece.length, 1 + ((i * 37) % 333));
    assert.ok(
      piece.every((each) => each === i),
      `piece ${i}`,
    );
  }
});
