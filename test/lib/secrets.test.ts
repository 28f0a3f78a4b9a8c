// Tokens are good for their time, issuer and audience, and only in the form we write.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveSecret, signToken, verifyToken } from '../../src/lib/secrets.ts';

const key = 'k'.repeat(32);
const claims = { iss: 'here', aud: 'api', sub: 'ann', iat: 1000, exp: 2000 };
const at = (seconds: number) => ({ iss: 'here', aud: 'api', nowMs: seconds * 1000 });

test('good from a minute before to a minute after its time', () => {
  const token = signToken(key, claims);
  const cases: [seconds: number, good: boolean][] = [
    [939, false],
    [940, true],
    [1500, true],
    [2059, true],
    [2060, false],
  ];
  for (const [seconds, good] of cases) {
    assert.equal(verifyToken(key, token, at(seconds)) !== undefined, good, `${seconds}`);
  }
  assert.deepEqual(verifyToken(key, token, at(1500)), claims);
});

test('the same claims give the same token, another key none', () => {
  assert.equal(signToken(key, claims), signToken(key, claims));
  assert.equal(verifyToken('l'.repeat(32), signToken(key, claims), at(1500)), undefined);
});

test('a derived secret differs by purpose and origin', () => {
  const all = [
    ['a', 'x'],
    ['a', 'y'],
    ['b', 'x'],
    ['a\0x', ''],
  ] as const;
  const secrets = all.map(([purpose, from]) => deriveSecret(key, purpose, from));
  assert.equal(new Set(secrets).size, all.length);
  assert.match(secrets[0]!, /^[\w-]{43}$/);
  assert.equal(deriveSecret(key, 'a', 'x'), secrets[0]);
});
