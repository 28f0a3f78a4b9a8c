// Bytes that no WebSocket library sends: each ends its own line with the code for it, and no other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../support/until.ts';
import { clientFrame, openRawSocket } from './raw-socket.ts';
import { StreamPeer, callSid, serve, streamSid } from './stream-peer.ts';

const start = JSON.stringify({
  event: 'start',
  sequenceNumber: '1',
  streamSid,
  start: {
    streamSid,
    callSid,
    accountSid: 'AC0123456789abcdef0123456789abcdef',
    tracks: ['inbound'],
    mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
    customParameters: {},
  },
});

const corpus: readonly [what: string, bytes: readonly Buffer[], codes: readonly number[]][] = [
  ['a binary frame', [clientFrame(2, Buffer.alloc(160))], [1003]],
  ['an unmasked frame', [clientFrame(1, '{}', { masked: false })], [1002]],
  ['reserved bit 1', [clientFrame(1, '{}', { reserved: 4 })], [1002]],
  ['reserved bits 2 and 3', [clientFrame(1, '{}', { reserved: 3 })], [1002]],
  ['a reserved opcode', [clientFrame(3, '{}')], [1002]],
  ['a continuation of nothing', [clientFrame(0, '{}')], [1002]],
  ['a ping in parts', [clientFrame(9, 'x', { final: false })], [1002]],
  ['a ping of 126 bytes', [clientFrame(9, Buffer.alloc(126))], [1002]],
  ['a close of one byte', [clientFrame(8, 'x')], [1002]],
  ['bad UTF-8', [clientFrame(1, Buffer.from([0xc3, 0x28]))], [1007]],
  ['a surrogate in UTF-8', [clientFrame(1, Buffer.from([0xed, 0xa0, 0x80]))], [1007]],
  ['a megabyte', [clientFrame(1, Buffer.alloc(1_000_000, 0x20))], [1009]],
  ['100 MB declared', [clientFrame(1, '', { declaredBytes: 100_000_000 })], [1009]],
  ['2^53 bytes declared', [clientFrame(1, '', { declaredBytes: 2 ** 53 })], [1009]],
  [
    'ten thousand fragments',
    [
      clientFrame(1, ' ', { final: false }),
      ...Array.from({ length: 10_000 }, () => clientFrame(0, ' ', { final: false })),
    ],
    [1008, 1009],
  ],
  [
    'fragments that grow too long',
    [
      clientFrame(1, ' ', { final: false }),
      clientFrame(0, Buffer.alloc(60_000, 0x20), { final: false }),
      clientFrame(0, Buffer.alloc(60_000, 0x20)),
    ],
    [1009],
  ],
  ['a thousand pings', Array.from({ length: 1000 }, () => clientFrame(9, 'x')), [1008]],
];

for (const [what, frames, codes] of corpus) {
  for (const started of [false, true]) {
    test(`raw ${started ? 'after' : 'before'} the start: ${what}`, async (t) => {
      const server = await serve(t);
      const raw = await openRawSocket(server.port);
      if (started) {
        raw.write(clientFrame(1, start));
        await until('it is admitted', () => server.accepted.length === 1);
        await server.accepted[0];
      }
      const before = process.memoryUsage().rss;
      raw.write(Buffer.concat(frames));
      const code = await raw.closeCode();
      assert.ok(codes.includes(code), `closed with ${code}`);
      assert.ok(raw.count(10) <= 41, `${raw.count(10)} pongs`);
      assert.ok(process.memoryUsage().rss - before < 50_000_000);
      const line = await server.accepted[0];
      assert.equal(await line?.ended, started ? 'protocol' : undefined);
      assert.equal(line?.counts.frames.frames ?? 0, 0, 'no audio came of it');
      // The next caller is served as ever.
      const { peer } = await StreamPeer.open(server);
      await peer.pass(100);
      assert.equal(peer.closeCode, undefined);
    });
  }
}
