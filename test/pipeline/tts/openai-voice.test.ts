// OpenAI's voices: what they are asked, and their 24 kHz brought to the line's rate.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { vendor } from '../../../src/pipeline/tts/openai-voice.ts';
import { LETTER_MS, startHttpVoice } from '../../support/servers/http-voice-server.ts';
import type { HttpVoiceServer } from '../../support/servers/http-voice-server.ts';
import { audioOf, speaking, textToSpeechContract } from '../contract/text-to-speech.ts';

const key = 'sk-secret';

let server: HttpVoiceServer;

afterEach(() => server.close());

textToSpeechContract('openai-voice', async () => ({
  textToSpeech: await open(),
  // Resampled audio has no letters.
  read: () => undefined,
  connections: () => server.answering.size,
  contexts: () => server.answering.size,
  cut: () => server.cut(),
  close: () => server.close(),
}));

test('raw samples, and the key in a header only', async () => {
  const { text, ended, speech } = speaking({ textToSpeech: await open() });
  text.push('Good morning.');
  text.end();
  await ended;
  const [request] = server.requests;
  assert.equal(request?.url, '/audio/speech');
  assert.equal(request.headers.authorization, `Bearer ${key}`);
  assert.deepEqual(JSON.parse(request.body), {
    model: 'gpt-4o-mini-tts',
    voice: 'coral',
    input: 'Good morning.',
    response_format: 'pcm',
  });
  const samples = audioOf(speech).reduce((sum, each) => sum + each.length, 0);
  assert.equal(samples, 'Good morning.'.length * LETTER_MS * 8);
});

async function open() {
  server = await startHttpVoice({ rate: 24_000, mulaw: false, textOf: (body) => body['input']! });
  const settings = { url: server.url, key, model: 'gpt-4o-mini-tts', voice: 'coral' };
  const parts = { clock: systemClock, log: quietLog };
  return vendor.open(settings, parts, new AbortController().signal);
}
