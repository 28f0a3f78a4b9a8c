// Whose words belong to which turn, when the model's answers are recorded after the caller has gone on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RealtimeSaid } from '../../../src/pipeline/realtime/realtime-said.ts';
import type { Turn } from '../../../src/pipeline/types.ts';
import { turnWith } from '../../support/turn.ts';

function turn(kind: Turn['kind'], heard: string): Turn {
  return turnWith({ kind, heard });
}

test('a reply takes what the caller said before it; stored speech takes nothing', () => {
  const said = new RealtimeSaid();
  said.goOnFrom([{ role: 'user', text: 'Hello' }]);
  said.addCaller('When do you');
  said.addCaller('open?');
  assert.equal(said.record(turn('prompt', 'Are you still there?')).caller, undefined);
  assert.equal(said.record(turn('reply', 'At nine.')).caller, 'When do you open?');
  assert.equal(said.record(turn('reply', 'Really.')).caller, undefined);
  assert.deepEqual(
    said.messages.map(({ role, ...rest }) => [role, 'text' in rest ? rest.text : undefined]),
    [
      ['user', 'Hello'],
      ['assistant', 'Are you still there?'],
      ['user', 'When do you open?'],
      ['assistant', 'At nine.'],
      ['assistant', 'Really.'],
    ],
  );
});

test('words that come after an interruption belong to the next reply, however late the first is recorded', () => {
  const said = new RealtimeSaid();
  said.addCaller('A cut please.');
  said.cutReply();
  said.addCaller('No, a colour.');
  said.cutReply();
  assert.deepEqual(said.messages.at(-1), { role: 'user', text: 'No, a colour.' });
  assert.equal(said.record(turn('reply', '')).caller, 'A cut please.');
  assert.equal(said.record(turn('reply', 'A colour, then.')).caller, 'No, a colour.');
});

test('what is under way has the words of the caller, those after an interruption as the next turn', () => {
  const said = new RealtimeSaid();
  const nothing = { tools: [], callerAt: undefined, heardAt: undefined };
  const running = { kind: 'reply', caller: '', heard: 'We', ...nothing } as const;
  assert.deepEqual(said.underWay(undefined), []);
  said.addCaller('When?');
  const when = { kind: 'reply', caller: 'When?', heard: '', ...nothing };
  assert.deepEqual(said.underWay(undefined), [when]);
  assert.deepEqual(said.underWay({ ...running, kind: 'prompt' }), [
    { ...running, kind: 'prompt' },
    when,
  ]);
  assert.deepEqual(said.underWay(running), [{ ...running, caller: 'When?' }]);
  said.cutReply();
  said.addCaller('No.');
  assert.deepEqual(said.underWay(running), [
    { ...running, caller: 'When?' },
    { ...when, caller: 'No.' },
  ]);
});

test('a call of any length keeps the end of what was said', () => {
  const said = new RealtimeSaid();
  for (let at = 0; at < 500; at += 1) said.record(turn('reply', `answer ${at}`));
  assert.equal(said.messages.length, 200);
  assert.deepEqual(said.messages.at(-1), { role: 'assistant', text: 'answer 499', toolCalls: [] });
});
