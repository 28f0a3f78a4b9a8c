// Signing in with Google against its stand-in: as a browser, as a program, and as somebody who should not get in (T74).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOOGLE_CLIENT_ID, startGoogle } from '../../../../sandbox/vendors/google/google.ts';
import type { GoogleAccount } from '../../../../sandbox/vendors/google/google.ts';
import { hashPassword } from '../../../../src/lib/passwords.ts';
import { startTestApi } from '../../../support/product/api.ts';
import type { Answer } from '../../../support/product/api.ts';

const ann: GoogleAccount = { email: 'ann@example.com', name: 'Ann Example' };
const KEY = 'the-secret-of-the-google-client';

async function start(
  t: { after(act: () => Promise<void>): void },
  limits: Parameters<typeof startTestApi>[1] = {},
) {
  const google = await startGoogle({ key: KEY });
  t.after(() => google.close());
  const api = await startTestApi(t, {
    ...limits,
    env: {
      GOOGLE_BASE_URL: google.url,
      GOOGLE_CLIENT_ID,
      GOOGLE_CLIENT_SECRET: KEY,
    },
  });
  const program = api.as();
  /** Somebody's way to the consent screen and back; `page` for those who come from a page of ours. */
  const away = async (account = ann, page = false) => {
    const headers: Record<string, string> = page ? { origin: api.url } : {};
    const begun = await program.post('/auth/google/initiate', undefined, { headers });
    assert.equal(begun.status, 200);
    const back = new URL(google.consent(begun.json.authorization_url, account));
    assert.equal(back.origin, api.url);
    const code = back.searchParams.get('code')!;
    const state = back.searchParams.get('state')!;
    const [cookie = ''] = begun.headers.getSetCookie().map((each) => each.split(';')[0]!);
    return { code, state, cookie, path: back.pathname + back.search, begun };
  };
  const finish = (body: object, cookie = '') =>
    program.post('/auth/google/callback', body, { headers: cookie ? { cookie } : {} });
  return { api, google, program, away, finish };
}

function assertTokens(answer: Answer, email = ann.email) {
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.token_type, 'Bearer');
  assert.equal(answer.json.expires_in, 3600);
  assert.equal(answer.json.user.email, email);
}

test('a program signs in, and again as the same user', async (t) => {
  const { program, away, finish } = await start(t);
  const first = await away();
  const url = new URL(first.begun.json.authorization_url);
  assert.equal(url.searchParams.get('code_challenge_method'), 'S256');
  const answer = await finish({ code: first.code, state: first.state });
  assertTokens(answer);
  assert.equal(answer.json.user.name, 'Ann Example');
  const headers = { authorization: `Bearer ${answer.json.access_token}` };
  assert.equal((await program.get('/api/auth/me', { headers })).json.id, answer.json.user.id);
  const second = await away();
  const again = await finish({ code: second.code, state: second.state });
  assert.equal(again.json.user.id, answer.json.user.id);
});

test('a browser ends in the dashboard with a session, or with the JSON it asks for', async (t) => {
  const { program, away } = await start(t);
  const { path, cookie, begun } = await away(ann, true);
  assert.match(begun.headers.getSetCookie()[0]!, /HttpOnly; SameSite=Lax/);
  const ended = await program.get(path, { headers: { cookie, accept: 'text/html' } });
  assert.deepEqual([ended.status, ended.headers.get('location')], [303, '/']);
  const session = ended.headers.getSetCookie().find((each) => each.startsWith('sessionid='))!;
  const me = await program.get('/api/auth/me', { headers: { cookie: session.split(';')[0]! } });
  assert.equal(me.json.email, ann.email);
  const other = await away(ann, true);
  const accept = { cookie: other.cookie, accept: 'application/json' };
  assertTokens(await program.get(other.path, { headers: accept }));
});

