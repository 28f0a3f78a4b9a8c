// Whole calls in virtual time by a model that hears and speaks itself: who has the floor, and what is said word for word.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ModelEvent, Tool, ToolResult } from '../../src/pipeline/types.ts';
import { startTestCall } from '../support/virtual-calls/call.ts';
import type { TestCall, TestCallOptions } from '../support/virtual-calls/call.ts';
import { conversingModel } from '../support/virtual-calls/conversing.ts';
import type { ConversingModel } from '../support/virtual-calls/conversing.ts';
import { tokens, toolCall } from '../support/virtual-calls/vendors.ts';

const hours = 'We open at nine in the morning, and we close at five in the evening.';

/** A call in which the caller has asked something, and the answer is on the line. */
async function asking(
  answers: (string | readonly ModelEvent[])[],
  options: TestCallOptions = {},
): Promise<{ call: TestCall; model: ConversingModel }> {
  let model: ConversingModel | undefined;
  const call = await startTestCall({
    ...options,
    conversing: (clock, line) => (model = conversingModel(clock, line, answers)),
  });
  await call.line.hearsOut();
  await call.line.says('when do you open', 900);
  await call.line.isQuietUntil(() => call.line.playing, 4000);
  return { call, model: model! };
}

const answered = ({ line, turns }: TestCall, count: number) =>
  line.isQuietUntil(() => turns.length >= count, 20_000);

describe('the floor', () => {
  test('a sign of listening silences the line for a moment, and the answer goes on, whole', async () => {
    const { call, model } = await asking([hours]);
    await call.line.isQuiet(600);
    await call.line.says('uh-huh', 300);
    await answered(call, 2);
    await call.finish();
    assert.deepEqual([call.turns[1]?.heard, call.turns[1]?.ending], [hours, 'completed']);
    assert.deepEqual(model.asked, ['respond']);
    assert.equal(call.turns.length, 2);
  });

  test('a noise that is no word does the same', async () => {
    const { call, model } = await asking([hours]);
    await call.line.isQuiet(600);
    await call.line.says('', 300);
    await answered(call, 2);
    await call.finish();
    assert.equal(call.turns[1]?.heard, hours);
    assert.deepEqual(model.asked, ['respond']);
  });

  for (const words of ['wait', 'no', 'and on Sunday']) {
    test(`"${words}" is answered, and the model knows how much was heard`, async () => {
      const { call, model } = await asking([hours, 'Of course.']);
      await call.line.isQuiet(1000);
      const before = call.line.heardMs();
      await call.line.says(words, 500);
      // Silent after a tenth of a second of voice.
      assert.ok(call.line.heardMs() - before <= 200, `${call.line.heardMs() - before} ms`);
      await answered(call, 3);
      await call.finish();
      const [, reply, next] = call.turns;
      assert.equal(reply?.ending, 'interrupted');
      assert.ok(hours.startsWith(reply.heard) && reply.heard.length < 40, reply.heard);
      assert.deepEqual([next?.caller, next?.heard], [words, 'Of course.']);
      const [first, cut, again] = model.asked;
      assert.deepEqual([first, again], ['respond', 'respond']);
      assert.match(cut!, /^cut item-1 1[0-3]\d\d$/);
      assert.equal(call.line.playedAfterClear, 0);
    });
  }

  test('who speaks on and on is not waited for to be understood', async () => {
    const { call } = await asking([hours, 'Of course.']);
    await call.line.isQuiet(500);
    await call.line.says('and what about Sundays and holidays and the whole of next week', 3000);
    assert.equal(call.turns[1]?.ending, 'interrupted');
    await answered(call, 3);
    await call.finish();
    assert.equal(call.turns[2]?.heard, 'Of course.');
  });

  test('who goes on before the answer has begun is answered once, to all of it', async () => {
    let model: ConversingModel | undefined;
    const call = await startTestCall({
      conversing: (clock, line) => (model = conversingModel(clock, line, ['At nine.'])),
    });
    await call.line.hearsOut();
    await call.line.says('when do you open', 900);
    await call.line.isQuiet(440);
    await call.line.says('on Sunday', 600);
    await answered(call, 2);
    await call.finish();
    assert.deepEqual(model!.asked, ['respond', 'cancel', 'respond']);
    const [, reply] = call.turns;
    assert.deepEqual([reply?.caller, reply?.heard], ['when do you open on Sunday', 'At nine.']);
  });
});

