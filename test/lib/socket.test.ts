// The WebSocket client: how it opens, ends, waits and gives up, on real sockets.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { AppError } from '../../src/lib/errors.ts';
import { openSocket } from '../../src/lib/socket.ts';
import type { SocketOptions } from '../../src/lib/socket.ts';
import { VirtualClock } from '../support/clock.ts';
import { startSocketServer } from '../support/servers/socket-server.ts';
import type { SocketServer } from '../support/servers/socket-server.ts';
import { until } from '../support/until.ts';

let server: SocketServer;
let stop: AbortController;

beforeEach(async () => {
  server = await startSocketServer(() => {});
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort(new Error('the test is over'));
  await server.close();
});

test('text and bytes, in order, both ways', async () => {
  using socket = await open();
  const [peer] = server.sockets;
  const received: unknown[] = [];
  peer?.on('message', (message: Buffer, isBinary) => {
    received.push(isBinary ? [...message] : message.toString());
  });
  assert.ok(socket.send('hello'));
  assert.ok(socket.send(Uint8Array.of(1, 2, 3)));
  await until('both have come', () => received.length === 2);
  assert.deepEqual(received, ['hello', [1, 2, 3]]);

  peer?.send('grüezi');
  peer?.send(Buffer.from([4, 5]));
  peer?.close(1000);
  const messages: unknown[] = [];
  for await (const each of socket.messages) {
    messages.push(typeof each === 'string' ? each : [...each]);
  }
  assert.deepEqual(messages, ['grüezi', [4, 5]]);
  assert.equal(socket.open, false);
  assert.equal(socket.send('too late'), false);
});

test('headers are sent, compression is not offered', async () => {
  using _socket = await open({ headers: { 'x-key': 'secret' } });
  const [request] = server.requests;
  assert.equal(request?.headers['x-key'], 'secret');
  assert.equal(request.headers['sec-websocket-extensions'], undefined);
});

test('a close with a code is a failure that names it', async () => {
  using socket = await open();
  for (const peer of server.sockets) peer.close(1011, 'NET-0001');
  await assert.rejects(read(socket.messages), failed('vendor: closed with 1011 NET-0001'));
});

test('whatever the other side says, the key is not told', async () => {
  using socket = await open({ key: 'sk-secret' });
  for (const peer of server.sockets) peer.close(1008, 'bad key sk-secret');
  await assert.rejects(read(socket.messages), failed('vendor: closed with 1008 bad key [key]'));
});

test('a cut is a failure', async () => {
  using socket = await open();
  server.cut();
  await assert.rejects(read(socket.messages), failed('vendor: closed with 1006'));
});

test('a refusal says why', async () => {
  server.refuse = 429;
  const options = { refusalHeader: 'dg-error', headers: { 'x-key': 'secret' } };
  await assert.rejects(open(options), failed('vendor: refused with 429 no such thing'));
});

test('not open in time', async () => {
  const mute = createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const clock = new VirtualClock();
  const url = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
  const opening = open({ url, clock });
  opening.catch(() => {});
  await clock.advance(3000);
  await assert.rejects(opening, failed('vendor: not open after 3000 ms'));
  assert.equal(clock.pending, 0);
  await new Promise((resolve) => mute.close(resolve));
});

test('the signal ends it with its reason, while it opens and when it is open', async () => {
  const reason = new Error('the call is over');
  const opening = open();
  stop.abort(reason);
  await assert.rejects(opening, reason);
  await assert.rejects(open(), reason);

  stop = new AbortController();
  const socket = await open();
  const reading = read(socket.messages);
  stop.abort(reason);
  await assert.rejects(reading, reason);
  await until('the other side knows', () => server.sockets.size === 0);
});

test('disposing it ends the reader and closes with 1000', async () => {
  const socket = await open();
  let code = 0;
  for (const peer of server.sockets) peer.on('close', (each) => (code = each));
  const reading = read(socket.messages);
  socket[Symbol.dispose]();
  assert.deepEqual(await reading, []);
  await until('the other side knows', () => code === 1000);
});

test('a message over 1 MB ends it', async () => {
  using socket = await open();
  for (const peer of server.sockets) peer.send('x'.repeat(1024 * 1024 + 1));
  await assert.rejects(read(socket.messages), /vendor: closed with 1006 Max payload size exceeded/);
});

test('a reader that takes its time slows the other side down, and loses nothing', async () => {
  using socket = await open();
  const [peer] = server.sockets;
  const count = 20_000;
  const filler = 'x'.repeat(1000);
  for (let i = 0; i < count; i += 1) peer?.send(`${i} ${filler}`);
  // 20 MB do not fit into what the network keeps.
  for (let turn = 0; turn < 2000; turn += 1) await new Promise(setImmediate);
  assert.ok((peer?.bufferedAmount ?? 0) > 1_000_000);
  let next = 0;
  for await (const message of socket.messages) {
    assert.equal(Number.parseInt(String(message), 10), next);
    next += 1;
    if (next === count) break;
  }
  assert.equal(next, count);
});

test('it refuses to send when too much waits to be sent', async () => {
  using socket = await open();
  for (const peer of server.sockets) peer.pause();
  const bytes = new Uint8Array(64 * 1024);
  let sent = 0;
  while (sent < 1000 && socket.send(bytes)) sent += 1;
  assert.ok(sent > 0 && sent < 1000);
  for (const peer of server.sockets) peer.resume();
});

function open(options: Partial<SocketOptions> = {}) {
  return openSocket({
    url: server.url,
    headers: {},
    name: 'vendor',
    key: '',
    clock: systemClock,
    signal: stop.signal,
    ...options,
  });
}

async function read(messages: AsyncIterable<string | Uint8Array>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const message of messages) all.push(message);
  return all;
}

function failed(message: string) {
  return (error: unknown) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'vendor_failed');
    assert.equal(error.message, message);
    return true;
  };
}
