// Tools of a server that speaks the Model Context Protocol: listed, used, and never more than the owner allows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/lib/ids.ts';
import { listOffered, mcpTools } from '../../../src/reception/tools/mcp-client.ts';
import type { McpServer, OfferedTool } from '../../../src/store/clients/owner-tools.ts';
import { startMcpServer } from '../../support/servers/mcp-server.ts';
import type { McpStandIn } from '../../support/servers/mcp-server.ts';
import { ownToolParts, sealer, toolContext } from '../../support/own-tools.ts';

const { signal } = new AbortController();
const clientId = newId(0);
const tool = (name: string, more: object = {}) => ({
  name,
  description: `Does ${name}`,
  inputSchema: { type: 'object', properties: { a: { type: 'string' } } },
  ...more,
});

function server(standIn: McpStandIn, tools: readonly OfferedTool[] = []): McpServer {
  const at = new Date(0);
  return {
    id: newId(0),
    clientId,
    name: 'shop',
    url: standIn.url,
    headerNames: ['authorization'],
    headersSealed: sealer.seal(JSON.stringify({ authorization: 'Bearer secret' }), clientId),
    tools,
    toolsAt: at,
    allowed: null,
    isActive: true,
    createdAt: at,
    updatedAt: at,
  };
}

for (const json of [false, true]) {
  test(`tools are listed and used, ${json ? 'in one piece' : 'as a stream'}`, async (t) => {
    const standIn = await startMcpServer(t, { json });
    const parts = ownToolParts(standIn.origin);
    standIn.pages = [
      [tool('order.status')],
      [tool('cancel', { outputSchema: { type: 'object' } })],
    ];
    const offered = await listOffered(parts, server(standIn), signal);
    assert.deepEqual(
      offered.map(({ name }) => name),
      ['order.status', 'cancel'],
    );
    assert.equal(standIn.headers[0]!['authorization'], 'Bearer secret');
    const [status] = mcpTools(parts, server(standIn, offered));
    assert.equal(status!.name, 'shop_order_status');
    const result = await status!.run({ a: 'x' }, toolContext());
    assert.deepEqual(JSON.parse(result.text), { answer: 'order.status is done' });
    assert.equal(result.failed, false);
    await status!.run({ a: 'y' }, toolContext());
    assert.deepEqual(standIn.uses, [
      { name: 'order.status', arguments: { a: 'x' } },
      { name: 'order.status', arguments: { a: 'y' } },
    ]);
  });
}

test('an owner may allow a few of them', async (t) => {
  const standIn = await startMcpServer(t);
  const parts = ownToolParts(standIn.origin);
  standIn.pages = [[tool('one'), tool('two')]];
  const offered = await listOffered(parts, server(standIn), signal);
  const some = mcpTools(parts, { ...server(standIn, offered), allowed: ['two', 'three'] });
  assert.deepEqual(
    some.map(({ name }) => name),
    ['shop_two'],
  );
});

test('what a server offers is cut to what we can hold and understand', async (t) => {
  const standIn = await startMcpServer(t);
  const schema = { type: 'object', properties: { a: { type: 'string', pattern: '(a+)+$' } } };
  standIn.pages = Array.from({ length: 9 }, (_, page) =>
    Array.from({ length: 20 }, (_, index) => tool(`t${page}_${index}`, { inputSchema: schema })),
  );
  const offered = await listOffered(ownToolParts(standIn.origin), server(standIn), signal);
  assert.equal(offered.length, 50);
  assert.ok(!JSON.stringify(offered).includes('pattern'));
});

test('a tool that fails tells the model so; a server that is away is a failure', async (t) => {
  const standIn = await startMcpServer(t);
  const parts = ownToolParts(standIn.origin);
  standIn.pages = [[tool('one')]];
  const asked = server(standIn, await listOffered(parts, server(standIn), signal));
  standIn.answer = () => ({ isError: true, content: [{ type: 'text', text: 'no such order' }] });
  const [one] = mcpTools(parts, asked);
  const told = await one!.run({}, toolContext());
  assert.deepEqual(
    [JSON.parse(told.text), told.failed],
    [{ error: 'The tool has failed.', answer: 'no such order' }, true],
  );
  standIn.answer = () => {
    throw new Error('the secret reason');
  };
  await assert.rejects(one!.run({}, toolContext()), (error: Error) => {
    assert.doesNotMatch(error.message, /secret/);
    return (error as { code?: string }).code === 'vendor_failed';
  });
  const away = { ...asked, url: 'http://127.0.0.1:9/mcp' };
  await assert.rejects(listOffered(ownToolParts('http://127.0.0.1:9'), away, signal));
  await assert.rejects(listOffered(ownToolParts(), asked, signal), { code: 'invalid' });
});
