// What a call came to, and which sentences claim a thing that nobody has done.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MachineContact } from '../../../src/pipeline/machines/machines.ts';
import type { CallEnd, Turn } from '../../../src/pipeline/types.ts';
import { OutcomeOfCall } from '../../../src/reception/records/outcome.ts';

function turn(heard: string, outcomes: Turn['outcomes'] = [], kind: Turn['kind'] = 'reply'): Turn {
  return {
    kind,
    caller: 'hello',
    heard,
    ending: 'completed',
    timing: {
      responseMs: undefined,
      endpointMs: undefined,
      hearMs: undefined,
      thinkMs: undefined,
      speakMs: undefined,
      playMs: undefined,
    },
    usage: { inputTokens: 0, outputTokens: 0, characters: 0 },
    tools: [],
    outcomes,
    callerAt: undefined,
    heardAt: undefined,
  };
}

function outcomeOf(turns: Turn[], end: CallEnd): string {
  const outcome = new OutcomeOfCall();
  for (const each of turns) outcome.add(each);
  return outcome.of(end);
}

test('the most useful thing that happened is the outcome', () => {
  const table: [outcomes: Turn['outcomes'], end: CallEnd, outcome: string][] = [
    [['message', 'booked'], 'goodbye', 'booked'],
    [['rescheduled', 'cancelled'], 'caller', 'rescheduled'],
    [['cancelled'], 'failed', 'cancelled'],
    [['message'], 'credit', 'message'],
    [[], 'transferred', 'transferred'],
    [['transferred'], 'transferred', 'transferred'],
    [['transferred'], 'caller', 'answered'],
    [['transferred', 'message'], 'caller', 'message'],
    [[], 'credit', 'no_credit'],
    [[], 'failed', 'failed'],
    [[], 'protocol', 'failed'],
    [[], 'caller', 'answered'],
    [[], 'lost', 'answered'],
  ];
  for (const [outcomes, end, expected] of table) {
    assert.equal(outcomeOf([turn('We open at nine.', outcomes)], end), expected);
  }
});

test('without a reply that was heard a call is abandoned', () => {
  assert.equal(outcomeOf([turn('Hello.', [], 'greeting')], 'caller'), 'abandoned');
  assert.equal(outcomeOf([turn('')], 'silence'), 'abandoned');
  assert.equal(outcomeOf([], 'lost'), 'abandoned');
});

test('a call to a machine came to what was left with it', () => {
  const table: [machines: MachineContact[], turns: Turn[], end: CallEnd, outcome: string][] = [
    [['mailbox', 'left'], [turn('Hello.', [], 'greeting')], 'goodbye', 'left_message'],
    [['mailbox', 'left'], [turn('Who is there?')], 'goodbye', 'left_message'],
    [['mailbox', 'left'], [], 'credit', 'left_message'],
    [['mailbox'], [turn('Hello.', [], 'greeting')], 'caller', 'machine'],
    [['mailbox'], [turn('Who is there?')], 'caller', 'machine'],
    [['mailbox'], [], 'credit', 'no_credit'],
    [['screening'], [turn('Hello.', [], 'greeting')], 'caller', 'machine'],
    [['screening'], [turn('Hello Ann.')], 'caller', 'answered'],
    [['screening'], [turn('See you then.', ['booked'])], 'goodbye', 'booked'],
  ];
  for (const [machines, turns, end, expected] of table) {
    const outcome = new OutcomeOfCall();
    for (const each of turns) outcome.add(each);
    for (const each of machines) outcome.noteMachine(each);
    assert.equal(outcome.of(end), expected, machines.join());
  }
});

test('claims need a tool behind them', () => {
  const claims = [
    'You are booked for Monday.',
    "You're all booked.",
    'Your appointment has been confirmed.',
    'It has been moved to ten.',
    "I've just cancelled it.",
    'I have rescheduled that.',
    'That is now confirmed.',
    'That is canceled.',
  ];
  for (const text of claims) {
    assert.equal(new OutcomeOfCall().add(turn(text)), 'unbacked_claim', text);
    assert.equal(new OutcomeOfCall().add(turn(text, ['booked'])), undefined, text);
  }
  const honest = [
    'Shall I book that for you?',
    'We are fully booked on Monday.',
    'Would you like it confirmed by message?',
    'That time is not free.',
  ];
  for (const text of honest) assert.equal(new OutcomeOfCall().add(turn(text)), undefined, text);
});

test('what was done earlier in the call backs what is said later; a message does not', () => {
  const outcome = new OutcomeOfCall();
  assert.equal(outcome.add(turn('The message is stored.', ['message'])), undefined);
  assert.equal(outcome.add(turn('You are booked.')), 'unbacked_claim');
  outcome.add(turn('', ['booked']));
  assert.equal(outcome.add(turn('You are booked.')), undefined);
});
