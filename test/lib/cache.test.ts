// A bounded map: what is used stays, what was used longest ago goes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../../src/lib/cache.ts';

test('forgets what was used longest ago', () => {
  const cache = new Cache<string, number>(3);
  for (const [i, key] of ['a', 'b', 'c'].entries()) cache.set(key, i);
  assert.equal(cache.get('a'), 0);
  cache.set('d', 3);
  assert.equal(cache.get('b'), undefined);
  assert.equal(cache.get('a'), 0);
  assert.equal(cache.size, 3);
});

test('setting again replaces and counts as use', () => {
  const cache = new Cache<string, number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.set('a', 3);
  cache.set('c', 4);
  assert.equal(cache.get('a'), 3);
  assert.equal(cache.get('b'), undefined);
});

test('deletes', () => {
  const cache = new Cache<string, number>(2);
  cache.set('a', 1);
  cache.delete('a');
  cache.delete('b');
  assert.equal(cache.get('a'), undefined);
  assert.equal(cache.size, 0);
});
