// The shape of a recording: loud where its file is loud, on the right side, and nothing of a file that is none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peaksOf } from '../../src/dashboard/calls/peaks.ts';

/** Two channels of mu-law at 8 kHz, as the server gives them. */
function wav(frames: readonly (readonly [caller: number, receptionist: number])[]): ArrayBuffer {
  const data = Buffer.from(frames.flat());
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(7, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(16_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return new Uint8Array(Buffer.concat([head, data])).buffer;
}

const silence = 0xff;
const loud = 0x80;

test('each side is as loud as it is', () => {
  const half = (caller: number, receptionist: number) =>
    Array.from({ length: 4000 }, () => [caller, receptionist] as const);
  const peaks = peaksOf(wav([...half(loud, silence), ...half(silence, 0x00)]), 2);
  assert.deepEqual(peaks, { seconds: 1, caller: [1, 0], receptionist: [0, 1] });
});

test('a file of another kind has no shape', () => {
  const file = wav([[loud, loud]]);
  assert.ok(peaksOf(file, 10));
  new DataView(file).setUint16(20, 1, true);
  assert.equal(peaksOf(file, 10), undefined);
  assert.equal(peaksOf(new ArrayBuffer(0), 10), undefined);
  assert.equal(
    peaksOf(new TextEncoder().encode('<html>not a file of sound</html>').buffer, 10),
    undefined,
  );
  assert.equal(peaksOf(wav([]).slice(0, 30), 10), undefined);
});
