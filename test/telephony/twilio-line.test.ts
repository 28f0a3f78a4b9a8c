// A Twilio media stream keeps the contract of a line, over real sockets.

import assert from 'node:assert/strict';
import { transportContract } from '../pipeline/contract/transport.ts';
import { StreamPeer, startStreamServer } from './stream-peer.ts';

transportContract('twilio', async () => {
  const server = await startStreamServer();
  const { peer, line } = await StreamPeer.open(server);
  server.calls.onAgreed = () => peer.stop();
  let there = true;
  return {
    transport: line,
    caller: {
      heardMs: () => peer.carrier.heardMs,
      presses: (key) => peer.key(key),
      hangsUp() {
        there = false;
        peer.stop();
      },
      vanishes: () => (there = false),
    },
    pass: (ms, level) => peer.pass(ms, there ? level : 'nothing'),
    refuseTransfers: () => (server.calls.answer = 'refuses'),
    async close() {
      await server.close();
      await line.ended;
      assert.equal(server.clock.pending, 0, 'nothing is left on the clock');
    },
  };
});
