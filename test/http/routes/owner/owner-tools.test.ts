// Tools that owners bring: made, changed, tried and deleted; their secrets never come back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../../../support/product/api.ts';
import { startBusiness } from '../../../support/product/business.ts';
import { startMcpServer } from '../../../support/servers/mcp-server.ts';
import { startWebServer } from '../../../support/servers/tls-server.ts';

const SECRET = 'canary-of-a-secret-81632';
const parameters = {
  type: 'object',
  properties: { number: { type: 'string', maxLength: 10 } },
  required: ['number'],
};

test('a tool is made, tried, changed and deleted, and its headers are not shown', async (t) => {
  const web = await startWebServer(t, {
    secure: false,
    answer: ({ url }, response) => {
      if (url === '/orders/slow') return;
      response.end(url === '/orders/large' ? 'x'.repeat(300_000) : '{ "state": "sent" }');
    },
  });
  const origin = `http://127.0.0.1:${web.port}`;
  const api = await startTestApi(t, { env: { LOOPBACK_ORIGINS: origin } });
  const owner = await api.user();
  const { client_id } = await startBusiness(api, owner);
  const path = `/api/clients/${client_id}/tools`;
  const mine = api.as(owner);
  const made = await mine.post(path, {
    name: 'order_status',
    description: 'How far an order is',
    url: `${origin}/orders/{number}`,
    parameters,
    headers: { Authorization: `Bearer ${SECRET}`, 'X-Shop': '1' },
  });
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(made.json.header_names, ['authorization', 'x-shop']);
  const one = `${path}/${made.json.id}`;
  const tried = await mine.post(`${one}/test`, { arguments: { number: '12' } });
  assert.deepEqual(
    [tried.json.status, tried.json.answer, tried.json.error],
    [200, '{"answer":{"state":"sent"}}', null],
  );
  assert.equal(web.requests[0]!.url, '/orders/12');
  assert.equal(web.requests[0]!.headers.authorization, `Bearer ${SECRET}`);
  const refused = await mine.post(`${one}/test`, { arguments: { number: 12 } });
  assert.deepEqual([refused.status, Object.keys(refused.json)], [400, ['arguments']]);

  const renamed = await mine.patch(one, { name: 'order_state', timeout_ms: 1000 });
  assert.deepEqual([renamed.json.name, renamed.json.header_names.length], ['order_state', 2]);
  await mine.post(`${one}/test`, { arguments: { number: '13' } });
  assert.equal(web.requests[1]!.headers.authorization, `Bearer ${SECRET}`, 'kept');
  await mine.patch(one, { headers: {} });
  await mine.post(`${one}/test`, { arguments: { number: '14' } });
  assert.equal(web.requests[2]!.headers.authorization, undefined);

  for (const [number, why] of [
    [
      '..',
      'The argument number must be something that can stand in an address: not empty, "." or "..".',
    ],
    ['large', 'The answer is larger than 256 kB.'],
    ['slow', 'There was no answer within 1 s.'],
  ]) {
    const { json } = await mine.post(`${one}/test`, { arguments: { number } });
    assert.deepEqual([json.status, json.answer, json.error], [null, '', why]);
  }

  const [{ kept }] = await api.database.general<[{ kept: string }]>`
    SELECT coalesce(string_agg(t::text, ''), '') AS kept FROM owner_tools t`;
  const shown = [made, renamed, await mine.get(path)].map(({ text }) => text).join('');
  for (const text of [kept, shown, JSON.stringify(api.log)]) assert.ok(!text.includes(SECRET));
  assert.equal((await mine.delete(one)).status, 200);
  assert.equal((await mine.delete(one)).status, 404);
});

