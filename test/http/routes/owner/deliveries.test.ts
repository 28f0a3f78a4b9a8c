// What was sent, as its owner sees it: listed with how it went, looked into, and sent again, once however often it is asked for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enqueueSms } from '../../../../src/store/service/outbox.ts';
import { startTestApi } from '../../../support/product/api.ts';
import { startWebServer } from '../../../support/servers/tls-server.ts';
import { untilAsync } from '../../../support/until.ts';

test('what was given up is seen, looked into, and sent again once', async (t) => {
  let answer = 500;
  const receiver = await startWebServer(t, {
    secure: false,
    answer: (_request, response) => response.writeHead(answer).end(),
  });
  const origin = `http://127.0.0.1:${receiver.port}`;
  const api = await startTestApi(t, { env: { LOOPBACK_ORIGINS: origin } });
  const sql = api.database.general;
  const ann = api.as(await api.user());
  const { id: clientId } = (await ann.post('/api/clients', { name: 'A' })).json;
  const path = `/api/clients/${clientId}/deliveries`;
  await ann.put(`/api/clients/${clientId}/webhook`, { url: `${origin}/hook` });
  await ann.post(`/api/clients/${clientId}/webhook/test`);
  const only = async (query = '') => (await ann.get(`${path}?kind=webhook${query}`)).json[0];
  await untilAsync('an attempt went wrong', async () => (await only()).last_error !== null);
  const waiting = await only();
  assert.deepEqual(
    [waiting.state, waiting.attempts, waiting.target_host, waiting.last_error],
    ['waiting', 1, `127.0.0.1:${receiver.port}`, 'The receiver answered with status 500.'],
  );
  assert.ok(Date.parse(waiting.next_attempt_at) > Date.parse(waiting.created_at));
  assert.deepEqual(waiting.payload, { text: 'This is a test.' });
  assert.equal((await only('&payloads=false')).payload, null);
  assert.deepEqual((await ann.get(`${path}/${waiting.id}`)).json, waiting);

  await sql`UPDATE outbox SET state = 'failed', settled_at = now(), attempts = 10`;
  const failed = (await ann.get(`${path}?state=failed`)).json;
  assert.deepEqual(
    failed.map((each: Record<string, unknown>) => [each['id'], each['next_attempt_at']]),
    [[waiting.id, null]],
  );
  answer = 200;
  const before = receiver.requests.length;
  const retry = () => ann.post(`${path}/${waiting.id}/retry`);
  const asked = await Promise.all([retry(), retry(), retry()]);
  for (const { status, headers } of asked) {
    assert.deepEqual([status, headers.has('x-ratelimit-remaining')], [200, true]);
  }
  await untilAsync('it is delivered', async () => (await only()).state === 'delivered');
  assert.equal((await retry()).json.state, 'delivered');
  assert.equal(receiver.requests.length, before + 1);
  assert.equal(JSON.parse(receiver.requests.at(-1)!.body).id, waiting.id, 'the same id');
});

test('a text that waits for its time is left where it is', async (t) => {
  const api = await startTestApi(t);
  const ann = api.as(await api.user());
  const { id: clientId } = (await ann.post('/api/clients', { name: 'A' })).json;
  const notBefore = new Date('2999-01-01');
  const sms = { clientId, to: '+14155550111', body: 'x', dedupeKey: 'x', notBefore };
  await enqueueSms(api.database.general, sms);
  const path = `/api/clients/${clientId}/deliveries`;
  const [{ id, next_attempt_at: before }] = (await ann.get(path)).json;
  const { json } = await ann.post(`${path}/${id}/retry`);
  assert.deepEqual([json.state, json.next_attempt_at], ['waiting', before]);
  assert.equal(before, notBefore.toISOString());
});
