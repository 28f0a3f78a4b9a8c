// A write of the driver to a connection that is gone ends nothing; every other immediate is as it was.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guardDriver } from '../../../src/store/database/driver-guard.ts';

test('a write to no socket is left out; others run with what they were given, or not at all', async () => {
  guardDriver();
  guardDriver();
  const socket = null as unknown as { write(): void };
  let tried = false;
  setImmediate(function nextWrite() {
    tried = true;
    socket.write();
  });
  clearImmediate(setImmediate(() => assert.fail('it was cleared')));
  const given = await new Promise((resolve) => setImmediate(resolve, 'this'));
  assert.equal(given, 'this');
  assert.ok(tried);
});
