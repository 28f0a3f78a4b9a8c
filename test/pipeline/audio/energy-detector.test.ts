// Loudness over a following floor: what it takes for voice, what it does not, and how soon.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnergyDetector } from '../../../src/pipeline/audio/energy-detector.ts';
import { frames, join, mix, noise, silence, tone, vowels } from '../../support/sounds.ts';

/** Whether each 20 ms frame was voiced. */
function judge(samples: Int16Array, sampleRate = 8000): boolean[] {
  const detector = new EnergyDetector(sampleRate);
  return frames(samples, sampleRate).map((frame) => {
    detector.push(frame);
    return detector.voiced;
  });
}

test('silence, comfort noise and a noisy line are not voice', () => {
  for (const decibels of [-90, -60, -50, -40]) {
    const voiced = judge(noise(8000, 10_000, decibels)).slice(200);
    assert.ok(!voiced.includes(true), `noise at ${decibels} dB`);
  }
  assert.ok(!judge(silence(8000, 1000)).includes(true));
});

test('voice is heard within 60 ms and over within 200 ms', () => {
  for (const sampleRate of [8000, 16_000]) {
    const voiced = judge(
      join(silence(sampleRate, 1000), vowels(sampleRate, 1000), silence(sampleRate, 1000)),
      sampleRate,
    );
    assert.equal(voiced.indexOf(true) >= 50 && voiced.indexOf(true) <= 53, true);
    assert.ok(voiced.slice(54, 98).every(Boolean), 'without a hole');
    assert.ok(
      voiced.slice(110).every((each) => !each),
      'and then it is over',
    );
  }
});

test('voice over a noisy line is heard when it is louder than the noise', () => {
  const line = noise(8000, 6000, -45);
  const voiced = judge(
    mix(line, join(silence(8000, 4000), vowels(8000, 1000), silence(8000, 1000))),
  );
  assert.ok(!voiced.slice(150, 199).includes(true));
  assert.ok(voiced.slice(204, 248).every(Boolean));
  assert.ok(!voiced.slice(262).includes(true));
});

test('a click is not voice', () => {
  const click = tone(1000, 8000, 15);
  assert.ok(!judge(join(silence(8000, 500), click, silence(8000, 500))).includes(true));
});

test('a long sentence does not become the floor', () => {
  const voiced = judge(join(silence(8000, 500), vowels(8000, 15_000)));
  assert.ok(voiced.slice(30).every(Boolean));
});

test('direct current on the line is silence', () => {
  assert.ok(!judge(silence(8000, 2000).fill(3000)).includes(true));
});

test('the probability is high in voice and low in silence', () => {
  const detector = new EnergyDetector(8000);
  for (const frame of frames(silence(8000, 500), 8000)) detector.push(frame);
  assert.ok(detector.probability < 0.1);
  for (const frame of frames(vowels(8000, 100), 8000)) detector.push(frame);
  assert.ok(detector.probability > 0.9);
  detector.push(new Int16Array(0));
  assert.ok(detector.voiced, 'an empty frame changes nothing');
});

test('what fades is faint before it is quiet, and a faint speaker is not faint to begin with', () => {
  const detector = new EnergyDetector(8000);
  const hear = (samples: Int16Array) => {
    for (const frame of frames(samples, 8000)) detector.push(frame);
    return [detector.faintMs, detector.quietMs];
  };
  const at = (decibels: number, ms: number) => scaled(vowels(8000, ms), decibels);
  hear(silence(8000, 500));
  assert.deepEqual(hear(at(0, 400)), [0, 0]);
  assert.deepEqual(hear(at(-28, 60)), [60, 0]);
  assert.deepEqual(hear(silence(8000, 80)), [140, 80]);
  assert.deepEqual(hear(at(-28, 120)), [0, 0], 'a stretch of its own');
});

function scaled(samples: Int16Array, decibels: number): Int16Array {
  const gain = 10 ** (decibels / 20);
  return samples.map((sample) => Math.round(sample * gain));
}
