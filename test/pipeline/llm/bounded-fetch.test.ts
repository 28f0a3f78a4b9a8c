// Answers without end, also where they are packed small: they fail, and do not fill the memory.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { boundedFetch } from '../../../src/pipeline/llm/bounded-fetch.ts';
import { listen } from '../../support/servers/socket-server.ts';

async function answering(
  t: { after(act: () => void): void },
  status: number,
  body: Buffer,
): Promise<Response> {
  const headers = { 'content-encoding': 'gzip' };
  const http = createServer((_request, response) => {
    response.writeHead(status, headers).end(gzipSync(body));
  });
  t.after(() => void http.close());
  t.after(() => http.closeAllConnections());
  return boundedFetch(await listen(http));
}

test('lines are passed on, one of more than a megabyte is not', async (t) => {
  const lines = Buffer.from('data: x\n'.repeat(400_000));
  assert.equal((await (await answering(t, 200, lines)).arrayBuffer()).byteLength, lines.length);
  const long = Buffer.from(`data: ${'x'.repeat(15_000)}\n`.repeat(400));
  assert.equal((await (await answering(t, 200, long)).arrayBuffer()).byteLength, long.length);
  const line = await answering(t, 200, Buffer.alloc(64 * 1024 * 1024, 'x'));
  await assert.rejects(line.text(), /a line without end/);
});

test('of a refusal there is no more than its beginning', async (t) => {
  const refused = await answering(t, 400, Buffer.alloc(64 * 1024 * 1024, 'no '));
  assert.equal(refused.status, 400);
  assert.equal((await refused.text()).length, 64 * 1024);
});

test('a refusal that never ends is not waited for', async (t) => {
  const http = createServer((_request, response) => {
    response.writeHead(500).write(Buffer.alloc(100 * 1024, 'no '));
  });
  t.after(() => void http.close());
  t.after(() => http.closeAllConnections());
  const refused = await boundedFetch(await listen(http), { signal: AbortSignal.timeout(20_000) });
  assert.equal((await refused.text()).length, 64 * 1024);
});
