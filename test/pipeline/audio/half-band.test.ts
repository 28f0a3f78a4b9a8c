// Twice the rate and back: as many samples as promised, the telephone's band kept, what lies beyond it gone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Doubler, Halver } from '../../../src/pipeline/audio/half-band.ts';

function sine(hz: number, sampleRate: number): Int16Array {
  return Int16Array.from({ length: sampleRate }, (_, n) =>
    Math.round(8000 * Math.sin((2 * Math.PI * hz * n) / sampleRate)),
  );
}

/** Of the part in which the filter has settled, against the sine that went in. */
function decibels(samples: Int16Array): number {
  const settled = samples.subarray(1000);
  const sum = settled.reduce((total, sample) => total + sample * sample, 0);
  return 20 * Math.log10(Math.sqrt(sum / settled.length) / (8000 / Math.SQRT2));
}

test('in pieces of any length, two for one and one for two', () => {
  const doubler = new Doubler();
  const halver = new Halver();
  const whole = sine(440, 8000);
  const doubled = new Doubler().push(whole);
  const halved = new Halver().push(doubled);
  const pieces: number[] = [];
  const back: number[] = [];
  for (let at = 0; at < whole.length; at += 160) {
    pieces.push(...doubler.push(whole.subarray(at, at + 160)));
  }
  for (let at = 0; at < doubled.length; at += 333) {
    back.push(...halver.push(doubled.subarray(at, at + 333)));
  }
  assert.deepEqual(pieces, [...doubled]);
  assert.deepEqual(back, [...halved]);
  assert.deepEqual([pieces.length, back.length], [16_000, 8000]);
});

test('keeps what a telephone carries and takes away what would fold into it', () => {
  for (const hz of [300, 1000, 3000, 3400]) {
    assert.ok(Math.abs(decibels(new Doubler().push(sine(hz, 8000)))) < 0.1, `${hz} Hz up`);
    assert.ok(Math.abs(decibels(new Halver().push(sine(hz, 16_000)))) < 0.1, `${hz} Hz down`);
  }
  for (const hz of [4600, 6000, 7500]) {
    assert.ok(decibels(new Halver().push(sine(hz, 16_000))) < -60, `${hz} Hz down`);
  }
});

test('clips instead of turning over', () => {
  const square = Int16Array.from({ length: 400 }, (_, n) => (n % 40 < 20 ? 32_767 : -32_768));
  const doubled = new Doubler().push(square);
  for (let n = 2 * 60; n < doubled.length; n += 1) {
    assert.ok(Math.abs(doubled[n]! - doubled[n - 1]!) < 60_000, `no jump at ${n}`);
  }
});
