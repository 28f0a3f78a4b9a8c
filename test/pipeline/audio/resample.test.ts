// What comes out of the resampler: as much as the rates say, in time, true to the tone, and nothing of what cannot be.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadResampler, resample } from '../../../src/pipeline/audio/resample.ts';
import { signalToNoise, tone } from '../../support/sounds.ts';

const rates: readonly [fromHz: number, toHz: number][] = [
  [8000, 16_000],
  [16_000, 8000],
  [24_000, 8000],
  [8000, 24_000],
  [44_100, 8000],
  [22_050, 16_000],
  [48_000, 8000],
];

for (const [fromHz, toHz] of rates) {
  test(`a second of ${fromHz} Hz is a second at ${toHz} Hz and the same tone at the same time`, async () => {
    const out = await resample(tone(1000, fromHz, 1000), fromHz, toHz);
    assert.equal(out.length, toHz);
    const middle = out.subarray(toHz / 10, -toHz / 10);
    const wanted = tone(1000, toHz, 1000).subarray(toHz / 10, -toHz / 10);
    assert.ok(signalToNoise(middle, wanted) > 70, 'noise lies 70 dB below the tone');
  });
}

test('frames one by one give the same samples as all at once', async () => {
  const samples = tone(440, 8000, 500);
  const open = await loadResampler();
  using resampler = open(8000, 16_000);
  const pieces: number[] = [];
  for (let at = 0; at < samples.length; at += 160) {
    pieces.push(...resampler.push(samples.subarray(at, at + 160)));
  }
  pieces.push(...resampler.end());
  assert.deepEqual(Int16Array.from(pieces), await resample(samples, 8000, 16_000));
});

test('a tone above what the new rate can carry is silenced, not folded down', async () => {
  const out = await resample(tone(6000, 16_000, 500), 16_000, 8000);
  const loudest = Math.max(...out.subarray(400, -400).map(Math.abs));
  assert.ok(loudest < 200, `${loudest} is left of 16,000`);
});

test('the same rate changes nothing', async () => {
  const samples = tone(440, 8000, 20);
  assert.deepEqual(await resample(samples, 8000, 8000), samples);
});

test('no samples give no samples', async () => {
  assert.equal((await resample(new Int16Array(0), 8000, 16_000)).length, 0);
});

test('a rate no line has is refused', async () => {
  const open = await loadResampler();
  for (const hz of [0, -8000, 8000.5, 1_000_000, Number.NaN]) {
    assert.throws(() => open(hz, 8000), { code: 'invalid' });
    assert.throws(() => open(8000, hz), { code: 'invalid' });
  }
});

test('many streams at once do not mix, and give back what they took', async () => {
  const open = await loadResampler();
  const alone = await resample(tone(300, 8000, 100), 8000, 16_000);
  for (let round = 0; round < 20; round += 1) {
    const all = Array.from({ length: 50 }, () => open(8000, 16_000));
    const samples = tone(300, 8000, 100);
    const outputs = all.map((resampler) => [...resampler.push(samples), ...resampler.end()]);
    for (const output of outputs) assert.deepEqual(Int16Array.from(output), alone);
    for (const resampler of all) resampler[Symbol.dispose]();
  }
});

test('a disposed stream takes nothing more', async () => {
  const open = await loadResampler();
  const resampler = open(8000, 16_000);
  resampler[Symbol.dispose]();
  resampler[Symbol.dispose]();
  assert.throws(() => resampler.push(tone(300, 8000, 20)), { code: 'internal' });
});
