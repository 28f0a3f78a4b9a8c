// An id is the same one in capitals: what is sealed, locked and compared by it. One with a prefix is none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../../support/product/api.ts';
import { startDoors } from '../../support/product/doors.ts';
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

test('an id that comes back in capitals, as a UUID of Swift does, goes on with the same chat', async (t) => {
  const doors = await startDoors(t);
  const { owner } = doors;
  doors.rig.openai.script('Hello.', 'And on.');
  const me = doors.as(owner);
  const { json: first } = await me.post('/chat', { type: 'text', content: 'Hello!' });
  const id = (first.conversation_id as string).toUpperCase();
  const next = await me.post('/chat', { type: 'text', content: 'More.', conversation_id: id });
  assert.deepEqual([next.status, next.json.conversation_id], [200, first.conversation_id]);
  const query = new URLSearchParams({ user_id: owner.id.toUpperCase(), chat_id: id });
  const metrics = await me.get(`/conversations/analytics/metrics?${query.toString()}`);
  assert.deepEqual([metrics.status, metrics.json.message_count], [200, 4]);
});

test('an id with a prefix is refused by name', async (t) => {
  const api = await startTestApi(t);
  const me = api.as(await api.user());
  const { id } = (await me.post('/api/clients', { name: 'A' })).json;
  const urn = `urn:uuid:${id}`;
  const given = { client_id: urn, phone_number: '+12025550111' };
  for (const answer of [
    await me.post('/api/contacts', given),
    await me.get(`/api/notices?client_id=${urn}`),
  ]) {
    assert.deepEqual([answer.status, Object.keys(answer.json)], [400, ['client_id']], answer.text);
  }
});
