// Every route of the OpenAPI document, asked by nobody, by another owner, with a token that has run out, by a moderator:
// what is another's is as unknown as what never was.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signAccessToken } from '../../src/http/identity/auth.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { JWT_SECRET, startTestApi } from '../support/product/api.ts';
import { startBusiness } from '../support/product/business.ts';
import { rightRequest } from '../support/contracts/made-requests.ts';

/** Routes that look different by design, and why. */
const open = new Map<string, string>([
  ['GET /api/auth/me', 'tells those who are nobody that they are'],
]);

test('every route keeps owners apart', async (t) => {
  const api = await startTestApi(t);
  const [ann, bob] = [await api.user(), await api.user()];
  const moderator = await api.user({ role: 'moderator' });
  const word = 'canary-of-ann';
  const business = await startBusiness(api, ann, { word });
  const others = await startBusiness(api, bob, { word: 'of-bob', phone: '+14155550222' });
  const ids: Record<string, string> = {
    ...business,
    session_id: business.conversation_id,
    user_id: ann.id,
    command_id: business.message_id,
  };
  const unknown = Object.fromEntries(Object.keys(ids).map((name) => [name, newId(0)]));
  const guarded = api.document.routes.filter(
    ({ method, path, operation }) =>
      !operation.security?.some((each) => Object.keys(each).length === 0) &&
      !open.has(`${method} ${path}`),
  );
  assert.ok(guarded.length > 30, 'the document has routes');
  // Administrators reach everybody's, and all others get 403: test/http/routes/admin/admin.test.ts.
  const owners = guarded.filter(({ path }) => !path.startsWith('/admin/'));
  const expired = signAccessToken(
    { jwtSecret: JWT_SECRET, publicUrl: api.url },
    { userId: ann.id, familyId: newId(0), atMs: systemClock.now() - 7_200_000 },
  );

  await t.test('nobody, and a token that has run out, get 401', async () => {
    for (const route of guarded) {
      const { method, path, ask } = rightRequest(route, ids);
      for (const headers of [{}, { authorization: `Bearer ${expired}` }]) {
        const answer = await api.send(method, path, {
          ...ask,
          headers: { ...ask.headers, ...headers },
        });
        assert.equal(answer.status, 401, `${method} ${path}: ${answer.text}`);
      }
    }
  });

  await t.test("another's id is as unknown as one that never was", async () => {
    const named = owners.filter(
      ({ path, operation }) =>
        path.includes('{') || JSON.stringify(operation.requestBody ?? '').includes('"client_id"'),
    );
    const mine = { authorization: `Bearer ${bob.accessToken}` };
    for (const route of named) {
      const [theirs, nobodys] = [ids, unknown].map((given) => rightRequest(route, given));
      const answers = [];
      for (const { method, path, ask } of [theirs!, nobodys!]) {
        const headers = { ...ask.headers, ...mine };
        answers.push(await api.send(method, path, { ...ask, headers }));
      }
      const [first, second] = answers;
      const name = `${route.method} ${route.path}`;
      assert.equal(first!.status, 404, `${name}: ${first!.text}`);
      assert.deepEqual([first!.status, first!.text], [second!.status, second!.text], name);
    }
  });

  await t.test("nested ids of another's under one's own client are unknown", async () => {
    const nested = guarded.filter(({ path }) => (path.match(/\{/g) ?? []).length > 1);
    assert.ok(nested.length > 4);
    for (const route of nested) {
      const { method, path, ask } = rightRequest(route, { ...ids, client_id: others.client_id });
      const headers = { ...ask.headers, authorization: `Bearer ${bob.accessToken}` };
      const answer = await api.send(method, path, { ...ask, headers });
      assert.equal(answer.status, 404, `${method} ${path}: ${answer.text}`);
    }
  });

  await t.test('no list, whatever it is asked for, has rows of another', async () => {
    // What is sold is sold to all.
    const { package_id: sold, ...own } = business;
    assert.ok(sold);
    const theirs = Object.values(own);
    const queries = ['', '?limit=100', `?client_id=${ids['client_id']}&user_id=${ann.id}`];
    const more = [`?contact_id=${ids['contact_id']}`, `?q=${word}`];
    for (const route of guarded.filter(
      ({ method, path }) => method === 'GET' && !path.endsWith('/events'),
    )) {
      const { path } = rightRequest(route, {
        ...ids,
        ...others,
        session_id: others.conversation_id,
      });
      for (const query of [...queries, ...more]) {
        const address = path.includes('?') ? `${path}&${query.slice(1)}` : `${path}${query}`;
        const answer = await api.as(bob).get(address);
        assert.ok(answer.status < 500, `${address}: ${answer.text}`);
        assert.ok(!answer.text.includes(word), `${address} shows what is another's`);
        for (const id of theirs) assert.ok(!answer.text.includes(id), address);
      }
    }
  });

  await t.test('a moderator writes nothing that is not theirs', async () => {
    const about = guarded.filter(
      ({ method, path }) => method !== 'GET' && !/auth|users/.test(path),
    );
    for (const route of about) {
      const { method, path, ask } = rightRequest(route, ids);
      const headers = { ...ask.headers, authorization: `Bearer ${moderator.accessToken}` };
      const answer = await api.send(method, path, { ...ask, headers });
      assert.equal(answer.status, 403, `${method} ${path}: ${answer.text}`);
    }
  });

  await t.test('and the owner has all of it', async () => {
    for (const route of owners.filter(
      ({ method, path, operation }) =>
        method === 'GET' &&
        !path.endsWith('/events') &&
        !operation.description?.startsWith('For administrators.'),
    )) {
      const { path } = rightRequest(route, ids);
      const answer = await api.as(ann).get(path);
      const absent = /\/history\/|\/recording$|analytics\/metrics/;
      const expected = absent.test(path) ? [200, 404] : [200];
      assert.ok(expected.includes(answer.status), `${path}: ${answer.text}`);
    }
  });
});

test('a blocked user is nobody at once', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user();
  assert.equal((await api.as(user).get('/api/clients')).status, 200);
  await api.database.general`UPDATE users SET is_active = false WHERE id = ${user.id}`;
  for (const by of ['token', 'session'] as const) {
    assert.equal((await api.as(user, by).get('/api/clients')).status, 401);
  }
});
