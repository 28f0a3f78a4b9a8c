// What other services may ask: answered on the internal listener, and on no other (T60).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../../../support/product/api.ts';

const PATH = '/api/internal/validate-session';

test('a session is somebody with preferences, or nobody', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user();
  const ask = async (cookie: string, init: RequestInit = {}) => {
    const headers = { cookie, 'content-type': 'application/json' };
    const answer = await fetch(api.frontdesk.internalAddress + PATH, {
      method: 'POST',
      headers,
      ...init,
    });
    return [answer.status, await answer.json()] as const;
  };
  const valid = {
    valid: true,
    user_id: user.id,
    email: user.email,
    display_name: 'A User',
    preferences: {
      preferred_voice: 'alloy',
      preferred_language: 'en',
      favorite_topics: [],
      system_prompt_override: '',
    },
  };
  assert.deepEqual(await ask(`sessionid=${user.session}`), [200, valid]);
  assert.deepEqual(await ask(`sessionid=${user.session}`, { body: '{}' }), [200, valid]);
  for (const cookie of [
    '',
    'sessionid=',
    'sessionid=x',
    `sessionid=${user.accessToken}`,
    `session=${user.session}`,
  ]) {
    assert.deepEqual(await ask(cookie), [401, { valid: false }], cookie);
  }
  await api.as(user, 'session').post('/api/auth/logout');
  assert.deepEqual(await ask(`sessionid=${user.session}`), [401, { valid: false }]);
});

test('the public listener does not know it, the internal one nothing else', async (t) => {
  const api = await startTestApi(t);
  const admin = await api.user({ role: 'admin' });
  for (const by of ['token', 'session'] as const) {
    assert.equal((await api.as(admin, by).post(PATH)).status, 404);
  }
  const other = await fetch(`${api.frontdesk.internalAddress}/api/auth/me`);
  assert.equal(other.status, 404);
  assert.match(api.frontdesk.internalAddress, /^http:\/\/127\.0\.0\.1:/);
});
