// Processes of the version before go on with the tables of this one while it is deployed: a migration takes nothing away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMigrations } from '../../../src/store/database/migrate.ts';
import { sqlDirectory } from '../../support/database/database.ts';

/** When this became a rule. What is taken away after it was unused in the version before; then its number stands in `unused`. */
const FIRST = 24;
const unused: ReadonlySet<number> = new Set();

/** By what statements of the version before would fail. */
const takesAway = {
  'a table or column goes': /\bDROP\s+(TABLE|COLUMN|VIEW|FUNCTION)\b/i,
  'a name changes': /\bRENAME\b/i,
  'a type changes': /\bALTER\s+COLUMN\s+\w+\s+(SET\s+DATA\s+)?TYPE\b/i,
  'what was left out must be given': /\bSET\s+NOT\s+NULL\b/i,
  'a new column must be given':
    /\bADD\s+COLUMN\s+(?!\w+[^,;]*\b(DEFAULT|GENERATED)\b)\w+[^,;]*\bNOT\s+NULL\b/i,
};

test('a migration takes nothing away that the version before uses', async () => {
  const migrations = await readMigrations(sqlDirectory);
  for (const { number, name, text } of migrations) {
    if (number < FIRST || unused.has(number)) continue;
    for (const [what, pattern] of Object.entries(takesAway)) {
      assert.doesNotMatch(text, pattern, `${name}: ${what}`);
    }
  }
});

test('statements that take away are known as such', () => {
  const [goes, renamed, retyped, demanded, given] = Object.values(takesAway);
  assert.match('ALTER TABLE clients DROP COLUMN confirm_by_sms;', goes!);
  assert.match('ALTER TABLE clients RENAME zone TO time_zone;', renamed!);
  assert.match('ALTER TABLE clients ALTER COLUMN zone TYPE int;', retyped!);
  assert.match('ALTER TABLE clients ALTER COLUMN zone SET NOT NULL;', demanded!);
  assert.match('ALTER TABLE clients ADD COLUMN zone text NOT NULL;', given!);
  assert.doesNotMatch("ADD COLUMN a text NOT NULL DEFAULT '', ADD COLUMN b int;", given!);
});
