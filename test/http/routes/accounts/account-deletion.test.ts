// Deleting one's own account: who may, what stands against it, what is gone at once, and what is erased after it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword } from '../../../../src/lib/passwords.ts';
import { quietLog } from '../../../../src/lib/log.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { eraseDeleted } from '../../../../src/start/erasures.ts';
import { startTestApi } from '../../../support/product/api.ts';
import type { TestApi, TestUser } from '../../../support/product/api.ts';
import { startBillingApi } from '../../../support/product/billing.ts';
import { endedCall, runningCall } from '../../../support/product/business.ts';
import { untilAsync } from '../../../support/until.ts';

const PASSWORD = 'four words of mine';
const PATH = '/api/users/delete-account';

/** A password costs a tenth of a second to hash. */
const passwordHash = await hashPassword(PASSWORD);

function remove(api: TestApi, user: TestUser, body: object = {}) {
  return api.as(user, 'session').post(PATH, { password: PASSWORD, lose_seconds: 0, ...body });
}

async function clientOf(api: TestApi, user: TestUser): Promise<string> {
  const made = await api.as(user).post('/api/clients', { name: 'Acme' });
  assert.equal(made.status, 201, made.text);
  return made.json.id as string;
}

/** Without payments, and without a calendar elsewhere. */
const eraser = { clock: systemClock, log: quietLog, till: undefined, part: async () => {} };

test('only with the password, in a browser, and not guessed', async (t) => {
  const api = await startTestApi(t, { limits: { logins: 3 } });
  const user = await api.user({ passwordHash });
  assert.equal((await api.as().post(PATH, { lose_seconds: 0 })).status, 401);
  const byToken = await api.as(user).post(PATH, { password: PASSWORD, lose_seconds: 0 });
  assert.equal(byToken.status, 403, 'an administrator can have a token for anybody');
  const wrong = await remove(api, user, { password: 'another' });
  assert.deepEqual([wrong.status, Object.keys(wrong.json)], [400, ['password']]);
  assert.equal((await remove(api, user, { password: undefined })).status, 400);
  assert.equal((await remove(api, user)).status, 429);
  assert.equal((await api.as(user).get('/api/auth/me')).status, 200);
});

test('who has no password has just signed in with Google', async (t) => {
  const api = await startTestApi(t);
  const sql = api.database.general;
  const user = await api.user();
  await sql`UPDATE sessions SET created_at = clock_timestamp() - interval '11 minutes'`;
  const refused = await remove(api, user, { password: 'any' });
  assert.equal(refused.status, 403);
  assert.match(refused.text, /sign out and in again/i);
  await sql`UPDATE sessions SET created_at = clock_timestamp()`;
  assert.equal((await remove(api, user, { password: undefined })).status, 200);
});

test('what stands against it is told, and nothing is changed', async (t) => {
  const api = await startTestApi(t);
  const sql = api.database.general;
  const user = await api.user({ passwordHash });
  const clientId = await clientOf(api, user);
  const callId = await runningCall(sql, clientId);
  const shown = (await api.as(user).get('/api/users/deletion')).json;
  const { clients, running_calls, seconds, plans, has_password } = shown;
  assert.deepEqual([clients, running_calls, seconds, plans, has_password], [1, 1, 1000, 0, true]);
  const busy = await remove(api, user, { lose_seconds: 1000 });
  assert.deepEqual([busy.status, /call is running/.test(busy.text)], [409, true]);
  await sql`SELECT meter_settle(id, epoch, 100, 'stop') FROM call_leases`;
  await sql`UPDATE conversations SET ended_at = clock_timestamp() WHERE id = ${callId}`;
  const rich = await remove(api, user, { lose_seconds: 899 });
  assert.deepEqual([rich.status, /900 seconds/.test(rich.text)], [409, true]);
  assert.equal((await api.as(user).get(`/api/clients/${clientId}`)).status, 200);
  assert.equal((await remove(api, user, { lose_seconds: 900 })).status, 200);
});

test('of two administrators one may go, not both, and not at once', async (t) => {
  const api = await startTestApi(t);
  const admins = [
    await api.user({ role: 'admin', passwordHash }),
    await api.user({ role: 'admin', passwordHash }),
  ];
  const answers = await Promise.all(admins.map((each) => remove(api, each)));
  const codes = answers.map(({ status }) => status);
  assert.deepEqual(
    codes.toSorted((a, b) => a - b),
    [200, 409],
  );
  const left = await api.database.general`SELECT 1 FROM users WHERE role = 'admin' AND is_active`;
  assert.equal(left.length, 1);
});

