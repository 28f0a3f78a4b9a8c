// Tests of the Deepgram stand-in, version 1, with a plain socket: refusals, words, Finalize, silence, closing, faults.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { HearingScript } from '../../../../sandbox/speech/scripted-hearing.ts';
import { scriptedHearing } from '../../../../sandbox/speech/scripted-hearing.ts';
import type { StandIn } from '../../../../sandbox/stand-in-server.ts';
import { startDeepgram } from '../../../../sandbox/vendors/deepgram/deepgram.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { openRaw, quiet, refusalOf, sendAudio, tone } from '../../support/raw-socket.ts';
import type { Json } from '../../support/raw-socket.ts';

const headers = { authorization: 'Token secret' };
const settings = 'model=nova-3&encoding=mulaw&sample_rate=8000&interim_results=true&punctuate=true';

async function standIn(script: Partial<HearingScript> = {}, idleMs = 10_000): Promise<StandIn> {
  const hearing = scriptedHearing({ texts: ['yes please', 'ten thirty'], delayMs: 5, ...script });
  const started = await startDeepgram({ key: 'secret', hearing, idleMs });
  after(() => started.close());
  return started;
}

const textOf = (message: Json): string => message['channel'].alternatives[0].transcript as string;
const finals = (messages: readonly Json[]) =>
  messages.filter((each) => each['is_final'] && textOf(each) !== '');

describe('an upgrade is refused', () => {
  for (const [name, query, auth, status, error] of [
    ['without a key', settings, {}, 401, 'Invalid credentials.'],
    [
      'with a bearer key',
      settings,
      { authorization: 'Bearer secret' },
      401,
      'Invalid credentials.',
    ],
    ['without a rate', 'encoding=mulaw', headers, 400, /sample_rate/],
    ['with a region that it does not list', `${settings}&language=de-DE`, headers, 400, /language/],
    ['with keywords for nova-3', `${settings}&keywords=a:2`, headers, 400, /keyterm/],
    [
      'with keyterms for older models',
      `${settings.replace('nova-3', 'nova-2')}&keyterm=a`,
      headers,
      400,
      /keyterm/,
    ],
    ['with too many keyterms', settings + '&keyterm=a'.repeat(101), headers, 400, /100 keyterms/],
    ['with long keyterms', `${settings}&keyterm=${'a'.repeat(1500)}`, headers, 400, /500 tokens/],
    [
      'with utterance_end_ms alone',
      'encoding=mulaw&sample_rate=8000&utterance_end_ms=1000',
      headers,
      400,
      /interim/,
    ],
  ] as const) {
    test(name, async () => {
      const { url } = await standIn();
      const refused = await refusalOf(`${url}/v1/listen?${query}`, auth);
      assert.equal(refused.status, status);
      assert.match(String(refused.headers['dg-error']), new RegExp(error));
      assert.ok(refused.headers['dg-request-id']);
    });
  }

  test('by a fault, with its headers', async () => {
    const { url, faults, counts } = await standIn();
    faults.add({ on: 'connect', do: 'status:429', headers: { 'retry-after': '1' } });
    const refused = await refusalOf(`${url}/v1/listen?${settings}`, headers);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers['retry-after'], '1');
    const socket = await openRaw(`${url}/v1/listen?${settings}`, headers);
    await socket.close();
    assert.deepEqual([counts.connections, counts.refused], [1, 1]);
  });
});

test('Finalize gives the words at once, and CloseStream a summary and 1000', async () => {
  const { url } = await standIn();
  const socket = await openRaw(`${url}/v1/listen?${settings}&endpointing=false`, headers);
  sendAudio(socket, quiet(400));
  sendAudio(socket, tone(800));
  sendAudio(socket, quiet(200));
  socket.send({ type: 'Finalize' });
  const final = await socket.next((each) => each['from_finalize']);
  assert.equal(textOf(final), 'Yes please.');
  assert.deepEqual([final['is_final'], final['start'], final['duration']], [true, 0, 1.4]);
  const [first, second] = final['channel'].alternatives[0].words;
  assert.equal(first.punctuated_word, 'Yes');
  assert.equal(first.word, 'yes');
  assert.ok(first.start > 0.15 && first.start < 0.45, `${first.start}`);
  assert.ok(second.end > 1 && second.end <= 1.4, `${second.end}`);
  const interims = socket.messages.filter((each) => each['is_final'] === false);
  assert.deepEqual(interims.map(textOf).at(-1), 'Yes please');
  socket.send({ type: 'CloseStream' });
  const summary = await socket.next((each) => each['type'] === 'Metadata');
  assert.equal(summary['duration'], 1.4);
  assert.equal((await socket.closed).code, 1000);
});

test('Finalize without speech is answered with no words', async () => {
  const { url } = await standIn();
  const socket = await openRaw(`${url}/v1/listen?${settings}`, headers);
  sendAudio(socket, quiet(200));
  socket.send({ type: 'Finalize' });
  const final = await socket.next((each) => each['from_finalize']);
  assert.equal(textOf(final), '');
  await socket.close();
});

