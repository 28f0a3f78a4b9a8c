// Tests of the ElevenLabs stand-in with a plain socket: contexts and their limit, letter times, inactivity, errors.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, describe, test } from 'node:test';
import { toneSpeaker } from '../../../../sandbox/speech/tone-speaker.ts';
import type {
  VoiceOptions,
  VoiceStandIn,
} from '../../../../sandbox/vendors/voices/voice-options.ts';
import { startElevenLabs } from '../../../../sandbox/vendors/voices/elevenlabs.ts';
import { VirtualClock } from '../../../support/clock.ts';
import { openRaw } from '../../support/raw-socket.ts';
import type { Json, RawSocket } from '../../support/raw-socket.ts';

const headers = { 'xi-api-key': 'secret' };
const voice_settings = { stability: 0.5, similarity_boost: 0.8, speed: 1 };

async function standIn(options: Partial<VoiceOptions> = {}): Promise<VoiceStandIn> {
  const speaker = toneSpeaker({ firstByteMs: 5 });
  const started = await startElevenLabs({ key: 'secret', speaker, pace: 1000, ...options });
  after(() => started.close());
  return started;
}

const path = 'v1/text-to-speech/21m00Tcm4TlvDq8ikWAM';
const open = async (more = '&auto_mode=true', server?: VoiceStandIn): Promise<RawSocket> => {
  const { url } = server ?? (await standIn());
  const query = `model_id=eleven_flash_v2_5&output_format=ulaw_8000${more}`;
  return openRaw(`${url}/${path}/multi-stream-input?${query}`, headers);
};
const final = (id: string) => (message: Json) =>
  message['contextId'] === id && message['isFinal'] === true;

test('a context speaks sentence by sentence, with the time of each letter, and is closed', async () => {
  const server = await standIn();
  const socket = await open('&auto_mode=true', server);
  socket.send({ text: ' ', context_id: 't1', voice_settings });
  socket.send({ text: 'Hello there. ', context_id: 't1' });
  socket.send({ text: 'Bye. ', context_id: 't1' });
  socket.send({ context_id: 't1', flush: true });
  socket.send({ context_id: 't1', close_context: true });
  await socket.next(final('t1'));
  let audioMs = 0;
  const letters: [string, number][] = [];
  for (const message of socket.messages.slice(0, -1)) {
    assert.equal(message['contextId'], 't1');
    assert.equal(message['isFinal'], null);
    const { chars = [], charStartTimesMs = [] } = message['alignment'] ?? {};
    for (const [index, char] of chars.entries())
      letters.push([char, audioMs + charStartTimesMs[index]]);
    audioMs += Buffer.from(message['audio'], 'base64').length / 8;
  }
  assert.equal(audioMs, 16 * 65);
  assert.equal(letters.map(([char]) => char).join(''), 'Hello there. Bye. ');
  assert.deepEqual(
    letters.find(([char]) => char === 'B'),
    ['B', 12 * 65],
  );
  assert.deepEqual(socket.messages.at(-1), { audio: null, isFinal: true, contextId: 't1' });
  assert.equal(server.contexts, 0);
  await socket.close();
});

test('the sixth open context closes the socket', async () => {
  const socket = await open();
  for (const id of ['t1', 't2', 't3', 't4', 't5', 't6']) {
    socket.send({ text: ' ', context_id: id, voice_settings });
  }
  assert.deepEqual(await socket.closed, { code: 1008, reason: 'max_active_conversations' });
});

test('a closed context makes room for another', async () => {
  const socket = await open();
  for (const id of ['t1', 't2', 't3', 't4', 't5', 't6', 't7']) {
    socket.send({ text: ' ', context_id: id, voice_settings });
    socket.send({ context_id: id, close_context: true });
    await socket.next(final(id));
  }
  await socket.close();
});

test('a flush of an unknown context opens one', async () => {
  const socket = await open();
  for (const id of ['t1', 't2', 't3', 't4', 't5', 't6']) {
    socket.send({ context_id: id, flush: true });
  }
  assert.equal((await socket.closed).reason, 'max_active_conversations');
});