test('what cannot be a tool is refused by the field', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const { client_id } = await startBusiness(api, owner);
  const path = `/api/clients/${client_id}/tools`;
  const right = {
    name: 'x',
    description: 'y',
    url: 'https://shop.example.com/{number}',
    parameters,
  };
  const wrong: [change: object, field: string][] = [
    [{ name: 'end_call' }, 'name'],
    [{ name: 'No' }, 'name'],
    [{ name: 'a_tool' }, 'name'],
    [{ url: 'http://shop.example.com/' }, 'url'],
    [{ url: 'https://127.0.0.1/' }, 'url'],
    [{ url: 'https://user:pw@shop.example.com/' }, 'url'],
    [{ url: 'https://{number}.example.com/' }, 'url'],
    [{ url: 'https://shop.example.com:{number}/' }, 'url'],
    [{ url: 'https://shop.example.com/{size}' }, 'url'],
    [{ url: 'not an address' }, 'url'],
    [{ parameters: { type: 'string' } }, 'parameters'],
    [{ parameters: { ...parameters, $defs: {} } }, 'parameters'],
    [{ headers: { Host: 'elsewhere' } }, 'headers'],
    [{ headers: { 'X-A': 'b\r\nX-C: d' } }, 'headers'],
    [{ headers: { 'X A': 'b' } }, 'headers'],
    [{ headers: { 'X-A': '1', 'x-a': '2' } }, 'headers'],
    [{ method: 'TRACE' }, 'method'],
    [{ timeout_ms: 60_000 }, 'timeout_ms'],
    [{ headers_sealed: 'x' }, 'headers_sealed'],
  ];
  for (const [change, field] of wrong) {
    const answer = await api.as(owner).post(path, { ...right, ...change });
    assert.equal(answer.status, 400, JSON.stringify(change));
    assert.ok(
      Object.keys(answer.json).some((name) => name.startsWith(field)),
      answer.text,
    );
  }
  const made = await api.as(owner).post(path, right);
  assert.equal(made.status, 201, made.text);
  const lost = await api
    .as(owner)
    .patch(`${path}/${made.json.id}`, { parameters: { type: 'object' } });
  assert.deepEqual(
    [lost.status, Object.keys(lost.json)],
    [400, ['url']],
    'a name left without its parameter',
  );
  for (let more = 2; more < 20; more += 1) {
    await api.as(owner).post(path, { ...right, name: `x${more}` });
  }
  assert.equal((await api.as(owner).post(path, { ...right, name: 'last' })).status, 400);
});

test('a server is asked for its tools, of which the owner allows some', async (t) => {
  const standIn = await startMcpServer(t);
  const api = await startTestApi(t, { env: { LOOPBACK_ORIGINS: standIn.origin } });
  const owner = await api.user();
  const { client_id } = await startBusiness(api, owner);
  const path = `/api/clients/${client_id}/mcp-servers`;
  const mine = api.as(owner);
  const made = await mine.post(path, {
    name: 'shop',
    url: standIn.url,
    headers: { authorization: SECRET },
  });
  assert.deepEqual([made.status, made.json.tools, made.json.tools_at], [201, [], null]);
  const one = `${path}/${made.json.id}`;
  standIn.pages = [[{ name: 'status', description: 'How far', inputSchema: { type: 'object' } }]];
  const asked = await mine.post(`${one}/refresh`);
  assert.deepEqual(asked.json.tools, [{ name: 'status', description: 'How far' }]);
  assert.equal(standIn.headers[0]!['authorization'], SECRET);
  const changed = await mine.patch(one, { allowed: ['status'] });
  assert.deepEqual(changed.json.allowed, ['status']);
  assert.equal((await mine.patch(one, { allowed: null })).json.allowed, null);
  assert.ok(!(await mine.get(path)).text.includes(SECRET));
  const elsewhere = await mine.patch(one, { url: 'http://127.0.0.1:1/mcp' });
  assert.equal(elsewhere.status, 400);
  standIn.pages = [];
  const failed = await mine.post(`${one}/refresh`);
  assert.deepEqual([failed.status, Object.keys(failed.json)], [400, ['url']]);
  assert.equal((await mine.delete(one)).status, 200);
});
