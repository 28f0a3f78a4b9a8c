// Our own voice come back, and callers who are not it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeMulaw, encodeMulaw } from '../../../src/pipeline/audio/mulaw.ts';
import { EchoGuard } from '../../../src/pipeline/hearing/echo-guard.ts';
import type { Heard } from '../../../src/pipeline/hearing/echo-guard.ts';
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
/** Louder than the noise of these lines. */
const SOUND = 150;

/** Speech of another voice than ours, higher, with words and pauses of uneven length and loudness. */
function callerSpeech(ms: number, seed: number, gain = 1): Int16Array {
  const random = randomNumbers(seed);
  const parts: Int16Array[] = [];
  let length = 0;
  while (length < ms * 8) {
    const size = gain * (0.5 + 0.5 * random());
    const word = vowels(RATE / 1.3, 150 + 400 * random()).map((sample) => sample * size);
    const pause = silence(RATE, 40 + 100 * random());
    parts.push(word, pause);
    length += word.length + pause.length;
  }
  return join(...parts).subarray(0, ms * 8);
}

/** Sentences of our stored speech. */
function ours(ms: number): Int16Array {
  const names = ['leaveMessage', 'apology', 'wrapUp', 'givingUp'];
  const clips = names.map((name) => {
    const file = new URL(`../../../assets/clips/${name}.ulaw`, import.meta.url);
    return Int16Array.from(decodeMulaw(readFileSync(file)));
  });
  return join(...clips).subarray(0, ms * 8);
}

function echoOf(sound: Int16Array, delayMs: number, fainterDb: number): Int16Array {
  const gain = 10 ** (-fainterDb / 20);
  const back = join(silence(RATE, delayMs), sound).subarray(0, sound.length);
  return back.map((sample) => sample * gain);
}

/** As a telephone line carries it, with some noise. */
function line(sound: Int16Array, noiseDb = -65): Int16Array {
  const mixed = mix(sound, noise(RATE, sound.length / 8, noiseDb));
  return Int16Array.from(decodeMulaw(encodeMulaw(mixed)));
}

function isSound(frame: Int16Array): boolean {
  return frame.some((sample) => Math.abs(sample) > SOUND);
}

/** What the guard says of each frame while `sound` is played and `comes` comes in. `heardMs`: of the line. */
function judge(
  guard: EchoGuard,
  sound: Int16Array,
  comes: Int16Array,
  heardMs = (index: number) => (index + 1) * 20,
): Heard[] {
  guard.onPlay(sound);
  return frames(comes, RATE).map((frame, index) =>
    guard.judge(frame, heardMs(index), isSound(frame)),
  );
}

/** Of the frames with sound in them, from `fromMs` on, the share that is judged so. */
function share(answers: readonly Heard[], sound: Int16Array, heard: Heard, fromMs = 0): number {
  const these = frames(sound, RATE).flatMap((frame, index) =>
    isSound(frame) && index * 20 >= fromMs ? [answers[index]!] : [],
  );
  return these.filter((each) => each === heard).length / these.length;
}

for (const delayMs of [60, 207, 460, 590]) {
  for (const fainterDb of [8, 16, 26]) {
    test(`an echo ${delayMs} ms later and ${fainterDb} dB fainter is never taken for a caller, and known at once`, () => {
      const guard = new EchoGuard(RATE);
      const back = line(echoOf(ours(8000), delayMs, fainterDb));
      const answers = judge(guard, ours(8000), back);
      assert.equal(guard.coupled, true);
      assert.ok(share(answers, back, 'not-ours') < 0.01);
      assert.ok(share(answers, back, 'ours', delayMs + 500) > 0.99);
      const known = answers.indexOf('ours') - answers.indexOf('unsure');
      assert.ok(known > 0 && known <= 14, `${known} frames`);
    });
  }
}

test('a caller on a clean line is nobody’s echo, however faint, from our first word on', () => {
  for (const fainterDb of [0, 10, 20]) {
    for (const atMs of [300, 1500, 5000]) {
      for (let seed = 1; seed <= 4; seed += 1) {
        const caller = callerSpeech(1500, seed, 10 ** (-fainterDb / 20));
        const comes = line(join(silence(RATE, atMs), caller));
        const guard = new EchoGuard(RATE);
        const answers = judge(guard, ours(atMs + 1500), comes);
        const first = answers.findIndex((_, index) => index * 20 >= atMs + 40);
        const heard = answers.indexOf('not-ours', first) - first;
        assert.ok(heard <= 9, `${fainterDb} dB at ${atMs} ms: after ${heard} frames`);
        assert.equal(share(answers, comes, 'ours'), 0);
        assert.equal(guard.coupled, false);
      }
    }
  }
});

test('a caller who speaks over the echo is heard, and nothing of the echo before', () => {
  for (const atMs of [1200, 6000]) {
    const caller = join(silence(RATE, atMs), callerSpeech(2000, 9));
    const back = echoOf(ours(8000), 200, 24).subarray(0, caller.length);
    const comes = line(mix(back, caller));
    const answers = judge(new EchoGuard(RATE), ours(8000), comes);
    assert.ok(share(answers.slice(0, atMs / 20), comes.subarray(0, atMs * 8), 'not-ours') < 0.01);
    const words = frames(caller, RATE).map((frame) => frame.some((sample) => sample > 4000));
    const lost = answers.filter((heard, index) => words[index] && heard !== 'not-ours');
    assert.ok(lost.length < 0.1 * words.filter(Boolean).length, `${lost.length}`);
  }
});

