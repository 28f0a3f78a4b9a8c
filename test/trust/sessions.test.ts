// Cookie sessions that must be over (T64), and pages of other sites that want to use them (T65, T67).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword } from '../../src/lib/passwords.ts';
import { startTestApi } from '../support/product/api.ts';
import type { Requests } from '../support/product/api.ts';

const PASSWORD = 'a long enough password';

test('a session is over after 12 idle hours, 14 days, a block, or when its user is gone', async (t) => {
  const api = await startTestApi(t);
  const { general: sql } = api.database;
  const ends: [name: string, act: (id: string) => PromiseLike<unknown>, status: number][] = [
    [
      '11 idle hours',
      (id) =>
        sql`UPDATE sessions SET last_seen_at = now() - interval '11 hours' WHERE user_id = ${id}`,
      200,
    ],
    [
      '12 idle hours',
      (id) =>
        sql`UPDATE sessions SET last_seen_at = now() - interval '12 hours' WHERE user_id = ${id}`,
      401,
    ],
    ['14 days', (id) => sql`UPDATE sessions SET expires_at = now() WHERE user_id = ${id}`, 401],
    ['blocked', (id) => sql`UPDATE users SET blocked_at = now() WHERE id = ${id}`, 401],
    ['inactive', (id) => sql`UPDATE users SET is_active = false WHERE id = ${id}`, 401],
    ['removed', (id) => sql`DELETE FROM users WHERE id = ${id}`, 401],
  ];
  for (const [name, act, status] of ends) {
    const user = await api.user();
    const asked = () => api.as(user, 'session').get('/api/users/profile');
    assert.equal((await asked()).status, 200, name);
    await act(user.id);
    assert.equal((await asked()).status, status, name);
  }
});

test('use keeps a session awake', async (t) => {
  const api = await startTestApi(t);
  const { general: sql } = api.database;
  const user = await api.user();
  await sql`UPDATE sessions SET last_seen_at = now() - interval '11 hours'`;
  await api.as(user, 'session').get('/api/users/profile');
  const [{ idle }] = await sql<[{ idle: number }]>`
    SELECT extract(epoch FROM now() - last_seen_at)::int AS idle FROM sessions`;
  assert.ok(idle < 60);
});

test('a new password ends every other session and login, and only those', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user({
    email: 'ann@example.com',
    passwordHash: await hashPassword(PASSWORD),
  });
  const login = { email: user.email, password: PASSWORD };
  const logged = await api.as().post('/api/auth/login', login);
  const cookie = logged.headers.getSetCookie()[0]!.split(';')[0]!;
  const change = (body: object) =>
    api.as().post('/api/users/change-password', body, { headers: { cookie } });
  const cases: [object, object][] = [
    [
      { current_password: 'wrong', new_password: 'another fine one' },
      { current_password: ['Current password is incorrect.'] },
    ],
    [
      { current_password: PASSWORD, new_password: 'short' },
      { new_password: ['This password is too short. It must contain at least 8 characters.'] },
    ],
    [{ current_password: PASSWORD }, { new_password: ['This field is required.'] }],
  ];
  for (const [body, fields] of cases) {
    const answer = await change(body);
    assert.deepEqual([answer.status, answer.json], [400, fields]);
  }
  const changed = await change({ current_password: PASSWORD, new_password: 'another fine one' });
  assert.deepEqual(
    [changed.status, changed.json],
    [200, { message: 'Password changed successfully' }],
  );
  const me = async (asked: Requests, headers = {}) =>
    (await asked.get('/api/auth/me', { headers })).status;
  assert.equal(await me(api.as(), { cookie }), 200);
  assert.equal(await me(api.as(user, 'session')), 401);
  assert.equal(await me(api.as(user, 'token')), 401);
  assert.equal((await api.as().post('/api/auth/login', login)).status, 401);
  const right = { email: user.email, password: 'another fine one' };
  assert.equal((await api.as().post('/api/auth/login', right)).status, 200);
});

