// The day's allowance: never exceeded by those who take in advance, however many ask at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addUsage,
  deleteOldUsage,
  findAllowance,
  takeAllowance,
} from '../../../src/store/accounts/daily-usage.ts';
import { testDatabase } from '../../support/database/database.ts';

const subject = 'user:ann';
const limitSeconds = 100;

test('of sixteen who take ten seconds at once, ten get them', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const taken = await Promise.all(
    Array.from({ length: 16 }, () => takeAllowance(sql, { subject, seconds: 10, limitSeconds })),
  );
  assert.equal(taken.filter(Boolean).length, 10);
  assert.equal(await findAllowance(sql, { subject, limitSeconds }), 0);
  assert.equal(await findAllowance(sql, { subject: 'user:bob', limitSeconds }), limitSeconds);
  await addUsage(sql, subject, -30);
  assert.equal(await findAllowance(sql, { subject, limitSeconds }), 30);
  await addUsage(sql, subject, 500);
  assert.equal(await findAllowance(sql, { subject, limitSeconds }), 0);
  assert.equal(await takeAllowance(sql, { subject, seconds: 1, limitSeconds: 0 }), false);
});

test('a new day begins with nothing used, and old days are forgotten', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  await takeAllowance(sql, { subject, seconds: 90, limitSeconds });
  await sql`UPDATE daily_usage SET day = day - 8`;
  assert.equal(await findAllowance(sql, { subject, limitSeconds }), limitSeconds);
  await deleteOldUsage(sql);
  assert.equal((await sql`SELECT 1 FROM daily_usage`).length, 0);
});
