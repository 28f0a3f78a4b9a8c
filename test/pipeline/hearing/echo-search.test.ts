// Our voice is found in what comes back, and in nobody else's.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeMulaw, encodeMulaw } from '../../../src/pipeline/audio/mulaw.ts';
import { SlowSound, findEcho } from '../../../src/pipeline/hearing/echo-search.ts';
import type { Likeness } from '../../../src/pipeline/hearing/echo-search.ts';
import { frames, join, mix, noise, silence, vowels } from '../../support/sounds.ts';

const RATE = 8000;

function clip(name: string): Int16Array {
  const bytes = readFileSync(new URL(`../../../assets/clips/${name}.ulaw`, import.meta.url));
  return Int16Array.from(decodeMulaw(bytes));
}

/** The 200 ms of `line` until `endMs`, compared with 600 ms of `ours`. */
function compare(ours: Int16Array, line: Int16Array, endMs: number, rate = RATE): Likeness {
  const [slowOurs, slowLine] = [new SlowSound(rate, 800), new SlowSound(rate, 200)];
  for (const frame of frames(ours.subarray(0, (endMs * rate) / 1000), rate)) slowOurs.push(frame);
  for (const frame of frames(line.subarray(0, (endMs * rate) / 1000), rate)) slowLine.push(frame);
  return findEcho(slowLine.last(400), slowOurs, 0, 1200);
}

function echo(ours: Int16Array, delayMs: number, fainterDb: number): Int16Array {
  const gain = 10 ** (-fainterDb / 20);
  let low = 0;
  const back = join(silence(RATE, delayMs), ours).map((sample) => {
    low += 0.7 * (sample - low);
    return low * gain;
  });
  return Int16Array.from(decodeMulaw(encodeMulaw(mix(back, noise(RATE, back.length / 8, -66)))));
}

test('an echo through mu-law and a small loudspeaker is found, with its lag and loudness', () => {
  const ours = clip('leaveMessage');
  for (const [delayMs, fainterDb] of [
    [60, 12],
    [207, 20],
    [590, 26],
  ] as const) {
    for (const endMs of [900, 1500, 2200]) {
      const found = compare(ours, echo(ours, delayMs, fainterDb), endMs);
      assert.ok(found.like > 0.8, `${found.like}`);
      assert.ok(Math.abs(found.lag / 2 - delayMs) < 2, `${found.lag}`);
      assert.ok(Math.abs(found.fainterBy - fainterDb) < 2, `${found.fainterBy}`);
    }
  }
});

test('other words are not like ours, be they in the same made voice, which repeats itself', () => {
  const ours = clip('leaveMessage');
  const likes = ['goodbye', 'stillThere', 'apology', 'messageTaken'].flatMap((name) => {
    const words = clip(name).map((sample) => sample * 0.2);
    return [700, 800, 900, 1000, 1100].map((endMs) => compare(ours, words, endMs).like);
  });
  likes.sort((a, b) => a - b);
  assert.ok(likes[10]! < 0.45 && likes[17]! < 0.6, likes.join(' '));
  const others = vowels(RATE, 2000).map((sample) => sample * 0.2);
  assert.ok(compare(ours, others, 1500).like < 0.5);
});

test('what is louder than we were is no echo of it', () => {
  const ours = clip('leaveMessage');
  assert.ok(
    compare(
      ours.map((sample) => sample * 0.2),
      ours,
      1500,
    ).like < 0.6,
  );
});

test('of a part of the lags the best is found', () => {
  const ours = clip('leaveMessage');
  const line = echo(ours, 200, 12);
  const [slowOurs, slowLine] = [new SlowSound(RATE, 800), new SlowSound(RATE, 200)];
  for (const frame of frames(ours.subarray(0, 12_000), RATE)) slowOurs.push(frame);
  for (const frame of frames(line.subarray(0, 12_000), RATE)) slowLine.push(frame);
  const near = findEcho(slowLine.last(400), slowOurs, 380, 420);
  assert.ok(Math.abs(near.lag - 400) < 4 && near.like > 0.8, JSON.stringify(near));
  assert.ok(findEcho(slowLine.last(400), slowOurs, 0, 300).like < 0.6);
});

test('lines of other rates are slowed down to the same', () => {
  const slow = (rate: number) => {
    const sound = new SlowSound(rate, 200);
    const samples = Int16Array.from(
      { length: rate / 2 },
      (_, i) => 8000 * Math.sin((2 * Math.PI * 300 * i) / rate),
    );
    let power = 0;
    for (const frame of frames(samples, rate)) power = sound.push(frame);
    return { last: sound.last(400), power };
  };
  const expected = slow(8000);
  assert.ok(Math.abs(Math.sqrt(expected.power) - 8000 / Math.SQRT2) < 200);
  for (const rate of [16_000, 24_000, 48_000]) {
    const { last, power } = slow(rate);
    assert.ok(Math.abs(power / expected.power - 1) < 0.05);
    const off = last.reduce(
      (most, each, i) => Math.max(most, Math.abs(each - expected.last[i]!)),
      0,
    );
    assert.ok(off < 1000, `${rate}: ${off}`);
  }
});

test('what has been forgotten is silence', () => {
  const sound = new SlowSound(RATE, 200);
  for (const frame of frames(clip('goodbye'), RATE)) sound.push(frame);
  sound.clear();
  assert.ok(sound.last(400).every((each) => each === 0));
});
