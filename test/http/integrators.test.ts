// What programs that were written for the reference documents send beside their examples, and have always got an answer to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword } from '../../src/lib/passwords.ts';
import { startTestApi } from '../support/product/api.ts';

const SESSION_UNKNOWN = { detail: 'Session not found' };

test('an address may end with a slash', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user();
  for (const path of ['/health', '/status', '/api/clients', '/api/auth/me', '/api/users/history']) {
    assert.equal((await fetch(`${api.url}${path}/`, as(user.accessToken))).status, 200, path);
  }
  const nobody = await fetch(`${api.url}/api/clients/`);
  assert.equal(nobody.status, 401, 'and what guards it guards it then, too');
});

test('an id that is none is told in the words of the contract, like one that is unknown', async (t) => {
  const api = await startTestApi(t, { env: { ALLOW_ANONYMOUS_SESSIONS: 'on' } });
  const user = api.as(await api.user());
  for (const id of ['550e8400-e29b-41d4-a716-446655440000', '1', 'quickstart']) {
    assert.deepEqual((await user.get(`/api/users/history/${id}`)).json, SESSION_UNKNOWN, id);
    assert.deepEqual((await user.delete(`/session/${id}`)).json, SESSION_UNKNOWN, id);
  }
  assert.deepEqual((await user.get('/api/conversations/1')).json, { detail: 'Not found.' });
});

test('a plain request to the address of a socket has an answer in the form of all others', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user();
  const id = '550e8400-e29b-41d4-a716-446655440000';
  for (const path of [`/ws/${user.id}`, `/ws/transcript/${id}`]) {
    const answer = await fetch(`${api.url}${path}`, as(user.accessToken));
    assert.equal(answer.status, 404, path);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/, path);
    assert.deepEqual(await answer.json(), { detail: 'Not found.' }, path);
  }
});

test('a time without an offset, as Python writes it, is in UTC', async (t) => {
  const api = await startTestApi(t);
  const user = api.as(await api.user());
  const report = '/conversations/analytics/report?start_date=2026-02-01T10:00:00.123456&end_date=';
  const { status, json, text } = await user.get(`${report}2026-02-02T09:30:00`);
  assert.equal(status, 200, text);
  assert.deepEqual(
    [json.start_date, json.end_date],
    ['2026-02-01T10:00:00.123Z', '2026-02-02T09:30:00.000Z'],
  );
  const west = await user.get(`${report}2026-02-02T09:30:00-05:00`);
  assert.equal(west.json.end_date, '2026-02-02T14:30:00.000Z');
  for (const wrong of [
    '2026-02-02T',
    '2026-02-02T25:00:00',
    '2026-02-30T10:00:00',
    '2026-02-02 10:00',
  ]) {
    const answer = await user.get(report + encodeURIComponent(wrong));
    assert.deepEqual([answer.status, Object.keys(answer.json)], [400, ['end_date']], wrong);
  }
});

test('a user id and its password are a login; somebody else’s id with them is none', async (t) => {
  const api = await startTestApi(t);
  const passwordHash = await hashPassword('four words of mine');
  const [ann, bob, admin] = [
    await api.user({ passwordHash }),
    await api.user(),
    await api.user({ passwordHash, role: 'admin' }),
  ];
  const login = (body: object) => api.as().post('/auth/login', body);
  const whose = async (body: object) => {
    const { status, json } = await login(body);
    if (status !== 200) return status;
    const me = await fetch(`${api.url}/api/auth/me`, as(json.access_token));
    return ((await me.json()) as { id: string }).id;
  };
  const password = 'four words of mine';
  assert.equal(await whose({ user_id: ann.id, password }), ann.id);
  assert.equal(await whose({ username: ann.email, user_id: ann.id, password }), ann.id);
  assert.equal(await whose({ user_id: ann.id, password: 'guessed' }), 401);
  assert.equal(await whose({ user_id: bob.id, password }), 401);
  assert.equal(await whose({ user_id: ann.email, password }), 401, 'an id, not a name');
  assert.equal(await whose({ user_id: 'user123', password }), 401);
  assert.equal(await whose({ username: ann.email, user_id: bob.id, password }), 403);
  assert.equal(await whose({ username: admin.email, user_id: bob.id, password }), bob.id);
  assert.equal(await whose({ password }), 400);
});

test('a page of an allowed origin reads every answer: probes, failures, and what headers say', async (t) => {
  const origin = 'https://app.example.com';
  const api = await startTestApi(t, { env: { CORS_ORIGINS: origin } });
  for (const path of ['/health', '/status', '/ready', '/nothing', '/api/clients']) {
    const { headers } = await fetch(`${api.url}${path}`, { headers: { origin } });
    assert.equal(headers.get('access-control-allow-origin'), origin, path);
    const exposed = headers.get('access-control-expose-headers') ?? '';
    for (const name of ['X-Cache', 'X-RateLimit-Remaining', 'Link', 'Content-Disposition']) {
      assert.ok(exposed.includes(name), `${path} ${name}`);
    }
  }
});

function as(token: string): RequestInit {
  return { headers: { authorization: `Bearer ${token}` } };
}
