// Whole calls in virtual time that we make: however they end, the person hears words that are true, for they did not call.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../src/lib/errors.ts';
import { quietLog } from '../../src/lib/log.ts';
import type { CallParts } from '../../src/pipeline/call-parts.ts';
import { VoiceClips } from '../../src/reception/stored-speech/voice-clips.ts';
import { endCallTool } from '../../src/reception/tools/tools.ts';
import type { Client } from '../../src/store/clients/clients.ts';
import type { Sql } from '../../src/store/database/sql.ts';
import { startTestCall } from '../support/virtual-calls/call.ts';
import type { TestCall, TestCallOptions } from '../support/virtual-calls/call.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { toolCall } from '../support/virtual-calls/vendors.ts';

const hello = 'Hello, this is Smile, an automated assistant speaking. Your appointment is at ten.';
const goodbye = 'Thank you for your time. Goodbye.';
const asks =
  'If there is something you would like to tell us, please leave a message after the tone.';
/** What may be said only to people who have called. */
const wrong = /calling|your call|call back|name and number|your number/i;

/** What calls have that we make, without any other recordings. */
async function clips(): Promise<CallParts['clips']> {
  const stored = await VoiceClips.open({
    sql: undefined as unknown as Sql,
    clock: systemClock,
    log: quietLog,
    directory: new URL('../../assets/clips/', import.meta.url),
    openVoice: () => Promise.reject(new Error('no voice is needed')),
  });
  const client = { name: 'Smile', language: 'en-US', initialGreeting: '' } as Client;
  return { ...stored.spare(client, { outbound: true }), greeting: hello };
}

async function weCall({ parts, ...options }: TestCallOptions = {}): Promise<TestCall> {
  return startTestCall({ ...options, parts: { clips: await clips(), ...parts } });
}

function assertTrue({ turns }: TestCall, last: string): void {
  const heard = turns.map((turn) => turn.heard);
  assert.equal(heard.at(-1), last);
  for (const sentence of heard) assert.doesNotMatch(sentence, wrong);
}

const away = () => {
  const failed = Promise.reject(new AppError('vendor_failed', 'all are away'));
  failed.catch(() => {});
  return failed;
};

describe('a call that we make', () => {
  test('ends with thanks for their time where the model has no word of its own', async () => {
    const call = await weCall({ tools: [endCallTool], answers: [[toolCall('end_call', {})]] });
    await call.line.hearsOut();
    await call.line.says('I will be there, bye', 900);
    await call.line.isQuietUntil(() => call.line.isOver, 15_000);
    assert.equal(await call.finish(), 'goodbye');
    assertTrue(call, goodbye);
  });

  test('to somebody who says nothing ends the same way', async () => {
    const call = await weCall();
    await call.line.hearsOut();
    await call.line.isQuietUntil(() => call.line.isOver, 60_000);
    assert.equal(await call.finish(), 'silence');
    assertTrue(call, goodbye);
  });

  test('that goes round in circles ends the same way', async () => {
    const call = await weCall({ answers: Array.from({ length: 4 }, () => 'Pardon?') });
    await call.line.hearsOut();
    for (let round = 0; round < 4; round += 1) {
      await call.line.says('please hold the line for the next operator', 1500);
      await call.line.hearsOut();
    }
    await call.line.isQuietUntil(() => call.line.isOver, 15_000);
    assert.equal(await call.finish(), 'loop');
    assertTrue(call, goodbye);
  });

  test('whose time is up asks for nothing that we know, and keeps what is said', async () => {
    const kept: string[] = [];
    const call = await weCall({
      answers: ['Thank you.'],
      parts: { takeAudioMessage: async ({ text }) => void kept.push(text) },
    });
    await call.line.hearsOut();
    call.control.push({ type: 'wrap-up' });
    await call.line.hearsOut();
    assertTrue(
      call,
      'Only a few seconds are left. If there is something we should know, please say it now.',
    );
    await call.line.says('I need another day', 1500);
    await call.line.isQuiet(1500);
    call.control.push({ type: 'end', reason: 'credit' });
    await call.line.isQuiet(100);
    assert.equal(await call.finish(), 'credit');
    assert.deepEqual(kept, ['I need another day']);
  });

  test('in which every vendor is away takes a message without asking who they are', async () => {
    const kept: number[] = [];
    const call = await weCall({
      parts: {
        vendors: { speechToText: away(), languageModel: away(), textToSpeech: away() },
        takeAudioMessage: async ({ samples }) => void kept.push(samples.length),
      },
    });
    const asked = () => call.turns.some(({ heard }) => heard === asks);
    await call.line.isQuietUntil(() => asked() && !call.line.playing, 20_000);
    await call.line.isQuiet(4600);
    await call.line.hearsOut();
    assert.equal(await call.finish(), 'failed');
    assert.equal(kept.length, 0);
    assertTrue(call, goodbye);
  });
});
