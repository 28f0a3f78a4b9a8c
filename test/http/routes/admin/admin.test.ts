// Administration: users, conversations, bot, configuration, monitoring: for administrators, read by moderators, by nobody else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword } from '../../../../src/lib/passwords.ts';
import { startTestApi } from '../../../support/product/api.ts';
import { startBillingApi } from '../../../support/product/billing.ts';
import { endedCall, startBusiness } from '../../../support/product/business.ts';
import { startDoors } from '../../../support/product/doors.ts';

test('users are made, changed, blocked and removed', async (t) => {
  const api = await startTestApi(t);
  const admin = await api.user({ role: 'admin' });
  const as = api.as(admin);
  const given = { username: 'john', role: 'user', status: 'active', password: 'correct horse 7!' };
  const made = await as.post('/admin/users', { ...given, email: 'John@example.com' });
  assert.equal(made.status, 201, made.text);
  const { user_id: id, created_at: _at, ...rest } = made.json;
  assert.deepEqual(rest, {
    username: 'john',
    email: 'john@example.com',
    role: 'user',
    status: 'active',
    type: 'owner',
  });
  assert.deepEqual((await as.get(`/admin/users/${id}`)).json, made.json);
  const list = await as.get('/admin/users?limit=1');
  assert.deepEqual([list.json, list.headers.get('x-total-count')], [[made.json], '2']);
  assert.equal((await as.get(nextPage(list))).json[0].user_id, admin.id);
  for (const [q, found] of [
    ['JOH', [made.json]],
    ['john@', [made.json]],
    ['j%n', []],
  ] as const) {
    const answer = await as.get(`/admin/users?q=${encodeURIComponent(q)}`);
    const total = answer.headers.get('x-total-count');
    assert.deepEqual([answer.json, total], [found, `${found.length}`], q);
  }

  const login = () => api.as().post('/auth/login', { username: 'john', password: given.password });
  const tokens = (await login()).json;
  const john = { headers: { authorization: `Bearer ${tokens.access_token}` } };
  assert.equal((await api.as().get('/api/clients', john)).status, 200);
  const blocked = await as.put(`/admin/users/${id}`, { status: 'blocked' });
  assert.equal(blocked.json.status, 'blocked');
  assert.equal((await api.as().get('/api/clients', john)).status, 401, 'at once');
  assert.equal((await login()).status, 401);
  const stats = await as.get('/admin/users/stats');
  assert.deepEqual(stats.json, {
    total_users: 2,
    active_users: 1,
    blocked_users: 1,
    inactive_users: 0,
  });
  await as.put(`/admin/users/${id}`, {
    status: 'active',
    password: 'another horse 8!',
    email: null,
  });
  assert.equal((await login()).status, 401, 'the old password');
  const back = await api
    .as()
    .post('/auth/login', { username: 'john', password: 'another horse 8!' });
  assert.equal(back.status, 200, back.text);
  assert.equal((await as.get(`/admin/users/${id}`)).json.email, null);
  assert.equal((await as.delete(`/admin/users/${id}`)).status, 200);
  assert.equal((await as.get(`/admin/users/${id}`)).status, 404);
  assert.equal((await as.delete(`/admin/users/${id}`)).status, 404);
  const written = api.log.filter(({ msg }) => /^user (made|changed|deleted)$/.test(msg as string));
  assert.equal(written.length, 4);
  assert.ok(!JSON.stringify(api.log).includes('horse'), 'no password is written down');
});