test('a context that is closed without a flush says no more than what is on its way', async () => {
  const server = await standIn();
  server.pace = 10;
  const socket = await open('&auto_mode=true', server);
  const cut = async (id: string, flush: boolean) => {
    socket.send({ text: ' ', context_id: id, voice_settings });
    socket.send({ text: 'This is the first. And this is the second. ', context_id: id });
    await socket.next((each) => each['contextId'] === id);
    if (flush) socket.send({ context_id: id, flush: true });
    socket.send({ context_id: id, close_context: true });
    // Too late for both.
    socket.send({ text: 'And the third. ', context_id: id });
    await socket.next(final(id));
    return socket.messages
      .filter((each) => each['contextId'] === id)
      .flatMap((each) => (each['alignment']?.chars ?? []) as string[])
      .join('');
  };
  assert.equal(await cut('t1', false), 'This is the first. ');
  assert.equal(await cut('t2', true), 'This is the first. And this is the second. ');
  await socket.close();
});

test('without auto_mode it waits for enough letters', async () => {
  const socket = await open('&auto_mode=false');
  const generation_config = { chunk_length_schedule: [10, 1000] };
  socket.send({ text: ' ', context_id: 't1', voice_settings, generation_config });
  socket.send({ text: 'Hello ', context_id: 't1' });
  socket.send({ text: 'there. ', context_id: 't1' });
  await socket.next((each) => each['alignment']?.chars.includes('t'));
  const spoken = socket.messages.flatMap((each) => (each['alignment']?.chars ?? []) as string[]);
  // `there.` with `Hello`, not after it.
  assert.equal(spoken.join('').slice(0, 12), 'Hello there.');
  socket.send({ text: 'You wait for a thousand letters. ', context_id: 't1' });
  socket.send({ context_id: 't1', close_context: true });
  await socket.next(final('t1'));
  assert.ok(!socket.messages.some((each) => each['alignment']?.chars.includes('Y')));
  await socket.close();
});

test('settings cannot change later', async () => {
  const socket = await open();
  socket.send({ text: ' ', context_id: 't1', voice_settings });
  socket.send({
    text: 'Hi. ',
    context_id: 't1',
    voice_settings: { ...voice_settings, speed: 1.1 },
  });
  assert.equal((await socket.closed).reason, 'invalid_settings');
});

test('silence closes the socket, and an empty text does not count as silence', async () => {
  const clock = new VirtualClock();
  const socket = await open('&auto_mode=true&inactivity_timeout=30', await standIn({ clock }));
  const say = async (text: string) => {
    socket.send({ text, context_id: 't1' });
    // The answer comes after all before it has been read.
    const read = once(socket.socket, 'pong');
    socket.socket.ping();
    await read;
  };
  await say(' ');
  await clock.advance(29_000);
  await say('');
  await clock.advance(29_000);
  await say('');
  assert.deepEqual(socket.messages, []);
  await clock.advance(30_000);
  assert.deepEqual(await socket.closed, { code: 1008, reason: 'input_timeout_exceeded' });
});

test('close_socket says what is left first', async () => {
  const socket = await open();
  socket.send({ text: ' ', context_id: 't1', voice_settings });
  socket.send({ text: 'Hello. ', context_id: 't1' });
  socket.send({ close_socket: true });
  assert.equal((await socket.closed).code, 1000);
  assert.ok(socket.messages.some((each) => each['audio']));
  assert.ok(socket.messages.some(final('t1')));
});

test('a single stream ends with an empty text, and closes', async () => {
  const { url } = await standIn();
  const socket = await openRaw(`${url}/${path}/stream-input?output_format=pcm_16000`, headers);
  socket.send({ text: ' ', voice_settings });
  socket.send({ text: 'Hello there. ' });
  socket.send({ text: '' });
  assert.equal((await socket.closed).code, 1000);
  const bytes = socket.messages.reduce(
    (sum, each) => sum + Buffer.from(each['audio'] ?? '', 'base64').length,
    0,
  );
  assert.equal(bytes, 12 * 65 * 16 * 2);
  assert.deepEqual(socket.messages.at(-1), { audio: null, isFinal: true });
});

describe('a socket is refused', () => {
  test('without the key, after it was opened', async () => {
    const { url } = await standIn();
    const socket = await openRaw(`${url}/${path}/multi-stream-input?output_format=ulaw_8000`);
    assert.deepEqual(await socket.closed, { code: 1008, reason: 'invalid_api_key' });
    assert.deepEqual(socket.messages[0], {
      message: 'Invalid API key',
      error: 'invalid_api_key',
      code: 1008,
    });
  });

  test('when text comes before the settings', async () => {
    const socket = await open();
    socket.send({ text: 'Hello. ', context_id: 't1' });
    assert.equal((await socket.closed).reason, 'invalid_first_message');
  });

  test('with a format that is not raw', async () => {
    const { url } = await standIn();
    const socket = await openRaw(`${url}/${path}/multi-stream-input`, headers);
    assert.equal((await socket.closed).reason, 'invalid_output_format');
  });
});
