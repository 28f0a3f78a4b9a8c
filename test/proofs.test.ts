// What shows a behaviour must be there: every file that docs/PROOFS.md names, and no behaviour without one.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const table = readFileSync(new URL('../docs/PROOFS.md', import.meta.url), 'utf8');
const rows = table.split('\n').filter((line) => /^\| (?!behaviour|-)/.test(line));
const filesIn = (text: string) =>
  [...text.matchAll(/`((?:test|bench)\/[^`]+)`/g)].map(([, file]) => file!);

test('every file that is named exists', () => {
  const missing = filesIn(table).filter(
    (file) => !existsSync(new URL(`../${file}`, import.meta.url)),
  );
  assert.deepEqual(missing, []);
});

test('every behaviour names a test or a benchmark', () => {
  assert.ok(rows.length > 35);
  const bare = rows.filter((row) => filesIn(row).length === 0);
  assert.deepEqual(bare, []);
});
