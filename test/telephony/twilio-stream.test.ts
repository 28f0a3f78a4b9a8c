// The door of a media stream over real sockets: admission, disorder, floods, attacks, and every way out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { Tick } from '../../src/lib/clock.ts';
import type { AdmitVerdict } from '../../src/telephony/twilio-stream.ts';
import type { StreamStart } from '../../src/telephony/twilio-messages.ts';
import { VirtualClock } from '../support/clock.ts';
import { until } from '../support/until.ts';
import { StreamPeer, callSid, serve, streamSid } from './stream-peer.ts';

function media(payload: string, from: object = {}): object {
  return {
    event: 'media',
    sequenceNumber: '3',
    streamSid,
    media: { track: 'inbound', chunk: '1', timestamp: '5', payload },
    ...from,
  };
}

test('a start is admitted once, with what it carries', async (t) => {
  const seen: StreamStart[] = [];
  const server = await serve(t, {
    admit(start) {
      seen.push(start);
      return Promise.resolve({ admitted: true });
    },
  });
  const peer = await StreamPeer.connect(server);
  for (let n = 0; n < 5; n += 1) peer.start({ token: `t${n}` });
  const line = await server.accepted[0]!;
  await peer.settle();
  assert.ok(line);
  assert.equal(seen.length, 1);
  assert.equal(seen[0]?.customParameters.get('token'), 't0');
  assert.equal(seen[0]?.callSid, callSid);
  assert.equal(line.counts.duplicateStarts, 4);
  await peer.pass(200);
  assert.equal(peer.closeCode, undefined, 'the call goes on');
});

test('without a start the socket is closed after five seconds', async (t) => {
  const server = await serve(t);
  const peer = await StreamPeer.connect(server);
  await server.clock.advance(4999);
  assert.equal(peer.closeCode, undefined);
  await server.clock.advance(1);
  assert.equal(await peer.closed(), 1008);
  assert.equal(await server.accepted[0], undefined);
});

test('what comes before the start is ignored', async (t) => {
  const server = await serve(t);
  const peer = await StreamPeer.connect(server);
  peer.frame(8000);
  peer.key('5');
  peer.send({ event: 'mark', streamSid, mark: { name: '0:1' } });
  peer.start();
  const line = await server.accepted[0]!;
  await peer.settle();
  assert.equal(line?.counts.beforeStart, 3);
  assert.equal(line?.counts.frames.frames, 0);
});

test('one token, sixteen sockets at once: one line', async (t) => {
  const tokens = new Set(['only']);
  const admit = async ({ customParameters }: StreamStart): Promise<AdmitVerdict> => {
    const mine = tokens.delete(customParameters.get('token') ?? '');
    return mine ? { admitted: true } : { admitted: false, reason: 'token is used' };
  };
  const server = await serve(t, { admit });
  const peers = await Promise.all(Array.from({ length: 16 }, () => StreamPeer.connect(server)));
  for (const peer of peers) peer.start({ token: 'only' });
  await until('all are decided', () => server.accepted.length === 16);
  const lines = await Promise.all(server.accepted);
  assert.equal(lines.filter(Boolean).length, 1);
  await until('15 are closed', () => peers.filter((p) => p.closeCode === 1008).length === 15);
});

test('refused, or not decided for a fault: the peer learns only that it is over', async (t) => {
  const refusing = await serve(t, {
    admit: () => Promise.resolve({ admitted: false, reason: 'token expired' }),
  });
  const peer = await StreamPeer.connect(refusing);
  peer.start();
  assert.equal(await peer.closed(), 1008);
  assert.equal(await refusing.accepted[0], undefined);

  const failing = await serve(t, { admit: () => Promise.reject(new Error('no database')) });
  const other = await StreamPeer.connect(failing);
  other.start();
  assert.equal(await other.closed(), 1011);
  assert.equal(await failing.accepted[0], undefined);
});

test('while admission is decided two seconds of the caller wait', async (t) => {
  const decided = Promise.withResolvers<AdmitVerdict>();
  const server = await serve(t, { admit: () => decided.promise });
  const peer = await StreamPeer.connect(server);
  peer.start();
  await peer.settle();
  await peer.pass(1000, 7000);
  decided.resolve({ admitted: true });
  const line = await server.accepted[0]!;
  assert.ok(line);
  assert.ok(line.connectedMs() >= 1000, 'connected since the start arrived');
  peer.stop();
  let loud = 0;
  for await (const frame of line.incoming) if (Math.abs(frame[0]!) > 6000) loud += 1;
  assert.equal(loud, 50);
});

