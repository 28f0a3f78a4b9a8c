// Tests of the Cartesia stand-in with a plain socket: contexts, buffering, expiry, cancel, errors, real speech.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { openSpeaker } from '../../../../sandbox/speech/speaking.ts';
import { toneSpeaker } from '../../../../sandbox/speech/tone-speaker.ts';
import { startCartesia } from '../../../../sandbox/vendors/voices/cartesia.ts';
import type { CartesiaOptions } from '../../../../sandbox/vendors/voices/cartesia.ts';
import type { VoiceStandIn } from '../../../../sandbox/vendors/voices/voice-options.ts';
import { VirtualClock } from '../../../support/clock.ts';
import { until } from '../../../support/until.ts';
import { openRaw, refusalOf } from '../../support/raw-socket.ts';
import type { Json, RawSocket } from '../../support/raw-socket.ts';

const headers = { authorization: 'Bearer secret', 'cartesia-version': '2026-08-14' };
const settings = {
  model_id: 'sonic-3',
  voice: 'a0e99841-438c-4a64-b679-ae501e7d6091',
  language: 'en',
  output_format: { container: 'raw', encoding: 'pcm_mulaw', sample_rate: 8000 },
  add_timestamps: true,
  max_buffer_delay_ms: 0,
};

async function standIn(options: Partial<CartesiaOptions> = {}): Promise<VoiceStandIn> {
  const speaker = toneSpeaker({ firstByteMs: 5 });
  const started = await startCartesia({ key: 'secret', speaker, pace: 1000, ...options });
  after(() => started.close());
  return started;
}

const open = ({ url }: VoiceStandIn) => openRaw(`${url}/tts/websocket`, headers);
const of = (id: string, type: string) => (message: Json) =>
  message['context_id'] === id && message['type'] === type;
const audioOf = (socket: RawSocket, id: string) =>
  Buffer.concat(
    socket.messages.filter(of(id, 'chunk')).map((each) => Buffer.from(each['data'], 'base64')),
  );

test('text in pieces comes back as audio and word times, then done', async () => {
  const server = await standIn();
  const socket = await open(server);
  socket.send({ ...settings, context_id: 'c1', transcript: 'Hello there. ', continue: true });
  socket.send({ ...settings, context_id: 'c1', transcript: 'Bye.', continue: true, flush: true });
  socket.send({ ...settings, context_id: 'c1', transcript: '', continue: false });
  const done = await socket.next(of('c1', 'done'));
  assert.deepEqual([done['done'], done['status_code']], [true, 200]);
  assert.equal(audioOf(socket, 'c1').length, (12 + 4) * 65 * 8);
  const times = socket.messages
    .filter(of('c1', 'timestamps'))
    .map((each) => each['word_timestamps']);
  assert.deepEqual(
    times.flatMap((each) => each.words),
    ['Hello', 'there.', 'Bye.'],
  );
  assert.deepEqual(
    times.flatMap((each) => each.start),
    [0, 0.39, 0.78],
  );
  const types = socket.messages.map((each) => each['type']);
  assert.ok(types.indexOf('flush_done') < types.indexOf('done'));
  assert.equal(server.characters, 17);
  assert.equal(server.contexts, 0);
  await socket.close();
});

test('text waits for more, no longer than it was told to', async () => {
  const socket = await open(await standIn());
  const waiting = { ...settings, max_buffer_delay_ms: 40 };
  socket.send({ ...waiting, context_id: 'c1', transcript: 'One ', continue: true });
  socket.send({ ...waiting, context_id: 'c1', transcript: 'two', continue: true });
  // Spoken in one piece, or `two` would begin with a text of its own, at 3 letters' time.
  const two = await socket.next((each) => each['word_timestamps']?.words.includes('two'));
  assert.deepEqual(two['word_timestamps'].start, [0.26]);
  await socket.close();
});

