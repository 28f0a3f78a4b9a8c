// What a dashboard begins with and looks at every few seconds: of all one's clients, and of nobody else's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../../../support/product/api.ts';
import { startBusiness } from '../../../support/product/business.ts';

test('who is signed in, their clients and what goes on, in one answer', async (t) => {
  const api = await startTestApi(t);
  const [ann, bob] = [await api.user(), await api.user()];
  const empty = (await api.as(bob).get('/api/start')).json;
  assert.deepEqual(empty.clients, []);
  assert.deepEqual(empty.pulse, { active_calls: [], unread_messages: [] });

  const first = await startBusiness(api, ann, { word: 'first' });
  const second = await startBusiness(api, ann, { word: 'second', phone: '+14155550112' });
  await startBusiness(api, bob, { word: 'bob', phone: '+14155550113' });
  const path = `/api/clients/${second.client_id}/messages/${second.message_id}`;
  assert.equal((await api.as(ann).patch(path, { read: true })).status, 200);

  const { json } = await api.as(ann).get('/api/start');
  assert.deepEqual(json.user, (await api.as(ann).get('/api/auth/me')).json);
  assert.deepEqual(json.clients, (await api.as(ann).get('/api/clients')).json);
  assert.deepEqual(json.pulse.active_calls, (await api.as(ann).get('/api/active-calls')).json);
  assert.equal(json.pulse.active_calls.length, 2);
  assert.deepEqual(json.pulse.unread_messages, [{ client_id: first.client_id, unread: 1 }]);
  assert.deepEqual((await api.as(ann).get('/api/pulse')).json, json.pulse);

  const all = `/api/clients/${first.client_id}/messages/read-all`;
  assert.equal((await api.as(bob).post(all)).status, 404);
  assert.deepEqual((await api.as(ann).post(all)).json, { marked: 1 });
  assert.deepEqual((await api.as(ann).post(all)).json, { marked: 0 });
  assert.deepEqual((await api.as(ann).get('/api/pulse')).json.unread_messages, []);
});