test('refused: no state, a used one, an old one, another browser, no browser, a used code', async (t) => {
  const { api, google, program, away, finish } = await start(t);
  const { general: sql } = api.database;
  const users = async () => (await sql`SELECT 1 FROM users`).length;
  const html = (cookie: string) => ({
    headers: { accept: 'text/html', ...(cookie && { cookie }) },
  });

  const a = await away();
  assert.equal((await finish({ code: a.code })).status, 400, 'no state');
  assert.equal((await finish({ code: a.code, state: 'made up' })).status, 400, 'unknown state');
  assert.equal((await program.get(`/auth/google/callback?code=${a.code}`)).status, 400);
  assert.equal((await program.get(a.path, html(''))).status, 400, 'a browser that never left');
  const victim = await away();
  assert.equal((await program.get(a.path, html(victim.cookie))).status, 400, 'login CSRF');
  assert.equal((await finish(a, victim.cookie)).status, 400, 'a state of another browser');

  const page = await away(ann, true);
  assert.equal((await finish(page)).status, 400, 'a page began, a program wants to finish');
  const json = { headers: { accept: 'application/json' } };
  assert.equal((await program.get(page.path, json)).status, 400);

  const old = await away();
  await sql`UPDATE oauth_states SET expires_at = clock_timestamp() - interval '1 second'`;
  assert.equal((await finish(old)).status, 400, 'eleven minutes');
  assert.equal(await users(), 0, 'none of these made a user');

  const good = await away();
  assertTokens(await finish(good));
  assert.equal((await finish(good)).status, 400, 'a used state');
  const fresh = await away();
  const replay = await finish({ code: good.code, state: fresh.state });
  assert.equal(replay.status, 401, 'a used code');

  const swapped = await away();
  const mine = await away();
  const mixed = await finish({ code: swapped.code, state: mine.state });
  assert.equal(mixed.status, 401, 'a code of another consent: PKCE');

  google.faults.add({ on: 'request', do: 'status:500' });
  const failed = await finish(await away());
  assert.equal(failed.status, 502);
  const denied = await program.get('/auth/google/callback?error=access_denied&state=x', html(''));
  assert.equal(denied.status, 400);
  assert.match(denied.headers.get('content-type')!, /^text\/html/);
});

test('an unverified address opens no account', async (t) => {
  const { away, finish } = await start(t);
  const answer = await finish(await away({ ...ann, emailVerified: false }));
  assert.equal(answer.status, 403);
});

test('who registered the address before its owner came loses password and session', async (t) => {
  const { api, away, finish } = await start(t);
  const passwordHash = await hashPassword('a password of the squatter');
  const squatter = await api.user({ email: ann.email, passwordHash });
  const answer = await finish(await away());
  assertTokens(answer);
  assert.equal(answer.json.user.id, squatter.id);
  for (const by of ['token', 'session'] as const) {
    assert.equal((await api.as(squatter, by).get('/api/auth/me')).status, 401, by);
  }
  const login = { email: ann.email, password: 'a password of the squatter' };
  assert.equal((await api.as().post('/api/auth/login', login)).status, 401);
});

test('a blocked user stays out', async (t) => {
  const { api, away, finish } = await start(t);
  assertTokens(await finish(await away()));
  await api.database.general`UPDATE users SET blocked_at = clock_timestamp()`;
  assert.equal((await finish(await away())).status, 401);
});

test('without a client it says what is missing', async (t) => {
  const api = await startTestApi(t);
  const answer = await api.as().post('/auth/google/initiate');
  assert.equal(answer.status, 503);
  assert.match(answer.json.detail, /GOOGLE_CLIENT_ID/);
});

test('accounts made by signing in count like others for what a network may register', async (t) => {
  const { api, program, away, finish } = await start(t, { limits: { registrations: 2 } });
  const register = (email: string) =>
    program.post('/api/auth/register', {
      email,
      password: 'four words of mine and yours',
      display_name: 'X',
    });
  assert.equal((await register('first@example.com')).status, 201);
  assertTokens(await finish(await away(ann)));
  const bob: GoogleAccount = { email: 'bob@example.com', name: 'Bob' };
  const refused = await finish(await away(bob));
  assert.equal(refused.status, 429, refused.text);
  assert.ok(Number(refused.headers.get('retry-after')) > 3000);
  assert.equal((await register('other@example.com')).status, 429);
  const page = await away(bob, true);
  const shown = await program.get(page.path, {
    headers: { cookie: page.cookie, accept: 'text/html' },
  });
  assert.deepEqual([shown.status, /Too many accounts/.test(shown.text)], [429, true]);
  assertTokens(await finish(await away(ann)), ann.email);
  assert.equal((await api.database.general`SELECT 1 FROM users`).length, 2);
});
