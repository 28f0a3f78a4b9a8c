// What is made from the routes is made from these routes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeApiFiles, readApiFile } from '../../scripts/api.ts';

test('docs/API.md and the typed client are those of the routes as they are', async () => {
  const made = await makeApiFiles();
  assert.ok(Object.keys(made).length >= 2);
  for (const [name, text] of Object.entries(made)) {
    assert.ok(readApiFile(name) === text, `${name} is stale: run node scripts/api.ts`);
  }
});
