// Tests of the sandbox's voices: rates, lengths, word times, no silence to wait for.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openSpeaker, speak } from '../../../sandbox/speech/speaking.ts';
import type { Voice } from '../../../sandbox/speech/speaking.ts';

const speaker = openSpeaker({ workers: 2 });
after(() => speaker.close());

for (const voice of ['kal', 'slt', 'rms', 'awb'] satisfies Voice[]) {
  test(`${voice} speaks at both rates with the same times`, async () => {
    const text = 'Hello, I would like to book an appointment on Tuesday at 2:30.';
    const [low, high] = await Promise.all([
      speaker.speak(text, { voice, sampleRate: 8000 }),
      speaker.speak(text, { voice, sampleRate: 24_000 }),
    ]);
    const seconds = low.samples.length / 8000;
    assert.ok(seconds > 3 && seconds < 7, `${seconds} s`);
    assert.ok(Math.abs(high.samples.length / 24_000 - seconds) < 0.01);
    assert.deepEqual(low.words, high.words);
    assert.deepEqual(
      low.words.map((word) => word.text),
      text.split(' '),
    );
    // The comma's pause lies between the first two words, and the words do not overlap.
    assert.ok(low.words[1]!.startMs - low.words[0]!.endMs > 80);
    for (const [index, word] of low.words.entries()) {
      assert.ok(word.endMs > word.startMs);
      if (index > 0) assert.ok(word.startMs >= low.words[index - 1]!.endMs);
    }
    assert.ok(low.words[0]!.startMs <= 30);
    assert.ok(low.words.at(-1)!.endMs < seconds * 1000);
    // Loud where a word is said, quiet in the pause.
    const rms = (from: number, to: number) =>
      Math.hypot(...low.samples.subarray(from * 8, to * 8)) / Math.sqrt((to - from) * 8);
    const [hello, i] = low.words;
    assert.ok(rms(hello!.startMs, hello!.endMs) > 10 * rms(hello!.endMs + 40, i!.startMs - 40));
  });
}

test('text without words gives no samples', async () => {
  assert.equal((await speak(' … ', { voice: 'kal', sampleRate: 8000 })).length, 0);
});

test('closing rejects what is waiting', async () => {
  const other = openSpeaker();
  const waiting = other.speak('too late', { voice: 'kal', sampleRate: 8000 });
  const rejected = assert.rejects(waiting, /closed/);
  await other.close();
  await rejected;
});
