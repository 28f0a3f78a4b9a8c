// Identifiers: their form, their order in time, and that no two are the same.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isId, newId, newToken } from '../../src/lib/ids.ts';

test('an id is a UUID of version 7 with its time in front', () => {
  // Many, because what is random may look right by chance.
  for (let i = 0; i < 100; i += 1) {
    const id = newId(0x0123_4567_89ab);
    assert.match(id, /^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.ok(isId(id));
  }
});

test('later ids sort after earlier ones', () => {
  const times = [0, 1, 255, 256, 1_700_000_000_000, 1_700_000_000_001, 2 ** 47];
  const ids = times.map(newId);
  assert.deepEqual(ids.toSorted(), ids);
});

test('no two of the same moment are the same', () => {
  assert.equal(new Set(Array.from({ length: 10_000 }, () => newId(1))).size, 10_000);
});

test('a token is 43 characters fit for an address', () => {
  const tokens = Array.from({ length: 1000 }, newToken);
  for (const token of tokens) assert.match(token, /^[\w-]{43}$/);
  assert.equal(new Set(tokens).size, 1000);
});

test('what is not an id is not given to the database', () => {
  for (const text of [
    '',
    'x',
    `${newId(1)} `,
    `${newId(1)}\n`,
    newId(1).replaceAll('-', ''),
    "'; --",
  ]) {
    assert.ok(!isId(text), JSON.stringify(text));
  }
});
