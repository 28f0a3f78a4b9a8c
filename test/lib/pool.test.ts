// Pooled memory: as long as asked, apart from its neighbours, and large pieces on their own.

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

test('what is large has memory of its own, what is small shares', () => {
  assert.equal(pooledSamples(8000).buffer.byteLength, 16_000);
  const [one, other] = [pooledBytes(160), pooledBytes(160)];
  assert.ok(one.buffer.byteLength > 160);
  assert.ok(one.buffer === other.buffer || other.byteOffset === 0);
});
