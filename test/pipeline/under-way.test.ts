// What a call knows of turns that are not over: the one that runs, and the caller's words that the next will answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TurnUnderWay } from '../../src/pipeline/types.ts';
import { underWay } from '../../src/pipeline/under-way.ts';
import { startTestCall } from '../support/virtual-calls/call.ts';
import { conversingModel } from '../support/virtual-calls/conversing.ts';

const greeting: TurnUnderWay = {
  kind: 'greeting',
  caller: '',
  heard: 'Hello',
  tools: [],
  callerAt: undefined,
  heardAt: 5,
};

test('nothing, the turn that runs, the words of the next, or both', () => {
  assert.deepEqual(underWay(undefined, ''), []);
  assert.deepEqual(underWay(greeting, ''), [greeting]);
  const words = {
    kind: 'reply',
    caller: 'and on Sunday',
    heard: '',
    tools: [],
    callerAt: undefined,
    heardAt: undefined,
  };
  assert.deepEqual(underWay(undefined, 'and on Sunday'), [words]);
  assert.deepEqual(underWay(greeting, 'and on Sunday'), [greeting, words]);
});

const answer = 'We open at nine in the morning, and we close at five in the afternoon.';

test('a call tells at any moment what the caller says, and how much of the answer they have heard', async () => {
  let look: () => readonly TurnUnderWay[] = () => [];
  const call = await startTestCall({
    answers: [answer],
    parts: { onBegun: (given) => (look = given) },
  });
  assert.equal(look()[0]?.kind, 'greeting');
  await call.line.hearsOut();
  await call.line.isQuiet(500);
  assert.deepEqual(look(), []);

  await call.line.says('when do you open', 1000);
  const [said] = look();
  assert.deepEqual([said?.kind, said?.caller, said?.heard], ['reply', 'when do you', '']);

  await call.line.isQuietUntil(() => call.line.playing, 4000);
  await call.line.isQuiet(1500);
  const [half, ...more] = look();
  assert.deepEqual(more, []);
  assert.equal(half?.caller, 'when do you open');
  assert.ok(half.heard.length > 0 && answer.startsWith(half.heard) && half.heard !== answer);
  assert.ok(half.callerAt !== undefined && half.heardAt! > half.callerAt);

  await call.line.hearsOut();
  await call.line.isQuiet(500);
  assert.deepEqual(look(), []);
  await call.finish();
});

test('so does a call whose model hears and speaks itself', async () => {
  let look: () => readonly TurnUnderWay[] = () => [];
  const call = await startTestCall({
    conversing: (clock, line) => conversingModel(clock, line, [answer]),
    parts: { onBegun: (given) => (look = given) },
  });
  assert.equal(look()[0]?.kind, 'greeting');
  await call.line.hearsOut();
  await call.line.says('when do you open', 900);
  await call.line.isQuietUntil(() => call.line.playing, 4000);
  await call.line.isQuiet(1500);
  const [half, ...more] = look();
  assert.deepEqual(more, []);
  assert.equal(half?.caller, 'when do you open');
  assert.ok(half.heard.length > 0 && answer.startsWith(half.heard) && half.heard !== answer);
  await call.finish();
  assert.equal(call.turns.at(-1)?.caller, 'when do you open');
});
