// sql/schema.sql is what the migrations add up to.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { dumpSchema, schemaFile } from '../../scripts/schema.ts';
import { testDatabase } from '../support/database/database.ts';

test('sql/schema.sql is current', async (t) => {
  const { database } = await testDatabase(t);
  const current = await dumpSchema(database.general);
  const written = readFileSync(schemaFile, 'utf8');
  assert.equal(written, current, 'make it again: node scripts/schema.ts');
});

test('what goes with a conversation, or is parted from it, is found by an index', async (t) => {
  const { database } = await testDatabase(t);
  const unfound = await database.general`
    SELECT k.conrelid::regclass::text AS "table" FROM pg_constraint k
    WHERE k.contype = 'f' AND k.confrelid = 'conversations'::regclass
      AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indkey[0] = k.conkey[1])`;
  assert.deepEqual(
    unfound.map(({ table }) => table),
    [],
  );
});
