// Tests of the Flux stand-in with a plain socket: the life of a turn, taken back, forced, timed out.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { scriptedHearing } from '../../../../sandbox/speech/scripted-hearing.ts';
import { startDeepgram } from '../../../../sandbox/vendors/deepgram/deepgram.ts';
import { openRaw, quiet, refusalOf, sendAudio, tone } from '../../support/raw-socket.ts';
import type { Json, RawSocket } from '../../support/raw-socket.ts';

/** An Update comes with so much audio. */
const UPDATE_MS = 240;
const headers = { authorization: 'Token secret' };
const settings = 'model=flux-general-en&encoding=mulaw&sample_rate=8000';

async function openFlux(texts: readonly string[], more = ''): Promise<RawSocket> {
  const hearing = scriptedHearing({ texts, delayMs: 0 });
  const server = await startDeepgram({ key: 'secret', hearing });
  after(() => server.close());
  return openRaw(`${server.url}/v2/listen?${settings}${more}`, headers);
}

const events = (messages: readonly Json[]) =>
  messages
    .filter((each) => each['event'] && each['event'] !== 'Update')
    .map((each) => each['event'] as string);
const is = (event: string) => (message: Json) => message['event'] === event;

/** Sends silence until the event comes, each time waiting for the update that says it was heard: time is that of the audio. */
async function quietUntil(socket: RawSocket, event: string): Promise<Json> {
  const from = socket.messages.length;
  while (!socket.messages.slice(from).some(is(event))) {
    const sent = socket.messages.length;
    sendAudio(socket, quiet(UPDATE_MS));
    await socket.next(is('Update'), sent);
  }
  return socket.messages.slice(from).find(is(event))!;
}

test('a turn starts, is updated, may be over, and is over, with the same words', async () => {
  const socket = await openFlux(['book me please'], '&eager_eot_threshold=0.4');
  sendAudio(socket, quiet(300));
  sendAudio(socket, tone(1000));
  await socket.next((each) => /^Book( me)?$/.test(each['transcript'] ?? ''));
  const eager = await quietUntil(socket, 'EagerEndOfTurn');
  const end = await quietUntil(socket, 'EndOfTurn');
  assert.deepEqual(events(socket.messages), ['StartOfTurn', 'EagerEndOfTurn', 'EndOfTurn']);
  assert.equal(end['transcript'], 'Book me please.');
  assert.equal(end['transcript'], eager['transcript']);
  assert.equal(end['trigger'], 'model');
  assert.ok(end['end_of_turn_confidence'] >= 0.7);
  assert.equal(socket.messages[0]?.['type'], 'Connected');
  assert.deepEqual(
    socket.messages.map((each) => each['sequence_id']),
    socket.messages.map((_, index) => index),
  );
  const before = socket.messages.filter(is('Update')).filter((each) => each['transcript'] === '');
  assert.ok(before.length >= 1, 'updates come before anybody speaks');
  socket.send({ type: 'CloseStream' });
  assert.equal((await socket.closed).code, 1000);
});

test('a turn is taken back when the caller goes on, and keeps its words', async () => {
  const socket = await openFlux(['on tuesday', 'at ten'], '&eager_eot_threshold=0.4');
  sendAudio(socket, tone(700));
  await quietUntil(socket, 'EagerEndOfTurn');
  sendAudio(socket, tone(700));
  const end = await quietUntil(socket, 'EndOfTurn');
  assert.deepEqual(events(socket.messages), [
    'StartOfTurn',
    'EagerEndOfTurn',
    'TurnResumed',
    'EagerEndOfTurn',
    'EndOfTurn',
  ]);
  assert.equal(end['transcript'], 'On Tuesday at ten.');
  assert.equal(end['turn_index'], 0);
  await socket.close();
});

test('the next turn has its own number and only its own words', async () => {
  const socket = await openFlux(['yes please', 'thank you']);
  sendAudio(socket, tone(700));
  await quietUntil(socket, 'EndOfTurn');
  sendAudio(socket, tone(700));
  const end = await quietUntil(socket, 'EndOfTurn');
  assert.deepEqual([end['turn_index'], end['transcript']], [1, 'Thank you.']);
  assert.ok(end['audio_window_start'] > 1);
  await socket.close();
});

test('without a threshold nothing is eager; an unfinished sentence ends by time', async () => {
  const socket = await openFlux(['i would like to'], '&eot_timeout_ms=900');
  sendAudio(socket, tone(700));
  const end = await quietUntil(socket, 'EndOfTurn');
  assert.deepEqual(events(socket.messages), ['StartOfTurn', 'EndOfTurn']);
  assert.equal(end['trigger'], 'timeout');
  await socket.close();
});

test('a turn can be ended by force', async () => {
  const socket = await openFlux(['hello there']);
  sendAudio(socket, tone(700));
  socket.send({ type: 'ForceEndTurn' });
  const end = await socket.next(is('EndOfTurn'));
  assert.deepEqual([end['trigger'], end['transcript']], ['manual', 'Hello there.']);
  await socket.close();
});

test('Configure changes the thresholds', async () => {
  const socket = await openFlux(['i would like to']);
  socket.send({ type: 'Configure', thresholds: { eot_timeout_ms: 500 } });
  await socket.next((each) => each['type'] === 'ConfigureSuccess');
  sendAudio(socket, tone(700));
  const end = await quietUntil(socket, 'EndOfTurn');
  assert.equal(end['trigger'], 'timeout');
  await socket.close();
});

test('a message that is none is fatal', async () => {
  const socket = await openFlux([]);
  socket.send({ type: 'Finalize' });
  const error = await socket.next((each) => each['type'] === 'Error');
  assert.equal(error['code'], 'DATA-0000');
  assert.equal((await socket.closed).code, 1011);
});

describe('settings are refused', () => {
  for (const query of [
    'model=nova-3&encoding=mulaw&sample_rate=8000',
    `${settings}&eager_eot_threshold=0.95`,
    `${settings}&eot_timeout_ms=100`,
    `${settings}&language_hint=en`,
  ]) {
    test(query, async () => {
      const server = await startDeepgram({
        key: 'secret',
        hearing: scriptedHearing({ texts: [] }),
      });
      after(() => server.close());
      const refused = await refusalOf(`${server.url}/v2/listen?${query}`, headers);
      assert.equal(refused.status, 400);
    });
  }
});
