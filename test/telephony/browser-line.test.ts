// A browser's call keeps the contract of a line at both rates, over real sockets in virtual time.

import assert from 'node:assert/strict';
import { AppError } from '../../src/lib/errors.ts';
import { transportContract } from '../pipeline/contract/transport.ts';
import { BrowserPeer } from './browser-peer.ts';
import { settleBrowser, startBrowserServer } from './browser-server.ts';

for (const sampleRate of [8000, 16_000] as const) {
  transportContract(`browser at ${sampleRate} Hz`, async () => {
    let refused = false;
    const server = await startBrowserServer({
      async transfer() {
        if (refused) throw new AppError('vendor_failed', 'no telephone here');
      },
    });
    const peer = new BrowserPeer(server.url, { sampleRate });
    await peer.start();
    await peer.message('started');
    const call = await server.accepted[0]!;
    assert.ok(call);
    let there = true;
    const { line } = call;
    return {
      transport: line,
      caller: {
        heardMs: () => peer.speaker.heardMs,
        presses: (key) => peer.send({ type: 'key', key }),
        hangsUp() {
          there = false;
          peer.send({ type: 'stop' });
        },
        vanishes: () => (there = false),
      },
      async pass(ms, level) {
        for (let passed = 0; passed < ms; passed += 20) {
          await server.clock.advance(20);
          peer.speaker.play(20);
          if (there) peer.audio(new Int16Array(160).fill(level));
          await settleBrowser(server, peer);
        }
      },
      refuseTransfers: () => (refused = true),
      async close() {
        await server.close();
        await line.ended;
        assert.equal(server.clock.pending, 0, 'nothing is left on the clock');
      },
    };
  });
}
