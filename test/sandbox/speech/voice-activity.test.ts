// Where the stand-ins hear speech begin: not in the noise of a line, and in speech over it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noise, tone } from '../../../sandbox/phone/caller-speech.ts';
import { VoiceActivity } from '../../../sandbox/speech/voice-activity.ts';

function startsIn(...parts: readonly Int16Array[]): number[] {
  const starts: number[] = [];
  const activity = new VoiceActivity(8000, {
    started: (atMs) => starts.push(atMs),
    went() {},
    quiet() {},
  });
  for (const part of parts) activity.push(part);
  return starts;
}

test('a noisy line is quiet from its first frame', () => {
  assert.deepEqual(startsIn(noise(2000, 300)), []);
});

test('what is said over noise begins where it begins, with a little before', () => {
  const [start, ...more] = startsIn(noise(1000, 300), tone(400));
  assert.deepEqual(more, []);
  assert.ok(start !== undefined && start >= 700 && start <= 1000, `${start}`);
});

test('a caller who speaks at once is heard', () => {
  assert.equal(startsIn(tone(400)).length, 1);
});
