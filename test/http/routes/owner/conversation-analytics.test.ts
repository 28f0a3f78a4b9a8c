// Numbers about conversations by their definitions: messages, waits, engagement; one's own and nobody else's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../../src/lib/clock.ts';
import { startTestApi } from '../../../support/product/api.ts';
import { endedCall } from '../../../support/product/business.ts';

const METRICS = '/conversations/analytics/metrics';
const REPORT = '/conversations/analytics/report';

test('the numbers of one conversation', async (t) => {
  const api = await startTestApi(t);
  const [owner, stranger] = [await api.user(), await api.user()];
  const admin = await api.user({ role: 'admin' });
  const sql = api.database.general;
  const client = await api.as(owner).post('/api/clients', { name: 'Measured' });
  const words = ['one', 'two', 'three', 'four'];
  const id = await endedCall(sql, client.json.id as string, { words, responseMs: 1500 });
  const ask = (who = owner, user = owner, chat = id) =>
    api.as(who).get(`${METRICS}?user_id=${user.id}&chat_id=${chat}`);
  const all = (await ask()).json;
  assert.deepEqual(
    [all.message_count, all.user_message_count, all.assistant_message_count],
    [8, 4, 4],
  );
  assert.ok(Math.abs(all.average_response_time - 1.5) < 1e-6);
  assert.equal(all.engagement_score, 0.4, 'four of ten, all answered');
  assert.ok(Date.parse(all.first_message_at) <= Date.parse(all.last_message_at));
  await sql`DELETE FROM utterances WHERE conversation_id = ${id} AND role = 'assistant' AND turn_number = 3`;
  assert.ok(Math.abs((await ask()).json.engagement_score - 0.3) < 1e-9, 'three quarters answered');
  assert.equal((await ask(admin)).json.message_count, 7);
  assert.equal((await ask(admin, stranger)).status, 404, "another user's");
  assert.equal((await ask(stranger)).status, 404);
  assert.equal((await ask(stranger, stranger)).status, 404);
  assert.equal((await ask(owner, owner, 'x')).status, 404);
  assert.equal((await api.as(owner).get(METRICS)).status, 400);
  const quiet = await endedCall(sql, client.json.id as string);
  assert.deepEqual((await ask(owner, owner, quiet)).json, {
    message_count: 0,
    user_message_count: 0,
    assistant_message_count: 0,
    average_response_time: null,
    engagement_score: 0,
    first_message_at: null,
    last_message_at: null,
  });
});

test('all of one’s own, by day, as JSON and CSV', async (t) => {
  const api = await startTestApi(t);
  const [owner, stranger] = [await api.user(), await api.user()];
  const admin = await api.user({ role: 'admin' });
  const sql = api.database.general;
  for (const [user, count, phone] of [
    [owner, 3, '+14155550101'],
    [stranger, 2, '+14155550102'],
  ] as const) {
    const client = await api.as(user).post('/api/clients', { name: 'Measured' });
    for (let n = 0; n < count; n += 1) {
      await endedCall(sql, client.json.id as string, { phone, words: ['a'], responseMs: 400 });
    }
  }
  const own = await api.as(owner).get('/conversations/analytics/dashboard');
  const { average_response_time: average, ...rest } = own.json;
  assert.deepEqual(rest, { total_conversations: 3, total_messages: 6, active_users: 1 });
  assert.ok(Math.abs(average - 0.4) < 1e-6);
  const all = await api.as(admin).get('/conversations/analytics/dashboard');
  assert.deepEqual([all.json.total_conversations, all.json.active_users], [5, 2]);
  const before = await api
    .as(owner)
    .get('/conversations/analytics/dashboard?start_date=2020-01-01&end_date=2020-02-01');
  assert.equal(before.json.total_conversations, 0);

  const today = new Date(systemClock.now()).toISOString().slice(0, 10);
  const ofToday = await api.as(owner).get(`${REPORT}?start_date=${today}&end_date=${today}`);
  assert.equal(ofToday.json?.total_conversations, 3, `the last day is in it: ${ofToday.text}`);
  const last = await api.as(owner).get(`${REPORT}?end_date=9999-12-31`);
  assert.equal(last.status, 200, last.text);

  const report = await api.as(owner).get(REPORT);
  assert.equal(report.json.total_conversations, 3);
  assert.equal(report.json.days.length, 1);
  assert.equal(report.json.days[0].total_messages, 6);
  const csv = await api.as(owner).get(`${REPORT}?format=csv`);
  assert.match(csv.headers.get('content-type')!, /text\/csv/);
  const [head, line] = csv.text.split('\r\n');
  assert.equal(head, 'date,total_conversations,total_messages,active_users,average_response_time');
  assert.match(line!, /^\d{4}-\d\d-\d\d,3,6,1,0\.4/);
  for (const query of [
    '?start_date=2026-13-01',
    '?start_date=2026-02-02&end_date=2026-02-01',
    '?start_date=2020-01-01&end_date=2026-01-01',
    '?start_date=9999-12-31&end_date=9999-12-31T23:59:59-23:59',
    '?format=xml',
    "?start_date=2026-01-01'%20OR%201=1",
  ]) {
    assert.equal((await api.as(owner).get(`${REPORT}${query}`)).status, 400, query);
  }
});
