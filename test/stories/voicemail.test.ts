// Nobody can hear, think or speak for us: stored speech apologises, offers a person, and takes a message.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/lib/errors.ts';
import type { CallParts } from '../../src/pipeline/call-parts.ts';
import type { AudioMessage } from '../../src/pipeline/voicemail.ts';
import { startTestCall } from '../support/virtual-calls/call.ts';
import type { TestCall } from '../support/virtual-calls/call.ts';

const away = () => {
  const failed = Promise.reject(new AppError('vendor_failed', 'all are away'));
  failed.catch(() => {});
  return failed;
};
const person = { phoneNumber: '+15551112222' };

async function begin(
  parts: Partial<CallParts> = {},
): Promise<{ call: TestCall; messages: AudioMessage[] }> {
  const messages: AudioMessage[] = [];
  const call = await startTestCall({
    parts: {
      vendors: { speechToText: away(), languageModel: away(), textToSpeech: away() },
      takeAudioMessage: async (message) => void messages.push(message),
      ...parts,
    },
  });
  return { call, messages };
}

/** Until the tone has been heard. */
async function tone({ line, turns }: TestCall): Promise<void> {
  const asked = () => turns.some(({ heard }) => heard.includes('leave a message'.slice(1)));
  await line.isQuietUntil(() => asked() && !line.playing, 10_000);
  await line.isQuiet(100);
}

test('a message is taken, and the caller is told so', async () => {
  const { call, messages } = await begin();
  await tone(call);
  await call.line.says('', 4000);
  await call.line.isQuiet(1000);
  await call.line.says('', 1000);
  await call.line.isQuiet(3100);
  assert.equal(messages.length, 1);
  const [{ samples, sampleRate, text }] = messages as [AudioMessage];
  const ms = (samples.length / sampleRate) * 1000;
  assert.ok(ms >= 6200 && ms < 6700, `${ms} ms are kept`);
  assert.equal(text, '');
  await call.line.hearsOut();
  assert.equal(call.turns.at(-1)?.heard, 'It is passed on. Goodbye.');
  assert.equal(await call.finish(), 'failed');
});

test('a person is offered by a key, and given to whoever says nothing', async () => {
  for (const key of ['1', '0', undefined]) {
    const { call, messages } = await begin({ fallback: person });
    await tone(call);
    assert.ok(call.turns.some(({ heard }) => heard === 'Press one, or leave a message.'));
    if (key) call.line.keys.push(key);
    await call.line.isQuiet(key ? 100 : 4600);
    assert.deepEqual(call.line.transferredTo, person);
    assert.equal(await call.finish(), 'transferred');
    assert.equal(messages.length, 0);
  }
});

test('whoever says nothing to nobody hears a goodbye, and no five seconds of silence', async () => {
  const { call, messages } = await begin();
  await tone(call);
  await call.line.isQuiet(4600);
  await call.line.hearsOut();
  assert.equal(call.turns.at(-1)?.heard, 'Goodbye.');
  assert.equal(await call.finish(), 'failed');
  assert.equal(messages.length, 0);
});

test('a message that the caller ends by hanging up is kept, a cough is none', async () => {
  for (const [ms, kept] of [
    [3000, 1],
    [200, 0],
  ] as const) {
    const { call, messages } = await begin({ fallback: person });
    await tone(call);
    await call.line.says('', ms);
    await call.line.callerHangsUp();
    assert.equal(await call.finish(), 'caller');
    assert.equal(messages.length, kept);
  }
});

test('a minute is the longest message, and the pound key its end', async () => {
  const { call, messages } = await begin();
  await tone(call);
  await call.line.says('', 61_000);
  assert.equal(messages[0]!.samples.length, 60 * 8000);
  await call.finish();
  const second = await begin();
  await tone(second.call);
  await second.call.line.says('', 1500);
  second.call.line.keys.push('#');
  await second.call.line.isQuiet(100);
  assert.equal(second.messages.length, 1);
  await second.call.finish();
});

test('where only the model is away, the words are kept with the sound', async () => {
  const messages: AudioMessage[] = [];
  const call = await startTestCall({
    answers: Array.from({ length: 4 }, () => () => {
      throw new AppError('vendor_failed', 'away');
    }),
    parts: { takeAudioMessage: async (message) => void messages.push(message) },
  });
  await call.line.hearsOut();
  for (let turn = 0; turn < 2; turn += 1) {
    await call.line.says('do you open on Sunday', 1200);
    await call.line.hearsOut();
  }
  await tone(call);
  await call.line.says('this is Anna please call me back', 2500);
  await call.line.isQuiet(3200);
  assert.equal(messages[0]?.text, 'this is Anna please call me back');
  await call.finish();
});
