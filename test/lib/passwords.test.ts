// Password hashes fit their password only, and everybody's first guesses are refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword, passwordFaults, verifyPassword } from '../../src/lib/passwords.ts';

test('a hash fits its password, in every form of its letters, and no other', async () => {
  const hash = await hashPassword('Zo\u00eb likes tea');
  assert.match(hash, /^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  assert.equal(await verifyPassword('Zo\u00eb likes tea', hash), true);
  assert.equal(await verifyPassword('Zoe\u0308 likes tea', hash), true);
  assert.equal(await verifyPassword('zo\u00eb likes tea', hash), false);
  assert.equal(await verifyPassword('', hash), false);
  assert.notEqual(await hashPassword('Zo\u00eb likes tea'), hash);
});

test('nothing fits an account without a password', async () => {
  assert.equal(await verifyPassword('', null), false);
  assert.equal(await verifyPassword('anything', null), false);
});

test('what is wrong with a password', async () => {
  const cases: [password: string, fault: RegExp | undefined][] = [
    ['', /too short.*8 characters/],
    ['1234567', /too short/],
    ['x'.repeat(201), /too long/],
    ['password', /too common/],
    ['PassWord123', /too common/],
    ['12345678', /too common/],
    ['ann@example.com', /too similar/],
    ['example123', /too similar/],
    ['Example-12', /too similar/],
    ['aaaaaaaaaaaa', /easy to guess/],
    ['abcabcabcab', /easy to guess/],
    ['tuvwxyz{', /easy to guess/],
    ['my example of a password', undefined],
    ['securepass123', undefined],
    ['oldpassword123', undefined],
    ['newpassword456', undefined],
  ];
  for (const [password, fault] of cases) {
    const faults = await passwordFaults(password, ['ANN@example.com', '']);
    if (fault) assert.match(faults.join(' '), fault, password);
    else assert.deepEqual(faults, [], password);
  }
});

test('too many at once are refused, and the rest come through', async () => {
  const settled = await Promise.allSettled(
    Array.from({ length: 36 }, () => verifyPassword('x', 'scrypt$16$1$1$AAAA$AAAA')),
  );
  const refused = settled.filter(({ status }) => status === 'rejected');
  assert.equal(refused.length, 2);
  assert.equal(await verifyPassword('x', 'scrypt$16$1$1$AAAA$AAAA'), false);
});
