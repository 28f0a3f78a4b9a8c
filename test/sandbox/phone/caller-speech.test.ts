// What callers of the phone say, fainter and over noise: the sound changes, where it begins and ends does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encodeSpeech,
  fainter,
  noise,
  tone,
  withNoise,
} from '../../../sandbox/phone/caller-speech.ts';
import type { CallerSpeech } from '../../../sandbox/phone/caller-speech.ts';
import { decodeMulaw } from '../../../sandbox/phone/g711.ts';

/** Root mean square of a frame, in steps of 16-bit audio. */
function level({ frames }: CallerSpeech, index: number): number {
  const samples = decodeMulaw(Buffer.from(frames[index]!, 'base64'));
  let squares = 0;
  for (const sample of samples) squares += sample ** 2;
  return Math.sqrt(squares / samples.length);
}

const said = encodeSpeech(
  Int16Array.from([...new Int16Array(320), ...tone(60), ...new Int16Array(320)]),
  'hello',
);

test('a faint caller says the same at the same time', () => {
  const faint = fainter(said, 40);
  assert.deepEqual(
    [faint.text, faint.frames.length, faint.firstVoiced, faint.lastVoiced],
    ['hello', 7, 2, 4],
  );
  assert.ok(Math.abs(level(said, 3) / level(faint, 3) / 100 - 1) < 0.2);
  assert.equal(level(faint, 0), 0);
});

test('noise is under all of it', () => {
  const noisy = withNoise(said, noise(20, 100));
  assert.deepEqual([noisy.firstVoiced, noisy.lastVoiced], [2, 4]);
  assert.ok(level(noisy, 0) > 50 && level(noisy, 6) > 50);
});
