// Signing in as the demo owner: in the sandbox one click, elsewhere unknown.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../../src/lib/clock.ts';
import { ensureDemo } from '../../../../src/start/sandbox/demo.ts';
import { startTestApi } from '../../../support/product/api.ts';

test('in the sandbox it opens the demo business, and no other', async (t) => {
  const api = await startTestApi(t, { env: { SANDBOX: 'mixed' } });
  const sql = api.database.general;
  assert.equal((await api.as().post('/auth/demo')).status, 404, 'there is no demo owner yet');
  await ensureDemo({ sql, clock: systemClock });
  const other = await api.user();
  await api.as(other).post('/api/clients', { name: 'Not for the demo' });
  assert.deepEqual((await api.as().get('/auth/ways')).json, { google: false, demo: true });
  const answer = await api.as().post('/auth/demo');
  assert.equal(answer.status, 200);
  assert.equal(answer.json.display_name, 'Demo Owner');
  const cookie = answer.headers.get('set-cookie')!;
  assert.match(cookie, /HttpOnly; SameSite=Lax/);
  const clients = await api.send('GET', '/api/clients', {
    headers: { cookie: cookie.split(';')[0]! },
  });
  assert.deepEqual(
    clients.json.map(({ name }: { name: string }) => name),
    ['Bright Smile Dental'],
  );
  const foreign = await api.as().post('/auth/demo', undefined, {
    headers: { origin: 'https://evil.example' },
  });
  assert.equal(foreign.status, 403, 'not for a page of another site');
  await sql`UPDATE users SET blocked_at = clock_timestamp() WHERE name = 'Demo Owner'`;
  assert.equal((await api.as().post('/auth/demo')).status, 404);
});

test('outside the sandbox there is no demo owner, even where one is in the database', async (t) => {
  const api = await startTestApi(t);
  await ensureDemo({ sql: api.database.general, clock: systemClock });
  assert.equal((await api.as().post('/auth/demo')).status, 404);
  assert.deepEqual((await api.as().get('/auth/ways')).json, { google: false, demo: false });
});
