// Whole calls in virtual time: how they end, and what is heard before they do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tool } from '../../src/pipeline/types.ts';
import { endCallTool, transferTool } from '../../src/reception/tools/tools.ts';
import { bothKinds } from '../support/virtual-calls/both-kinds.ts';
import { startTestCall } from '../support/virtual-calls/call.ts';
import { tokens, toolCall } from '../support/virtual-calls/vendors.ts';

const owner = { id: null, name: 'Ann', description: '', phoneNumber: '+12025550100' };

test('a goodbye is heard to its end before we hang up', async () => {
  const call = await startTestCall({
    tools: [endCallTool],
    answers: [[...tokens('You are welcome, and goodbye.'), toolCall('end_call', {})]],
  });
  await call.line.hearsOut();
  await call.line.says('thank you, bye', 700);
  await call.line.isQuietUntil(() => call.line.isOver, 10_000);
  assert.equal(await call.finish(), 'goodbye');
  assert.equal(call.turns.at(-1)?.heard, 'You are welcome, and goodbye.');
  assert.equal(call.turns.at(-1)?.ending, 'completed');
});

test('a model that ends the call without a word says goodbye all the same', async () => {
  const call = await startTestCall({
    tools: [endCallTool],
    answers: [[toolCall('end_call', {})]],
  });
  await call.line.hearsOut();
  await call.line.says('bye', 400);
  await call.line.isQuietUntil(() => call.line.isOver, 10_000);
  assert.equal(await call.finish(), 'goodbye');
  assert.equal(call.turns.at(-1)?.heard, 'Goodbye.');
});

test('whoever speaks over our goodbye goes on', async () => {
  const call = await startTestCall({
    tools: [endCallTool],
    answers: [
      [...tokens('It was a pleasure to help you today. Goodbye.'), toolCall('end_call', {})],
      'We close at five.',
    ],
  });
  await call.line.hearsOut();
  await call.line.says('thank you, bye', 700);
  await call.line.isQuietUntil(() => call.line.playing, 5000);
  await call.line.isQuiet(500);
  await call.line.says('wait, when do you close?', 1200);
  await call.line.hearsOut();
  assert.equal(call.line.isOver, false);
  assert.equal(call.turns.at(-1)?.heard, 'We close at five.');
  assert.equal(await call.finish(), 'caller');
});

test('a transfer goes to the number of the owner after its announcement was heard', async () => {
  const call = await startTestCall({
    tools: [
      transferTool({
        people: [{ ...owner, key: 'p1' }],
        begin: () =>
          Promise.resolve({ type: 'target', target: { phoneNumber: owner.phoneNumber } }),
      }),
    ],
    answers: [[toolCall('transfer_call', {})]],
  });
  await call.line.hearsOut();
  await call.line.says('can I talk to a person?', 1000);
  await call.line.isQuietUntil(() => call.line.isOver, 10_000);
  assert.equal(await call.finish(), 'transferred');
  assert.deepEqual(call.line.transferredTo, { phoneNumber: '+12025550100' });
  assert.equal(call.turns.at(-1)?.heard, 'One moment, I am putting you through.');
});

test('when credit runs out the caller is asked for a message, and the end is the end', async () => {
  const call = await startTestCall({ answers: ['Thank you, Anna.'] });
  await call.line.hearsOut();
  call.control.push({ type: 'wrap-up' });
  await call.line.hearsOut();
  assert.equal(call.turns.at(-1)?.kind, 'notice');
  await call.line.says('Anna, five five five', 1200);
  await call.line.isQuiet(1500);
  call.control.push({ type: 'end', reason: 'credit' });
  await call.line.isQuiet(100);
  assert.equal(await call.finish(), 'credit');
  assert.ok(call.turns.some((turn) => turn.caller === 'Anna, five five five'));
});

test('a wrap-up does not wait for a long answer', async () => {
  const long = 'We have many things to tell you about our opening hours. '.repeat(6);
  const call = await startTestCall({ answers: [long] });
  await call.line.hearsOut();
  await call.line.says('tell me everything', 900);
  await call.line.isQuietUntil(() => call.line.playing, 5000);
  await call.line.isQuiet(500);
  call.control.push({ type: 'wrap-up' });
  await call.line.isQuiet(4000);
  await call.line.isQuietUntil(() => !call.line.playing, 10_000);
  await call.line.isQuiet(100);
  assert.deepEqual(
    call.turns.map(({ kind, ending }) => [kind, ending]),
    [
      ['greeting', 'completed'],
      ['reply', 'interrupted'],
      ['notice', 'completed'],
    ],
  );
  await call.finish();
});

test('a turn that fails is apologised for; a second failure in a row ends the call', async () => {
  const bad = [{ type: 'end', finish: 'stop', usage: undefined }] as const;
  const call = await startTestCall({
    answers: [
      () => {
        throw new Error('the model is away');
      },
      () => {
        throw new Error('the model is still away');
      },
      bad,
    ],
  });
  await call.line.hearsOut();
  await call.line.says('when do you open?', 900);
  await call.line.hearsOut();
  assert.equal(call.turns.at(-1)?.kind, 'apology');
  assert.equal(call.line.isOver, false);
  await call.line.says('when do you open?', 900);
  await call.line.isQuietUntil(() => call.line.isOver, 10_000);
  assert.equal(await call.finish(), 'failed');
  assert.equal(call.turns.at(-1)?.heard, 'Sorry, something is wrong here.');
});