test('whole sentences do not wait for more text', async () => {
  const socket = await open(await standIn());
  const waiting = { ...settings, max_buffer_delay_ms: 5000, context_id: 'c1', continue: true };
  socket.send({ ...waiting, transcript: 'Dr. Lee is in. And you, ' });
  const first = await socket.next((each) => each['word_timestamps']?.words.includes('in.'));
  assert.equal(first['context_id'], 'c1');
  socket.send({ ...waiting, transcript: 'who are you?', continue: false });
  await socket.next(of('c1', 'done'));
  // `Dr.` ends no sentence, and what waited is said with what it waited for.
  const starts = socket.messages
    .filter(of('c1', 'timestamps'))
    .flatMap(({ word_timestamps: { words, start } }) =>
      words.map((word: string, at: number) => `${word} ${start[at]}`),
    );
  const sentence = 'Dr. Lee is in.'.length;
  assert.deepEqual(
    [starts[3], starts[4], starts.at(-1)],
    ['in. 0.715', `And ${(sentence * 65) / 1000}`, `you? ${((sentence + 17) * 65) / 1000}`],
  );
  await socket.close();
});

test('a context that was cut off leaves the speaker to the others', async () => {
  const said: string[] = [];
  const tones = toneSpeaker({ firstByteMs: 20 });
  const speaker = {
    ...tones,
    speak: (...asked: Parameters<typeof tones.speak>) => {
      said.push(asked[0].trim());
      return tones.speak(...asked);
    },
  };
  const socket = await open(await standIn({ speaker, pace: 10 }));
  const text = 'This is one. This is two. This is three. This is four.';
  socket.send({ ...settings, context_id: 'c1', transcript: text, continue: true });
  await socket.next(of('c1', 'chunk'));
  socket.send({ context_id: 'c1', cancel: true });
  socket.send({ ...settings, context_id: 'c2', transcript: 'Yes.', continue: false });
  await socket.next(of('c2', 'done'));
  assert.ok(!said.includes('This is four.'), said.join(' '));
  await socket.close();
});

describe('a fault', () => {
  const say = { ...settings, context_id: 'c1', transcript: 'Hello there.', continue: false };

  test('stalls before the first audio, and the socket stays', async () => {
    const server = await standIn();
    server.faults.add({ on: 'message', match: '"chunk"', do: 'stall' });
    const socket = await open(server);
    socket.send(say);
    const next = await open(server);
    next.send(say);
    await next.next(of('c1', 'done'));
    assert.deepEqual(socket.messages, []);
    assert.equal(socket.socket.readyState, socket.socket.OPEN);
    await next.close();
    socket.socket.terminate();
  });

  test('garbles one message', async () => {
    const server = await standIn();
    server.faults.add({ on: 'message', match: '"timestamps"', do: 'garble' });
    const socket = await open(server);
    socket.send(say);
    await socket.next(of('c1', 'done'));
    assert.equal(socket.messages.filter((each) => 'text' in each).length, 1);
    await socket.close();
  });

  test('cuts the socket in the middle of a sentence', async () => {
    const server = await standIn();
    server.faults.add({ on: 'message', match: '"chunk"', nth: 3, do: 'reset' });
    const socket = await open(server);
    socket.send(say);
    assert.equal((await socket.closed).code, 1006);
    assert.equal(socket.messages.filter(of('c1', 'chunk')).length, 2);
    await until('its context is over', () => server.contexts === 0);
  });
});

test('a context expires after its last audio, and its id with it', async () => {
  const socket = await open(await standIn({ contextMs: 60 }));
  const input = { ...settings, context_id: 'c1', transcript: 'Hi.', continue: true };
  socket.send(input);
  await socket.next(of('c1', 'done'));
  socket.send(input);
  const error = await socket.next(of('c1', 'error'));
  assert.equal(error['error_code'], 'context_expired');
  await socket.close();
});

