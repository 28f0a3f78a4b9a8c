// The pools against a real server: what comes back, the limits, and how a dead or stopped server shows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../support/database.ts';

test('rows come back in the types the code expects', async (t) => {
  const { database } = await testDatabase(t);
  const [row] = await database.calls`
    SELECT 9007199254740991::bigint AS big, now() AS at, '{"a":1}'::jsonb AS json, ARRAY['x']::text[] AS list
  `;
  assert.equal(row?.['big'], Number.MAX_SAFE_INTEGER);
  assert.ok(row['at'] instanceof Date);
  assert.deepEqual(row['json'], { a: 1 });
  assert.deepEqual(row['list'], ['x']);
});
