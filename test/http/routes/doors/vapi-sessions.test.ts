// Vapi sessions: for patients, in the document's words, within three seconds whatever is slow, and never with a secret.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../../../support/product/api.ts';
import type { TestApi, TestUser } from '../../../support/product/api.ts';

const PATH = '/api/v1/sessions/vapi/start';
const SECRET = 'the-secret-key-of-vapi';
const env = { VAPI_PUBLIC_API_KEY: 'the-public-key', VAPI_ASSISTANT_ID: 'assistant-1' };

async function patient(api: TestApi): Promise<TestUser> {
  const user = await api.user();
  await api.database.general`UPDATE users SET type = 'patient' WHERE id = ${user.id}`;
  return user;
}

test('a patient gets the public configuration, and it is written down', async (t) => {
  const api = await startTestApi(t, { env: { ...env, VAPI_API_KEY: SECRET } });
  const user = await patient(api);
  for (const by of ['token', 'session'] as const) {
    const answer = await api.as(user, by).post(PATH);
    assert.equal(answer.status, 200, answer.text);
    const { validatedAt, ...context } = answer.json.data.patientContext;
    assert.ok(Math.abs(Date.parse(validatedAt) - Date.parse(answer.headers.get('date')!)) < 5000);
    assert.deepEqual(
      { ...answer.json, data: { ...answer.json.data, patientContext: context } },
      {
        success: true,
        data: {
          apiKey: 'the-public-key',
          assistantId: 'assistant-1',
          patientContext: { id: user.id },
        },
        message: 'Vapi configuration retrieved',
      },
    );
    assert.ok(!answer.text.includes(SECRET));
  }
  const lines = api.log.filter(({ msg }) => msg === 'vapi session started');
  assert.deepEqual(
    lines.map(({ userId }) => userId),
    [user.id, user.id],
  );
});

test('every refusal has the same form', async (t) => {
  const api = await startTestApi(t, { env });
  const [owner, ill, other] = [await api.user(), await patient(api), await patient(api)];
  const json = { headers: { 'content-type': 'application/json' } };
  const cases: [
    name: string,
    answer: ReturnType<TestApi['send']>,
    status: number,
    code: string,
    details: RegExp,
  ][] = [
    ['nobody', api.as().post(PATH), 401, 'UNAUTHORIZED', /not provided/],
    [
      'a wrong token',
      api.send('POST', PATH, { headers: { authorization: 'Bearer x' } }),
      401,
      'UNAUTHORIZED',
      /Invalid/,
    ],
    ['an owner', api.as(owner).post(PATH), 403, 'FORBIDDEN', /Only patients/],
    [
      'the context of another',
      api.as(ill).post(PATH, { patientContext: { id: other.id } }),
      403,
      'FORBIDDEN',
      /not your own/,
    ],
    [
      'a malformed context',
      api.as(ill).post(PATH, { patientContext: 'x' }),
      400,
      'INVALID_REQUEST',
      /patientContext/,
    ],
    [
      'no JSON',
      api.as(ill).post(PATH, undefined, { ...json, raw: '{' }),
      400,
      'INVALID_REQUEST',
      /./,
    ],
    [
      'a form',
      api.as(ill).post(PATH, undefined, { raw: 'a=b', headers: { 'content-type': 'text/plain' } }),
      415,
      'VAPI_SESSION_FAILED',
      /content type/,
    ],
    [
      'a page of another site',
      api.as(ill, 'session').post(PATH, undefined, { headers: { origin: 'https://evil.example' } }),
      403,
      'FORBIDDEN',
      /another site/,
    ],
  ];
  for (const [name, asked, status, code, details] of cases) {
    const { status: got, json: body, text } = await asked;
    assert.equal(got, status, `${name}: ${text}`);
    assert.deepEqual(Object.keys(body), ['success', 'error'], name);
    assert.equal(body.success, false);
    assert.equal(body.error.code, code, name);
    assert.match(body.error.details as string, details, name);
  }
  assert.ok(api.log.some(({ msg }) => msg === 'vapi session refused'));
});

test('too many requests, too, and a server without Vapi', async (t) => {
  const api = await startTestApi(t, { limits: { requests: 2 } });
  const user = await patient(api);
  const off = await api.as(user).post(PATH);
  assert.equal(off.status, 503);
  assert.deepEqual(off.json, {
    success: false,
    error: {
      code: 'VAPI_SESSION_FAILED',
      message: 'Unable to create voice session',
      details: 'VAPI_PUBLIC_API_KEY is not set.',
    },
  });
  await api.as(user).post(PATH);
  const third = await api.as(user).post(PATH);
  assert.equal(third.status, 429);
  assert.equal(third.json.error.code, 'RATE_LIMIT_EXCEEDED');
  assert.ok(Number(third.headers.get('retry-after')) > 0);
});

test('a hundred at once all start within three seconds', async (t) => {
  const api = await startTestApi(t, { env });
  const users = await Promise.all(Array.from({ length: 10 }, () => patient(api)));
  const started = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => api.as(users[n % users.length]).post(PATH)),
  );
  t.diagnostic(`100 session starts in ${Math.round(performance.now() - started)} ms`);
  for (const answer of answers) assert.equal(answer.status, 200, answer.text);
  const ids = new Set(answers.map(({ json }) => json.data.patientContext.id as string));
  assert.equal(ids.size, 10, 'each has their own context');
});

test('a database that hangs is no reason to wait', async (t) => {
  const api = await startTestApi(t, { env });
  const user = await patient(api);
  const sql = api.database.general;
  let release = () => {};
  const locked = Promise.withResolvers<void>();
  const holding = sql.begin(async (tx) => {
    await tx`LOCK TABLE users, token_families, rate_windows IN ACCESS EXCLUSIVE MODE`;
    locked.resolve();
    await new Promise<void>((resolve) => (release = resolve));
  });
  await locked.promise;
  const started = performance.now();
  const answer = await api.as(user).post(PATH);
  // It came while the lock was held: nothing waited for the database.
  t.diagnostic(`answered after ${Math.round(performance.now() - started)} ms`);
  release();
  await holding;
  assert.equal(answer.status, 503, answer.text);
  assert.equal(answer.json.error.code, 'VAPI_SESSION_FAILED');
});
