// Noise taken out of speech, as a stream.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quietLog } from '../../../src/lib/log.ts';
import { openNoiseSuppressor } from '../../../src/pipeline/audio/noise-suppressor.ts';
import { frames, join, noise, vowels } from '../../support/sounds.ts';
import { until } from '../../support/until.ts';

const RATE = 8000;
const hiss = noise(RATE, 6000, -40);

const power = (samples: Int16Array) =>
  10 * Math.log10(samples.reduce((sum, each) => sum + each ** 2, 1) / samples.length);

async function loaded(log = quietLog) {
  const suppressor = openNoiseSuppressor(RATE, log);
  const frame = frames(hiss, RATE)[0]!;
  await until('the model is loaded', () => suppressor.push(frame) !== frame);
  return suppressor;
}

test('until it is loaded audio goes by as it is', () => {
  using suppressor = openNoiseSuppressor(RATE, quietLog);
  const frame = frames(hiss, RATE)[0]!;
  assert.equal(suppressor.push(frame), frame);
});

test('hiss becomes quiet, frame for frame', async () => {
  using suppressor = await loaded();
  const cleaned = frames(hiss, RATE).map((frame) => suppressor.push(frame));
  assert.ok(cleaned.every((frame) => frame.length === 160));
  const tail = join(...cleaned.slice(150));
  assert.ok(power(tail) < power(hiss) - 15, `${power(tail)} of ${power(hiss)}`);
});

test('a voice stays, and two calls do not mix', async () => {
  using one = await loaded();
  using other = await loaded();
  const voice = vowels(RATE, 4000);
  const cleaned: Int16Array[] = [];
  for (const [index, frame] of frames(voice, RATE).entries()) {
    cleaned.push(one.push(frame));
    other.push(frames(hiss, RATE)[index]!);
  }
  const tail = join(...cleaned.slice(100));
  assert.ok(power(tail) > power(voice.subarray(16_000)) - 6, `${power(tail)} of ${power(voice)}`);
});
