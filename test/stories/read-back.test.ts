// Whole calls in virtual time: what a caller dictates is read back, as it was heard, before anything is done with it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Message, TextToSpeech, Tool } from '../../src/pipeline/types.ts';
import { endCallTool } from '../../src/reception/tools/tools.ts';
import { withReadBack } from '../../src/reception/tools/read-back.ts';
import { startTestCall } from '../support/virtual-calls/call.ts';
import type { TestCall, TestCallOptions } from '../support/virtual-calls/call.ts';
import { Faults, testVoice, tokens, toolCall } from '../support/virtual-calls/vendors.ts';

const given = { name: 'Anna', text: 'Please call back.', phone: '212 555 0123' };
const question = 'I have 212 555 0123. Is that right?';
const takes = () => toolCall('take_message', given);

/** Takes messages into a list. */
function messageTool(taken: unknown[]): Tool {
  const tool: Tool = {
    name: 'take_message',
    description: '',
    parameters: { type: 'object' },
    run(args) {
      taken.push(args);
      return Promise.resolve({ text: 'The message is stored.', outcome: 'message' });
    },
  };
  return withReadBack(tool, 'en-US');
}

async function calling(
  taken: unknown[],
  answers: NonNullable<TestCallOptions['answers']>,
): Promise<TestCall> {
  const call = await startTestCall({ tools: [messageTool(taken), endCallTool], answers });
  await call.line.hearsOut();
  await call.line.says('call me at two one two five five five oh one two three.', 3000);
  await call.line.isQuietUntil(() => call.line.playing, 4000);
  return call;
}

/** The same voice, and what it is given to say. */
function noted(voice: TextToSpeech, spoken: string[]): TextToSpeech {
  return {
    synthesize: (text, options) => voice.synthesize(overheard(text), options),
  };
  async function* overheard(text: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const part of text) {
      spoken.push(part);
      yield part;
    }
  }
}

const answered = (call: TestCall, turns: number) =>
  call.line.isQuietUntil(() => call.turns.length >= turns, 20_000);

const lastResult = (messages: readonly Message[] | undefined) =>
  messages?.findLast((message) => message.role === 'tool')?.result ?? '';

describe('a number that was dictated', () => {
  test('is read back by us, and used after a yes', async () => {
    const taken: unknown[] = [];
    const call = await calling(taken, [[takes()], [takes()], 'I will pass that on.']);
    await answered(call, 2);
    assert.deepEqual([taken, call.turns[1]?.heard], [[], question]);
    // Nothing was asked of the model after the question.
    assert.equal(call.model.requests.length, 1);
    await call.line.says('yes, that is right.', 900);
    await answered(call, 3);
    await call.finish();
    assert.deepEqual(taken, [given]);
    assert.equal(call.turns[2]?.heard, 'I will pass that on.');
    assert.match(lastResult(call.model.requests[1]), /needs_read_back.*has just been told/);
  });

  test('is used at once where the model has read it back, and the caller agreed', async () => {
    const taken: unknown[] = [];
    const call = await calling(taken, ['So that is 212-555-0123?', [takes()], 'Thank you.']);
    await call.line.hearsOut();
    await call.line.says('exactly.', 600);
    await answered(call, 3);
    await call.finish();
    assert.deepEqual([taken, call.turns[2]?.heard], [[given], 'Thank you.']);
  });

  test('is not used after a no: the right one is read back', async () => {
    const taken: unknown[] = [];
    const right = { ...given, phone: '212 555 0124' };
    const corrected = toolCall('take_message', right);
    const again = toolCall('take_message', right);
    const call = await calling(taken, [[takes()], [corrected], [again], 'Thank you.']);
    await answered(call, 2);
    await call.line.says('no, four at the end.', 900);
    await answered(call, 3);
    assert.deepEqual([taken, call.turns[2]?.heard], [[], 'I have 212 555 0124. Is that right?']);
    await call.line.says('yes.', 500);
    await answered(call, 4);
    await call.finish();
    assert.deepEqual(taken, [right]);
  });

  test('is not confirmed by a yes to half of it', async () => {
    const taken: unknown[] = [];
    const call = await calling(taken, [[takes()], [takes()], [takes()], 'Thank you.']);
    await call.line.isQuiet(600);
    await call.line.says('yes yes fine', 900);
    await answered(call, 2);
    assert.doesNotMatch(call.turns[1]!.heard, /0123/);
    await answered(call, 3);
    assert.deepEqual([taken, call.turns[2]?.heard], [[], question]);
    await call.line.says('yes.', 500);
    await answered(call, 4);
    await call.finish();
    assert.deepEqual(taken, [given]);
  });

  test('keeps the call, where the model says goodbye in the same breath', async () => {
    for (const calls of [
      [takes(), toolCall('end_call', {})],
      [toolCall('end_call', {}), takes()],
    ]) {
      const taken: unknown[] = [];
      const goodbye = [...tokens('Goodbye.'), toolCall('end_call', {})];
      const call = await calling(taken, [calls, [takes()], goodbye]);
      await answered(call, 2);
      assert.deepEqual([taken, call.turns[1]?.heard], [[], question]);
      await call.line.says('yes.', 500);
      await call.line.isQuietUntil(() => call.end !== undefined, 10_000);
      assert.equal(await call.finish(), 'goodbye');
      assert.deepEqual(taken, [given]);
    }
  });
});