test('an answer without a sound: an apology, and the next one is heard', async () => {
  let model: ConversingModel | undefined;
  const call = await startTestCall({
    conversing: (clock, line) => (model = conversingModel(clock, line, [[], 'At nine.'])),
  });
  await call.line.hearsOut();
  await call.line.says('when do you open', 900);
  await answered(call, 3);
  await call.line.says('when do you open', 900);
  await answered(call, 4);
  await call.finish();
  assert.deepEqual(
    call.turns.slice(1).map(({ kind, ending, heard }) => [kind, ending, heard]),
    [
      ['reply', 'failed', ''],
      ['apology', 'completed', 'Sorry, say that again?'],
      ['reply', 'completed', 'At nine.'],
    ],
  );
  assert.deepEqual(model!.asked, ['respond', 'respond']);
});

test('two answers in a row without a sound: the model is as good as lost', async () => {
  const call = await startTestCall({
    conversing: (clock, line) => conversingModel(clock, line, [[], []]),
  });
  await call.line.hearsOut();
  await call.line.says('when do you open', 900);
  await answered(call, 3);
  await call.line.says('when do you open', 900);
  await call.line.isQuiet(3000);
  await assert.rejects(call.finish(), /the model has said nothing/);
});

describe('what must be said word for word', () => {
  function tool(result: ToolResult): Tool {
    const run = () => Promise.resolve(result);
    return { name: 'book', description: '', parameters: { type: 'object' }, run };
  }
  const say = 'You are booked for March 5 at 2:30 p.m.';

  test('is said by our own voice between the words of the model, in the form of speech', async () => {
    const spoken: string[] = [];
    const tools = [tool({ text: 'Booked.', say, outcome: 'booked' })];
    const calls = [...tokens('Certainly. '), toolCall('book', {})];
    const { call, model } = await asking([calls, 'Anything else?'], {
      tools,
      voice: (clock) => ({
        async *synthesize(text) {
          for await (const piece of text) {
            spoken.push(piece);
            await clock.sleep(90);
            yield { type: 'audio', samples: new Int16Array(piece.length * 480).fill(3000) };
          }
        },
      }),
    });
    await answered(call, 2);
    await call.finish();
    assert.equal(call.turns[1]?.heard, `Certainly. ${say} Anything else?`);
    assert.deepEqual(call.turns[1]?.outcomes, ['booked']);
    assert.match(spoken.join(''), /You are booked for March fifth at two thirty p\.m\./);
    const told = model.asked.find((each) => each.startsWith('result'));
    assert.equal(told, `result Booked. The caller has just been told: "${say}" Do not repeat it.`);
  });

  test('and a question ends the turn: nothing is asked of the model before its answer', async () => {
    const question = 'I have 212 555 0123. Is that right?';
    const tools = [tool({ text: 'Not yet.', say: question, asks: true })];
    const calls = [toolCall('book', {}), toolCall('book', {})];
    const { call, model } = await asking([calls, 'Thank you.'], { tools });
    await answered(call, 2);
    assert.equal(call.turns[1]?.heard, question);
    assert.equal(model.asked.filter((each) => each === 'respond').length, 1);
    assert.match(model.asked.at(-1)!, /must answer first/);
    await call.line.says('yes', 400);
    await answered(call, 3);
    await call.finish();
    assert.deepEqual([call.turns[2]?.caller, call.turns[2]?.heard], ['yes', 'Thank you.']);
  });

  test('is asked of the model where we have no voice', async () => {
    const tools = [tool({ text: 'Booked.', say })];
    const { call, model } = await asking([[toolCall('book', {})], say], {
      tools,
      ownVoice: () => Promise.reject(new Error('away')),
    });
    await answered(call, 2);
    await call.finish();
    assert.ok(model.asked.includes(`result Booked. Now say, word for word: "${say}"`));
    assert.equal(call.turns[1]?.heard, say);
  });

  test('and what was interrupted, the model is told of', async () => {
    const tools = [tool({ text: 'Booked.', say })];
    const { call, model } = await asking([[toolCall('book', {})], 'Yes?', 'Yes?'], { tools });
    await call.line.isQuiet(500);
    await call.line.says('hold on', 500);
    await answered(call, 3);
    await call.finish();
    assert.ok(say.startsWith(call.turns[1]!.heard) && call.turns[1]!.heard.length < 20);
    assert.ok(
      model.asked.some((each) => /^tell .*had heard all of this: "You are booked/.test(each)),
    );
  });
});

test('a caller who looks something up is left alone for half a minute more', async () => {
  const { call } = await asking([hours, 'Take your time.']);
  await call.line.hearsOut();
  await call.line.says('hold on, let me check my calendar', 1500);
  await call.line.hearsOut();
  const ms = await call.line.isQuietUntil(() => call.line.playing, 60_000);
  assert.ok(ms > 36_000 && ms < 40_000, `${ms}`);
  await call.finish();
});

test('a client who has noise taken out has it taken out for the model, too', async () => {
  const clean = new Int16Array(160).fill(7);
  const heard = new Set<number>();
  const call = await startTestCall({
    parts: { noiseSuppressor: { push: () => clean, voice: undefined, [Symbol.dispose]() {} } },
    conversing(clock, line) {
      const model = conversingModel(clock, line, []);
      return { ...model, hear: (frame) => (heard.add(frame[0]!), model.hear(frame)) };
    },
  });
  await call.line.hearsOut();
  await call.line.says('when do you open', 900);
  assert.deepEqual([...heard], [7]);
  await call.finish();
});

test('a key silences us at once', async () => {
  const { call, model } = await asking([hours, 'You pressed one.']);
  await call.line.isQuiet(600);
  call.line.keys.push('1');
  await call.line.isQuiet(100);
  assert.equal(call.line.playing, false);
  await answered(call, 3);
  await call.finish();
  assert.equal(call.turns[1]?.ending, 'interrupted');
  assert.equal(call.turns[2]?.heard, 'You pressed one.');
  assert.equal(model.asked.filter((each) => each === 'respond').length, 2);
});

describe('a model that is lost', () => {
  /** It asks for a tool that takes a second, and is lost meanwhile. */
  async function lostIn(run: Tool['run']): Promise<TestCall> {
    let clock: TestCall['clock'] | undefined;
    const slow: Tool = {
      name: 'act',
      description: '',
      parameters: { type: 'object' },
      async run(given, context) {
        await clock!.sleep(1000);
        return run(given, context);
      },
    };
    let model: ConversingModel | undefined;
    const call = await startTestCall({
      tools: [slow],
      conversing: (given, line) =>
        (model = conversingModel((clock = given), line, [[toolCall('act', {})]])),
    });
    await call.line.hearsOut();
    await call.line.says('please put me through', 900);
    await call.line.isQuiet(1000);
    model!.lose();
    return call;
  }

  test('once a caller is to be put through: they are', async () => {
    const target = { phoneNumber: '+12025550100' };
    const call = await lostIn(async (_given, context) => {
      context.transfer(target);
      return { text: 'The caller is handed over now.', outcome: 'transferred' };
    });
    await call.line.isQuietUntil(() => call.end !== undefined, 10_000);
    assert.equal(call.end, 'transferred');
    assert.deepEqual(call.line.transferredTo, target);
    assert.equal(call.turns.at(-1)?.heard, 'One moment.');
  });

  test('once the call is to end: it ends, with a goodbye', async () => {
    const call = await lostIn(async (_given, context) => {
      context.hangUp();
      return { text: 'The call ends now.' };
    });
    await call.line.isQuietUntil(() => call.end !== undefined, 10_000);
    assert.deepEqual([call.end, call.turns.at(-1)?.heard], ['goodbye', 'Goodbye.']);
  });

  test('with nothing planned: somebody else goes on, when its tools have come to their end', async () => {
    let done = false;
    const call = await lostIn(async () => {
      done = true;
      return { text: 'Done.', outcome: 'message' };
    });
    await call.line.isQuiet(3000);
    await assert.rejects(call.finish(), /the model was lost/);
    assert.ok(done);
  });
});
