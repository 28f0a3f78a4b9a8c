// Speech that nobody hears on a call is bounded a day: who goes on changing greetings or hearing voices is told so, and pays nobody's bill.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toneSpeaker } from '../../../../sandbox/speech/tone-speaker.ts';
import { startCartesia } from '../../../../sandbox/vendors/voices/cartesia.ts';
import {
  clientSpeechSecondsMax,
  ownerSpeechSecondsMax,
} from '../../../../src/reception/stored-speech/speech-budget.ts';
import { addUsage } from '../../../../src/store/accounts/daily-usage.ts';
import { startTestApi } from '../../../support/product/api.ts';

const KEY = 'a-key-of-the-stand-ins';
const GREETING = 900;
const GREETING_SECONDS = 60;

async function start(t: { after(act: () => Promise<void>): void }) {
  const cartesia = await startCartesia({ key: KEY, speaker: toneSpeaker({ firstByteMs: 1 }) });
  t.after(() => cartesia.close());
  const env = { CARTESIA_API_KEY: KEY, CARTESIA_BASE_URL: cartesia.url };
  const api = await startTestApi(t, { env });
  const owner = await api.user();
  const mine = api.as(owner);
  const client = (await mine.post('/api/clients', { name: 'Acme' })).json;
  const used = async (subject: string) => {
    const [row] = await api.database.general<{ used: number }[]>`
      SELECT used_seconds AS used FROM daily_usage WHERE subject = ${subject}`;
    return row?.used ?? 0;
  };
  return { api, owner, mine, id: client.id as string, path: `/api/clients/${client.id}`, used };
}

test('new greetings are spoken until the day of the client is used up; everything else can still be saved', async (t) => {
  const { api, mine, path, id, used } = await start(t);
  const subject = `speech:client:${id}`;
  const left = 2.5 * GREETING_SECONDS;
  const before = clientSpeechSecondsMax - left - (await used(subject));
  await addUsage(api.database.general, subject, before);
  const greet = (letter: string) => mine.put(path, { initial_greeting: letter.repeat(GREETING) });
  assert.equal((await greet('a')).status, 200);
  assert.equal((await greet('b')).status, 200);
  const refused = await greet('c');
  assert.equal(refused.status, 429);
  assert.match(refused.text, /after midnight UTC/);
  const kept = (await mine.get(path)).json;
  assert.equal(kept.initial_greeting.length, GREETING);
  const other = await mine.patch(path, { system_prompt: 'Be kind.', is_active: false });
  assert.equal(other.status, 200, other.text);
  let last = 200;
  for (let heard = 0; heard < 5 && last === 200; heard += 1) {
    last = (await mine.post(`${path}/voices/preview`, { text: 'a'.repeat(300) })).status;
  }
  assert.equal(last, 429);
  const new1 = await mine.post('/api/clients', { name: 'Another' });
  assert.equal(new1.status, 201, 'other clients have their own');
});

test('all clients of an owner together are bounded too', async (t) => {
  const { api, owner, mine, path, used, id } = await start(t);
  await addUsage(api.database.general, `speech:owner:${owner.id}`, ownerSpeechSecondsMax);
  const before = await used(`speech:client:${id}`);
  assert.equal((await mine.post('/api/clients', { name: 'One more' })).status, 429);
  assert.equal((await mine.put(path, { initial_greeting: 'Something new.' })).status, 429);
  assert.equal(await used(`speech:client:${id}`), before, 'what is refused costs nothing');
  const others = api.as(await api.user());
  assert.equal((await others.post('/api/clients', { name: 'Somebody' })).status, 201);
});

test('what is there, or due already, or is not saved, is not paid again', async (t) => {
  const { mine, path, id, used } = await start(t);
  const subject = `speech:client:${id}`;
  await mine.put(path, { initial_greeting: 'Acme speaking, hello and good day.' });
  const once = await used(subject);
  assert.ok(once > 0);
  await mine.put(path, { initial_greeting: 'Acme speaking, hello and good day.' });
  await mine.put(path, { system_prompt: 'Be brief.' });
  assert.equal(await used(subject), once);
  const taken = await mine.post('/api/clients', { name: 'Other', phone_number: '+14155550100' });
  assert.equal(taken.status, 201);
  const conflict = { initial_greeting: 'Never said.', phone_number: '+14155550100' };
  assert.ok((await mine.put(path, conflict)).status >= 400);
  assert.equal(await used(subject), once);
  assert.equal(
    (await mine.post(`${path}/voices/preview`, { tts_provider: 'elevenlabs' })).status,
    503,
  );
  assert.equal(await used(subject), once, 'a voice that could not be had');
});

test('where all voices are stand-ins nothing is bounded', async (t) => {
  const env = { SANDBOX: '', TWILIO_AUTH_TOKEN: '' };
  const api = await startTestApi(t, { env });
  const owner = await api.user();
  await addUsage(api.database.general, `speech:owner:${owner.id}`, ownerSpeechSecondsMax);
  assert.equal((await api.as(owner).post('/api/clients', { name: 'Acme' })).status, 201);
});