test('a line that ends while it is admitted is still handed over, to be settled', async (t) => {
  const decided = Promise.withResolvers<AdmitVerdict>();
  const server = await serve(t, { admit: () => decided.promise });
  const peer = await StreamPeer.connect(server);
  peer.start();
  await peer.settle();
  await peer.pass(300);
  peer.stop();
  await peer.closed();
  await server.clock.advance(5000);
  decided.resolve({ admitted: true });
  const line = await server.accepted[0]!;
  assert.equal(await line?.ended, 'caller');
  assert.ok(Math.abs(line!.connectedMs() - 300) <= 40);
});

test('another account, another stream', async (t) => {
  const server = await serve(t);
  const stranger = await StreamPeer.connect(server);
  stranger.start({ accountSid: 'ACother' });
  assert.equal(await stranger.closed(), 1008);
  assert.equal(await server.accepted[0], undefined);

  for (const message of [
    media('//8=', { streamSid: 'MZother' }),
    { event: 'dtmf', sequenceNumber: '9', streamSid: 'MZother', dtmf: { digit: '1' } },
    { event: 'stop', streamSid: 'MZother' },
  ]) {
    const { peer, line } = await StreamPeer.open(server);
    await peer.pass(100);
    peer.send(message);
    assert.equal(await peer.closed(), 1008);
    assert.equal(await line.ended, 'protocol');
  }
});

test('the socket dies at twelve seconds: connected until the last frame', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  await peer.pass(12_000);
  await server.clock.advance(700);
  peer.socket.terminate();
  assert.equal(await line.ended, 'lost');
  assert.equal(line.connectedMs(), 12_000);
});

test('the socket goes silent: noticed after ten seconds, connected until the last frame', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  await peer.pass(12_000);
  await peer.pass(9800, 'nothing');
  assert.equal(line.connectedMs(), 12_000, 'never beyond the last frame');
  assert.equal(
    await Promise.race([line.ended, Promise.resolve('still believed')]),
    'still believed',
  );
  await peer.pass(400, 'nothing');
  assert.equal(await line.ended, 'lost');
  assert.equal(line.connectedMs(), 12_000);
});

test('our own process stood still for longer: the line is not dead, what came meanwhile is unread', async (t) => {
  // Nothing ticks but what is ticked here.
  const server = await serve(t, { tick: new Tick(new VirtualClock(), 20) });
  const { peer, line } = await StreamPeer.open(server);
  await server.clock.advance(11_000);
  line.tick(server.clock.elapsed());
  assert.ok(!line.over);
  peer.frame();
  await peer.settle();
  assert.equal(line.connectedMs(), 11_000);
});

test('the carrier says that it is over, and its socket lingers: connected until it said so', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  await peer.pass(500);
  peer.socket.pause();
  peer.send({ event: 'stop', sequenceNumber: '90', streamSid, stop: {} });
  assert.equal(await line.ended, 'caller');
  await server.clock.advance(1500);
  peer.socket.resume();
  await peer.closed();
  await until('our end is closed', () => server.sockets[0]!.readyState === WebSocket.CLOSED);
  assert.equal(line.connectedMs(), 500);
});

test('a goodbye without stop is the caller hanging up', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  await peer.pass(500);
  peer.socket.close(1000);
  assert.equal(await line.ended, 'caller');
});

test('bad messages are dropped and counted, the call goes on; twenty are too many', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  for (const bad of [
    'not json',
    '{"event":"media"',
    '[]',
    media(''),
    media('****'),
    media('A'.repeat(40_000)),
    media('//8=', { media: { track: 'inbound', chunk: 1, timestamp: 5, payload: '//8=' } }),
    { event: 'dtmf', sequenceNumber: '4', streamSid, dtmf: { digit: 'Z' } },
  ]) {
    peer.send(bad);
  }
  await peer.pass(500, 5000);
  assert.deepEqual(line.counts.rejected, {
    'not-json': 2,
    'not-an-object': 1,
    'empty-payload': 1,
    'bad-base64': 1,
    'payload-too-long': 1,
    'bad-field': 1,
    'bad-digit': 1,
  });
  assert.equal(line.counts.frames.frames, 25);
  for (let n = 0; n < 11; n += 1) peer.send('{');
  await peer.pass(20);
  assert.equal(peer.closeCode, undefined);
  peer.send('{');
  assert.equal(await peer.closed(), 1008);
  assert.equal(await line.ended, 'protocol');
});

test('events that are new to us are counted and harmless', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  for (let n = 0; n < 30; n += 1) peer.send({ event: 'weather', streamSid });
  await peer.pass(20);
  assert.equal(line.counts.unknown, 30);
  assert.equal(peer.closeCode, undefined);
});