describe('an e-mail address that is dictated', () => {
  const written = { name: 'Anna', text: 'Please write.', email: 'j.smith42@gmail.com' };
  const use = (email = written.email) => toolCall('take_message', { ...written, email });

  async function asked(taken: unknown[], ...answers: NonNullable<TestCallOptions['answers']>) {
    const spoken: string[] = [];
    const call = await startTestCall({
      tools: [messageTool(taken), endCallTool],
      answers: ['What is your e-mail address?', ...answers],
      voice: (clock) => noted(testVoice(clock, new Faults()), spoken),
    });
    await call.line.hearsOut();
    await call.line.says('please write to me.', 1200);
    await call.line.isQuietUntil(() => call.line.playing, 4000);
    await call.line.hearsOut();
    return { call, spoken };
  }

  test('is waited for, put together, spelled back, and used as it is written after a yes', async () => {
    const taken: unknown[] = [];
    const dictated = 'J dot Smith forty two at gmail dot com';
    const { call, spoken } = await asked(taken, [use(dictated)], [use()], 'I will pass that on.');
    await call.line.says('it is j dot smith forty two at', 2000);
    // Long enough to end any sentence.
    await call.line.isQuiet(1700);
    assert.equal(call.turns.length, 2);
    await call.line.says('gmail dot com', 900);
    await answered(call, 3);
    assert.equal(call.turns[2]?.heard, 'I have j.smith42@gmail.com. Is that right?');
    assert.match(
      spoken.join(''),
      /I have J, dot, smith, S, M, I, T, H, four, two, at gmail dot com\. Is that right\?/,
    );
    assert.deepEqual(call.model.requests[1]?.at(-1), {
      role: 'user',
      text: 'it is j dot smith forty two at gmail dot com (e-mail address as heard: j.smith42@gmail.com)',
    });
    await call.line.says('yes.', 500);
    await answered(call, 4);
    await call.finish();
    assert.deepEqual([taken, call.turns[3]?.heard], [[written], 'I will pass that on.']);
  });

  test('is not confirmed by a yes to half of it', async () => {
    const taken: unknown[] = [];
    const { call } = await asked(taken, [use()], [use()], [use()], 'Thank you.');
    await call.line.says('j dot smith forty two at gmail dot com', 2500);
    await call.line.isQuietUntil(() => call.line.playing, 4000);
    await call.line.isQuiet(1500);
    await call.line.says('yes yes fine', 900);
    await answered(call, 3);
    assert.doesNotMatch(call.turns[2]!.heard, /@/);
    await answered(call, 4);
    assert.deepEqual(
      [taken, call.turns[3]?.heard],
      [[], 'I have j.smith42@gmail.com. Is that right?'],
    );
    await call.line.says('yes.', 500);
    await answered(call, 5);
    await call.finish();
    assert.deepEqual(taken, [written]);
  });
});

test('a name that was spelled is read back letter by letter, and stored as it was spelled', async () => {
  const taken: unknown[] = [];
  const right = { name: 'Kowalski', text: 'Please call back.' };
  const call = await startTestCall({
    tools: [messageTool(taken), endCallTool],
    answers: [
      'Could you spell your name?',
      [toolCall('take_message', { ...right, name: 'Kovalski' })],
      [toolCall('take_message', right)],
      'I will pass that on.',
    ],
  });
  await call.line.hearsOut();
  await call.line.says('please tell them to call back.', 1200);
  await call.line.isQuietUntil(() => call.line.playing, 4000);
  await call.line.hearsOut();
  await call.line.says('k o w a l s k i.', 2400);
  await answered(call, 3);
  assert.deepEqual(
    [taken, call.turns[2]?.heard],
    [[], 'I have K, O, W, A, L, S, K, I. Is that right?'],
  );
  await call.line.says('yes.', 500);
  await answered(call, 4);
  await call.finish();
  assert.deepEqual([taken, call.turns[3]?.heard], [[right], 'I will pass that on.']);
});
