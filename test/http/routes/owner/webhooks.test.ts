// What goes out, as its owner sets and sees it: the webhook and its secret, the line, notices, and who wants no texts.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { signRequest } from '../../../../sandbox/phone/signature.ts';
import { notifyOwner } from '../../../../src/store/clients/notices.ts';
import { findSmsRoute } from '../../../../src/store/calls/sms-opt-outs.ts';
import { startTestApi } from '../../../support/product/api.ts';
import { startWebServer } from '../../../support/servers/tls-server.ts';
import { untilAsync } from '../../../support/until.ts';

test('a webhook is set, tried, changed and taken away, and its secret shown once', async (t) => {
  const receiver = await startWebServer(t, { secure: false });
  const origin = `http://127.0.0.1:${receiver.port}`;
  const api = await startTestApi(t, { env: { LOOPBACK_ORIGINS: origin } });
  const ann = await api.user();
  const { id } = (await api.as(ann).post('/api/clients', { name: 'A' })).json;
  const path = `/api/clients/${id}/webhook`;
  assert.deepEqual((await api.as(ann).get(path)).json, { webhook: null });
  assert.equal((await api.as(ann).post(`${path}/test`)).status, 409);
  assert.equal((await api.as(ann).post(`${path}/secret`)).status, 409);
  for (const url of [
    'http://example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'x',
    'https://u:p@example.com/',
  ]) {
    const { status, json } = await api.as(ann).put(path, { url });
    assert.equal(status, 400, url);
    assert.match(json.url[0], /^The address is refused/);
  }
  const { json: made } = await api.as(ann).put(path, { url: `${origin}/hook` });
  assert.match(made.secret, /^whsec_.{43}$/);
  const { json: again } = await api.as(ann).put(path, { url: `${origin}/other` });
  assert.equal(again.secret, undefined);
  assert.equal((await api.as(ann).get(path)).json.webhook.secret, undefined);
  const { json: rotated } = await api.as(ann).post(`${path}/secret`);
  assert.notEqual(rotated.secret, made.secret);
  assert.ok(rotated.previous_secret_until);
  assert.equal((await api.as(ann).post(`${path}/test`)).status, 202);
  await untilAsync('the test event has come', () =>
    Promise.resolve(receiver.requests.length === 1),
  );
  const [{ url, headers, body }] = receiver.requests as [(typeof receiver.requests)[number]];
  assert.equal(url, '/other');
  const [time, ...signatures] = String(headers['frontdesk-signature']).split(',');
  const expected = [rotated.secret, made.secret].map(
    (secret: string) =>
      `v1=${createHmac('sha256', secret)
        .update(`${time?.slice(2)}.${body}`)
        .digest('hex')}`,
  );
  assert.deepEqual(signatures, expected);
  await untilAsync('it is seen as delivered', async () => {
    const { json } = await api.as(ann).get(`/api/clients/${id}/deliveries?kind=webhook`);
    return json[0].state === 'delivered' && json[0].event === 'webhook.test';
  });
  const [row] = await api.database
    .general`SELECT secret_sealed, previous_sealed FROM webhook_endpoints`;
  assert.ok(!JSON.stringify(row).includes(rotated.secret.slice(6)), 'sealed where it is kept');
  assert.equal((await api.as(ann).delete(path)).status, 200);
  assert.deepEqual((await api.as(ann).get(path)).json, { webhook: null });
});

test("a line's settings are changed one by one, and checked", async (t) => {
  const api = await startTestApi(t);
  const ann = await api.user();
  const { id } = (await api.as(ann).post('/api/clients', { name: 'A' })).json;
  const path = `/api/clients/${id}/line-settings`;
  const usual = (await api.as(ann).get(path)).json;
  assert.deepEqual(
    [usual.transfer_mode, usual.outbound_enabled, usual.outbound_from, usual.sms_to_callers],
    ['warm', false, '09:00', false],
  );
  const changed = await api.as(ann).patch(path, {
    notify_numbers: ['(202) 555-0145', '+12025550145'],
    transfer_mode: 'cold',
    allowed_countries: ['US', 'GB'],
  });
  assert.deepEqual(changed.json, {
    ...usual,
    notify_numbers: ['+12025550145'],
    transfer_mode: 'cold',
    allowed_countries: ['US', 'GB'],
  });
  assert.deepEqual((await api.as(ann).get(path)).json, changed.json);
  for (const [field, body] of Object.entries({
    notify_numbers: { notify_numbers: ['12'] },
    allowed_countries: { allowed_countries: ['XX'] },
    outbound_until: { outbound_from: '20:00', outbound_until: '19:00' },
    transfer_mode: { transfer_mode: 'hot' },
    nonsense: { nonsense: 1 },
  })) {
    const { status, json } = await api.as(ann).patch(path, body);
    assert.equal(status, 400, field);
    assert.ok(json[field], `${field}: ${JSON.stringify(json)}`);
  }
});

test('notices of all clients are listed, and read', async (t) => {
  const api = await startTestApi(t);
  const [ann, bob] = [await api.user(), await api.user()];
  for (const name of ['A', 'B']) {
    const { id } = (await api.as(ann).post('/api/clients', { name })).json;
    const notice = {
      clientId: id,
      kind: 'low_balance',
      severity: 'warning',
      text: name,
      dedupeKey: 'x',
    } as const;
    await notifyOwner(api.database.general, notice);
  }
  const { json } = await api.as(ann).get('/api/notices?unread=true');
  assert.deepEqual(
    json.map((each: { text: string }) => each.text),
    ['B', 'A'],
  );
  assert.deepEqual((await api.as(bob).get('/api/notices')).json, []);
  const read = await api.as(ann).patch(`/api/notices/${json[0].id}`, { read: true });
  assert.ok(read.json.read_at);
  assert.deepEqual((await api.as(ann).post('/api/notices/read-all')).json, { marked: 1 });
  assert.deepEqual((await api.as(ann).get('/api/notices?unread=true')).json, []);
});

test('STOP is heard when the carrier says so, and START takes it back', async (t) => {
  const api = await startTestApi(t);
  const ann = await api.user();
  const number = '+12025550188';
  const from = '+14155550111';
  const { id } = (await api.as(ann).post('/api/clients', { name: 'A', phone_number: number })).json;
  const say = async (body: string, token = 'the-auth-token-of-the-tests') => {
    const fields = { MessageSid: 'SM1', From: from, To: number, Body: body, NumMedia: '0' };
    const response = await fetch(`${api.url}/sms`, {
      method: 'POST',
      headers: { 'x-twilio-signature': signRequest(token, `${api.url}/sms`, fields) },
      body: new URLSearchParams(fields),
    });
    return { status: response.status, text: await response.text() };
  };
  const optedOut = async () => (await findSmsRoute(api.database.general, id, from)).optedOut;
  assert.equal((await say('STOP', 'another token')).status, 403);
  assert.equal(await optedOut(), false);
  const answer = await say('Stop');
  assert.equal(answer.status, 200);
  assert.match(answer.text, /<Response><\/Response>/);
  assert.equal(await optedOut(), true);
  await say('what do you mean');
  assert.equal(await optedOut(), true);
  await say('start');
  assert.equal(await optedOut(), false);
  assert.ok(!JSON.stringify(api.log).includes(from), 'no number in the log');
});
