// Owners' tools in real calls: what they are for, and what they never become: a way into our network, or out for a secret (T70, T75).

import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import type { Call } from '../../sandbox/phone/call.ts';
import type { ScriptedAnswer } from '../../sandbox/vendors/openai/openai.ts';
import { newId } from '../../src/lib/ids.ts';
import { openSealer } from '../../src/lib/sealing.ts';
import {
  insertHttpTool,
  insertMcpServer,
  saveOfferedTools,
} from '../../src/store/clients/owner-tools.ts';
import type { HttpToolDetails } from '../../src/store/clients/owner-tools.ts';
import { assertSound, eventually, finished, greeted } from '../support/product/after-call.ts';
import { startMcpServer } from '../support/servers/mcp-server.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../support/product/frontdesk.ts';
import { startWebServer } from '../support/servers/tls-server.ts';

const SECRET = 'canary-of-a-secret-55217';

async function addTool(f: TestFrontdesk, details: Partial<HttpToolDetails>): Promise<void> {
  const clientId = f.client.id;
  // The key of the rig's server.
  const sealed = openSealer(['y'.repeat(32)]).seal(
    JSON.stringify({ authorization: SECRET }),
    clientId,
  );
  const parameters = { type: 'object', properties: { number: { type: 'string' } } };
  await insertHttpTool(f.database.general, {
    id: newId(0),
    clientId,
    name: 'order_status',
    description: 'How far',
    parameters,
    method: 'GET',
    url: 'https://example.com',
    timeoutMs: 3000,
    isActive: true,
    headerNames: ['authorization'],
    headersSealed: sealed,
    ...details,
  });
}

/** One call in which the model uses the tool, then says what it is told; the results it was given. */
async function useTool(f: TestFrontdesk, args: object): Promise<string> {
  f.says.push('where is my order');
  let result = '';
  f.openai.script({ text: '', calls: [{ name: 'order_status', arguments: args }] }, (request) => {
    result = request.messages.at(-1)!.content ?? '';
    return 'It is on its way.';
  });
  const call = f.call();
  await greeted(call);
  await call.say(f.voice('where is my order'));
  await call.reply(700, 60_000);
  call.hangUp();
  await finished(f, call);
  return result;
}

