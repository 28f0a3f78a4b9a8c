// The API as a client's owner uses it, against a whole server.

import assert from 'node:assert/strict';
import { signAccessToken } from '../../../src/http/identity/auth.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId, newToken } from '../../../src/lib/ids.ts';
import { createTokenFamily } from '../../../src/store/accounts/refresh-tokens.ts';
import type { TestFrontdesk } from './frontdesk.ts';

/** An access token of the owner of the server's client, or of another client there. */
export async function ownerToken(f: TestFrontdesk, clientId = f.client.id): Promise<string> {
  const sql = f.database.general;
  const [{ userId }] = await sql<
    [{ userId: string }]
  >`SELECT owner_id AS "userId" FROM clients WHERE id = ${clientId}`;
  const familyId = newId(systemClock.now());
  await createTokenFamily(sql, { id: familyId, userId, token: newToken() });
  return signAccessToken(
    { jwtSecret: 'x'.repeat(32), publicUrl: f.publicUrl },
    { userId, familyId, atMs: systemClock.now() },
  );
}

/** Asks as the owner; fails where the answer is not a success. */
export async function ownerReader(f: TestFrontdesk): Promise<(path: string) => Promise<any>> {
  const headers = { authorization: `Bearer ${await ownerToken(f)}` };
  return async (path) => {
    const response = await fetch(`${f.publicUrl}${path}`, { headers });
    assert.equal(response.status, 200, path);
    return response.json();
  };
}
