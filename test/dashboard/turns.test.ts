// A conversation as turns: from the record, and event by event as the streams tell it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterEvent, noTurns, turnsOf } from '../../src/dashboard/calls/turns.ts';
import type { LiveTurns } from '../../src/dashboard/calls/turns.ts';

const timestamp = '2026-02-06T10:00:00.000Z';
const said = (turn: number, role: 'user' | 'assistant', content: string, interrupted = false) => ({
  turn,
  role,
  content,
  interrupted,
  timestamp,
});
const latency = { endpoint_ms: 100, think_ms: 50, speak_ms: 40, play_ms: 20 };
const run = { name: 'look_up', arguments: '{}', result: 'x', elapsed_ms: 3, failed: false };

function after(events: readonly (readonly [string, object])[]): LiveTurns {
  return events.reduce((state, [type, event]) => afterEvent(state, type, event), noTurns);
}

test('the record of a call becomes its turns', () => {
  const turns = turnsOf(
    [said(0, 'assistant', 'Hello.'), said(1, 'user', 'Hi.'), said(1, 'assistant', 'Yes?', true)],
    [{ number: 1, tools: [run], response_ms: 300, hear_ms: 50, ...latency }],
  );
  assert.deepEqual(
    turns.map(({ number, user, assistant, tools, latency: times }) => [
      number,
      user?.content,
      assistant?.content,
      assistant?.interrupted,
      tools.length,
      times?.response_ms,
    ]),
    [
      [0, undefined, 'Hello.', false, 0, undefined],
      [1, 'Hi.', 'Yes?', true, 1, 300],
    ],
  );
});

test('words are light until they are certain, and gone when their turn is there', () => {
  const words = (text: string, final: boolean) => ['words', { text, final }] as const;
  let state = after([words('when do', false)]);
  assert.deepEqual([state.settled, state.interim], ['', 'when do']);
  state = after([words('when do', false), words('When do you', true), words('open', false)]);
  assert.deepEqual([state.settled, state.interim], ['When do you', 'open']);
  state = afterEvent(state, 'words', { text: 'open?', final: true });
  assert.deepEqual([state.settled, state.interim], ['When do you open?', '']);
  state = afterEvent(state, 'utterance', said(1, 'user', 'When do you open?'));
  assert.deepEqual([state.settled, state.interim, state.turns.length], ['', '', 1]);
});

test('a turn is put together from its events, also when the stream begins again', () => {
  const events = [
    ['call', { transcript: [said(0, 'assistant', 'Hello.')] }],
    ['utterance', said(1, 'user', 'Hi.')],
    ['tool', { turn: 1, ...run }],
    ['utterance', said(1, 'assistant', 'Yes?')],
    ['latency', { turn: 1, response_ms: 300, kind: 'reply', ending: 'completed', ...latency }],
    ['balance', { balance_seconds: 90 }],
    ['unheard of', {}],
  ] as const;
  let state = after(events);
  const shape = () =>
    state.turns.map(({ number, tools, latency: times }) => [
      number,
      tools.length,
      times?.response_ms,
    ]);
  assert.deepEqual(shape(), [
    [0, 0, undefined],
    [1, 1, 300],
  ]);
  assert.equal(state.balanceSeconds, 90);
  const transcript = [said(0, 'assistant', 'Hello.'), said(1, 'user', 'Hi.'), said(2, 'user', 'x')];
  state = afterEvent(state, 'call', { transcript });
  assert.deepEqual(shape(), [
    [0, 0, undefined],
    [1, 1, 300],
    [2, 0, undefined],
  ]);
});
