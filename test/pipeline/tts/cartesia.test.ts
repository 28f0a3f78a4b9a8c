// Cartesia as a voice: what it is sent, what is understood, and every way in which it fails.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { vendor } from '../../../src/pipeline/tts/cartesia.ts';
import { VirtualClock } from '../../support/clock.ts';
import { until } from '../../support/until.ts';
import { readAloud, startCartesia } from '../../support/servers/voice-server.ts';
import type { VoiceServer } from '../../support/servers/voice-server.ts';
import { isVendorFailed } from '../contract/speech-to-text.ts';
import { audioOf, speaking, textToSpeechContract, wordsOf } from '../contract/text-to-speech.ts';

const key = 'car-secret';

let server: VoiceServer;
const closing: (() => void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await server.close();
});

textToSpeechContract('cartesia', async () => {
  server = await startCartesia();
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

describe('what cartesia is sent', () => {
  test('the version that goes with a voice as a string, and the key in a header only', async () => {
    await begin();
    const [request] = server.requests;
    assert.equal(request?.url, '/tts/websocket');
    assert.equal(request.headers.authorization, `Bearer ${key}`);
    assert.equal(request.headers['cartesia-version'], '2026-08-14');
  });

  test('the same settings with every piece, and an end', async () => {
    const { text, ended } = await begin();
    text.push('Good ');
    text.push(' ');
    text.push('morning.');
    text.end();
    await ended;
    const settings = {
      context_id: 'turn-1',
      model_id: 'sonic-3',
      voice: 'katie',
      language: 'en',
      output_format: { container: 'raw', encoding: 'pcm_mulaw', sample_rate: 8000 },
      add_timestamps: true,
      max_buffer_delay_ms: 0,
    };
    assert.deepEqual(server.received, [
      { ...settings, transcript: 'Good ', continue: true },
      { ...settings, transcript: ' morning.', continue: true },
      { ...settings, transcript: '', continue: false },
    ]);
  });

  test('an end where the text pauses, as it forgets a context after a second', async () => {
    const clock = new VirtualClock();
    const { text, speech, ended } = await begin({ clock });
    text.push('One moment. ');
    await until('it speaks', () => audioOf(speech).length > 0);
    await clock.advance(600);
    await until('it is told', () => server.received.length === 2);
    assert.equal(server.received[1]?.['continue'], false);
    text.push('Here it is.');
    text.end();
    await ended;
    assert.deepEqual(
      server.received.map((each) => each['context_id']),
      ['turn-1', 'turn-1', 'turn-2', 'turn-2'],
    );
    assert.equal(readAloud(audioOf(speech)), 'One moment. Here it is.');
    // Times go on in the second context: 40 ms a letter.
    const here = wordsOf(speech).find((word) => word.text === 'Here');
    assert.deepEqual(here, { text: 'Here', startMs: 480, endMs: 640 });
    assert.equal(clock.pending, 0);
  });

  test('cancel, at once', async () => {
    const { text, speech, ended, stop } = await begin();
    text.push('Good morning. ');
    await until('it speaks', () => audioOf(speech).length > 0);
    stop.abort(new Error('interrupted'));
    await assert.rejects(ended, /interrupted/);
    await until('it is told', () => server.received.some((each) => each['cancel'] === true));
    assert.deepEqual(server.received.at(-1), { context_id: 'turn-1', cancel: true });
  });
});

describe('how cartesia fails', () => {
  test('a refusal', async () => {
    server = await startCartesia();
    server.refuse = 402;
    await assert.rejects(open(), (error: Error) => {
      assert.ok(isVendorFailed(error));
      assert.equal(error.message, 'cartesia: refused with 402');
      return true;
    });
  });

  test('no sound in 2 s', async () => {
    const clock = new VirtualClock();
    const { text, ended } = await begin({ clock });
    server.stalled = true;
    text.push('Good morning.');
    text.end();
    await until('it is asked', () => server.received.length === 2);
    await clock.advance(2000);
    await assert.rejects(ended, /cartesia: nothing for 2000 ms/);
    assert.equal(clock.pending, 0);
    // The vendor need not go on.
    await until('it is told', () => server.received.at(-1)?.['cancel'] === true);
  });

  test('done without a sound of the words it was given', async () => {
    const { text, ended } = await begin();
    server.stalled = true;
    text.push('Good morning.');
    text.end();
    await until('it is asked', () => server.received.length === 2);
    server.say({ type: 'done', context_id: 'turn-1', done: true });
    await assert.rejects(ended, /cartesia: no sound/);
  });

  test('its words are told without the key', async () => {
    const { text, ended } = await begin();
    server.stalled = true;
    text.push('Good morning.');
    await until('it is asked', () => server.received.length === 1);
    server.say({ type: 'error', title: 'Bad key', message: key, context_id: 'turn-1' });
    await assert.rejects(ended, /cartesia: Bad key, \[key\]$/);
  });

  test('a sound and then no more', async () => {
    const clock = new VirtualClock();
    const { text, speech, ended } = await begin({ clock });
    text.push('Good morning. ');
    await until('it speaks', () => audioOf(speech).length > 0);
    server.stalled = true;
    text.push('How are you?');
    text.end();
    await until('it is asked', () => server.received.length === 3);
    await clock.advance(2000);
    await assert.rejects(ended, /nothing for 2000 ms/);
  });

  test('an error about the context, and none about others', async () => {
    const { text, ended } = await begin();
    server.stalled = true;
    text.push('Good morning. ');
    await until('it is asked', () => server.received.length === 1);
    const error = { type: 'error', done: true, status_code: 400, title: 'Bad', message: 'voice' };
    server.say({ ...error, context_id: 'turn-0' });
    server.say({ ...error, message: 'no such voice', error_code: 'x', context_id: 'turn-1' });
    await assert.rejects(ended, /cartesia: Bad, no such voice, x$/);
  });

  test('a connection that drops before a sound is replaced, and all is said', async () => {
    const { text, speech, ended } = await begin();
    server.cutAt = 'G';
    text.push('Good ');
    text.push('morning.');
    text.end();
    await ended;
    assert.equal(server.requests.length, 2);
    assert.equal(readAloud(audioOf(speech)), 'Good morning.');
  });

  test('a connection that drops in the middle fails the turn, not the next', async () => {
    const { voice, text, ended } = await begin();
    server.cutAt = 'm';
    text.push('Good morning.');
    text.end();
    await assert.rejects(ended, isVendorFailed);
    const next = speaking({ textToSpeech: voice });
    next.text.push('Good morning.');
    next.text.end();
    await next.ended;
    assert.equal(readAloud(audioOf(next.speech)), 'Good morning.');
  });

  test('messages that cannot be read are dropped, until there are 20', async () => {
    const { text, speech, ended } = await begin();
    server.stalled = true;
    text.push('Good morning. ');
    await until('it is asked', () => server.received.length === 1);
    const about = { context_id: 'turn-1' };
    const bad = [
      'not json',
      Buffer.from([1, 2]),
      { type: 'chunk', ...about, data: '%%%' },
      { type: 'chunk', ...about, data: 7 },
      { type: 'timestamps', ...about, word_timestamps: { words: ['a'], start: [], end: [0] } },
      { type: 'timestamps', ...about, word_timestamps: { words: ['a'], start: [null], end: [0] } },
    ];
    for (let i = 0; i < 19; i += 1) server.say(bad[i % bad.length]!);
    server.say({ type: 'something_new', ...about });
    server.say({ type: 'chunk', ...about, data: Buffer.alloc(320, 'x').toString('base64') });
    await until('it speaks', () => audioOf(speech).length === 1);
    server.say('not json');
    await assert.rejects(ended, /cartesia: 20 unreadable messages/);
  });

  test('endless audio', async () => {
    const { text, ended } = await begin();
    server.stalled = true;
    text.push('Hi. ');
    await until('it is asked', () => server.received.length === 1);
    const data = Buffer.alloc(8000, 'x').toString('base64');
    for (let i = 0; i < 20; i += 1) server.say({ type: 'chunk', context_id: 'turn-1', data });
    await assert.rejects(ended, /more audio than its text can need/);
  });

  test('16-bit samples cut between messages', async () => {
    const { text, speech, ended } = await begin({ sampleRate: 16_000 });
    server.stalled = true;
    text.push('Hi. ');
    await until('it is asked', () => server.received.length === 1);
    const chunk = { type: 'chunk', context_id: 'turn-1' };
    for (const hex of ['010203', '0405', '06']) {
      server.say({ ...chunk, data: Buffer.from(hex, 'hex').toString('base64') });
    }
    server.say({ type: 'done', context_id: 'turn-1' });
    text.end();
    await ended;
    assert.deepEqual(
      audioOf(speech).flatMap((samples) => [...samples]),
      [0x0201, 0x0403, 0x0605],
    );
  });
});

function open(clock: Clock = systemClock) {
  const call = new AbortController();
  closing.push(() => call.abort(new Error('the test is over')));
  const settings = { url: server.url, key, model: 'sonic-3', voice: 'katie' };
  return vendor.open(settings, { clock, log: quietLog }, call.signal);
}

async function begin({ clock, sampleRate = 8000 }: { clock?: Clock; sampleRate?: number } = {}) {
  server = await startCartesia();
  const voice = await open(clock);
  const begun = speaking({ textToSpeech: voice }, sampleRate);
  closing.push(() => begun.stop.abort(new Error('the test is over')));
  return { ...begun, voice };
}