test('the cookie is Secure where there is HTTPS', async (t) => {
  const api = await startTestApi(t, { env: { PUBLIC_URL: 'https://desk.example.com' } });
  const person = { email: 'a@example.com', password: PASSWORD, display_name: 'A' };
  const answer = await api.as().post('/api/auth/register', person);
  assert.match(answer.headers.getSetCookie()[0]!, /Path=\/; HttpOnly; Secure; SameSite=Lax/);
  assert.match(answer.headers.get('strict-transport-security')!, /max-age/);
});

test('no page of another site changes anything with our cookie', async (t) => {
  const api = await startTestApi(t, { env: { CORS_ORIGINS: 'https://app.example.com' } });
  const user = await api.user();
  const asked = api.as(user, 'session');
  const rename = (headers: Record<string, string>) =>
    asked.patch('/api/users/profile', { display_name: 'Changed' }, { headers });
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'https://app.example.com.evil.example' },
    { origin: 'http://app.example.com' },
    { origin: 'https://app.example.com:8443' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
  ];
  for (const headers of foreign) {
    assert.equal((await rename(headers)).status, 403, JSON.stringify(headers));
    const login = await api
      .as()
      .post('/api/auth/login', { email: 'x', password: 'y' }, { headers });
    assert.equal(login.status, 403, 'not even a login');
  }
  const raws: [string, string][] = [
    ['application/x-www-form-urlencoded', 'display_name=Changed'],
    ['text/plain', '{"display_name":"Changed"}'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/json/x', '{}'],
  ];
  for (const [type, raw] of raws) {
    const answer = await asked.patch('/api/users/profile', undefined, {
      raw,
      headers: { 'content-type': type },
    });
    assert.equal(answer.status, 415, type);
  }
  const override = { 'x-http-method-override': 'PATCH', origin: 'https://evil.example' };
  await asked.get('/api/users/profile?_method=PATCH&display_name=Changed', { headers: override });
  assert.equal((await asked.get('/api/users/profile')).json.display_name, 'A User');
  const own: Record<string, string>[] = [
    {},
    { origin: api.url },
    { origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ];
  for (const headers of own) {
    assert.equal((await rename(headers)).status, 200, JSON.stringify(headers));
  }
});

test('only the exact origins are told that they may', async (t) => {
  const good = 'https://app.example.com';
  const api = await startTestApi(t, { env: { CORS_ORIGINS: `${good},https://two.example.com` } });
  const preflight = (origin: string) =>
    api.send('OPTIONS', '/api/users/profile', {
      headers: { origin, 'access-control-request-method': 'PATCH' },
    });
  const names = ['access-control-allow-origin', 'access-control-allow-credentials'];
  const strangers = [
    'null',
    'https://evil.example',
    'https://app.example.com.evil.example',
    'https://evilapp.example.com',
    'http://app.example.com',
    'https://app.example.com:444',
    'https://APP.example.com',
    'https://app.example.com/',
    'https://app_example.com',
    'https://two.example.com, https://evil.example',
    '*',
    'https://example.com',
  ];
  for (const origin of strangers) {
    for (const answer of [
      await preflight(origin),
      await api.send('GET', '/api/auth/me', { headers: { origin } }),
    ]) {
      for (const name of names) assert.equal(answer.headers.get(name), null, `${origin} ${name}`);
      assert.match(answer.headers.get('vary')!, /Origin/i);
    }
  }
  const answer = await preflight(good);
  assert.equal(answer.status, 204);
  assert.deepEqual(
    names.map((name) => answer.headers.get(name)),
    [good, 'true'],
  );
  assert.match(answer.headers.get('access-control-allow-methods')!, /PATCH/);
  assert.match(answer.headers.get('vary')!, /Origin/i);
  const plain = await startTestApi(t);
  const none = await plain.send('GET', '/api/auth/me', {
    headers: { origin: 'http://localhost:5173' },
  });
  assert.equal(none.headers.get(names[0]!), null, 'the development origins are for the sandbox');
});
