// Deepgram Flux as a recogniser: its turns, its eager guesses, and how it fails.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Channel } from '../../../src/lib/channel.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { vendor } from '../../../src/pipeline/stt/deepgram-flux.ts';
import { FLUSH } from '../../../src/pipeline/types.ts';
import type { CallerAudio, Transcript } from '../../../src/pipeline/types.ts';
import { hearingAlone } from '../../support/virtual-calls/chains.ts';
import { VirtualClock } from '../../support/clock.ts';
import { startDeepgram } from '../../support/servers/deepgram-server.ts';
import type { DeepgramServer } from '../../support/servers/deepgram-server.ts';
import { until } from '../../support/until.ts';
import { isVendorFailed, speechToTextContract } from '../contract/speech-to-text.ts';

const frame = new Int16Array(160).fill(1000);

let server: DeepgramServer;
const closing: (() => void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await server.close();
});

speechToTextContract('deepgram-flux', async () => {
  const flux = await startDeepgram();
  server = flux;
  let text = '';
  flux.onMessage = (type) => {
    const heardMs = flux.audio.length * 80;
    if (type === 'CloseStream') flux.end();
    else if (text === '') flux.sayTurn('Update', '', heardMs);
    else {
      flux.sayTurn('StartOfTurn', text, heardMs);
      flux.sayTurn('EndOfTurn', text, heardMs);
      text = '';
    }
  };
  const settings = { url: flux.url, key: 'k', model: 'flux-general-en', voice: '' };
  return {
    speechToText: await hearingAlone('deepgram-flux', vendor, settings),
    speech: (words) => {
      text = words;
      return [frame, frame, frame, frame];
    },
    connections: () => flux.sockets.size,
    cut: () => flux.cut(),
    close: () => flux.close(),
  };
});

test('the thresholds of a turn, and a language only where the model knows several', async () => {
  await listen({ model: 'flux-general-en', language: 'en-GB' });
  const english = new URL(server.requests[0]?.url ?? '', 'http://x');
  assert.equal(english.pathname, '/v2/listen');
  assert.deepEqual(Object.fromEntries(english.searchParams), {
    model: 'flux-general-en',
    encoding: 'mulaw',
    sample_rate: '8000',
    eot_threshold: '0.7',
    eager_eot_threshold: '0.4',
    eot_timeout_ms: '3000',
    numerals: 'true',
  });
  await server.close();
  for (const model of ['flux-general-multi', 'flux-general-en']) {
    await listen({ model, language: 'es-419' });
    assert.match(server.requests.at(-1)?.url ?? '', /model=flux-general-multi.*language_hint=es/);
    await server.close();
  }
});

test('80 ms at a time', async () => {
  const { audio } = await listen();
  for (let i = 0; i < 8; i += 1) audio.push(frame);
  await until('audio has come', () => server.audio.length === 2);
  assert.deepEqual(
    server.audio.map((bytes) => bytes.length),
    [640, 640],
  );
});

test('silence where there is no audio, so that no turn dangles', async () => {
  const clock = new VirtualClock();
  await listen({ clock });
  await clock.advance(500);
  await until('silence has come', () => server.audio.length === 1);
  assert.deepEqual(server.audio[0], Buffer.alloc(640, 0xff));
});

test('a turn with a guess that is taken back', async () => {
  const { heard } = await listen();
  server.say({ type: 'Connected', request_id: 'r', sequence_id: 0 });
  server.sayTurn('StartOfTurn', 'My');
  server.sayTurn('Update', 'My number');
  server.sayTurn('EagerEndOfTurn', 'My number is');
  server.sayTurn('TurnResumed', 'My number is');
  server.sayTurn('EagerEndOfTurn', 'My number is 5.');
  server.sayTurn('EndOfTurn', 'My number is 5.');
  server.sayTurn('SomethingNew', 'x');
  await until('the turn is over', () => heard.at(-1)?.type === 'end-of-turn');
  assert.deepEqual(
    heard.map((each) => ('text' in each ? [each.type, each.text] : [each.type])),
    [
      ['start-of-turn'],
      ['words', 'My'],
      ['words', 'My number'],
      ['words', 'My number is'],
      ['eager-end-of-turn', 'My number is'],
      ['turn-resumed'],
      ['words', 'My number is'],
      ['words', 'My number is 5.'],
      ['eager-end-of-turn', 'My number is 5.'],
      ['end-of-turn', 'My number is 5.'],
    ],
  );
  // It says how sure it is of each word, here 0.9 of all.
  const last = heard.at(-1);
  assert.ok(last?.type === 'end-of-turn');
  assert.ok(Math.abs(last.confidence! - 0.9) < 1e-9);
});

test('a flush is answered when it has heard all audio before', async () => {
  const clock = new VirtualClock();
  const { audio, heard } = await listen({ clock });
  for (let i = 0; i < 5; i += 1) audio.push(frame);
  audio.push(FLUSH);
  await until('audio has come', () => server.audio.length === 2);
  server.sayTurn('Update', 'yes', 80);
  server.sayTurn('Update', 'yes', 160);
  await until('words have come', () => heard.length === 2);
  assert.deepEqual(
    heard.map((each) => each.type === 'words' && each.flushed),
    [false, true],
  );
});

test('its errors end it, in its words and without the key', async () => {
  const { ended } = await listen();
  server.say({
    type: 'Error',
    sequence_id: 3,
    code: 'NET-0001',
    description: 'no audio of secret',
  });
  await assert.rejects(ended, (error: Error) => {
    assert.ok(isVendorFailed(error));
    assert.equal(error.message, 'deepgram-flux: NET-0001 no audio of [key]');
    return true;
  });
});

interface Options {
  readonly clock?: Clock;
  readonly model?: string;
  readonly language?: string;
}

async function listen({ clock = systemClock, model = 'flux-general-en', language }: Options = {}) {
  server = await startDeepgram();
  const stop = new AbortController();
  closing.push(() => stop.abort(new Error('the test is over')));
  const settings = { url: server.url, key: 'secret', model, voice: '' };
  const speechToText = await vendor.open(settings, { clock, log: quietLog }, stop.signal);
  const audio = new Channel<CallerAudio>(10_000);
  const heard: Transcript[] = [];
  const options = { sampleRate: 8000, language: language ?? 'en-US', signal: stop.signal };
  const ended = (async () => {
    for await (const each of speechToText.transcribe(audio, options)) heard.push(each);
  })();
  // Looked at by those tests that expect it to fail.
  ended.catch(() => {});
  const connections = language && (model.endsWith('multi') || !language.startsWith('en')) ? 2 : 1;
  await until('it is connected', () => server.requests.length === connections);
  await until('it is open', () => server.sockets.size === 1);
  return { audio, heard, ended };
}
