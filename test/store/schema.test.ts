// sql/schema.sql is what the migrations add up to.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { dumpSchema, schemaFile } from '../../scripts/schema.ts';
import { testDatabase } from '../support/database.ts';

test('sql/schema.sql is current', async (t) => {
  const { database } = await testDatabase(t);
  const current = await dumpSchema(database.general);
  const written = readFileSync(schemaFile, 'utf8');
  assert.equal(written, current, 'make it again: node scripts/schema.ts');
});
