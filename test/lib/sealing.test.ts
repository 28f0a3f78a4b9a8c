// What is sealed opens for its owner, with its key or a successor's ring, and for nobody else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSealer } from '../../src/lib/sealing.ts';

const first = 'the first sealing key of the tests, long enough';
const second = 'the second sealing key of the tests, long enough';

test('opens for the same owner, and no two seals are alike', () => {
  const sealer = openSealer([first]);
  const sealed = sealer.seal('a refresh token', 'client-a');
  assert.equal(sealer.open(sealed, 'client-a'), 'a refresh token');
  assert.notEqual(sealer.seal('a refresh token', 'client-a'), sealed);
  assert.ok(!sealed.includes('refresh'));
});

test('not for another owner, and not when a bit has changed', () => {
  const sealer = openSealer([first]);
  const sealed = sealer.seal('a refresh token', 'client-a');
  assert.throws(() => sealer.open(sealed, 'client-b'), /another owner/);
  const parts = sealed.split('.');
  for (const at of [2, 3]) {
    const bytes = Buffer.from(parts[at]!, 'base64url');
    bytes[0]! ^= 1;
    const changed = parts.with(at, bytes.toString('base64url')).join('.');
    assert.throws(() => sealer.open(changed, 'client-a'), /broken/);
  }
  assert.throws(() => sealer.open('', 'client-a'), /not configured/);
  assert.throws(() => sealer.open(parts.with(3, '').join('.'), 'client-a'), /broken/);
});

test('a new key opens what the old one sealed as long as both are there', () => {
  const old = openSealer([first]);
  const sealed = old.seal('a refresh token', 'client-a');
  const both = openSealer([second, first]);
  assert.equal(both.open(sealed, 'client-a'), 'a refresh token');
  assert.notEqual(both.keyId, old.keyId);
  assert.throws(() => openSealer([second]).open(sealed, 'client-a'), /not configured/);
});
