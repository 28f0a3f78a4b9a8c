// The metering at full counts: thousands of random histories, seven storms, forty kills.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { playHistory } from '../billing/metering/metering-history.ts';
import { histories, moneyHistories } from '../billing/metering/metering-steps.ts';
import { killWebhooksOften } from '../billing/payments/webhook-kill.ts';
import { killOften } from '../billing/metering/metering-kill.ts';
import { runStorm } from '../billing/metering/metering-storm.ts';
import { testDatabase } from '../support/database/database.ts';

test('2,000 random histories of calls and 2,000 of payments', async (t) => {
  const { database } = await testDatabase(t);
  for (const steps of [histories(80), moneyHistories(80)]) {
    await fc.assert(
      fc.asyncProperty(steps, (each) => playHistory(database.general, each)),
      { numRuns: 2000 },
    );
  }
});

for (const seed of [1, 2, 3, 4, 5, 6, 7]) {
  test(`4,200 operations on 12 connections, seed ${seed}`, async (t) => {
    const { connection } = await testDatabase(t);
    const { operations } = await runStorm(connection, { operations: 4200, seed });
    assert.ok(operations >= 4200);
  });
}

test('killed 40 times around the end of calls', (t) => killOften(t, 40));

test('killed 40 times while Stripe tells of payments and refunds', (t) => killWebhooksOften(t, 40));
