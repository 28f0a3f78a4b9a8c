// OpenAI's realtime models: what a session is told, what is understood of it, and every way in which it fails.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { vendor } from '../../../src/pipeline/s2s/openai-realtime.ts';
import type { SpeechEvent } from '../../../src/pipeline/realtime/speech-to-speech.ts';
import { VirtualClock } from '../../support/clock.ts';
import { startSocketServer } from '../../support/servers/socket-server.ts';
import type { SocketServer } from '../../support/servers/socket-server.ts';
import { until } from '../../support/until.ts';
import { getTime } from '../contract/language-model.ts';
import { isVendorFailed } from '../contract/speech-to-text.ts';

const key = 'sk-secret';

let server: SocketServer;
let received: Record<string, any>[] = [];

afterEach(() => server.close());

async function begin(clock: Clock = systemClock) {
  received = [];
  server = await startSocketServer((socket) => {
    socket.on('message', (message: Buffer) => received.push(JSON.parse(message.toString())));
  });
  const settings = {
    url: `${server.url}/v1`,
    key,
    model: 'openai/gpt-realtime',
    voice: 'marin',
    keyterms: ['Invisalign'],
  };
  const { signal } = new AbortController();
  const model = await vendor.open(settings, { clock, log: quietLog }, signal);
  const events: SpeechEvent[] = [];
  const ended = (async () => {
    for await (const event of model.events) events.push(event);
  })();
  ended.catch(() => {});
  const says = (message: object | string) => {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    for (const socket of server.sockets) socket.send(text);
  };
  await until('it is open', () => server.sockets.size === 1);
  return { model, events, ended, says };
}

test('what was said and done before it came: words, what tools were asked, and their answers', async () => {
  const { model } = await begin();
  const run = { id: '0199b0c4-6f3a-7c3e-9d1e-2f5a7b8c9d0e', name: 'get_time', arguments: '{}' };
  model.begin({
    instructions: '',
    tools: [getTime],
    language: 'en-US',
    history: [
      { role: 'user', text: 'What time is it?' },
      { role: 'tool', run: { ...run, result: '12:00' } },
      { role: 'assistant', text: 'Noon.' },
    ],
  });
  await until('all has come', () => received.length === 5);
  const call = { call_id: '0199b0c46f3a7c3e9d1e2f5a7b8c9d0e' };
  assert.deepEqual(
    received.slice(1).map(({ item }) => item),
    [
      {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: 'What time is it?' }],
      },
      { type: 'function_call', ...call, name: 'get_time', arguments: '{}' },
      { type: 'function_call_output', ...call, output: '12:00' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Noon.' }] },
    ],
  );
});

test('a session: mu-law both ways, tools, what was said, and the key in a header only', async () => {
  const { model } = await begin();
  model.begin({
    instructions: 'You answer the phone.',
    tools: [getTime],
    language: 'es-MX',
    history: [{ role: 'assistant', text: 'Hello.' }],
  });
  const frame = new Int16Array(160).fill(1000);
  for (let count = 0; count < 3; count += 1) model.hear(frame);
  model.result('call-1', '12:00');
  model.cut('item-1', 1234.7);
  model.cancel();
  model.respond();
  await until('all has come', () => received.length === 6);
  const [request] = server.requests;
  assert.equal(request?.url, '/v1/realtime?model=gpt-realtime');
  assert.equal(request.headers.authorization, `Bearer ${key}`);
  const [{ session }, history, audio, result, cut, respond] = received as [
    any,
    any,
    any,
    any,
    any,
    any,
  ];
  assert.deepEqual(session.audio.output, { format: { type: 'audio/pcmu' }, voice: 'marin' });
  assert.deepEqual(session.audio.input.format, { type: 'audio/pcmu' });
  const { language, prompt } = session.audio.input.transcription;
  assert.deepEqual([language, prompt], ['es', 'Invisalign.']);
  // When to answer, and when to be silent, is ours to say.
  const { create_response: answers, interrupt_response: yields } =
    session.audio.input.turn_detection;
  assert.deepEqual([answers, yields], [false, false]);
  assert.deepEqual(session.tools, [
    {
      type: 'function',
      name: 'get_time',
      description: getTime.description,
      parameters: getTime.parameters,
    },
  ]);
  assert.deepEqual(history.item.content, [{ type: 'output_text', text: 'Hello.' }]);
  assert.equal(Buffer.from(audio.audio, 'base64').length, 480);
  assert.equal(Buffer.from(audio.audio, 'base64')[0], 0xce);
  assert.deepEqual(result.item, {
    type: 'function_call_output',
    call_id: 'call-1',
    output: '12:00',
  });
  assert.deepEqual([cut.item_id, cut.audio_end_ms], ['item-1', 1234]);
  // Nothing is being made that could be cancelled.
  assert.equal(respond.type, 'response.create');
  model[Symbol.dispose]();
});

