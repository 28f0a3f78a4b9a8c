// Connecting a calendar to an account at Google cannot be turned against anybody (T74): twelve ways to try.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOOGLE_CLIENT_ID, startGoogle } from '../../sandbox/vendors/google/google.ts';
import { startTestApi } from '../support/product/api.ts';
import type { TestUser } from '../support/product/api.ts';
import { GOOGLE_KEY, OWNER } from '../support/bookings/google.ts';

async function start(t: { after(act: () => Promise<void>): void }) {
  const google = await startGoogle({ key: GOOGLE_KEY });
  t.after(() => google.close());
  const env = { GOOGLE_BASE_URL: google.url, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET: GOOGLE_KEY };
  const api = await startTestApi(t, { env });
  const owner = await api.user();
  const { id } = (await api.as(owner).post('/api/clients', { name: 'Acme' })).json;
  const path = `/api/clients/${id}/calendar`;
  /** A browser leaves for Google, its user allows everything, and is sent back. */
  const away = async (scope?: string) => {
    const begun = await api.as(owner, 'session').post(`${path}/oauth/initiate`, undefined, {
      headers: { origin: api.url },
    });
    assert.equal(begun.status, 200, begun.text);
    const [cookie = ''] = begun.headers.getSetCookie().map((each) => each.split(';')[0]!);
    const url = begun.json.authorization_url as string;
    const back = new URL(google.consent(url, { email: OWNER, name: 'Owner' }, scope));
    return { begun, cookie, url, back: back.pathname + back.search, query: back.searchParams };
  };
  const come = (back: string, cookie: string, who: TestUser | null = owner) => {
    const session = who ? `sessionid=${who.session}; ` : '';
    return api.as().get(back, { headers: { cookie: `${session}${cookie}` } });
  };
  const state = async () => (await api.as(owner).get(`${path}/status`)).json.state as string;
  return { google, api, owner, path, away, come, state };
}

test('the browser that left comes back, and its page tells only our own', async (t) => {
  const { api, away, come, state } = await start(t);
  const { begun, cookie, url, back } = await away();
  assert.match(begun.headers.getSetCookie()[0]!, /HttpOnly; SameSite=Lax/);
  const asked = new URL(url).searchParams;
  assert.deepEqual(
    [asked.get('code_challenge_method'), asked.get('access_type'), asked.get('prompt')],
    ['S256', 'offline', 'consent'],
  );
  assert.equal(asked.get('redirect_uri'), `${api.url}/api/calendar/oauth/callback`);
  const page = await come(back, cookie);
  assert.equal(page.status, 200, page.text);
  assert.equal(await state(), 'connected');
  assert.match(page.text, new RegExp(`data-origin="${api.url}"`));
  assert.match(page.text, /postMessage\(message, origin\)/);
  assert.doesNotMatch(page.text, /'\*'/);
  const policy = page.headers.get('content-security-policy')!;
  assert.match(policy, /script-src 'sha256-[A-Za-z0-9+/=]{44}'/);
  assert.doesNotMatch(policy, /unsafe-inline/);
  assert.equal(page.headers.get('cross-origin-opener-policy'), 'unsafe-none');
  for (const secret of [back, 'refresh', 'ya29', '1//0']) assert.ok(!page.text.includes(secret));
});

test('all else is refused, and uses the state up', async (t) => {
  const { google, api, owner, away, come, state, path } = await start(t);
  const stranger = await api.user();
  const callback = '/api/calendar/oauth/callback';
  const refused = async (what: string, answer: Promise<{ status: number; text: string }>) => {
    const { status, text } = await answer;
    assert.ok(status >= 400 && status < 500, `${what}: ${status}`);
    assert.match(text, /data-status="failed"/, what);
    assert.equal(await state(), 'not_connected', what);
  };
  const first = await away();
  await refused('no state', come(`${callback}?code=${first.query.get('code')}`, first.cookie));
  await refused('a made-up state', come(`${callback}?code=x&state=made-up`, first.cookie));
  await refused('another browser', come(first.back, 'calendar_consent=another'));
  await refused('the same state once more', come(first.back, first.cookie));
  const second = await away();
  await refused('nobody signed in', come(second.back, second.cookie, null));
  const third = await away();
  await refused('another user in that browser', come(third.back, third.cookie, stranger));
  // An administrator reaches every client, and yet is not who has left.
  const administrator = await api.user({ role: 'admin' });
  const lent = await away();
  await refused('an administrator in that browser', come(lent.back, lent.cookie, administrator));
  const program = await away();
  const asStranger = api.as(stranger).get(program.back);
  await refused('another user, as a program', asStranger);
  const old = await away();
  await api.database.general`
    UPDATE calendar_oauth_states SET expires_at = clock_timestamp() - interval '1 second'`;
  await refused('eleven minutes', come(old.back, old.cookie));
  const [mine, theirs] = [await away(), await away()];
  const swapped = `${callback}?code=${theirs.query.get('code')}&state=${mine.query.get('state')}`;
  await refused('a code of another consent: PKCE', come(swapped, mine.cookie));
  const denied = await away();
  const no = `${callback}?error=access_denied&state=${denied.query.get('state')}`;
  await refused('the owner says no', come(no, denied.cookie));
  const part = await away('https://www.googleapis.com/auth/calendar.freebusy');
  await refused('not all boxes ticked', come(part.back, part.cookie));
  const good = await away();
  google.faults.add({ on: 'request', match: 'POST /token', do: 'status:400' });
  await refused('Google does not take the code', come(good.back, good.cookie));

  // A code that was used: a new state does not make it good.
  const used = await away();
  assert.equal((await come(used.back, used.cookie)).status, 200);
  const fresh = await away();
  const replay = `${callback}?code=${used.query.get('code')}&state=${fresh.query.get('state')}`;
  assert.equal((await come(replay, fresh.cookie)).status, 400);
  assert.equal((await api.as(stranger).post(`${path}/oauth/initiate`)).status, 404);
  assert.equal((await api.as(owner).get(`${path}/status`)).json.state, 'connected');
});

test('an open redirect there is none: where Google sends people is ours alone', async (t) => {
  const { api, owner, path } = await start(t);
  const given = { redirect_uri: 'https://evil.example', return_to: '//evil.example' };
  const begun = await api.as(owner).post(`${path}/oauth/initiate`, given);
  const to = new URL(begun.json?.authorization_url ?? `${api.url}?redirect_uri=${api.url}/`);
  assert.ok(to.searchParams.get('redirect_uri')!.startsWith(`${api.url}/`));
});
