// An owner's tool asks its address: arguments in their place and nowhere else, secrets in headers, answers cut to fit.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/lib/ids.ts';
import { askOwner, forModel, httpTool } from '../../../src/reception/tools/http-tool.ts';
import type { AskedTool } from '../../../src/reception/tools/http-tool.ts';
import { ownToolParts, sealer, toolContext } from '../../support/own-tools.ts';
import { startWebServer } from '../../support/servers/tls-server.ts';

const clientId = newId(0);

function tool(url: string, more: Partial<AskedTool> = {}): AskedTool {
  return { clientId, name: 't', method: 'GET', url, headersSealed: null, timeoutMs: 5000, ...more };
}

test('arguments fill the address, the query or the body, and what is known of the call comes from us', async (t) => {
  const server = await startWebServer(t, { secure: false });
  const origin = `http://127.0.0.1:${server.port}`;
  const parts = ownToolParts(origin);
  const cases: [given: AskedTool, args: object, asked: string, body: string][] = [
    [tool(`${origin}/o/{n}`), { n: 'a b/ü?&#' }, '/o/a%20b%2F%C3%BC%3F%26%23', ''],
    [tool(`${origin}/o`), { n: '1&m=2', ok: true }, '/o?n=1%26m%3D2&ok=true', ''],
    [tool(`${origin}/o?fixed=1&n={n}`), { n: '' }, '/o?fixed=1&n=', ''],
    [
      tool(`${origin}/o/{n}`, { method: 'POST' }),
      { n: 7, items: ['a'] },
      '/o/7',
      '{"items":["a"]}',
    ],
    [
      tool(`${origin}/who/{caller_phone}`),
      { caller_phone: '+19005550000' },
      '/who/%2B12025550123',
      '',
    ],
  ];
  for (const [given, args, asked, body] of cases) {
    const { signal, callId, callerPhone } = toolContext();
    const call = { signal, callId, callerPhone };
    assert.equal((await askOwner(parts, given, { ...args }, call)).text, 'ok');
    const request = server.requests.at(-1)!;
    assert.deepEqual([request.url, request.body], [asked, body]);
    assert.equal(request.headers['x-frontdesk-call-id'], call.callId);
  }
});

test('an argument cannot climb out of its place in the path', async (t) => {
  const server = await startWebServer(t, { secure: false });
  const origin = `http://127.0.0.1:${server.port}`;
  for (const n of ['..', '.', '', undefined]) {
    const asked = askOwner(ownToolParts(origin), tool(`${origin}/o/{n}/x`), { n }, toolContext());
    await assert.rejects(asked, { code: 'invalid' }, String(n));
  }
  await askOwner(
    ownToolParts(origin),
    tool(`${origin}/o/{n}`),
    { n: '../../admin' },
    toolContext(),
  );
  assert.deepEqual(
    server.requests.map(({ url }) => url),
    ['/o/..%2F..%2Fadmin'],
  );
});

test('headers are opened for their owner only', async (t) => {
  const server = await startWebServer(t, { secure: false });
  const origin = `http://127.0.0.1:${server.port}`;
  const headersSealed = sealer.seal(JSON.stringify({ authorization: 'Bearer secret' }), clientId);
  const mine = tool(`${origin}/`, { headersSealed });
  await askOwner(ownToolParts(origin), mine, {}, toolContext());
  assert.equal(server.requests[0]?.headers.authorization, 'Bearer secret');
  const theirs = { ...mine, clientId: newId(0) };
  await assert.rejects(askOwner(ownToolParts(origin), theirs, {}, toolContext()));
  assert.equal(server.requests.length, 1);
});

test('an address that is slow, private or redirects is no answer', async (t) => {
  const slow = await startWebServer(t, { secure: false, answer: () => {} });
  const origin = `http://127.0.0.1:${slow.port}`;
  const parts = ownToolParts(origin);
  await assert.rejects(askOwner(parts, tool(`${origin}/`, { timeoutMs: 50 }), {}, toolContext()), {
    code: 'vendor_failed',
  });
  await assert.rejects(askOwner(ownToolParts(), tool(`${origin}/`), {}, toolContext()), {
    code: 'invalid',
  });
  const moving = await startWebServer(t, {
    secure: false,
    answer: (_request, response) => response.writeHead(302, { location: `${origin}/` }).end(),
  });
  const from = `http://127.0.0.1:${moving.port}`;
  assert.equal(
    (await askOwner(ownToolParts(from), tool(`${from}/`), {}, toolContext())).status,
    302,
  );
  assert.equal(slow.requests.length, 1);
});

test('the model reads an answer as a value, cut to what it can take in', () => {
  const cases: [status: number, body: string, read: object][] = [
    [200, '{"state": "sent"}', { answer: { state: 'sent' } }],
    [200, ' on its way\u0000 ', { answer: 'on its way' }],
    [404, 'no', { error: 'The service answered 404.', answer: 'no' }],
    [200, '', { answer: '' }],
  ];
  for (const [status, body, read] of cases) {
    assert.deepEqual(JSON.parse(forModel(status, body)), read);
  }
  for (const body of ['x'.repeat(100_000), JSON.stringify(Array(9000).fill('🙂'))]) {
    const cut = forModel(200, body);
    assert.ok(cut.length < 12_000, `${cut.length}`);
    assert.match((JSON.parse(cut) as { note: string }).note, /cut/);
  }
});

test('as a tool it hands on what the call is', async (t) => {
  let status = 200;
  const server = await startWebServer(t, {
    secure: false,
    answer: (_request, response) => response.writeHead(status).end('ok'),
  });
  const origin = `http://127.0.0.1:${server.port}`;
  const at = new Date(0);
  const row = {
    ...tool(`${origin}/{caller_phone}`),
    id: newId(0),
    description: 'd',
    parameters: { type: 'object', properties: {} },
    headerNames: [],
    isActive: true,
    createdAt: at,
    updatedAt: at,
  };
  const made = httpTool(ownToolParts(origin), row);
  const { text, failed } = await made.run({}, toolContext());
  assert.deepEqual([JSON.parse(text), failed], [{ answer: 'ok' }, false]);
  for (const [answered, isFault] of [
    [201, false],
    [400, false],
    // Nothing is an answer.
    [404, false],
    [422, false],
    [401, true],
    [403, true],
    [405, true],
    [429, true],
    [503, true],
  ] as const) {
    status = answered;
    assert.equal((await made.run({}, toolContext())).failed, isFault, `${status}`);
  }
  assert.equal(server.requests[0]!.url, '/%2B12025550123');
});
