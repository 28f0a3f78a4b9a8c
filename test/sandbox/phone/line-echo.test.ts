// What the earpiece has played comes back: so much later, so much fainter, over what the caller says, and only what was played.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SILENT_FRAME } from '../../../sandbox/phone/caller-speech.ts';
import { Earpiece } from '../../../sandbox/phone/earpiece.ts';
import { decodeMulaw, encodeMulaw } from '../../../sandbox/phone/g711.ts';
import { LineEcho } from '../../../sandbox/phone/line-echo.ts';

const frame = (level: number) => encodeMulaw(new Int16Array(160).fill(level));
const coded = (level: number) => Buffer.from(frame(level)).toString('base64');

/** The level of the frame that begins at `atMs`, or of its first and last sample where they differ. */
function levels(echo: LineEcho, atMs: number, own = SILENT_FRAME, step = 100): number[] {
  const samples = decodeMulaw(Buffer.from(echo.mix(own, atMs), 'base64'));
  return [...new Set([samples[0]!, samples.at(-1)!])].map(
    (level) => Math.round(level / step) * step,
  );
}

function playing(delayMs: number, fainterDb: number) {
  const earpiece = new Earpiece({ keepAudio: true });
  const echo = new LineEcho(earpiece, { delayMs, fainterDb });
  return { earpiece, echo };
}

test('it comes back later and fainter, also between two frames', () => {
  const { earpiece, echo } = playing(100, 20);
  earpiece.push(frame(8000), 1000);
  earpiece.push(frame(16_000), 1000);
  assert.deepEqual(
    [1060, 1100, 1120, 1140].map((ms) => levels(echo, ms)),
    [[0], [800], [1600], [0]],
  );
  assert.deepEqual(levels(echo, 1110), [800, 1600]);
  assert.deepEqual(levels(echo, 1090), [0, 800]);
});

test('it lies over the words of the caller', () => {
  const { earpiece, echo } = playing(40, 6);
  earpiece.push(frame(8000), 0);
  assert.deepEqual(levels(echo, 40, coded(4000), 1000), [8000]);
  assert.equal(echo.mix(coded(4000), 200), coded(4000));
});

test('what was cleared before it was played does not come back', () => {
  const { earpiece, echo } = playing(40, 0);
  earpiece.push(new Uint8Array([...frame(8000), ...frame(8000)]), 0);
  earpiece.clear(20);
  assert.deepEqual(
    [40, 60].map((ms) => levels(echo, ms, SILENT_FRAME, 1000)),
    [[8000], [0]],
  );
});
