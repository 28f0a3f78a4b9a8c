// A conversation as turns: from the record, and event by event as the streams tell it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  afterEvent,
  isUnderWay,
  noTurns,
  refusalOf,
  turnsOf,
} from '../../src/dashboard/calls/turns.ts';
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
const stored = { hear_ms: 50, unheard: null, created_at: timestamp };
const run = { name: 'look_up', arguments: '{}', result: 'x', elapsed_ms: 3, failed: false };

function after(events: readonly (readonly [string, object])[]): LiveTurns {
  return events.reduce((state, [type, event]) => afterEvent(state, type, event), noTurns);
}

test('a tool that answers that it has not done it is known from one that has', () => {
  const cases: [result: string | undefined, refusal: string | undefined][] = [
    [undefined, undefined],
    ['', undefined],
    ['We open at nine.', undefined],
    ['"error"', undefined],
    ['null', undefined],
    ['{"booked":true}', undefined],
    ['{"error":"needs_read_back","hint":"Wait."}', 'needs_read_back'],
    ['{"error":404}', undefined],
  ];
  for (const [result, refusal] of cases) {
    const given = {
      name: 'book_appointment',
      arguments: '{}',
      ...(result !== undefined && { result }),
    };
    assert.equal(refusalOf(given), refusal, String(result));
  }
});

test('the record of a call becomes its turns', () => {
  const turns = turnsOf(
    [said(0, 'assistant', 'Hello.'), said(1, 'user', 'Hi.'), said(1, 'assistant', 'Yes?', true)],
    [{ number: 1, tools: [run], response_ms: 300, ...stored, ...latency }],
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

test('an answer of which nothing was heard stands among the turns, struck from the transcript', () => {
  const rest = { ...said(2, 'assistant', 'At nine', true), unheard: 'in the morning.' };
  const turns = turnsOf(
    [said(1, 'user', 'Hi.'), said(2, 'user', 'When?'), rest],
    [
      { number: 1, tools: [], response_ms: null, ...latency, ...stored, unheard: 'Hello to you.' },
      { number: 2, tools: [], response_ms: null, ...latency, ...stored, unheard: rest.unheard },
    ],
  );
  assert.deepEqual(
    turns.map(({ user, assistant }) => [user?.content, assistant?.content, assistant?.unheard]),
    [
      ['Hi.', '', 'Hello to you.'],
      ['When?', 'At nine', 'in the morning.'],
    ],
  );
});

test('a tool runs, has run, and is shown once when its turn is there', () => {
  const begun = ['tool_begun', { turn: 1, id: 'a', name: 'look_up', arguments: '{}' }] as const;
  const ended = ['tool_ended', { turn: 1, id: 'a', ...run }] as const;
  const other = { turn: 1, id: 'b', ...run };
  const runs = (state: LiveTurns) =>
    state.turns.flatMap(({ number, tools }) =>
      tools.map(({ id, result }) => [number, id, result] as const),
    );
  const running = after([['words', { text: 'When?', final: true }], begun]);
  assert.deepEqual(runs(running), [[1, 'a', undefined]]);
  assert.equal(isUnderWay(running.turns.at(-1)), true);
  const over = after([begun, ended, ['tool_begun', other]]);
  assert.deepEqual(runs(over).length, 2);
  const whole = [
    ['utterance', said(1, 'user', 'When?')],
    ['tool', { turn: 1, id: 'a', ...run }],
    ['tool', other],
  ] as const;
  const settled = after([begun, ended, ['tool_begun', other], ...whole]);
  assert.deepEqual(runs(settled), [
    [1, 'a', 'x'],
    [1, 'b', 'x'],
  ]);
  assert.equal(isUnderWay(settled.turns.at(-1)), false);

  // The stream begins again, with the turn in the record already; or the call ends before we hear of its end.
  const record = { number: 1, tools: [{ id: 'a', ...run }], response_ms: 1, ...latency, ...stored };
  const again = afterEvent(running, 'call', { transcript: [], turns: [record] });
  assert.deepEqual(runs(afterEvent(again, 'tool', { turn: 1, id: 'a', ...run })), [[1, 'a', 'x']]);
  const kept = afterEvent(running, 'call', { transcript: [], turns: [] });
  assert.deepEqual(runs(kept), [[1, 'a', undefined]]);
  assert.deepEqual(runs(afterEvent(kept, 'end', {})), [[1, 'a', '']]);
});
