// Our own voice come back, and callers who are not it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeMulaw } from '../../../src/pipeline/audio/mulaw.ts';
import { EchoGuard } from '../../../src/pipeline/hearing/echo-guard.ts';
import {
  frames,
  join,
  mix,
  noise,
  randomNumbers,
  silence,
  tone,
  vowels,
} from '../../support/sounds.ts';

const RATE = 8000;

/** Speech with words and pauses of uneven length and loudness. */
function speech(ms: number, seed: number): Int16Array {
  const random = randomNumbers(seed);
  const parts: Int16Array[] = [];
  let length = 0;
  while (length < ms * 8) {
    const gain = 0.3 + 0.7 * random();
    const word = vowels(RATE, 120 + 300 * random()).map((sample) => sample * gain);
    const pause = silence(RATE, 40 + 150 * random());
    parts.push(word, pause);
    length += word.length + pause.length;
  }
  return join(...parts).subarray(0, ms * 8);
}

/** What the guard says of each frame while `ours` is played and `line` comes in. */
function judge(guard: EchoGuard, ours: Int16Array, line: Int16Array): boolean[] {
  guard.onPlay(ours);
  return frames(line, RATE).map((frame, index) => guard.isEcho(frame, (index + 1) * 20));
}

function echoOf(ours: Int16Array, delayMs: number, gain: number): Int16Array {
  const back = join(silence(RATE, delayMs), ours).subarray(0, ours.length);
  return mix(
    back.map((sample) => sample * gain),
    noise(RATE, ours.length / 8, -65),
  );
}

/** Of the frames from `from` on that are loud enough to be taken for voice. */
function loudShare(answers: readonly boolean[], line: Int16Array, from: number): number {
  const loud = frames(line, RATE).map((frame) => frame.some((sample) => Math.abs(sample) > 200));
  return share(answers.filter((_, index) => index >= from && loud[index]));
}

const share = (answers: readonly boolean[]) => answers.filter(Boolean).length / answers.length;

for (const delayMs of [60, 200, 460]) {
  test(`an echo after ${delayMs} ms is suspected at once, and known after some seconds`, () => {
    const ours = speech(8000, 3);
    const guard = new EchoGuard(RATE);
    const line = echoOf(ours, delayMs, 0.1);
    const answers = judge(guard, ours, line);
    assert.equal(guard.coupled, true);
    assert.ok(loudShare(answers, line, 200) > 0.97, `${loudShare(answers, line, 200)}`);
    assert.ok(loudShare(answers, line, 0) > 0.97, `${loudShare(answers, line, 0)}`);
  });
}

test('a caller who speaks over the echo is heard', () => {
  const ours = speech(8000, 3);
  const caller = join(silence(RATE, 6000), speech(2000, 9));
  const answers = judge(new EchoGuard(RATE), ours, mix(echoOf(ours, 200, 0.05), caller));
  const loud = frames(caller, RATE).map((frame) => frame.some((sample) => sample > 1500));
  const wrong = answers.filter((echo, index) => echo && loud[index]);
  assert.ok(wrong.length < 0.1 * loud.filter(Boolean).length, `${wrong.length}`);
});

test('a caller on a clean line is nobody’s echo, whenever they speak', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const guard = new EchoGuard(RATE);
    const caller = speech(12_000, 200 + seed);
    const answers = judge(guard, speech(12_000, 100 + seed), caller);
    // Before a line is known, only what is much fainter than we are is doubted.
    assert.equal(share(answers.slice(200)), 0, `${seed}`);
    const levels = frames(caller, RATE).map((frame) => Math.max(...frame.map(Math.abs)));
    const loud = answers.filter((_, index) => levels[index]! > 6000);
    assert.ok(share(loud) < 0.02, `${seed}: ${share(loud)}`);
    assert.equal(guard.coupled, false);
  }
});

test('who listens to our first second is heard from then on, however faint; an echo is none the less suspected', () => {
  const clip = readFileSync(new URL('../../../assets/clips/leaveMessage.ulaw', import.meta.url));
  const ours = Int16Array.from(decodeMulaw(clip)).subarray(0, 3000 * 8);
  const caller = speech(1200, 9).map((sample) => sample * 0.15);
  const line = mix(join(silence(RATE, 1800), caller), noise(RATE, 3000, -58));
  const heard = judge(new EchoGuard(RATE), ours, line);
  assert.deepEqual(new Set(heard.slice(90)), new Set([false]));

  for (const gain of [0.25, 0.1, 0.04]) {
    for (const delayMs of [60, 207, 590]) {
      const guard = new EchoGuard(RATE);
      const back = echoOf(ours, delayMs, gain);
      const answers = judge(guard, ours, back);
      assert.ok(loudShare(answers, back, 0) > 0.97, `${gain} ${delayMs}`);
    }
  }
});

test('words are ours only on a line that echoes, and only those we say', () => {
  const ours = speech(8000, 3);
  const guard = new EchoGuard(RATE);
  assert.equal(guard.isOurs('at nine', 'We open at nine.'), false);
  judge(guard, ours, echoOf(ours, 200, 0.1));
  assert.equal(guard.isOurs('open at nine', 'We open at nine.'), true);
  assert.equal(guard.isOurs('wait', 'We open at nine.'), false);
  assert.equal(guard.isOurs('', 'We open at nine.'), false);
});

test('what was dropped was never played: after an interruption the times still fit', () => {
  const guard = new EchoGuard(RATE);
  const dropped = speech(4000, 5);
  const ours = speech(8000, 3);
  guard.onPlay(dropped);
  guard.onClear(0);
  const line = echoOf(ours, 200, 0.1);
  const answers = judge(guard, ours, line);
  assert.ok(loudShare(answers, line, 200) > 0.97);
});

test('an even tone of ours is no reason to doubt the caller', () => {
  const ours = tone(440, RATE, 12_000);
  const caller = speech(12_000, 9);
  assert.equal(share(judge(new EchoGuard(RATE), ours, caller).slice(200)), 0);
});
