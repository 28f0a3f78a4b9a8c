// A storm of operations on 12 connections leaves the books in order. The long run has more of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../support/database.ts';
import { runStorm } from './metering-storm.ts';

test('800 operations on 12 connections: no error, nothing billed twice, books in order throughout', async (t) => {
  const { connection } = await testDatabase(t);
  const { operations, calls } = await runStorm(connection, { operations: 800, seed: 1 });
  assert.ok(operations >= 800 && calls > 20);
});
