// The recogniser alone: what it hears first is heard as well as all else, and depends on nobody who was heard before.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openRecogniser, RECOGNISER_HZ } from '../../../sandbox/speech/recogniser.ts';
import type { HeardWord } from '../../../sandbox/speech/hearing.ts';
import { openSpeaker } from '../../../sandbox/speech/speaking.ts';
import type { Voice } from '../../../sandbox/speech/speaking.ts';
import { decodeMulaw, encodeMulaw } from '../../../src/pipeline/audio/mulaw.ts';
import { loadResampler } from '../../../src/pipeline/audio/resample.ts';
import { bare } from '../support/caller-phrases.ts';

const speaker = openSpeaker();
after(() => speaker.close());
const openResampler = await loadResampler();
const recogniser = await openRecogniser();

test('the first words on a line are heard as they were said', async () => {
  const phrases: readonly (readonly [Voice, string])[] = [
    ['rms', "I'd like to book an appointment."],
    ['rms', 'Half past three.'],
    ['rms', 'No thank you.'],
    ['kal', 'The first one.'],
    ['kal', 'Can I talk to a person?'],
    ['awb', 'My name is John Smith.'],
    ['rms', 'My email is John dot Smith at example dot com.'],
  ];
  for (const [voice, phrase] of phrases) {
    await recogniser.forget();
    const words = await hear(voice, phrase);
    assert.equal(words.map(({ text }) => text).join(' '), bare(phrase), `${voice}: ${phrase}`);
  }
});

test('the next caller is heard as if nobody had been heard before', async () => {
  const phrase = 'Can I book an appointment for tomorrow morning?';
  await recogniser.forget();
  const first = await hear('slt', phrase);
  await hear('kal', 'My number is five five five, oh one two three.');
  await recogniser.forget();
  assert.deepEqual(await hear('slt', phrase), first);
});

test('who goes on without a breath is heard as well', async () => {
  const phrase = "I'd like to book an appointment.";
  await recogniser.forget();
  await hear('rms', 'Hello.', { quietMs: 200 });
  const words = await hear('rms', phrase, { quietMs: -20 });
  assert.equal(words.map(({ text }) => text).join(' '), bare(phrase));
});

/** As it comes over a telephone line, with so much quiet before it, or so much less than the voice leaves. */
async function hear(
  voice: Voice,
  phrase: string,
  { quietMs = 0 } = {},
): Promise<readonly HeardWord[]> {
  const { samples } = await speaker.speak(phrase, { voice, sampleRate: 8000 });
  const line = new Int16Array(samples.length + quietMs * 8);
  line.set(samples.subarray(Math.max(0, -quietMs * 8)), Math.max(0, quietMs * 8));
  using resampler = openResampler(8000, RECOGNISER_HZ);
  recogniser.add(resampler.push(decodeMulaw(encodeMulaw(line))));
  return recogniser.finish();
}
