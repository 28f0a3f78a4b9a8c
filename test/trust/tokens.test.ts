// Tokens that must not open anything (T61), and refresh tokens that come twice (T63).

import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { JWT_SECRET, startTestApi } from '../support/product/api.ts';
import type { Requests, TestUser } from '../support/product/api.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function forge(header: object, claims: object, key: string = JWT_SECRET, hash = 'sha256'): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

/** In base64url the next one; at the end of a signature its last bits mean nothing. */
function nextLetter(letter: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return letters.charAt(letters.indexOf(letter) ^ 1);
}

test('forty forged tokens open nothing; the one they were made from does', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user();
  const [, body = ''] = user.accessToken.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  const right = { alg: 'HS256', typ: 'JWT' };
  const now = Math.floor(performance.timeOrigin / 1000 + performance.now() / 1000);
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  const [head, , mac] = forge(right, claims).split('.') as [string, string, string];
  const none = (alg: string) => `${encode({ alg, typ: 'JWT' })}.${encode(claims)}.`;
  const other = await api.user();
  const tokens: readonly string[] = [
    ...['none', 'None', 'NONE', 'nOnE', ''].map(none),
    ...['none', 'None', 'HS384', 'HS512', 'RS256', 'ES256', 'PS256', 'hs256'].map((alg) =>
      forge({ ...right, alg }, claims),
    ),
    forge({ ...right, alg: 'HS512' }, claims, JWT_SECRET, 'sha512'),
    forge(right, claims, pem),
    forge(right, claims, `${JWT_SECRET} `),
    forge(right, claims, ''),
    forge(right, claims, 'secret'),
    forge(right, { ...claims, exp: now - 61 }),
    forge(right, { ...claims, exp: 0 }),
    forge(right, { ...claims, exp: -1 }),
    forge(right, { ...claims, exp: String(now + 3600) }),
    forge(right, { ...claims, exp: undefined }),
    forge(right, { ...claims, nbf: now + 120 }),
    forge(right, { ...claims, iat: now + 120 }),
    forge(right, { ...claims, iss: 'https://elsewhere.example' }),
    forge(right, { ...claims, iss: undefined }),
    forge(right, { ...claims, aud: 'other-api' }),
    forge(right, { ...claims, aud: ['frontdesk-api', 'other-api'] }),
    forge(right, { ...claims, aud: undefined }),
    forge(right, { ...claims, sub: other.id }),
    forge(right, { ...claims, sub: 'x' }),
    forge(right, { ...claims, sid: undefined }),
    forge(right, { ...claims, sid: other.id }),
    forge({ ...right, kid: '../../../../dev/null' }, claims, ''),
    forge({ ...right, jku: 'https://elsewhere.example/jwks.json' }, claims),
    forge({ ...right, jwk: { kty: 'oct', k: 'c2VjcmV0' } }, claims, 'secret'),
    forge({ ...right, crit: ['exp'] }, claims),
    `${user.accessToken}=`,
    `${user.accessToken.slice(0, -1)}${nextLetter(user.accessToken.at(-1)!)}`,
    `${user.accessToken}.`,
    `${user.accessToken}..`,
    `.${user.accessToken}`,
    `${head}.${encode({ ...claims, sub: other.id })}.${mac}`,
    `${head}.${encode(claims)}.${mac.slice(0, -1)}`,
    user.accessToken.slice(0, -2),
    user.session,
    'null',
    `${head}.${'A'.repeat(8000)}.${mac}`,
  ];
  const asked = (token: string) =>
    api.as().get('/api/users/profile', { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await asked(user.accessToken)).status, 200);
  assert.equal((await asked(forge(right, { ...claims, exp: now - 30 }))).status, 200, 'skew');
  for (const token of tokens) {
    const answer = await asked(token);
    assert.equal(answer.status, 401, `${token.slice(0, 80)} ${answer.text}`);
    assert.deepEqual(answer.json, { detail: 'Invalid authentication credentials' });
  }
  const huge = await api
    .as()
    .get('/api/users/profile', {
      headers: { authorization: `Bearer ${'A'.repeat(1_000_000)}` },
    })
    .catch(() => ({ status: 431 }));
  assert.equal(huge.status, 431);
  const scheme = { authorization: `Basic ${user.accessToken}` };
  assert.equal((await api.as().get('/api/users/profile', { headers: scheme })).status, 401);
  const inUrl = await api.as().get(`/api/users/profile?access_token=${user.accessToken}`);
  assert.equal(inUrl.status, 401, 'no token in an address');
});

