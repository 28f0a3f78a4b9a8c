// A storm of operations on 12 connections leaves the books in order. The long run has more of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../support/database/database.ts';
import { until, untilAsync } from '../../support/until.ts';
import { runStorm } from './metering-storm.ts';

test('800 operations on 12 connections: no error, nothing billed twice, books in order throughout', async (t) => {
  const { connection } = await testDatabase(t);
  const { operations, calls } = await runStorm(connection, { operations: 800, seed: 1 });
  assert.ok(operations >= 800 && calls > 20);
});

test('the same while all clients are locked for longer than a statement may wait: what is asked again is done once', async (t) => {
  const { connection, database } = await testDatabase(t);
  const sql = database.general;
  let repeated = 0;
  const onRepeat = () => (repeated += 1);
  const storm = runStorm(connection, { operations: 200, seed: 2, onRepeat });
  const locked = sql.begin(async (tx) => {
    await untilAsync('calls run', async () => {
      const [row] = await tx<[{ calls: number }]>`SELECT count(*)::int AS calls FROM call_leases`;
      return row.calls > 3;
    });
    await tx`SELECT 1 FROM clients FOR NO KEY UPDATE`;
    await until('statements have waited in vain', () => repeated > 3);
  });
  const [{ operations, calls }] = await Promise.all([storm, locked]);
  assert.ok(operations >= 200 && calls > 5);
});