describe('tools of owners', { concurrency: 5 }, () => {
  test('a tool is used in a call, with the secret in its header and nowhere else', async (t) => {
    const web = await startWebServer(t, {
      secure: false,
      answer: (_request, response) => response.end('{"state":"sent"}'),
    });
    const origin = `http://127.0.0.1:${web.port}`;
    const f = await startTestFrontdesk(t, { env: { LOOPBACK_ORIGINS: origin } });
    await addTool(f, { url: `${origin}/orders/{number}?from={caller_phone}` });
    assert.deepEqual(JSON.parse(await useTool(f, { number: '12/../..' })), {
      answer: { state: 'sent' },
    });
    const [request] = web.requests;
    assert.match(request!.url, /^\/orders\/12%2F\.\.%2F\.\.\?from=%2B1415555\d{4}$/);
    assert.equal(request!.headers.authorization, SECRET);
    const dump = await f.database.general<{ text: string }[]>`
      SELECT t::text AS text FROM turns t UNION ALL SELECT u::text FROM utterances u UNION ALL
      SELECT o::text FROM owner_tools o UNION ALL SELECT x::text FROM outbox x`;
    const seen = [...dump.map(({ text }) => text), JSON.stringify(f.log)];
    seen.push(JSON.stringify(f.openai.requests));
    for (const text of seen) assert.ok(!text.includes(SECRET));
    await assertSound(f);
  });

  test('a tool that points into our network is never asked; the call goes on', async (t) => {
    const web = await startWebServer(t, { secure: false });
    const f = await startTestFrontdesk(t);
    await addTool(f, { url: `http://127.0.0.1:${web.port}/{number}` });
    assert.match(await useTool(f, { number: '1' }), /^Error: This did not work/);
    assert.equal(web.connections, 0);
    await assertSound(f);
  });

  test('a tool that outlives the turn of a caller who interrupts is in the record of that turn', async (t) => {
    const asked = Promise.withResolvers<ServerResponse>();
    const web = await startWebServer(t, {
      secure: false,
      answer: (_request, response) => asked.resolve(response),
    });
    const origin = `http://127.0.0.1:${web.port}`;
    const f = await startTestFrontdesk(t, { env: { LOOPBACK_ORIGINS: origin } });
    await addTool(f, { url: `${origin}/orders`, timeoutMs: 5000 });
    f.says.push('where is my order', 'and where are you');
    f.openai.script(
      { text: '', calls: [{ name: 'order_status', arguments: {} }] },
      'We are on Elm Street.',
    );
    const call = f.call();
    await greeted(call);
    await call.say(f.voice('where is my order'));
    const response = await asked.promise;
    await call.say(f.voice('and where are you'));
    const interrupted = await eventually('a turn that was interrupted', async () => {
      const [turn] = await f.database.general<{ number: number; tools: unknown[] }[]>`
        SELECT number, tools FROM turns WHERE ending = 'interrupted'`;
      return turn;
    });
    assert.deepEqual(interrupted.tools, []);
    response.end('{"state":"sent"}');
    await call.reply(700, 60_000);
    call.hangUp();
    await finished(f, call);
    const [turn] = await f.database.general<{ tools: { name: string; result: string }[] }[]>`
      SELECT tools FROM turns WHERE number = ${interrupted.number}`;
    assert.deepEqual(
      turn!.tools.map(({ name, result }) => [name, JSON.parse(result)]),
      [['order_status', { answer: { state: 'sent' } }]],
    );
    await assertSound(f);
  });

  test('a number that a tool is to be given is read back first, and the server asked after a yes', async (t) => {
    const web = await startWebServer(t, {
      secure: false,
      answer: (_request, response) => response.end('{"state":"sent"}'),
    });
    const origin = `http://127.0.0.1:${web.port}`;
    const f = await startTestFrontdesk(t, { env: { LOOPBACK_ORIGINS: origin } });
    await addTool(f, {
      url: `${origin}/orders/{phone}`,
      parameters: { type: 'object', properties: { phone: { type: 'string' } } },
    });
    const uses: ScriptedAnswer = {
      text: '',
      calls: [{ name: 'order_status', arguments: { phone: '2125550123' } }],
    };
    f.openai.script(uses, uses, 'It is on its way.');
    const call = f.call();
    await greeted(call);
    await ask(f, call, 'my number is two one two five five five oh one two three');
    assert.equal(web.requests.length, 0);
    await ask(f, call, 'yes that is right');
    assert.deepEqual(
      web.requests.map(({ url }) => url),
      ['/orders/2125550123'],
    );
    call.hangUp();
    const record = await finished(f, call);
    const said = record.utterances.filter(({ role }) => role === 'assistant').slice(1);
    assert.deepEqual(
      said.map(({ content }) => content),
      ['I have 2125550123. Is that right?', 'It is on its way.'],
    );
    await assertSound(f);
  });

  test('a number that a tool of an MCP server is to be given is read back first, too', async (t) => {
    const shop = await startMcpServer(t);
    const f = await startTestFrontdesk(t, { env: { LOOPBACK_ORIGINS: shop.origin } });
    const [id, clientId] = [newId(0), f.client.id];
    await insertMcpServer(f.database.general, {
      id,
      clientId,
      name: 'shop',
      url: shop.url,
      isActive: true,
      allowed: null,
      headerNames: [],
      headersSealed: null,
    });
    const parameters = { type: 'object', properties: { phone: { type: 'string' } } };
    await saveOfferedTools(f.database.general, { id, clientId }, [
      { name: 'call_back', description: 'Has somebody call back', parameters },
    ]);
    const given = { phone: '2125550123' };
    const uses: ScriptedAnswer = {
      text: '',
      calls: [{ name: 'shop_call_back', arguments: given }],
    };
    f.openai.script(uses, uses, 'They will call you.');
    const call = f.call();
    await greeted(call);
    await ask(f, call, 'my number is two one two five five five oh one two three');
    assert.deepEqual(shop.uses, []);
    await ask(f, call, 'yes that is right');
    assert.deepEqual(shop.uses, [{ name: 'call_back', arguments: given }]);
    shop.answer = () => ({ isError: true, content: [{ type: 'text', text: 'nobody is on duty' }] });
    let read = '';
    f.openai.script(uses, ({ messages }) => {
      read = messages.at(-1)!.content ?? '';
      return 'Nobody is on duty.';
    });
    await ask(f, call, 'please have them call me');
    assert.deepEqual(JSON.parse(read), {
      error: 'The tool has failed.',
      answer: 'nobody is on duty',
    });
    call.hangUp();
    await finished(f, call);
    const rows = await f.database.general<{ tools: { name: string; failed: boolean }[] }[]>`
      SELECT tools FROM turns WHERE tools @> '[{"name": "shop_call_back"}]' ORDER BY number`;
    const ran = rows.flatMap(({ tools }) => tools.map(({ failed }) => failed));
    assert.deepEqual(ran.slice(-2), [false, true], 'the record says which one failed');
    await assertSound(f);
  });

  /** The caller says it, and hears the answer out. */
  async function ask(f: TestFrontdesk, call: Call, text: string): Promise<void> {
    f.says.push(text);
    await call.say(f.voice(text));
    await call.reply(700, 60_000);
    await call.quiet(700, 60_000);
  }
});