test('keys are an answer like words', async () => {
  const call = await startTestCall({ answers: ['Thank you.'] });
  await call.line.hearsOut();
  for (const key of '5551234#') call.line.keys.push(key);
  await call.line.hearsOut();
  assert.equal(call.turns.at(-1)?.caller, '(pressed on the keypad: 5551234)');
  assert.equal(call.turns.at(-1)?.heard, 'Thank you.');
  await call.finish();
});

test('every vendor step fails once: the caller is told, and nothing is left behind', async () => {
  const tool: Tool = {
    name: 'look',
    description: '',
    parameters: { type: 'object', properties: {} },
    run: () => Promise.resolve({ text: 'It is there.' }),
  };
  const talk = async (failAt: number) => {
    const call = await startTestCall({
      failAt,
      tools: [tool],
      answers: [[...tokens('Let me see.'), toolCall('look', {})], 'It is there, have a look.'],
    });
    await call.line.hearsOut();
    await call.line.says('is it there?', 900);
    await call.line.isQuiet(6000);
    const reason = await call.finish();
    return { call, reason };
  };
  const { call: clean } = await talk(Number.POSITIVE_INFINITY);
  assert.ok(clean.faults.steps > 10);
  assert.equal(clean.turns.at(-1)?.heard, 'Let me see. It is there, have a look.');
  for (let failAt = 1; failAt <= clean.faults.steps; failAt += 1) {
    const { call, reason } = await talk(failAt);
    const heard = call.turns.map((turn) => turn.heard).join(' ');
    assert.match(heard, /Sorry/, `failure ${failAt}: ${heard}`);
    assert.ok(reason === 'caller' || reason === 'failed', reason);
  }
});

test('a process that ends hands its call over after the answer under way', async () => {
  const call = await startTestCall({ answers: ['We open at nine in the morning.'] });
  await call.line.hearsOut();
  await call.line.says('when do you open', 1000);
  await call.line.isQuietUntil(() => call.line.playing, 5000);
  call.control.push({ type: 'hand-over' });
  await call.line.isQuietUntil(() => call.line.isOver, 10_000);
  assert.equal(await call.finish(), 'handed-over');
  assert.equal(call.turns.at(-1)?.heard, 'We open at nine in the morning.');
});

test('a caller who says nothing more is handed over as well, before the process is gone', async () => {
  const call = await startTestCall();
  await call.line.hearsOut();
  call.control.push({ type: 'hand-over' });
  const waitedMs = await call.line.isQuietUntil(() => call.line.isOver, 10_000);
  assert.ok(waitedMs > 4000, `after ${waitedMs} ms`);
  assert.equal(await call.finish(), 'handed-over');
});

test('where the carrier does not hand a call over, it ends politely', async () => {
  const call = await startTestCall();
  call.line.handsOver = false;
  await call.line.hearsOut();
  call.control.push({ type: 'hand-over' });
  await call.line.isQuietUntil(() => call.turns.at(-1)?.kind === 'notice', 20_000);
  call.control.push({ type: 'end', reason: 'drained' });
  await call.line.isQuiet(100);
  assert.equal(await call.finish(), 'drained');
});

test('a call that comes from another process knows what was said there', async () => {
  const call = await startTestCall({
    answers: ['Ten it is.'],
    parts: {
      desk: Promise.resolve({
        instructions: 'You answer the phone.',
        tools: [],
        history: [
          { role: 'user', text: 'I want to come on Tuesday.' },
          { role: 'assistant', text: 'At nine or at ten?' },
        ],
      }),
    },
  });
  await call.line.hearsOut();
  await call.line.says('at ten please', 900);
  await call.line.hearsOut();
  assert.deepEqual(
    call.model.requests[0]?.slice(1).map(({ role }) => role),
    ['user', 'assistant', 'assistant', 'user'],
  );
  assert.equal(await call.finish(), 'caller');
});

for (const [kind, start] of Object.entries(bothKinds)) {
  test(`a machine that says the same again and again is let go after the fourth time: a call ${kind}`, async () => {
    const { call } = await start(Array.from({ length: 10 }, () => 'How can I help you?'));
    for (let times = 0; times < 10 && !call.line.isOver; times += 1) {
      await call.line.hearsOut();
      if (call.line.isOver) break;
      await call.line.says('press one for sales, press two for support.', 1500);
    }
    assert.equal(await call.finish(), 'loop');
    assert.equal(call.turns.filter(({ kind }) => kind === 'reply').length, 4);
    assert.equal(call.turns.at(-1)?.heard, 'Goodbye.');
  });
}

test('a caller who says yes five times to five questions is no machine', async () => {
  const questions = ['Monday?', 'At nine?', 'For one?', 'For you?', 'Shall I book it?'];
  const call = await startTestCall({ greeting: 'Hello?', answers: [...questions] });
  for (const _ of questions) {
    await call.line.hearsOut();
    await call.line.says('yes', 300);
  }
  await call.line.hearsOut();
  assert.equal(call.line.isOver, false);
  assert.equal(await call.finish(), 'caller');
});

test('nobody is talked to for more than 45 seconds', async () => {
  const sentence = 'We have many things to tell you about our opening hours. ';
  const call = await startTestCall({ answers: [sentence.repeat(20)] });
  await call.line.hearsOut();
  await call.line.says('go on.', 600);
  await call.line.isQuietUntil(() => call.line.playing, 5000);
  const ms = await call.line.isQuietUntil(() => !call.line.playing, 90_000);
  await call.finish();
  assert.ok(ms > 30_000 && ms <= 46_000, `${ms}`);
  const heard = call.turns.at(-1)?.heard ?? '';
  assert.ok(heard.endsWith('hours.'), 'to the end of a sentence');
});