test('silence ends an utterance, and the next begins another', async () => {
  const { url } = await standIn();
  const query = `${settings}&endpointing=300&vad_events=true&utterance_end_ms=1000`;
  const socket = await openRaw(`${url}/v1/listen?${query}`, headers);
  for (const text of ['Yes please.', 'Ten thirty.']) {
    sendAudio(socket, tone(600));
    sendAudio(socket, quiet(500));
    await socket.next((each) => each['speech_final'] && textOf(each) === text);
    sendAudio(socket, quiet(1000));
  }
  await socket.next((each) => each['type'] === 'UtteranceEnd' && each['last_word_end'] > 2);
  assert.deepEqual(finals(socket.messages).map(textOf), ['Yes please.', 'Ten thirty.']);
  const started = socket.messages.filter((each) => each['type'] === 'SpeechStarted');
  assert.equal(started.length, 2);
  await socket.close();
});

test('while nobody speaks results come all the same, without words', async () => {
  const { url } = await standIn();
  const socket = await openRaw(`${url}/v1/listen?${settings}`, headers);
  sendAudio(socket, quiet(3100));
  await socket.next((each) => each['is_final']);
  assert.deepEqual(socket.messages.map(textOf), ['', '', '']);
  await socket.close();
});

describe('a socket is closed', () => {
  test('with NET-0001 when nothing comes', async () => {
    const { url } = await standIn({}, 100);
    const socket = await openRaw(`${url}/v1/listen?${settings}`, headers);
    assert.deepEqual(await socket.closed, { code: 1011, reason: 'NET-0001' });
  });

  test('with NET-0001 when only KeepAlive comes and never audio', async () => {
    const { url } = await standIn({}, 200);
    const socket = await openRaw(`${url}/v1/listen?${settings}`, headers);
    using _timer = systemClock.every(20, () => socket.send({ type: 'KeepAlive' }));
    assert.equal((await socket.closed).code, 1011);
  });

  test('by an empty binary message, as by CloseStream', async () => {
    const { url } = await standIn();
    const socket = await openRaw(`${url}/v1/listen?${settings}`, headers);
    socket.send(new Uint8Array(0));
    assert.equal((await socket.closed).code, 1000);
    assert.equal(socket.messages.at(-1)?.['type'], 'Metadata');
  });

  test('with 1008 by a message that is none', async () => {
    const { url } = await standIn();
    const socket = await openRaw(`${url}/v1/listen?${settings}`, headers);
    socket.send('hello');
    assert.deepEqual(await socket.closed, { code: 1008, reason: 'DATA-0000' });
  });
});

test('KeepAlive keeps a socket that has had audio', async () => {
  // Longer than a busy machine stands still between two of its timers.
  const { url } = await standIn({}, 2000);
  const socket = await openRaw(`${url}/v1/listen?${settings}`, headers);
  sendAudio(socket, quiet(20));
  const from = performance.now();
  using _timer = systemClock.every(20, () => {
    if (performance.now() - from < 2500) socket.send({ type: 'KeepAlive' });
  });
  await socket.closed;
  assert.ok(performance.now() - from > 2500);
});

describe('faults', () => {
  test('are set over HTTP, with the key', async () => {
    const { url, faults } = await standIn();
    const post = (key: string, body: string) =>
      fetch(`${url}/_sandbox/faults`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body,
      });
    const script = JSON.stringify([{ on: 'message', nth: 2, do: 'close:1011' }]);
    assert.equal((await post('other', script)).status, 401);
    assert.equal((await post('secret', '[{"on":"message","do":"explode"}]')).status, 400);
    assert.deepEqual(faults.faults, []);
    assert.equal((await post('secret', script)).status, 200);
    const socket = await openRaw(`${url}/v1/listen?${settings}`, headers);
    sendAudio(socket, quiet(3000));
    assert.equal((await socket.closed).code, 1011);
    assert.equal(socket.messages.length, 1);
    assert.deepEqual(faults.faults, []);
  });

  test('drop, garble, reset and stall', async () => {
    const { url, faults } = await standIn();
    const hear = async () => {
      const socket = await openRaw(`${url}/v1/listen?${settings}`, headers);
      sendAudio(socket, quiet(3000));
      return socket;
    };
    faults.add({ on: 'message', do: 'drop', times: 2 });
    let socket = await hear();
    await socket.next((each) => each['is_final']);
    assert.equal(socket.messages.length, 1);
    await socket.close();

    faults.add({ on: 'message', do: 'garble' });
    socket = await hear();
    await socket.next((each) => each['is_final']);
    assert.equal(typeof socket.messages[0]?.['text'], 'string');
    await socket.close();

    faults.add({ on: 'message', nth: 2, do: 'reset' });
    socket = await hear();
    assert.equal((await socket.closed).code, 1006);

    faults.add({ on: 'message', do: 'stall', match: '"is_final":true' });
    socket = await hear();
    await socket.next((each) => each['start'] === 0 && each['duration'] === 2);
    socket.send({ type: 'Finalize' });
    const other = await hear();
    await other.next((each) => each['is_final']);
    assert.equal(socket.messages.length, 2);
    await Promise.all([socket.close(), other.close()]);
  });
});
