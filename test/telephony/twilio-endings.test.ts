// Every way in which we let go of a line, or hand it over, over real sockets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamPeer, callSid, serve } from './stream-peer.ts';

test('hanging up tells the carrier first, then closes', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  await peer.pass(500);
  await line.hangUp();
  assert.deepEqual(server.calls.asked, [`complete ${callSid}`]);
  assert.equal(peer.closeCode, undefined, 'the carrier ends the stream itself');
  await peer.pass(1900);
  assert.equal(peer.closeCode, undefined);
  await peer.pass(200);
  assert.equal(await peer.closed(), 1000);
  assert.equal(await line.ended, 'hung-up');
});

test('the stop that follows our hang-up is ours', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  server.calls.onAgreed = () => peer.stop();
  await peer.pass(500);
  await line.hangUp();
  assert.equal(await line.ended, 'hung-up');
  assert.ok(Math.abs(line.connectedMs() - 500) <= 20);
});

test('a carrier that refuses or is silent is hung up on by closing', async (t) => {
  for (const [answer, afterMs] of [
    ['refuses', 0],
    ['is silent', 3000],
  ] as const) {
    const server = await serve(t);
    const { peer, line } = await StreamPeer.open(server);
    server.calls.answer = answer;
    const hungUp = line.hangUp();
    await peer.pass(afterMs);
    await hungUp;
    assert.equal(await peer.closed(), 1000);
    assert.equal(await line.ended, 'hung-up');
  }
});

test('a transferred call is not ended by our letting go', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  await line.transfer({ phoneNumber: '+15550199' });
  await line.hangUp();
  await peer.pass(2100);
  assert.equal(await line.ended, 'transferred');
  assert.deepEqual(server.calls.asked, [`update ${callSid} <Dial>+15550199</Dial>`]);
  assert.equal(await peer.closed(), 1000);
});

test('a call that is handed over is not ended by our letting go', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  await line.handOver();
  await line.hangUp();
  await peer.pass(2100);
  assert.equal(await line.ended, 'handed-over');
  assert.deepEqual(server.calls.asked, [`update ${callSid} <Redirect/>`]);
  await assert.rejects(line.handOver(), { code: 'conflict' });
});

test('a transfer that the carrier refuses is a failure, and the call can still be ended', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  server.calls.answer = 'refuses';
  await assert.rejects(line.transfer({ phoneNumber: '+15550199' }), { code: 'vendor_failed' });
  assert.equal(peer.closeCode, undefined);
  server.calls.answer = 'agrees';
  await line.hangUp();
  await peer.pass(2100);
  assert.equal(await line.ended, 'hung-up');
});

test('a line cannot be handed over twice, nor when it is over', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  await line.transfer({ phoneNumber: '+15550199' });
  await assert.rejects(line.transfer({ phoneNumber: '+15550199' }), { code: 'conflict' });
  peer.stop();
  await line.ended;
  await assert.rejects(line.transfer({ phoneNumber: '+15550199' }), { code: 'conflict' });
});

test('superseded by a newer stream: closed, and the call is left alone', async (t) => {
  const server = await serve(t);
  const { peer, line } = await StreamPeer.open(server);
  await peer.pass(300);
  line.supersede();
  assert.equal(await line.ended, 'superseded');
  assert.equal(await peer.closed(), 1000);
  await line.hangUp();
  assert.deepEqual(server.calls.asked, []);
});