async function login(user: TestUser, self: Requests) {
  const answer = await self.post('/auth/login', { user_id: user.id });
  assert.equal(answer.status, 200);
  return answer.json as { access_token: string; refresh_token: string };
}

const reads = async (api: Requests, token: string) =>
  (await api.get('/api/auth/me', { headers: { authorization: `Bearer ${token}` } })).status;

test('a refresh token is no access token, nor the other way round', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user();
  const pair = await login(user, api.as(user));
  assert.equal(await reads(api.as(), pair.refresh_token), 401);
  const wrong = await api.as().post('/auth/refresh', { refresh_token: pair.access_token });
  assert.equal(wrong.status, 401);
});

for (const racers of [2, 16]) {
  test(`${racers} tabs at once get the same new pair`, async (t) => {
    const api = await startTestApi(t);
    const user = await api.user();
    const { refresh_token } = await login(user, api.as(user));
    const refresh = () => api.as().post('/auth/refresh', { refresh_token });
    const answers = await Promise.all(Array.from({ length: racers }, refresh));
    for (const answer of answers) {
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.json, answers[0]!.json);
    }
    const next = answers[0]!.json as { access_token: string; refresh_token: string };
    assert.notEqual(next.refresh_token, refresh_token);
    assert.equal(await reads(api.as(), next.access_token), 200);
    const again = await api.as().post('/auth/refresh', { refresh_token: next.refresh_token });
    assert.equal(again.status, 200, 'and go on with it');
  });
}

test('a copy that comes eleven seconds later ends the whole family', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user();
  const first = await login(user, api.as(user));
  const refresh = (token: string) => api.as().post('/auth/refresh', { refresh_token: token });
  const next = (await refresh(first.refresh_token)).json;
  await api.database.general`
    UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds' WHERE used_at IS NOT NULL`;
  assert.equal((await refresh(first.refresh_token)).status, 401);
  assert.equal(
    (await refresh(next.refresh_token)).status,
    401,
    'the thief or the owner, who knows',
  );
  assert.equal(await reads(api.as(), next.access_token), 401);
  assert.equal(await reads(api.as(), user.accessToken), 200, 'another login of the user lives on');
});

test('after logout, block or thirty days nothing of the family is good', async (t) => {
  const api = await startTestApi(t);
  const { general: sql } = api.database;
  const ends: [
    name: string,
    act: (pair: { refresh_token: string }, user: TestUser) => Promise<unknown>,
  ][] = [
    ['logout', ({ refresh_token }) => api.as().post('/auth/logout', { refresh_token })],
    ['blocked', (_, { id }) => sql`UPDATE users SET blocked_at = now() WHERE id = ${id}`],
    ['inactive', (_, { id }) => sql`UPDATE users SET is_active = false WHERE id = ${id}`],
    [
      '30 days',
      (_, { id }) => sql`UPDATE token_families SET expires_at = now() WHERE user_id = ${id}`,
    ],
  ];
  for (const [name, act] of ends) {
    const user = await api.user();
    const pair = await login(user, api.as(user));
    await act(pair, user);
    assert.equal(await reads(api.as(), pair.access_token), 401, name);
    const { refresh_token } = pair;
    const refreshed = await api.as().post('/auth/refresh', { refresh_token });
    assert.equal(refreshed.status, 401, name);
  }
});
