// ElevenLabs as a voice: what it is sent, its letters as words, and its limit of open contexts.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { vendor } from '../../../src/pipeline/tts/elevenlabs.ts';
import { until } from '../../support/until.ts';
import { readAloud, startElevenLabs } from '../../support/servers/voice-server.ts';
import type { VoiceServer } from '../../support/servers/voice-server.ts';
import { audioOf, speaking, textToSpeechContract, wordsOf } from '../contract/text-to-speech.ts';

const key = 'el-secret';

let server: VoiceServer;
const closing: (() => void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await server.close();
});

textToSpeechContract('elevenlabs', async () => {
  server = await startElevenLabs();
  const { sockets, contexts } = server;
  return {
    textToSpeech: await open(),
    read: readAloud,
    connections: () => sockets.size,
    contexts: () => contexts.size,
    cut: () => server.cut(),
    close: () => server.close(),
  };
});

test('the settings in the address, the key in a header only', async () => {
  await begin();
  const [request] = server.requests;
  assert.equal(request?.headers['xi-api-key'], key);
  const url = new URL(request.url, 'http://x');
  assert.equal(url.pathname, '/v1/text-to-speech/sarah%2F1/multi-stream-input');
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    model_id: 'eleven_flash_v2_5',
    output_format: 'ulaw_8000',
    auto_mode: 'true',
    inactivity_timeout: '180',
    sync_alignment: 'true',
  });
});

test('another line or language than the usual gets a socket of its own', async () => {
  server = await startElevenLabs();
  const voice = await open();
  const options = { sampleRate: 16_000, language: 'es-MX', signal: new AbortController().signal };
  const text = (async function* () {
    yield 'hola';
  })();
  for await (const _ of voice.synthesize(text, options)) break;
  assert.match(server.requests[1]?.url ?? '', /output_format=pcm_16000.*language_code=es/);
  await until('the first is closed', () => server.sockets.size === 1);
});

test('settings first, a space after every text, and an end', async () => {
  const { text, ended } = await begin();
  text.push('Good');
  text.push(' morning.');
  text.end();
  await ended;
  const context_id = 'turn-1';
  const voice_settings = { stability: 0.5, similarity_boost: 0.8, speed: 1 };
  assert.deepEqual(server.received, [
    { text: ' ', voice_settings, context_id },
    { text: 'Good ', context_id },
    { text: 'morning. ', context_id },
    { flush: true, context_id },
    { close_context: true, context_id },
  ]);
});

test('words from letters, also where a message cuts them', async () => {
  const { text, speech, ended } = await begin();
  text.push('We open at 9');
  text.end();
  await ended;
  assert.deepEqual(wordsOf(speech), [
    { text: 'We', startMs: 0, endMs: 80 },
    { text: 'open', startMs: 120, endMs: 280 },
    { text: 'at', startMs: 320, endMs: 400 },
    { text: '9', startMs: 440, endMs: 480 },
  ]);
});

test('the last word, also where nothing comes after it', async () => {
  const { text, speech, ended } = await begin();
  server.stalled = true;
  text.push('Hi');
  text.end();
  await until('it is asked', () => server.received.length === 4);
  const alignment = { chars: ['H', 'i'], charStartTimesMs: [0, 40], charDurationsMs: [40, 60] };
  server.say({ contextId: 'turn-1', audio: 'AAAA', isFinal: null, alignment });
  server.say({ contextId: 'turn-1', audio: null, isFinal: true });
  await ended;
  assert.deepEqual(wordsOf(speech), [{ text: 'Hi', startMs: 0, endMs: 100 }]);
});

test('a socket with five contexts that are not confirmed closed is left for another', async () => {
  const { voice, text, speech, ended, stop } = await begin();
  text.push('Zero. ');
  await until('it speaks', () => audioOf(speech).length > 0);
  // From here on it confirms nothing.
  server.stalled = true;
  stop.abort(new Error('interrupted'));
  await assert.rejects(ended, /interrupted/);
  for (let turn = 1; turn < 5; turn += 1) {
    const next = speaking({ textToSpeech: voice });
    next.text.push('Hello. ');
    const { length } = server.received;
    await until('it is asked', () => server.received.length > length + 1);
    next.stop.abort(new Error('interrupted'));
    await assert.rejects(next.ended, /interrupted/);
  }
  assert.equal(server.requests.length, 1);
  server.stalled = false;
  const last = speaking({ textToSpeech: voice });
  last.text.push('And this is heard.');
  last.text.end();
  await last.ended;
  assert.equal(server.requests.length, 2);
  assert.equal(readAloud(audioOf(last.speech)).trim(), 'And this is heard.');
  await until('the first is closed', () => server.sockets.size === 1);
});

test('its errors, in its words', async () => {
  const { text, ended } = await begin();
  server.stalled = true;
  text.push('Hello. ');
  await until('it is asked', () => server.received.length === 2);
  server.say({ message: 'You have no credits left.', error: 'quota_exceeded', code: 1008 });
  await assert.rejects(ended, /elevenlabs: quota_exceeded You have no credits left\.$/);
});

function open() {
  const call = new AbortController();
  closing.push(() => call.abort(new Error('the test is over')));
  const settings = { url: server.url, key, model: 'eleven_flash_v2_5', voice: 'sarah/1' };
  return vendor.open(settings, { clock: systemClock, log: quietLog }, call.signal);
}

async function begin() {
  server = await startElevenLabs();
  const voice = await open();
  const begun = speaking({ textToSpeech: voice });
  closing.push(() => begun.stop.abort(new Error('the test is over')));
  return { ...begun, voice };
}
