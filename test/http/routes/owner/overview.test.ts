// The home page's answer: today's figures of all one's clients, and of nobody else's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../../../support/product/api.ts';
import { booking, endedCall, startBusiness, tomorrow } from '../../../support/product/business.ts';

test('today, for all clients of the owner', async (t) => {
  const api = await startTestApi(t);
  const [ann, bob] = [await api.user(), await api.user()];
  assert.deepEqual((await api.as(ann).get('/api/overview')).json, {
    clients: [],
    response_ms: { p50: null, p95: null },
    appointments: [],
    messages: [],
    calls: [],
  });
  const first = await startBusiness(api, ann, { word: 'first' });
  const second = await startBusiness(api, ann, { word: 'second', phone: '+14155550112' });
  await startBusiness(api, bob, { word: 'bob', phone: '+14155550113' });
  const sql = api.database.general;
  const { client_id: clientId } = first;
  await endedCall(sql, clientId, { words: ['hi'], responseMs: 700, outcome: 'booked' });
  await booking(sql, clientId, { startMs: tomorrow(1), name: 'Zoe' });
  // Yesterday is no part of it.
  const old = await endedCall(sql, clientId, { words: ['old'], responseMs: 9000 });
  await sql`
    UPDATE conversations SET created_at = created_at - interval '30 hours',
      started_at = started_at - interval '30 hours', ended_at = ended_at - interval '30 hours'
    WHERE id = ${old}`;
  const { json } = await api.as(ann).get('/api/overview');
  assert.deepEqual(
    json.clients.map(({ name, calls, minutes, bookings, running_calls: running }: any) => [
      name,
      calls,
      minutes,
      bookings,
      running,
    ]),
    [
      // A call that runs is a call of today; its minutes come at its end.
      ['Business first', 3, 2, 2, 1],
      ['Business second', 2, 1, 1, 1],
    ],
  );
  const [{ balance_seconds: balance, unread_messages: unread, zone }] = json.clients;
  assert.deepEqual([balance, unread, typeof zone], [1000, 1, 'string']);
  assert.deepEqual(json.response_ms, { p50: 300, p95: 660 });
  assert.deepEqual(
    json.appointments.map(({ name, client_id: id }: any) => [name, id]),
    [
      ['first', clientId],
      ['second', second.client_id],
      ['Zoe', clientId],
    ],
  );
  assert.equal(json.messages.length, 2);
  assert.deepEqual(
    json.calls.map(({ outcome }: any) => outcome),
    ['booked', 'answered', 'answered', 'answered'],
  );
  await api.as(ann).patch(`/api/clients/${clientId}/messages/${first.message_id}`, { read: true });
  const after = (await api.as(ann).get('/api/overview')).json;
  assert.equal(after.clients[0].unread_messages, 0);
  assert.equal(after.messages[0].client_id, second.client_id, 'unread ones come first');
  const moderator = await api.user({ role: 'moderator' });
  assert.equal((await api.as(moderator).get('/api/overview')).json.clients.length, 3);
});
