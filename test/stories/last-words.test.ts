// The last words of a call that ends under them: they stand in the record, and are a message where the caller was cut off.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Tool } from '../../src/pipeline/types.ts';
import type { AudioMessage } from '../../src/pipeline/voicemail.ts';
import { bothKinds } from '../support/virtual-calls/both-kinds.ts';
import type { PlainAnswers } from '../support/virtual-calls/both-kinds.ts';
import { toolCall } from '../support/virtual-calls/vendors.ts';

/** As soon as this much of the caller's last sentence has been spoken. */
const SENTENCE_MS = 1500;

const takeMessage: Tool = {
  name: 'take_message',
  description: 'Takes a message.',
  parameters: { type: 'object', properties: {} },
  run: () => Promise.resolve({ text: 'It is stored.', outcome: 'message' }),
};

type Start = (typeof bothKinds)[keyof typeof bothKinds];

async function begin(start: Start, answers: PlainAnswers) {
  const messages: AudioMessage[] = [];
  const { call } = await start(answers, {
    tools: [takeMessage],
    parts: { takeAudioMessage: async (message) => void messages.push(message) },
  });
  await call.line.hearsOut();
  return { call, messages };
}

const said = ({ turns }: Awaited<ReturnType<typeof begin>>['call']) =>
  turns.map(({ caller }) => caller).filter((caller) => caller !== undefined);

for (const [kind, start] of Object.entries(bothKinds)) {
  describe(`a call ${kind}`, () => {
    test('who hangs up upon their last word has said it all the same', async () => {
      const { call, messages } = await begin(start, ['At nine.']);
      await call.line.says('when do you open?', 900);
      await call.line.hearsOut();
      await call.line.says('then please cancel my appointment', SENTENCE_MS);
      assert.equal(await call.finish(), 'caller');
      assert.deepEqual(said(call), ['when do you open?', 'then please cancel my appointment']);
      const last = call.turns.at(-1)!;
      assert.deepEqual([last.kind, last.heard, last.ending], ['reply', '', 'interrupted']);
      assert.deepEqual(messages, [], 'nobody has asked them for a message');
    });

    test('what was answered is recorded once, and silence not at all', async () => {
      const { call } = await begin(start, ['At nine.']);
      await call.line.says('when do you open?', 900);
      await call.line.hearsOut();
      await call.line.isQuiet(3000);
      const turns = call.turns.length;
      assert.equal(await call.finish(), 'caller');
      assert.equal(call.turns.length, turns);
    });

    test('who is cut off after the wrap-up has left a message: their words, and their sound', async () => {
      const { call, messages } = await begin(start, ['Thank you, Anna. And your number?']);
      call.control.push({ type: 'wrap-up' });
      await call.line.hearsOut();
      await call.line.says('this is Anna', 900);
      await call.line.hearsOut();
      await call.line.says('two oh two five five five', SENTENCE_MS);
      call.control.push({ type: 'end', reason: 'credit' });
      await call.line.isQuiet(100);
      assert.equal(await call.finish(), 'credit');
      assert.deepEqual(said(call), ['this is Anna', 'two oh two five five five']);
      const [message, ...others] = messages;
      assert.equal(message?.text, 'this is Anna two oh two five five five');
      assert.ok(message.samples.length >= 8 * (900 + SENTENCE_MS));
      assert.deepEqual(others, []);
    });

    test('what the model has taken for a message is none twice; what comes after it is', async () => {
      for (const more of ['', 'and it is urgent']) {
        const { call, messages } = await begin(start, [
          [toolCall('take_message', {})],
          'I will pass it on.',
        ]);
        call.control.push({ type: 'wrap-up' });
        await call.line.hearsOut();
        await call.line.says('this is Anna, call me back', SENTENCE_MS);
        await call.line.hearsOut();
        if (more) await call.line.says(more, 900);
        call.control.push({ type: 'end', reason: 'max-duration' });
        await call.line.isQuiet(100);
        assert.equal(await call.finish(), 'max-duration');
        assert.deepEqual(
          messages.map(({ text }) => text),
          more ? [more] : [],
        );
      }
    });

    test('who says goodbye after the wrap-up leaves no message', async () => {
      const { call, messages } = await begin(start, ['Goodbye.']);
      call.control.push({ type: 'wrap-up' });
      await call.line.hearsOut();
      await call.line.says('no, that is all, bye', 1000);
      await call.line.hearsOut();
      assert.equal(await call.finish(), 'caller');
      assert.deepEqual(messages, []);
    });
  });
}
