// A long text becomes one piece of audio, said in stretches that voices take.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { speakWhole } from '../../../src/pipeline/speaking/speak-whole.ts';
import type { Speech, TextToSpeech } from '../../../src/pipeline/types.ts';

const { signal } = new AbortController();
const options = { sampleRate: 16_000, language: 'en', signal, samplesMax: 10_000 };

/** A sample for each character; keeps what it was asked to say. */
function counting(): TextToSpeech & { said: string[] } {
  const said: string[] = [];
  return {
    said,
    async *synthesize(text): AsyncGenerator<Speech> {
      let all = '';
      for await (const piece of text) all += piece;
      said.push(all);
      yield { type: 'audio', samples: new Int16Array(all.length).fill(1) };
      yield { type: 'words', words: [] };
    },
  };
}

test('nothing is left out, and no stretch is long', async () => {
  const sentence = 'This is a sentence with several words in it. ';
  const text = sentence.repeat(40).trim();
  const voice = counting();
  const samples = await speakWhole(voice, text, options);
  assert.equal(voice.said.join(''), text);
  assert.equal(samples.length, text.length);
  assert.ok(voice.said.length > 3);
  for (const stretch of voice.said) assert.ok(stretch.length <= 400, `${stretch.length}`);
});

test('too long is too large, silence is a failure', async () => {
  await assert.rejects(speakWhole(counting(), 'x '.repeat(6000), options), { code: 'too_large' });
  const silent: TextToSpeech = { async *synthesize() {} };
  await assert.rejects(speakWhole(silent, 'Hello.', options), { code: 'vendor_failed' });
});