test('an administrator who goes while another is going waits, and finds to be the last', async (t) => {
  const api = await startTestApi(t);
  const [one, other] = [
    await api.user({ role: 'admin', passwordHash }),
    await api.user({ role: 'admin', passwordHash }),
  ];
  const sql = api.database.general;
  let answer: ReturnType<typeof remove> | undefined;
  let answered = false;
  await sql.begin(async (tx) => {
    await tx`UPDATE users SET role = 'user' WHERE id = ${one.id}`;
    answer = remove(api, other).finally(() => (answered = true));
    await untilAsync('the other waits', async () => {
      const waiting = await sql`
        SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return answered || waiting.length > 0;
    });
  });
  assert.equal((await answer)?.status, 409);
});

test('nobody is signed in any more, the address is free, and the books have no name', async (t) => {
  const api = await startTestApi(t);
  const sql = api.database.general;
  const email = 'leaving@example.com';
  const user = await api.user({ email, passwordHash });
  const clientId = await clientOf(api, user);
  await endedCall(sql, clientId, { phone: '+14155550142', words: ['I am leaving'] });
  await sql`SELECT meter_post(${clientId}, 'adjust', 60, 'given', '{}')`;
  const done = await remove(api, user, { lose_seconds: 60 });
  assert.equal(done.status, 200, done.text);
  assert.match(done.headers.getSetCookie()[0]!, /sessionid=;/);
  for (const by of ['token', 'session'] as const) {
    assert.equal((await api.as(user, by).get('/api/users/profile')).status, 401);
  }
  assert.equal((await api.as().post('/api/auth/login', { email, password: PASSWORD })).status, 401);
  const admin = api.as(await api.user({ role: 'admin' }));
  assert.equal((await admin.get(`/admin/users/${user.id}`)).status, 404);
  assert.equal((await admin.get(`/api/clients/${clientId}`)).status, 404);
  const again = { email, password: 'other words of mine', display_name: 'Somebody' };
  const registered = await api.as().post('/api/auth/register', again);
  assert.equal(registered.status, 201, registered.text);
  assert.notEqual(registered.json.id, user.id);

  await eraseDeleted({ ...eraser, sql });
  const [row] =
    await sql`SELECT email, name, password_hash, is_active FROM users WHERE id = ${user.id}`;
  assert.deepEqual(
    { ...row },
    { email: null, name: 'Deleted user', password_hash: null, is_active: false },
  );
  assert.equal((await sql`SELECT 1 FROM conversations`).length, 0);
  assert.equal((await sql`SELECT 1 FROM ledger`).length, 1);
});

test('whom no books name goes whole, with their own chats', async (t) => {
  const api = await startTestApi(t);
  const sql = api.database.general;
  const [user, other] = [await api.user({ passwordHash }), await api.user()];
  for (const { id } of [user, other]) {
    await sql`
      INSERT INTO conversations (id, user_id, channel, ended_at) VALUES (gen_random_uuid(), ${id}, 'chat', now())`;
  }
  assert.equal((await remove(api, user)).status, 200);
  await eraseDeleted({ ...eraser, sql });
  assert.equal((await sql`SELECT 1 FROM users WHERE id = ${user.id}`).length, 0);
  const [chat, ...more] = await sql<{ of: string }[]>`SELECT user_id AS of FROM conversations`;
  assert.deepEqual([chat!.of, more.length], [other.id, 0]);
});

test('its plan is ended at Stripe first; while that cannot be reached, all of it stays', async (t) => {
  const b = await startBillingApi(t);
  await b.database
    .general`UPDATE users SET password_hash = ${passwordHash} WHERE id = ${b.owner.id}`;
  b.stripe.books.pay((await b.buy({}, 'plan')).sessionId);
  await b.settled();
  assert.equal((await b.mine.get('/api/users/deletion')).json.plans, 1);
  b.stripe.faults.add({ on: 'request', match: 'DELETE ', times: 20, do: 'status:500' });
  assert.equal((await remove(b, b.owner, { lose_seconds: 14_400 })).status, 502);
  assert.equal((await b.mine.get(`/api/clients/${b.clientId}`)).status, 200);
  b.stripe.faults.clear();
  assert.equal((await remove(b, b.owner, { lose_seconds: 14_400 })).status, 200);
  const [plan] = b.stripe.books.subscriptions.values();
  assert.equal(plan!.status, 'canceled');
});
