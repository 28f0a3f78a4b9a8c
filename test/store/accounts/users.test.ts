// Owners: added once, found again by their address.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/lib/ids.ts';
import { saveUser } from '../../../src/store/accounts/users.ts';
import { testDatabase } from '../../support/database/database.ts';

test('an address that is known gives the user it belongs to, in any case', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const id = newId(0);
  const user = { email: 'Owner@Example.com', name: 'Owner', role: 'user' } as const;
  assert.equal(await saveUser(sql, { ...user, id }), id);
  assert.equal(await saveUser(sql, { ...user, id: newId(1), role: 'admin' }), id);
  const rows = await sql`SELECT id, lower(email) AS email, name, role FROM users`;
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [{ id, email: 'owner@example.com', name: 'Owner', role: 'user' }],
  );
  assert.notEqual(await saveUser(sql, { ...user, id: newId(2), email: 'b@example.com' }), id);
});
