// Where the stand-ins hear speech begin: not in the noise of a line, and in speech over it.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { noise, tone } from '../../../sandbox/phone/caller-speech.ts';
import { openSpeaker } from '../../../sandbox/speech/speaking.ts';
import { VoiceActivity } from '../../../sandbox/speech/voice-activity.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { openNoiseSuppressor } from '../../../src/pipeline/audio/noise-suppressor.ts';
import { frames, join, mix, silence } from '../../support/sounds.ts';
import { until } from '../../support/until.ts';

const speaker = openSpeaker();
after(() => speaker.close());

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

test('a recogniser that knows noise begins with words, not with bangs, and is the less sure the louder it is', async () => {
  const { samples } = await speaker.speak('Book an appointment please.', {
    voice: 'kal',
    sampleRate: 8000,
  });
  const clear = new Map<number, number>();
  for (const rms of [100, 400, 2000]) {
    using suppressor = openNoiseSuppressor(8000, quietLog);
    await until('it is loaded', () => {
      suppressor.push(silence(8000, 20));
      return suppressor.voice !== undefined;
    });
    const bang = join(silence(8000, 800), noise(60, 6000), silence(8000, 700));
    const line = join(bang, samples, silence(8000, 500));
    const behind = noise(line.length / 8, rms);
    const starts: number[] = [];
    const activity: VoiceActivity = new VoiceActivity(
      8000,
      {
        started: (atMs) => starts.push(atMs),
        went() {
          if (activity.silentMs < 200) return;
          clear.set(rms, activity.clearness);
          activity.over();
        },
        quiet() {},
      },
      suppressor,
    );
    for (const frame of frames(mix(line, behind), 8000)) activity.push(frame);
    if (rms < 2000)
      assert.ok(starts.length === 1 && starts[0]! > 1200, `${rms}: ${String(starts)}`);
  }
  const [faint = 0, loud = 0, louder = 1] = clear.values();
  assert.ok(faint > 0.95 && loud < faint && louder < 0.6, String([faint, loud, louder]));
});