test('what it says: turns of the caller, words, sound, tools, ends with their tokens', async () => {
  const { model, events, says } = await begin();
  const about = { item_id: 'item-1', response_id: 'r' };
  says({ type: 'session.created', session: {} });
  says({ type: 'input_audio_buffer.speech_started', item_id: 'x' });
  says({ type: 'input_audio_buffer.speech_stopped', item_id: 'x' });
  says({ type: 'response.created', response: { id: 'r' } });
  says({ type: 'response.output_audio_transcript.delta', ...about, delta: 'Hello' });
  says({
    type: 'response.output_audio.delta',
    ...about,
    delta: Buffer.alloc(160, 0xce).toString('base64'),
  });
  says({ type: 'something.new', surprise: true });
  says({
    type: 'conversation.item.input_audio_transcription.completed',
    item_id: 'x',
    transcript: ' Hi. ',
  });
  says({
    type: 'response.function_call_arguments.done',
    ...about,
    call_id: 'c',
    name: 'get_time',
    arguments: '{}',
  });
  says({
    type: 'response.done',
    response: { id: 'r', status: 'completed', usage: { input_tokens: 10, output_tokens: 5 } },
  });
  await until('all has come', () => events.length === 8);
  assert.deepEqual(
    events.map((event) => event.type),
    ['speech-started', 'speech-stopped', 'answer', 'text', 'audio', 'caller', 'tool-call', 'done'],
  );
  const [, , , , audio, caller, , done] = events;
  assert.ok(audio?.type === 'audio' && audio.samples.length === 160 && audio.item === 'item-1');
  assert.ok(caller?.type === 'caller' && caller.text === 'Hi.');
  assert.deepEqual(done, {
    type: 'done',
    completed: true,
    usage: { inputTokens: 10, outputTokens: 5 },
  });
  model[Symbol.dispose]();
});

test('an answer that is not wanted is cancelled, nothing of it is told, and the next is asked for when it is over', async () => {
  const { model, events, says } = await begin();
  const asks = () => received.map(({ type }) => type as string);
  const sound = (id: string) => ({
    type: 'response.output_audio_transcript.delta',
    item_id: id,
    response_id: id,
    delta: id,
  });
  model.respond();
  // Before it has begun.
  model.cancel();
  model.respond();
  await until('both are told', () => received.length === 2);
  assert.deepEqual(asks(), ['response.create', 'response.cancel']);
  says({ type: 'response.created', response: { id: 'first' } });
  says(sound('first'));
  says({ type: 'response.done', response: { id: 'first', status: 'cancelled' } });
  await until('another is asked for', () => received.length === 3);
  says({ type: 'response.created', response: { id: 'second' } });
  // Late, and of the one before.
  says(sound('first'));
  says(sound('second'));
  says({ type: 'response.done', response: { id: 'second', status: 'completed' } });
  await until('all has come', () => events.length === 3);
  assert.deepEqual(events.slice(0, 2), [{ type: 'answer' }, { type: 'text', text: 'second' }]);
  // It is over: there is nothing to cancel.
  model.cancel();
  model.respond();
  await until('it is asked for', () => received.length === 4);
  assert.deepEqual(asks().slice(2), ['response.create', 'response.create']);
  model[Symbol.dispose]();
});

test('no answer in 4 s to what we asked for', async () => {
  const clock = new VirtualClock();
  const { model, ended } = await begin(clock);
  model.respond();
  await until('it is asked', () => received.length === 1);
  await clock.advance(4000);
  await assert.rejects(ended, /openai-realtime: nothing for 4000 ms/);
  assert.equal(clock.pending, 0);
});

