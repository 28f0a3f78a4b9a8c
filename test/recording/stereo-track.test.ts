// Two sides of a call as one track: placed by what was heard, and still together after an hour.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMulaw } from '../../src/pipeline/audio/mulaw.ts';
import { StereoTrack } from '../../src/recording/stereo-track.ts';

const RATE = 8000;
const FRAME = 160;

/** Loud enough to be told from silence, and from each other. */
const tone = (level: number, samples = FRAME) => new Int16Array(samples).fill(level);

/** Levels of both sides of a frame, to the thousand: the code is coarse. */
function levels(stereo: Uint8Array): { caller: number; ours: number[] } {
  const samples = decodeMulaw(stereo);
  const near = (value: number) => Math.round(value / 1000) * 1000;
  const ours = Array.from({ length: samples.length / 2 }, (_, i) => near(samples[2 * i + 1]!));
  return { caller: near(samples[0]!), ours };
}

const all = (level: number) => Array.from({ length: FRAME }, () => level);

test('the caller is left, we are right, when it was heard', () => {
  const track = new StereoTrack(RATE);
  track.push(tone(8000, 3 * FRAME));
  const sides = [0, 20, 40, 60, 60, 60].map((heardMs, n) =>
    levels(track.frame(tone(1000 * n), heardMs)),
  );
  assert.deepEqual(
    sides.map(({ caller }) => caller / 1000),
    [0, 1, 2, 3, 4, 5],
  );
  // 40 ms are waited for, so that no late clock tears a hole.
  assert.deepEqual(
    sides.map(({ ours }) => ours),
    [all(0), all(0), all(8000), all(8000), all(8000), all(0)],
  );
});

test('a clock that ticks unevenly tears no hole into our words', () => {
  const track = new StereoTrack(RATE);
  track.push(tone(8000, 50 * FRAME));
  const frames = [0, 31, 33, 68, 70, 112, 118, 131, 163, 175].map((heardMs) =>
    levels(track.frame(tone(0), heardMs)),
  );
  const sounding = frames.map(({ ours }) => ours.filter((level) => level === 8000).length);
  assert.deepEqual(
    sounding,
    [0, 0, 0, 160, 160, 160, 160, 160, 160, 160].map((n, i) => (i === 3 ? 160 : n)),
  );
});

test('what was cleared was never said', () => {
  const track = new StereoTrack(RATE);
  track.push(tone(8000, 10 * FRAME));
  for (const heardMs of [0, 20, 40]) track.frame(tone(0), heardMs);
  track.clear(50);
  track.push(tone(4000, 10 * FRAME));
  const after = [50, 70, 90, 110, 130].flatMap(
    (heardMs) => levels(track.frame(tone(0), heardMs)).ours,
  );
  const heard = (level: number) => after.filter((each) => each === level).length / (RATE / 1000);
  assert.equal(heard(8000), 30, 'of the first what had been heard');
  assert.ok(heard(4000) > 0 && heard(8000) + heard(4000) <= 100);
});

test('what was not to be recorded is not in it', () => {
  const track = new StereoTrack(RATE);
  track.push(tone(8000, 5 * FRAME));
  track.push(tone(4000, 5 * FRAME));
  for (let heardMs = 0; heardMs <= 100; heardMs += 20) track.skip(heardMs);
  const after = [120, 140, 160, 180, 200, 200].flatMap(
    (heardMs) => levels(track.frame(tone(0), heardMs)).ours,
  );
  assert.equal(after.filter((level) => level === 8000).length, 0);
  assert.equal(after.filter((level) => level === 4000).length, 5 * FRAME);
});

test('after an hour of turns, padding and late ticks the sides are as close as in the first minute', () => {
  const track = new StereoTrack(RATE);
  let seed = 7;
  const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  let given = 0;
  let padded = 0;
  let worstMs = 0;
  let before = 0;
  for (let frame = 0; frame < 180_000; frame += 1) {
    // Every 5 s we speak for some 2 s; the line pads to whole frames.
    if (frame % 250 === 0) {
      before = given + padded;
      const samples = 16_000 + Math.floor(random() * 159);
      track.push(tone(8000, samples));
      given += samples;
      padded += (FRAME - ((given + padded) % FRAME)) % FRAME;
    }
    const heard = Math.min(given + padded, before + (frame % 250) * FRAME);
    const late = random() < 0.3 ? Math.floor(random() * 20) * 8 : 0;
    const { ours } = levels(track.frame(tone(0), Math.max(0, heard - late) / 8));
    if (frame % 250 >= 5 && frame % 250 < 95) {
      const silent = ours.filter((level) => level === 0).length / 8;
      worstMs = Math.max(worstMs, silent);
    }
    if (frame % 250 > 130) assert.deepEqual(ours, all(0), `at frame ${frame} we were long quiet`);
  }
  assert.ok(worstMs <= 20, `${worstMs} ms were torn out`);
});
