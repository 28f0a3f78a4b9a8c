// The voices of a client: listed, and heard through the vendor's stand-in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toneSpeaker } from '../../../../sandbox/speech/tone-speaker.ts';
import { startCartesia } from '../../../../sandbox/vendors/voices/cartesia.ts';
import { stockSentences } from '../../../../src/reception/stored-speech/stock-sentences.ts';
import { eventually } from '../../../support/product/after-call.ts';
import { startTestApi } from '../../../support/product/api.ts';

const KEY = 'a-key-of-the-stand-ins';

test('voices are listed and heard', async (t) => {
  const cartesia = await startCartesia({ key: KEY, speaker: toneSpeaker({ firstByteMs: 10 }) });
  t.after(() => cartesia.close());
  const env = { CARTESIA_API_KEY: KEY, CARTESIA_BASE_URL: cartesia.url };
  const api = await startTestApi(t, { env });
  const owner = await api.user();
  const mine = api.as(owner);
  const client = (await mine.post('/api/clients', { name: 'Acme' })).json;
  const path = `/api/clients/${client.id}/voices`;
  const voices = (await mine.get(path)).json as { provider: string; is_default: boolean }[];
  assert.deepEqual(
    voices.filter((voice) => voice.is_default).map((voice) => voice.provider),
    ['cartesia', 'elevenlabs', 'deepgram', 'openai'],
  );
  const response = await fetch(`${api.url}${path}/preview`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${owner.accessToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ text: 'Thank you for calling.' }),
  });
  assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'audio/wav']);
  const wav = Buffer.from(await response.arrayBuffer());
  assert.equal(wav.toString('latin1', 0, 4), 'RIFF');
  assert.equal(wav.readUInt32LE(24), 8000);
  assert.ok(wav.length > 8000, 'more than half a second');
  const unknown = await mine.post(`${path}/preview`, { tts_provider: 'nobody' });
  assert.deepEqual([unknown.status, Object.keys(unknown.json)], [400, ['tts_provider']]);
  const missing = await mine.post(`${path}/preview`, { tts_provider: 'elevenlabs' });
  assert.equal(missing.status, 503);
  assert.equal((await mine.post(`${path}/preview`, { text: 'x'.repeat(301) })).status, 400);
});

test('a greeting that is being written is heard as callers will hear it', async (t) => {
  const said: string[] = [];
  const tones = toneSpeaker({ firstByteMs: 10 });
  const speaker: typeof tones = {
    ...tones,
    speak(text, options) {
      said.push(text);
      return tones.speak(text, options);
    },
  };
  const cartesia = await startCartesia({ key: KEY, speaker });
  t.after(() => cartesia.close());
  const env = { CARTESIA_API_KEY: KEY, CARTESIA_BASE_URL: cartesia.url };
  const api = await startTestApi(t, { env });
  const mine = api.as(await api.user());
  // Its own voice has no key: nothing is spoken meanwhile but what is listened to.
  const wanted = { name: 'Acme', language: 'de-DE', tts_provider: 'elevenlabs' };
  const client = (await mine.post('/api/clients', wanted)).json;
  const preview = (body: object) =>
    mine.post(`/api/clients/${client.id}/voices/preview`, { tts_provider: 'cartesia', ...body });
  const hears = async (body: object, words: RegExp) => {
    assert.equal((await preview(body)).status, 200);
    assert.match(said.splice(0).join(' ').replaceAll(/\s+/g, ' '), words);
  };
  // Nothing of the owner's own: in the client's language.
  await hears(
    { disclosure: 'Ich bin eine Maschine.' },
    /^Willkommen bei Acme\. Ich bin eine Maschine\. Wie kann/,
  );
  await hears(
    { initial_greeting: 'Guten Tag! Was gibt es?', disclosure: 'Hier ein Automat.' },
    /^Guten Tag! Hier ein Automat\. Was gibt es\?/,
  );
  assert.equal((await preview({ initial_greeting: 'x'.repeat(1001) })).status, 400);
});

test('the greeting of a new client is made when it is saved', async (t) => {
  const cartesia = await startCartesia({ key: KEY, speaker: toneSpeaker({ firstByteMs: 10 }) });
  t.after(() => cartesia.close());
  const env = { CARTESIA_API_KEY: KEY, CARTESIA_BASE_URL: cartesia.url };
  const api = await startTestApi(t, { env });
  const mine = api.as(await api.user());
  const stored = (text: string) =>
    eventually(`the clip of ${text}`, async () => {
      const [row] = await api.database.general`SELECT key FROM clips WHERE text = ${text}`;
      return row;
    });
  const made = await mine.post('/api/clients', {
    name: 'Acme',
    initial_greeting: 'Acme speaking.',
  });
  await stored('Acme speaking.');
  // While the rest of it is made, one after the other.
  await mine.put(`/api/clients/${made.json.id}`, { initial_greeting: 'Acme is here.' });
  await mine.put(`/api/clients/${made.json.id}`, { initial_greeting: 'Acme here.' });
  await stored('Acme here.');
  await stored(stockSentences.goodbye);
  await stored(stockSentences.filler2);
});