test('an echo under the noise of an office is known all the same', () => {
  const back = echoOf(ours(8000), 120, 14);
  const comes = line(back, -46);
  const guard = new EchoGuard(RATE);
  guard.onPlay(ours(8000));
  const answers = frames(comes, RATE).map((frame, index) =>
    guard.judge(frame, (index + 1) * 20, isSound(frames(back, RATE)[index]!)),
  );
  assert.ok(share(answers, back, 'not-ours') < 0.02, `${share(answers, back, 'not-ours')}`);
});

test('a line that says how far it is late, early and by steps loses nobody', () => {
  const random = randomNumbers(5);
  // Until its first mark comes back it takes what it has sent for heard.
  const heardMs = (index: number) =>
    Math.max(0, (index + 1) * 20 - (index < 15 ? 0 : 70) + 30 * random());
  const back = line(echoOf(ours(8000), 260, 14));
  const answers = judge(new EchoGuard(RATE), ours(8000), back, heardMs);
  assert.ok(share(answers, back, 'not-ours') < 0.01);
});

test('who has listened to our first second is believed at once, and an echo that begins then is found', () => {
  const guard = new EchoGuard(RATE);
  const caller = line(join(silence(RATE, 1400), callerSpeech(1000, 4, 0.1)));
  const answers = judge(guard, ours(2400), caller);
  assert.deepEqual(new Set(answers), new Set(['not-ours']));

  const laid = new EchoGuard(RATE);
  const back = echoOf(ours(8000), 150, 14).fill(0, 0, 4000 * 8);
  const heard = judge(laid, ours(8000), line(back));
  assert.ok(heard.indexOf('ours') < 4000 / 20 + 15, `${heard.indexOf('ours')}`);
  assert.ok(share(heard, back, 'ours', 4400) > 0.98);
});

test('who speaks already when we begin goes on to be heard', () => {
  const guard = new EchoGuard(RATE);
  const caller = line(callerSpeech(2000, 4, 0.1));
  guard.onPlay(ours(1000));
  const answers = frames(caller, RATE).map((frame, index) =>
    guard.judge(frame, Math.max(0, (index - 49) * 20), isSound(frame)),
  );
  assert.deepEqual(new Set(answers.slice(0, 70)), new Set(['not-ours']));
});

test('an echo that is gone is forgotten: who has put the telephone to the ear is heard, however faint', () => {
  const back = echoOf(ours(16_000), 200, 14).subarray(0, 4000 * 8);
  const caller = callerSpeech(3000, 9, 0.1);
  const guard = new EchoGuard(RATE);
  const comes = line(join(back, silence(RATE, 400), caller));
  const answers = judge(guard, ours(16_000), comes);
  assert.equal(answers[150], 'ours');
  assert.equal(guard.coupled, false);
  assert.ok(share(answers, comes, 'not-ours', 6400) > 0.95);
});

test('what was dropped was never played, and what a line adds to our last frame is not ours', () => {
  const guard = new EchoGuard(RATE);
  guard.onPlay(ours(4000));
  guard.onClear(0);
  const odd = ours(2005);
  const first = judge(guard, odd, line(echoOf(odd, 200, 14)));
  assert.equal(first.at(-20), 'ours');
  const { length } = first;
  const quiet = noise(RATE, 20, -65);
  for (let i = 0; i < 60; i += 1) guard.judge(quiet, 2020, false);
  const back = line(echoOf(ours(4000), 200, 14));
  const again = judge(guard, ours(4000), back, (index) => 2020 + (index + 1) * 20);
  assert.ok(length > 90 && share(again, back, 'ours') > 0.99, `${share(again, back, 'ours')}`);
});

test('words are ours only on a line that echoes, and only those we say', () => {
  const guard = new EchoGuard(RATE);
  assert.equal(guard.isOurs('at nine', 'We open at nine.'), false);
  judge(guard, ours(3000), line(echoOf(ours(3000), 200, 14)));
  assert.equal(guard.isOurs('open at nine', 'We open at nine.'), true);
  assert.equal(guard.isOurs('wait', 'We open at nine.'), false);
  assert.equal(guard.isOurs('', 'We open at nine.'), false);
});

test('an even tone of ours is no reason to doubt the caller', () => {
  const comes = line(callerSpeech(6000, 9, 0.3));
  const answers = judge(new EchoGuard(RATE), tone(440, RATE, 6000), comes);
  assert.equal(share(answers, comes, 'ours'), 0);
});

test('while we are silent everything is somebody’s, and nothing is compared', () => {
  const guard = new EchoGuard(RATE);
  const caller = line(callerSpeech(1000, 3));
  const answers = frames(caller, RATE).map((frame) => guard.judge(frame, 0, true));
  assert.deepEqual(new Set(answers), new Set(['not-ours']));
  assert.equal(guard.wary, false);
});
