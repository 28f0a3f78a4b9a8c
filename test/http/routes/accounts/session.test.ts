// Logging in and out as a browser and as a program would, over real sockets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../../../support/product/api.ts';
import type { Answer } from '../../../support/product/api.ts';

const person = { email: 'Person@Example.com', password: 'securepass123', display_name: 'John Doe' };

const cookieOf = (answer: Answer) =>
  (answer.headers.getSetCookie().find((each) => each.startsWith('sessionid=')) ?? '').split(
    ';',
  )[0]!;

test('registering logs in; a login is a new session; logging out ends it on the server', async (t) => {
  const api = await startTestApi(t);
  const nobody = api.as();
  const registered = await nobody.post('/api/auth/register', person);
  assert.equal(registered.status, 201);
  assert.equal(registered.json.email, 'person@example.com');
  assert.equal(registered.json.display_name, 'John Doe');
  const flags = registered.headers.getSetCookie()[0]!;
  for (const flag of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=1209600']) {
    assert.ok(flags.includes(flag), flag);
  }
  assert.ok(!/Domain|Secure/.test(flags));
  const first = cookieOf(registered);
  const me = await nobody.get('/api/auth/me', { headers: { cookie: first } });
  assert.equal(me.status, 200);
  assert.equal(me.json.id, registered.json.id);

  const login = { email: 'person@example.COM', password: person.password };
  const again = await nobody.post('/api/auth/login', login, { headers: { cookie: first } });
  assert.equal(again.status, 200);
  const second = cookieOf(again);
  assert.notEqual(second, first);
  const fixed = await nobody.get('/api/auth/me', { headers: { cookie: first } });
  assert.equal(fixed.status, 401, 'the id from before the login is good for nothing');
  assert.deepEqual(fixed.json, { authenticated: false });

  const out = await nobody.post('/api/auth/logout', undefined, { headers: { cookie: second } });
  assert.deepEqual([out.status, out.json], [200, { message: 'Logged out successfully' }]);
  assert.match(out.headers.getSetCookie()[0]!, /sessionid=;/);
  const after = await nobody.get('/api/auth/me', { headers: { cookie: second } });
  assert.equal(after.status, 401);
  const none = await nobody.post('/api/auth/logout');
  assert.equal(none.json.detail, 'Authentication credentials were not provided.');
});

test('all that is wrong with a registration is said at once', async (t) => {
  const api = await startTestApi(t);
  const register = (body: unknown) => api.as().post('/api/auth/register', body);
  const taken = 'User with this email already exists.';
  const short = 'This password is too short. It must contain at least 8 characters.';
  assert.equal((await register(person)).status, 201);
  const cases: [body: unknown, fields: object][] = [
    [
      {},
      {
        email: ['This field is required.'],
        password: ['This field is required.'],
        display_name: ['This field is required.'],
      },
    ],
    [
      { ...person, password: 'short' },
      { email: [taken], password: [short] },
    ],
    [{ ...person, email: 'PERSON@example.com' }, { email: [taken] }],
    [
      { ...person, email: 'nobody', password: 'short' },
      { email: ['Enter a valid email address.'], password: [short] },
    ],
    [
      { ...person, email: 'new@example.com', password: 'Password123' },
      { password: ['This password is too common.'] },
    ],
    [
      { ...person, email: 'new@example.com', display_name: '  ' },
      { display_name: ['This field may not be blank.'] },
    ],
    [{ ...person, email: 'new@example.com', display_name: 7 }, { display_name: ['Must be text.'] }],
    [[], { body: ['A JSON object is expected.'] }],
  ];
  for (const [body, fields] of cases) {
    const answer = await register(body);
    assert.deepEqual([answer.status, answer.json], [400, fields], JSON.stringify(body));
  }
  const [{ count }] = await api.database.general<[{ count: number }]>`SELECT count(*) FROM users`;
  assert.equal(count, 1);
});

test('the role cannot be chosen', async (t) => {
  const api = await startTestApi(t);
  const wanted = { ...person, role: 'admin', type: 'patient', is_active: false, id: 'x' };
  const answer = await api.as().post('/api/auth/register', wanted);
  assert.equal(answer.status, 201);
  assert.deepEqual([answer.json.role, answer.json.type], ['user', 'owner']);
});

test('programs log in by username or address and get tokens', async (t) => {
  const api = await startTestApi(t);
  const nobody = api.as();
  await nobody.post('/api/auth/register', person);
  const { general: sql } = api.database;
  await sql`UPDATE users SET username = 'john'`;
  for (const username of ['john', 'JOHN', person.email]) {
    const answer = await nobody.post('/auth/login', { username, password: person.password });
    assert.equal(answer.status, 200, username);
    assert.equal(answer.json.token_type, 'bearer');
    assert.equal(answer.json.expires_in, 3600);
    const headers = { authorization: `Bearer ${answer.json.access_token}` };
    assert.equal((await nobody.get('/api/auth/me', { headers })).status, 200);
  }
  const wrong = await nobody.post('/auth/login', { username: 'john', password: 'wrong pass' });
  assert.deepEqual([wrong.status, wrong.json], [401, { detail: 'Invalid credentials' }]);
  const unknown = await nobody.post('/auth/login', { username: 'jane', password: 'wrong pass' });
  assert.deepEqual([unknown.status, unknown.json], [401, { detail: 'Invalid credentials' }]);
});

test('no token without proof', async (t) => {
  const api = await startTestApi(t);
  const nobody = api.as();
  const [one, other, moderator, admin] = [
    await api.user(),
    await api.user(),
    await api.user({ role: 'moderator' }),
    await api.user({ role: 'admin' }),
  ];
  for (const body of [
    {},
    { user_id: one.id },
    { username: one.email },
    { user_id: one.id, password: '' },
  ]) {
    assert.equal((await nobody.post('/auth/login', body)).status, 401, JSON.stringify(body));
  }
  assert.equal((await nobody.post(`/auth/token?user_id=${one.id}`)).status, 401);
  assert.equal((await nobody.post('/auth/token')).status, 401);
  for (const by of ['token', 'session'] as const) {
    const own = await api.as(one, by).post('/auth/token');
    assert.equal(own.status, 200);
    assert.equal((await api.as(one, by).post(`/auth/token?user_id=${one.id}`)).status, 200);
    for (const thief of [one, moderator]) {
      const asked = api.as(thief, by);
      assert.equal((await asked.post(`/auth/token?user_id=${other.id}`)).status, 403);
      assert.equal((await asked.post('/auth/login', { user_id: other.id })).status, 403);
    }
  }
  const minted = await api.as(admin).post(`/auth/token?user_id=${one.id}`);
  const headers = { authorization: `Bearer ${minted.json.access_token}` };
  assert.equal((await nobody.get('/api/auth/me', { headers })).json.id, one.id);
  assert.equal((await api.as(admin).post('/auth/token?user_id=nobody')).status, 404);
});

test('only those who administer log in as administrators', async (t) => {
  const api = await startTestApi(t);
  await api.as().post('/api/auth/register', person);
  const login = { username: person.email, password: person.password };
  assert.equal((await api.as().post('/admin/auth/login', login)).status, 403);
  await api.database.general`UPDATE users SET role = 'admin'`;
  assert.equal((await api.as().post('/admin/auth/login', login)).status, 200);
  const wrong = await api.as().post('/admin/auth/login', { ...login, password: 'no' });
  assert.equal(wrong.status, 401);
});