test('cancel stops a context and leaves the others', async () => {
  const server = await standIn({ pace: 2 });
  const socket = await open(server);
  const text = 'A text that goes on for quite a while, so that it can be cut short.';
  socket.send({ ...settings, context_id: 'c1', transcript: text, continue: false });
  await socket.next(of('c1', 'chunk'));
  socket.send({ context_id: 'c1', cancel: true });
  socket.send({ ...settings, context_id: 'c2', transcript: 'Yes.', continue: false });
  await socket.next(of('c2', 'done'));
  assert.ok(audioOf(socket, 'c1').length < text.length * 65 * 4);
  assert.equal(socket.messages.some(of('c1', 'done')), false);
  assert.equal(server.contexts, 0);
  await socket.close();
});

describe('an input is refused', () => {
  for (const [name, first, second, code] of [
    ['with a voice of an older version', { voice: { mode: 'id' } }, undefined, 'invalid_request'],
    ['with a model that was switched off', { model_id: 'sonic-2' }, undefined, 'invalid_request'],
    ['with other settings than before', {}, { language: 'de' }, 'context_changed'],
    ['after the last', { continue: false }, {}, 'context_closed'],
  ] as const) {
    test(name, async () => {
      const socket = await open(await standIn({ pace: 1 }));
      const input = { ...settings, context_id: 'c1', transcript: 'Hello there.', continue: true };
      socket.send({ ...input, ...first });
      if (second) socket.send({ ...input, ...second });
      const error = await socket.next(of('c1', 'error'));
      assert.equal(error['error_code'], code);
      await socket.close();
    });
  }

  test('past the contexts of the plan', async () => {
    const socket = await open(await standIn({ contextsMax: 1, pace: 1 }));
    for (const id of ['c1', 'c2']) {
      socket.send({ ...settings, context_id: id, transcript: 'Hello there.', continue: true });
    }
    const error = await socket.next(of('c2', 'error'));
    assert.deepEqual([error['status_code'], error['error_code']], [429, 'concurrency_limited']);
    await socket.close();
  });
});

test('an upgrade needs the key and a version', async () => {
  const { url } = await standIn();
  const status = async (given: Record<string, string>, query = '') =>
    (await refusalOf(`${url}/tts/websocket${query}`, given)).status;
  assert.equal(await status({ ...headers, authorization: 'Bearer other' }), 401);
  assert.equal(await status({ 'x-api-key': 'secret' }), 400);
  const socket = await openRaw(`${url}/tts/websocket?api_key=secret&cartesia_version=2026-08-14`);
  await socket.close();
});

test('a voice slower than real time', async () => {
  const clock = new VirtualClock();
  const server = await standIn({ clock });
  server.pace = 0.5;
  const socket = await open(server);
  const chunks = () => socket.messages.filter(of('c1', 'chunk')).length;
  socket.send({ ...settings, context_id: 'c1', transcript: 'Hello.', continue: false });
  for (let piece = 1; piece <= 4; piece += 1) {
    await until('a piece comes', () => chunks() === piece);
    await clock.advance(199);
    assert.equal(chunks(), piece);
    await clock.advance(1);
  }
  await socket.next(of('c1', 'done'));
  await socket.close();
});

test('it speaks for real, in the asked format', async () => {
  const speaker = openSpeaker();
  after(() => speaker.close());
  const socket = await open(await standIn({ speaker }));
  const output_format = { container: 'raw', encoding: 'pcm_s16le', sample_rate: 16_000 };
  socket.send({
    ...settings,
    output_format,
    context_id: 'c1',
    transcript: 'We have a slot on Tuesday at ten thirty.',
    continue: false,
  });
  await socket.next(of('c1', 'done'));
  const seconds = audioOf(socket, 'c1').length / 32_000;
  assert.ok(seconds > 1.5 && seconds < 5, `${seconds} s`);
  const times = socket.messages
    .filter(of('c1', 'timestamps'))
    .flatMap((each) => each['word_timestamps'].words);
  assert.equal(times.join(' '), 'We have a slot on Tuesday at ten thirty.');
  await socket.close();
});
