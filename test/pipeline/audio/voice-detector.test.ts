// The detector that this machine gets, on sound made here and, where the folder is, on recordings of people.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { quietLog } from '../../../src/lib/log.ts';
import { energyDetection } from '../../../src/pipeline/audio/energy-detector.ts';
import { resample } from '../../../src/pipeline/audio/resample.ts';
import { SileroDetection } from '../../../src/pipeline/audio/silero.ts';
import { openVoiceDetection } from '../../../src/pipeline/audio/voice-detector.ts';
import type { VoiceDetection } from '../../../src/pipeline/audio/voice-detector.ts';
import { parseWav } from '../../../src/pipeline/audio/wav.ts';
import { VirtualClock } from '../../support/clock.ts';
import { frames, join, mix, noise, silence, vowels } from '../../support/sounds.ts';
import { voiceModelMissing } from '../../support/voice-model.ts';

const neural = { skip: voiceModelMissing() };
const speech = new URL('../../../../shared/speech/', import.meta.url);
const recorded = { skip: neural.skip || (existsSync(speech) ? false : 'no recordings here') };

/** Whether each 20 ms frame was voiced, as a call would see it. */
async function judge(
  detection: VoiceDetection,
  clock: VirtualClock,
  samples: Int16Array,
  sampleRate: number,
): Promise<boolean[]> {
  using detector = detection.open(sampleRate);
  const voiced: boolean[] = [];
  for (const frame of frames(samples, sampleRate)) {
    detector.push(frame);
    await clock.advance(20);
    // The runtime answers from the event loop, which virtual time does not wait for.
    for (let turn = 0; turn < 3; turn += 1) await setImmediate();
    voiced.push(detector.voiced);
  }
  return voiced;
}

const share = (voiced: readonly boolean[]) => voiced.filter(Boolean).length / voiced.length;

test('the neural detector is chosen where it can run', neural, async () => {
  const clock = new VirtualClock();
  using detection = await openVoiceDetection({ clock, log: quietLog });
  assert.ok(detection instanceof SileroDetection);
});

for (const sampleRate of [8000, 16_000]) {
  test(
    `voice at ${sampleRate} Hz is heard within 120 ms and over within 300 ms`,
    neural,
    async () => {
      const clock = new VirtualClock();
      using detection = await openVoiceDetection({ clock, log: quietLog });
      const quiet = silence(sampleRate, 1000);
      const samples = join(quiet, vowels(sampleRate, 1000), quiet);
      const line = noise(sampleRate, 3000, -60);
      const voiced = await judge(detection, clock, mix(samples, line), sampleRate);
      assert.ok(!voiced.slice(0, 50).includes(true), 'the line alone is not voice');
      assert.ok(voiced.slice(56, 100).every(Boolean));
      assert.ok(!voiced.slice(115).includes(true));
    },
  );
}

test('loud noise is voice to loudness alone, and not to the model', neural, async () => {
  const clock = new VirtualClock();
  using detection = await openVoiceDetection({ clock, log: quietLog });
  const samples = join(silence(8000, 1000), noise(8000, 1000, -25));
  assert.ok(share((await judge(energyDetection, clock, samples, 8000)).slice(55)) > 0.9);
  assert.equal(share(await judge(detection, clock, samples, 8000)), 0);
});

test('people are heard and their pauses too, at both rates alike', recorded, async () => {
  const clock = new VirtualClock();
  using detection = await openVoiceDetection({ clock, log: quietLog });
  const wav = parseWav(readFileSync(new URL('vad/silero_test.wav', speech)));
  const wide = wav.samples.subarray(0, 8 * wav.sampleRate);
  const narrow = await resample(wide, wav.sampleRate, 8000);
  const atEight = await judge(detection, clock, narrow, 8000);
  const atSixteen = await judge(detection, clock, wide, wav.sampleRate);
  // Where loudness and the model at 16 kHz agree: words to 2.0 s, from 2.6 to 4.4 s, from 4.6 to 7.0 s; nothing after.
  assert.ok(share(atEight.slice(10, 95)) > 0.95);
  assert.equal(share(atEight.slice(110, 128)), 0);
  assert.ok(share(atEight.slice(140, 215)) > 0.95);
  assert.equal(share(atEight.slice(365)), 0);
  const same = atEight.filter((each, i) => each === atSixteen[i]).length / atEight.length;
  assert.ok(same > 0.97, `${same}`);
});

test('office ambience is not voice', recorded, async () => {
  const clock = new VirtualClock();
  using detection = await openVoiceDetection({ clock, log: quietLog });
  const wav = parseWav(readFileSync(new URL('noise/dograh_office_ambience_8k.wav', speech)));
  const samples = wav.samples.subarray(0, 10 * wav.sampleRate);
  assert.ok(share(await judge(detection, clock, samples, wav.sampleRate)) < 0.1);
});
