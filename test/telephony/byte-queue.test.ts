// The queue of waiting audio: whatever the chunks, the bytes come out in order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteQueue } from '../../src/telephony/byte-queue.ts';

function bytes(from: number, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => from + i);
}

test('pieces are cut across chunks', () => {
  const queue = new ByteQueue();
  queue.append(bytes(0, 3));
  queue.append(bytes(3, 0));
  queue.append(bytes(3, 1));
  queue.append(bytes(4, 6));
  assert.equal(queue.length, 10);
  assert.deepEqual(queue.take(2), bytes(0, 2));
  assert.deepEqual(queue.take(4), bytes(2, 4));
  assert.deepEqual(queue.take(4), bytes(6, 4));
  assert.equal(queue.length, 0);
});

test('what is put back comes first, also in the middle of a chunk', () => {
  const queue = new ByteQueue();
  queue.append(bytes(0, 8));
  const taken = queue.take(5);
  queue.prepend(taken.subarray(2));
  assert.equal(queue.length, 6);
  assert.deepEqual(queue.take(6), bytes(2, 6));
});

test('cleared, it is empty and can be filled again', () => {
  const queue = new ByteQueue();
  queue.append(bytes(0, 8));
  queue.take(3);
  queue.clear();
  assert.equal(queue.length, 0);
  queue.append(bytes(20, 2));
  assert.deepEqual(queue.take(2), bytes(20, 2));
});

test('more than waits cannot be taken', () => {
  const queue = new ByteQueue();
  queue.append(bytes(0, 2));
  assert.throws(() => queue.take(3), RangeError);
});
