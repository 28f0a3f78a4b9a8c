// The door of calls from browsers: who breaks the rules learns why and is closed, what is odd is told.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { AppError } from '../../src/lib/errors.ts';
import { until } from '../support/until.ts';
import { BrowserPeer } from './browser-peer.ts';
import { settleBrowser, startBrowserServer } from './browser-server.ts';

test('a socket that breaks the rules is closed, with the reason', async (t) => {
  const cases: [string, (peer: BrowserPeer) => void, number, RegExp][] = [
    ['audio a second and more', (peer) => peer.socket.send(Buffer.alloc(40_000)), 1008, /second/],
    ['20 that are no JSON', (peer) => times(20, () => peer.socket.send('{')), 1008, /JSON/],
    ['too many', (peer) => times(500, () => peer.send({ type: 'key', key: '1' })), 1008, /many/],
    ['beyond the limit', (peer) => peer.socket.send('x'.repeat(70_000)), 1009, /^$/],
  ];
  for (const [name, act, code, reason] of cases) {
    const server = await startBrowserServer();
    t.after(() => server.close());
    const peer = new BrowserPeer(server.url);
    await peer.start();
    await peer.message('started');
    const { line } = (await server.accepted[0])!;
    act(peer);
    assert.equal(await peer.closed(), code, name);
    assert.equal(await line.ended, 'protocol', name);
    const told = peer.told.filter(({ type }) => type === 'error').at(-1);
    assert.match((told?.['detail'] ?? '') as string, reason, name);
  }
});

test('what is odd is told, and the call goes on', async (t) => {
  const server = await startBrowserServer();
  t.after(() => server.close());
  const peer = new BrowserPeer(server.url);
  await peer.start();
  await peer.message('started');
  peer.socket.send(Buffer.alloc(3));
  peer.send({ type: 'start', sample_rate: 8000 });
  peer.send({ type: 'mark', name: 'never sent' });
  peer.send({ type: 'hello' });
  await settleBrowser(server, peer);
  const told = peer.told.filter(({ type }) => type === 'error').map(({ detail }) => detail);
  assert.deepEqual(told, [
    'Audio has two bytes a sample.',
    'The call has started already.',
    'type: start, mark, key or stop is expected.',
  ]);
  assert.equal(peer.closeCode, undefined);
});

test('a socket that does not start, or is not let in, learns why and is closed', async (t) => {
  const late = await startBrowserServer();
  t.after(() => late.close());
  const silent = new BrowserPeer(late.url);
  await once(silent.socket, 'open');
  await until('the server has it', () => late.sockets.length > 0);
  await late.clock.advance(5000);
  assert.equal(await silent.closed(), 4401);

  const broke = await startBrowserServer({
    admit: () => Promise.reject(new AppError('out_of_balance', 'no credit')),
  });
  t.after(() => broke.close());
  const peer = new BrowserPeer(broke.url);
  await peer.start();
  assert.equal(await peer.closed(), 4402);
  assert.equal((await peer.message('error'))?.['code'], 'out_of_balance');
  assert.equal(await broke.accepted[0], undefined);
});

test('a connection that breaks is lost, one that closes has left', async (t) => {
  for (const [act, end] of [
    [(peer: BrowserPeer) => peer.socket.terminate(), 'lost'],
    [(peer: BrowserPeer) => peer.socket.close(1001), 'caller'],
  ] as const) {
    const server = await startBrowserServer();
    t.after(() => server.close());
    const peer = new BrowserPeer(server.url);
    await peer.start();
    await peer.message('started');
    act(peer);
    assert.equal(await (await server.accepted[0])!.line.ended, end);
  }
});

function times(count: number, act: () => void): void {
  for (let n = 0; n < count; n += 1) act();
}