test('a lost connection, a failed answer, an error of the server; objections do no harm', async () => {
  const lost = await begin();
  server.cut();
  await assert.rejects(lost.ended, isVendorFailed);
  await server.close();
  const failed = await begin();
  const error = { code: 'overloaded', message: 'try later' };
  failed.says({ type: 'error', error: { type: 'invalid_request_error', message: 'too late' } });
  failed.says({ type: 'response.created', response: { id: 'r' } });
  failed.says({
    type: 'response.done',
    response: { id: 'r', status: 'failed', status_details: { error } },
  });
  await assert.rejects(failed.ended, /openai-realtime: overloaded try later/);
  await server.close();
  const broken = await begin();
  broken.says({ type: 'error', error: { type: 'server_error', message: 'oh no' } });
  await assert.rejects(broken.ended, /openai-realtime: oh no/);
});

test('an answer that stops in the middle, and one that takes its time', async () => {
  const clock = new VirtualClock();
  const { model, events, ended, says } = await begin(clock);
  const more = { type: 'response.output_audio_transcript.delta', response_id: 'r', delta: 'a ' };
  model.respond();
  await until('it is asked', () => received.length === 1);
  says({ type: 'response.created', response: { id: 'r' } });
  for (let count = 1; count <= 3; count += 1) {
    says(more);
    await until('it is told', () => events.length === 1 + count);
    await clock.advance(3900);
  }
  await clock.advance(100);
  await assert.rejects(ended, /openai-realtime: nothing for 4000 ms/);
  assert.equal(clock.pending, 0);
});

test('an end that is told twice, or of an answer that is none, ends nothing', async () => {
  const { model, events, says } = await begin();
  const done = (id: string) =>
    says({ type: 'response.done', response: { id, status: 'completed', usage: {} } });
  for (const id of ['one', 'two']) {
    says({ type: 'response.created', response: { id } });
    done('another');
    done(id);
    done(id);
  }
  says({ type: 'input_audio_buffer.speech_started' });
  await until('all has come', () => events.at(-1)?.type === 'speech-started');
  assert.deepEqual(
    events.map(({ type }) => type),
    ['answer', 'done', 'answer', 'done', 'speech-started'],
  );
  model[Symbol.dispose]();
});

test('an answer that breaks off before a sound is a failure; with one it is an answer', async () => {
  const incomplete = {
    type: 'response.done',
    response: { id: 'r', status: 'incomplete', status_details: { reason: 'content_filter' } },
  };
  const silent = await begin();
  silent.says({ type: 'response.created', response: { id: 'r' } });
  silent.says(incomplete);
  await assert.rejects(silent.ended, /openai-realtime: content_filter/);
  await server.close();
  const { model, events, says } = await begin();
  says({ type: 'response.created', response: { id: 'r' } });
  says({ type: 'response.output_audio.delta', response_id: 'r', item_id: 'i', delta: 'zs4=' });
  says(incomplete);
  await until('it is over', () => events.length === 3);
  assert.equal(events[2]?.type, 'done');
  model[Symbol.dispose]();
});

test('a session that is refused is a failure: it would speak without instructions, and in another encoding', async () => {
  const { model, ended, says } = await begin();
  model.begin({ instructions: 'Be brief.', tools: [], language: 'en-US', history: [] });
  await until('it is told', () => received.length === 1);
  const event = received[0]?.['event_id'] as unknown;
  const message = `no such voice, ${key}`;
  says({
    type: 'error',
    error: { type: 'invalid_request_error', code: 'x', message, event_id: event },
  });
  await assert.rejects(ended, /openai-realtime: x no such voice, \[key\]$/);
});

test('messages that cannot be read are dropped, until there are 20', async () => {
  const { ended, events, says } = await begin();
  const bad = ['no json', '[]', '{"type":7}', '{"type":"response.output_audio.delta","delta":"%"}'];
  for (let count = 0; count < 19; count += 1) says(bad[count % bad.length]!);
  says({ type: 'input_audio_buffer.speech_started' });
  await until('it goes on', () => events.length === 1);
  says('no json');
  await assert.rejects(ended, /20 unreadable messages/);
});
