// Calls that nobody wants: endless answers, endless calls, nobody there, machines that talk to themselves. All in virtual time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conversation } from '../../src/pipeline/thinking/conversation.ts';
import { startTestCall } from '../support/virtual-calls/call.ts';
import { tokens } from '../support/virtual-calls/vendors.ts';

test('a model that never ends is cut at 45 seconds of speech, and at 1,200 characters', async () => {
  for (const endless of ['We have much to tell you. '.repeat(400), 'word '.repeat(4000)]) {
    const call = await startTestCall({ answers: [tokens(endless)] });
    await call.line.hearsOut();
    await call.line.says('go on.', 600);
    await call.line.isQuietUntil(() => call.line.playing, 5000);
    const spokenMs = await call.line.isQuietUntil(() => call.turns.length >= 2, 120_000);
    await call.finish();
    assert.ok(spokenMs <= 47_000, `${spokenMs}`);
    assert.ok((call.turns[1]?.heard.length ?? 0) <= 1200);
  }
});

test('a call that has lasted too long is told so, heard once more, and ended', async () => {
  const call = await startTestCall({ answers: ['Thank you, Anna.'] });
  await call.line.hearsOut();
  call.control.push({ type: 'wrap-up' });
  await call.line.hearsOut();
  assert.equal(call.turns.at(-1)?.kind, 'notice');
  await call.line.says('it is Anna, call me back.', 1200);
  await call.line.hearsOut();
  call.control.push({ type: 'end', reason: 'max-duration' });
  await call.line.isQuiet(100);
  assert.equal(await call.finish(), 'max-duration');
});

test('what the model is sent stays as small in the thousandth exchange as in the hundredth', () => {
  const conversation = new Conversation('You answer the phone.');
  const sizes: number[] = [];
  for (let exchange = 0; exchange < 1000; exchange += 1) {
    conversation.addCaller(`Question ${exchange}: ${'why '.repeat(20)}`);
    const step = conversation.beginStep();
    conversation.addText(step, `Answer ${exchange}: ${'because '.repeat(30)}`);
    conversation.setHeard(step, `Answer ${exchange}: ${'because '.repeat(30)}`);
    sizes.push(JSON.stringify(conversation.messages()).length);
  }
  assert.ok(sizes[999]! <= 1.1 * sizes[200]!, `${sizes[200]} ${sizes[999]}`);
});

test('silence and noise without words are asked twice and let go at 30 seconds', async () => {
  for (const sound of ['silence', 'bursts of noise'] as const) {
    const call = await startTestCall();
    await call.line.hearsOut();
    for (let ms = 0; ms < 60_000 && !call.line.isOver; ms += 1000) {
      if (sound === 'silence') await call.line.isQuiet(1000);
      else {
        await call.line.says('', 300);
        await call.line.isQuiet(700);
      }
    }
    assert.equal(await call.finish(), 'silence', sound);
    assert.equal(call.model.requests.length, 0);
  }
});

test('a recording that goes round is let go after the fourth time, and costs four answers', async () => {
  const call = await startTestCall({
    answers: Array.from({ length: 20 }, (_, index) => `Can I help you with number ${index}?`),
  });
  for (let times = 0; times < 20 && !call.line.isOver; times += 1) {
    await call.line.hearsOut();
    if (!call.line.isOver) await call.line.says('your call is important to us please hold.', 2000);
  }
  assert.equal(await call.finish(), 'loop');
  assert.equal(call.model.requests.length, 4);
});