test('what is wrong with a user is named, and nobody locks themselves out', async (t) => {
  const api = await startTestApi(t);
  const admin = await api.user({ role: 'admin', email: 'admin@example.com' });
  const owner = await api.user();
  await startBusiness(api, owner);
  const as = api.as(admin);
  const wrong: [body: object, field: RegExp][] = [
    [{}, /username/],
    [{ username: 'ADMIN@example.com' }, /"username".*already exists/],
    [{ username: 'x', email: 'admin@example.com' }, /"email".*already exists/],
    [{ username: 'x', email: 'x' }, /email/],
    [{ username: 'x', password: 'short' }, /"password".*8/],
    [{ username: 'x', role: 'root' }, /role/],
    [{ username: 'x', status: 'asleep' }, /status/],
  ];
  for (const [body, field] of wrong) {
    const answer = await as.post('/admin/users', body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.match(answer.text, field);
  }
  for (const change of [{ role: 'user' }, { status: 'blocked' }, { status: 'inactive' }]) {
    assert.equal((await as.put(`/admin/users/${admin.id}`, change)).status, 409);
  }
  assert.equal((await as.delete(`/admin/users/${admin.id}`)).status, 409);
  const kept = await as.delete(`/admin/users/${owner.id}`);
  assert.deepEqual([kept.status, /books/.test(kept.text)], [409, true]);
});

test('who has bought for a client of somebody else stays, with the books', async (t) => {
  const api = await startBillingApi(t);
  const [admin, helper] = [await api.user({ role: 'admin' }), await api.user({ role: 'admin' })];
  const order = { package_id: api.topUp.id };
  const bought = await api.as(helper).post(`/api/clients/${api.clientId}/top-ups`, order);
  assert.equal(bought.status, 201);
  const kept = await api.as(admin).delete(`/admin/users/${helper.id}`);
  assert.deepEqual([kept.status, /books/.test(kept.text)], [409, true]);
});

test('conversations of everybody are listed, searched, read and removed', async (t) => {
  const api = await startTestApi(t);
  const admin = await api.user({ role: 'admin' });
  const [ann, bob] = [await api.user(), await api.user()];
  const as = api.as(admin);
  const anns = await startBusiness(api, ann, { word: 'bicycle' });
  await startBusiness(api, bob, { word: 'umbrella', phone: '+14155550222' });
  const listed = await as.get(`/admin/conversations?user_id=${ann.id}`);
  assert.equal(listed.json.length, 2);
  assert.ok(listed.json.every((each: { user_id: string }) => each.user_id === ann.id));
  const [newer, older] = listed.json;
  const first = await as.get(`/admin/conversations?user_id=${ann.id}&limit=1`);
  assert.deepEqual([first.json, first.headers.get('x-total-count')], [[newer], '2']);
  const second = await as.get(nextPage(first));
  assert.deepEqual([second.json, second.headers.get('link')], [[older], null]);
  const found = await as.get('/admin/conversations/search?query=bicycle');
  assert.deepEqual(
    found.json.map(({ id }: { id: string }) => id),
    [anns.conversation_id],
  );
  for (const query of ["' OR 1=1 --", '"unbalanced', '&|!', '%']) {
    const answer = await as.get(`/admin/conversations/search?query=${encodeURIComponent(query)}`);
    assert.deepEqual([answer.status, answer.json], [200, []], query);
  }
  const one = await as.get(`/admin/conversations/${anns.conversation_id}`);
  assert.deepEqual(
    one.json.messages.map(({ role, content }: Record<string, string>) => [role, content]),
    [
      ['user', 'hello bicycle'],
      ['assistant', 'I see.'],
    ],
  );
  assert.equal((await as.delete(`/admin/conversations/${anns.call_id}`)).status, 409, 'it runs');
  assert.equal((await as.delete(`/admin/conversations/${anns.conversation_id}`)).status, 200);
  assert.equal((await as.get(`/admin/conversations/${anns.conversation_id}`)).status, 404);
});

test('configuration is checked, holds at once, and has its history', async (t) => {
  const api = await startTestApi(t);
  const admin = await api.user({ role: 'admin' });
  const as = api.as(admin);
  const before = await as.get('/admin/bot/config');
  assert.equal(before.json.config.max_file_size, 10_485_760);
  const document = {
    config: { max_file_size: 10_485_760, supported_languages: ['en', 'es', 'fr'] },
  };
  const changed = await as.put('/admin/bot/config', document);
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual(changed.json.config.supported_languages, ['en', 'es', 'fr']);
  const unknown = await as.put('/admin/config', { config: { key: 'value' } });
  assert.deepEqual(
    [unknown.status, unknown.json],
    [400, { 'config.key': ['There is no such setting.'] }],
  );
  await as.put('/admin/config', { config: { chat_turn_seconds: 7 } });
  const history = await as.get('/admin/config/history');
  assert.deepEqual(
    history.json.map(({ key, before: was, after, changed_by: by }: Record<string, unknown>) => [
      key,
      was,
      after,
      by,
    ]),
    [['chat_turn_seconds', null, 7, admin.id]],
  );
  const bots = await as.get('/admin/bot/config/history');
  assert.deepEqual(
    bots.json.map(({ key }: { key: string }) => key),
    ['supported_languages', 'max_file_size'],
  );
});

test('a history of the configuration goes on page by page, counted', async (t) => {
  const api = await startTestApi(t);
  const as = api.as(await api.user({ role: 'admin' }));
  for (const seconds of [5, 6, 7, 8, 9]) {
    await as.put('/admin/config', { config: { chat_turn_seconds: seconds } });
  }
  await as.put('/admin/bot/config', { config: { greeting: 'Hello.' } });
  const pages: number[][] = [];
  let path: string | undefined = '/admin/config/history?limit=2';
  while (path !== undefined) {
    const answer = await as.get(path);
    assert.equal(answer.headers.get('x-total-count'), '5');
    assert.equal(answer.headers.get('x-total-count-max'), '10000');
    pages.push(answer.json.map(({ after }: { after: number }) => after));
    path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  assert.deepEqual(pages, [[9, 8], [7, 6], [5]]);
  const skipped = await as.get('/admin/config/history?limit=2&offset=3');
  assert.deepEqual(
    skipped.json.map(({ after }: { after: number }) => after),
    [6, 5],
  );
  // A cursor of another list: its rows have other ids.
  const at = '2026-01-01T00:00:00.000000Z';
  const strange = Buffer.from(`${at}|01890000-0000-7000-8000-000000000000`).toString('base64url');
  assert.equal((await as.get(`/admin/config/history?cursor=${strange}`)).status, 400);
  const counted = Buffer.from(`${at}|3`).toString('base64url');
  assert.equal((await as.get(`/admin/users?cursor=${counted}`)).status, 400);
});

test('monitoring really asks the vendors', async (t) => {
  const doors = await startDoors(t);
  const admin = await doors.user({ role: 'admin' });
  const as = doors.as(admin);
  doors.rig.openai.faults.add({ on: 'request', do: 'reset', times: 50 });
  const before = doors.rig.deepgram.counts.connections;
  const services = await as.get('/admin/monitoring/services');
  assert.equal(services.status, 200, services.text);
  const found = services.json as Record<string, { healthy: boolean }>;
  const healthy = Object.fromEntries(
    Object.entries(found).map(([name, each]) => [name, each.healthy]),
  );
  assert.deepEqual(healthy, { gateway: true, stt: true, tts: true, llm: false });
  assert.ok(doors.rig.deepgram.counts.connections > before, 'a socket was opened');
  await as.get('/admin/monitoring/services');
  assert.equal(doors.rig.deepgram.counts.connections, before + 1, 'and not again at once');
  const overall = await as.get('/admin/monitoring/health');
  assert.deepEqual([overall.json.status, overall.json.database], ['degraded', 'online']);
  const response = await fetch(`${doors.url}/status`);
  const status = (await response.json()) as { status: string; services: Record<string, string> };
  assert.deepEqual(
    [status.status, status.services['llm'], status.services['stt']],
    ['degraded', 'offline', 'online'],
  );
  const metrics = await as.get('/admin/monitoring/metrics');
  assert.equal(metrics.status, 200, metrics.text);
  assert.ok(metrics.json.memory.rss_bytes > 1e6);
  assert.equal(metrics.json.active_calls, 0);
  assert.ok(metrics.json.vendors.length >= 2);
  const bot = await as.get('/admin/bot/status');
  assert.deepEqual([bot.json.status, bot.json.active_commands], ['online', 0]);
});

test('only administrators change, moderators look, all others see nothing', async (t) => {
  const api = await startTestApi(t);
  const [owner, moderator] = [await api.user(), await api.user({ role: 'moderator' })];
  const routes = api.document.routes.filter(({ path }) => path.startsWith('/admin/'));
  assert.ok(routes.length >= 24, `${routes.length}`);
  const about = (path: string) => path.replaceAll(/\{\w+\}/g, owner.id);
  for (const { method, path } of routes.filter((each) => each.path !== '/admin/auth/login')) {
    const name = `${method} ${path}`;
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
    const ask = (user: typeof owner) => ({
      ...body,
      headers: { authorization: `Bearer ${user.accessToken}` },
    });
    assert.equal((await api.send(method, about(path), ask(owner))).status, 403, name);
    const looks = await api.send(method, about(path), ask(moderator));
    if (method !== 'GET') assert.equal(looks.status, 403, name);
    else assert.notEqual(looks.status, 403, name);
  }
});

test('an administrator logs in by the path of its own, others do not', async (t) => {
  const api = await startTestApi(t);
  const password = 'correct horse 7!';
  const passwordHash = await hashPassword(password);
  await api.user({ role: 'admin', email: 'root@example.com', passwordHash });
  await api.user({ email: 'user@example.com', passwordHash });
  const login = (username: string) => api.as().post('/admin/auth/login', { username, password });
  const tokens = await login('root@example.com');
  assert.deepEqual([tokens.status, tokens.json.token_type], [200, 'bearer']);
  assert.equal((await login('user@example.com')).status, 403);
});

test('bot statistics count what there is', async (t) => {
  const api = await startTestApi(t);
  const admin = await api.user({ role: 'admin' });
  const owner = await api.user();
  const made = await api.as(owner).post('/api/clients', { name: 'Counted' });
  for (const responseMs of [300, 500]) {
    await endedCall(api.database.general, made.json.id as string, {
      words: ['a', 'b'],
      responseMs,
    });
  }
  const stats = await api.as(admin).get('/admin/bot/stats');
  const { average_response_time: average, ...rest } = stats.json;
  assert.deepEqual(rest, {
    total_conversations: 2,
    total_messages: 8,
    active_users: 0,
    conversations_by_channel: { phone: 2 },
    last_24_hours: { conversations: 2, messages: 8, active_users: 0 },
  });
  assert.ok(Math.abs(average - 0.4) < 1e-6);
});

/** Where its Link header leads. */
function nextPage({ headers }: { readonly headers: Headers }): string {
  return /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1] ?? 'no next page';
}
