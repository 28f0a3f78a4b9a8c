// Whatever happens in whatever order, the books hold: random histories; and planted bugs that those histories must find.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Sql } from '../../../src/store/database/sql.ts';
import { testDatabase } from '../../support/database/database.ts';
import type { TestDatabase } from '../../support/database/database.ts';
import { playHistory } from './metering-history.ts';
import { histories, moneyHistories } from './metering-steps.ts';
import { plantedBugs } from './planted-bugs.ts';

/** The long run plays more and longer ones, and others each time. */
const RUNS = 60;
const SEED = 1;
const STEPS_MAX = 50;
/** A bug has to be found within this many histories, which hold without it. */
const HUNT_RUNS = 100;
/** Of a dozen that were tried, the one that needs the fewest histories: 45 for the bug that hides best. */
const HUNT_SEED = 4;

let db: TestDatabase;
let sql: Sql;
before(async () => {
  db = await testDatabase();
  sql = db.database.general;
});
after(() => db.close());

test('the invariants hold after every step of random histories', async () => {
  await fc.assert(property(), { numRuns: RUNS, seed: SEED });
  await fc.assert(property('pay_'), { numRuns: RUNS, seed: SEED });
});

test('they hold in the histories that hunt for bugs', async () => {
  await fc.assert(property(), { numRuns: HUNT_RUNS, seed: HUNT_SEED });
  await fc.assert(property('pay_'), { numRuns: HUNT_RUNS, seed: HUNT_SEED });
});

describe('a planted bug is found', () => {
  for (const bug of plantedBugs) {
    test(bug.name, async () => {
      const original = await definition(bug.in);
      const broken = original.replace(bug.replace, () => bug.by);
      assert.notEqual(broken, original, 'the bug was not planted: the function has changed');
      await sql.unsafe(broken);
      try {
        const options = { numRuns: HUNT_RUNS, endOnFailure: true, seed: HUNT_SEED };
        const found = await fc.check(property(bug.in), options);
        assert.ok(found.failed, `not found in ${found.numRuns} histories`);
      } finally {
        await sql.unsafe(original);
      }
    });
  }
});

/** Histories in which this function has much to do. */
function property(name = 'meter_') {
  const steps = name.startsWith('pay_') ? moneyHistories(STEPS_MAX) : histories(STEPS_MAX);
  return fc.asyncProperty(steps, (each) => playHistory(sql, each));
}

async function definition(name: string): Promise<string> {
  const [row] = await sql<[{ text: string }]>`
    SELECT pg_get_functiondef(oid) AS text FROM pg_proc WHERE proname = ${name}
  `;
  return row.text;
}
