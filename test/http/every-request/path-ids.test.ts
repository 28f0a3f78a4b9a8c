// An id in an address is the same one in capitals: what is sealed, locked and compared by it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../../support/product/api.ts';
import { startWebServer } from '../../support/servers/tls-server.ts';
import { untilAsync } from '../../support/until.ts';

test('what is sealed under an address in capitals is opened again', async (t) => {
  const receiver = await startWebServer(t, { secure: false });
  const origin = `http://127.0.0.1:${receiver.port}`;
  const api = await startTestApi(t, { env: { LOOPBACK_ORIGINS: origin } });
  const ann = await api.user();
  const { id } = (await api.as(ann).post('/api/clients', { name: 'A' })).json;
  const path = `/api/clients/${id.toUpperCase()}/webhook`;
  assert.equal((await api.as(ann).put(path, { url: `${origin}/hook` })).status, 200);
  assert.equal((await api.as(ann).post(`${path}/test`)).status, 202);
  await untilAsync('the test event has come', () =>
    Promise.resolve(receiver.requests.length === 1),
  );
});

test('administrators cannot step down or go by writing their own id in capitals', async (t) => {
  const api = await startTestApi(t);
  const admin = await api.user({ role: 'admin' });
  const path = `/admin/users/${admin.id.toUpperCase()}`;
  assert.equal((await api.as(admin).put(path, { role: 'user' })).status, 409);
  assert.equal((await api.as(admin).delete(path)).status, 409);
});