test('shuffled and repeated media sound as if they had not been', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  const numbers = Array.from({ length: 45 }, (_, i) => i + 1);
  const order = numbers.toSorted(
    (a, b) => Math.floor((a - 1) / 3) - Math.floor((b - 1) / 3) || b - a,
  );
  for (const n of order) {
    const payload = Buffer.alloc(160, n).toString('base64');
    const chunk = { track: 'inbound', chunk: String(n), timestamp: String(n * 20), payload };
    peer.send(media(payload, { media: chunk }));
    if (n % 10 === 0) peer.send(media(payload, { media: chunk }));
    await server.clock.advance(20);
    await peer.settle();
  }
  peer.stop();
  const heard: number[] = [];
  for await (const frame of line.incoming) heard.push(frame[0]!);
  assert.deepEqual(
    heard,
    heard.toSorted((a, b) => a - b),
    'in order: louder codes come first',
  );
  assert.equal(heard.length, 45);
  assert.equal(line.counts.frames.filled, 0);
  assert.ok(Math.abs(line.connectedMs() - 900) <= 20, 'by our clock, not by theirs');
});

test('media at ten times the speed, or twenty thousand marks, close the door', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  for (let ms = 0; ms < 2000 && peer.closeCode === undefined; ms += 20) {
    await server.clock.advance(20);
    for (let n = 0; n < 10; n += 1) peer.frame();
    await peer.settle();
  }
  assert.equal(await peer.closed(), 1008);
  assert.equal(await line.ended, 'protocol');
  assert.ok(line.counts.messages < 700, `${line.counts.messages} were read`);

  const other = await StreamPeer.open(server);
  for (let n = 0; n < 20_000; n += 1) {
    other.peer.send({ event: 'mark', streamSid, mark: { name: `0:${n}` } });
  }
  assert.equal(await other.peer.closed(), 1008);
  assert.ok(other.line.counts.messages <= 402);
  assert.equal(other.line.counts.marksReturned, 0);
});

test('an honest burst after a stall of the network is taken', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  await peer.pass(1000);
  await server.clock.advance(3000);
  for (let n = 0; n < 150; n += 1) peer.frame(6000);
  await peer.settle();
  await peer.pass(1000);
  assert.equal(peer.closeCode, undefined);
  assert.ok(line.counts.frames.frames >= 200);
});

test('keys: repeats are dropped, ten a second are read, sixty-four wait', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  peer.key('1', '500');
  peer.key('1', '500');
  peer.key('1', '501');
  await peer.settle();
  assert.equal(line.counts.keysDropped, 1);
  await peer.pass(1000);
  for (let n = 0; n < 100; n += 1) peer.key('7', String(600 + n));
  await peer.settle();
  assert.equal(line.counts.keysDropped, 1 + 90);
  for (let n = 0; n < 80; n += 1) {
    await peer.pass(100);
    peer.key('8', String(1000 + n));
  }
  await peer.pass(20);
  peer.stop();
  const keys: string[] = [];
  for await (const key of line.keys) keys.push(key);
  assert.equal(keys.length, 64);
});

test('a caller who never reads is given up, and little is kept for them', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  const { signal } = new AbortController();
  const minute = new Int16Array(8000 * 60).fill(5000);
  void line.play(minute, signal);
  await peer.pass(2000);
  const ours = server.sockets[0]!;
  peer.socket.pause();
  let most = 0;
  for (let ms = 0; ms < 20_000; ms += 20) {
    await server.clock.advance(20);
    peer.frame();
    most = Math.max(most, ours.bufferedAmount);
    if (ours.readyState !== ours.OPEN) break;
  }
  assert.equal(await line.ended, 'lost');
  assert.ok(most < 100_000, `${most} bytes were kept`);
  assert.ok(line.heardMs() <= 3000, 'nobody heard what came after');
  peer.socket.resume();
});

test('a caller who neither reads nor ever returned a mark is given up too', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  peer.carrier.mark = () => {};
  const { signal } = new AbortController();
  const ours = server.sockets[0]!;
  peer.socket.pause();
  let most = 0;
  const talk = (async () => {
    const piece = new Int16Array(8000).fill(5000);
    while (ours.readyState === ours.OPEN) await line.play(piece, signal);
  })();
  for (let n = 0; n < 60_000 && ours.readyState === ours.OPEN; n += 1) {
    await server.clock.advance(100);
    for (let i = 0; i < 5; i += 1) peer.frame();
    most = Math.max(most, ours.bufferedAmount);
  }
  assert.equal(await line.ended, 'lost');
  assert.ok(most < 200_000, `${most} bytes were kept`);
  peer.socket.resume();
  void talk;
});
