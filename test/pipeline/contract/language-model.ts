// What every language model must do, whoever it is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type {
  LanguageModel,
  Message,
  ModelEvent,
  Tool,
  ToolCall,
} from '../../../src/pipeline/types.ts';
import { until } from '../../support/until.ts';
import { isVendorFailed } from './speech-to-text.ts';

/** A model that answers "Say three words." in more than one piece, and calls `get_time` when asked for the time. */
export interface ModelAtWork {
  readonly languageModel: LanguageModel & Disposable;
  /** Answers that the vendor is still giving. */
  answering(): number;
  /** From now on it answers with the beginning of a text, and then nothing. */
  stall(): void;
  /** From now on it breaks off in the middle of an answer. */
  breakOff(): void;
  /** May be called again. */
  close(): Promise<void>;
}

export const getTime: Tool = {
  name: 'get_time',
  description: 'The time of day in a zone.',
  parameters: {
    type: 'object',
    properties: { zone: { type: 'string' } },
    required: ['zone'],
    additionalProperties: false,
  },
  run: async () => ({ text: '12:00' }),
};

export function languageModelContract(name: string, start: () => Promise<ModelAtWork>): void {
  test(`${name}: gives text as it comes, then one end`, async (t) => {
    const { languageModel } = await atWork(t, start);
    const events = await all(languageModel, ask('Say three words.'));
    const texts = events.filter((event) => event.type === 'text');
    assert.ok(texts.length > 1);
    assert.ok(texts.every((event) => event.text !== ''));
    assert.deepEqual(
      events.map((event) => event.type),
      [...texts.map(() => 'text'), 'end'],
    );
    const end = events.at(-1);
    assert.ok(end?.type === 'end' && end.finish === 'stop');
  });

  test(`${name}: asks for tools, and goes on with their results`, async (t) => {
    const { languageModel } = await atWork(t, start);
    const question = ask('What time is it?');
    const events = await all(languageModel, question);
    const calls = events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []));
    assert.equal(calls.length, 1);
    const [call] = calls as [ToolCall];
    assert.equal(call.name, 'get_time');
    assert.notEqual(call.id, '');
    assert.equal(typeof JSON.parse(call.arguments), 'object');
    const end = events.at(-1);
    assert.ok(end?.type === 'end' && end.finish === 'tool-calls');

    const answer = await all(languageModel, [
      ...question,
      { role: 'assistant', text: '', toolCalls: calls },
      { role: 'tool', callId: call.id, result: '12:00' },
    ]);
    assert.ok(answer.some((event) => event.type === 'text'));
  });

  test(`${name}: stops at once with the reason of the signal, and answers again`, async (t) => {
    const work = await atWork(t, start);
    work.stall();
    const stop = new AbortController();
    const reason = new Error('interrupted');
    const events: ModelEvent[] = [];
    const ended = read(work.languageModel, ask('Say three words.'), events, stop.signal);
    await until('it answers', () => events.length > 0);
    stop.abort(reason);
    await assert.rejects(ended, reason);
    await until('the vendor knows', () => work.answering() === 0);
  });

  test(`${name}: leaves nothing open when its reader goes`, async (t) => {
    const work = await atWork(t, start);
    work.stall();
    const { signal } = new AbortController();
    const request = { messages: ask('Say three words.'), tools: [], language: 'en-US', signal };
    for await (const event of work.languageModel.generate(request)) {
      if (event.type === 'text') break;
    }
    await until('the vendor knows', () => work.answering() === 0);
  });

  test(`${name}: reports an answer that breaks off as vendor_failed`, async (t) => {
    const work = await atWork(t, start);
    work.breakOff();
    await assert.rejects(all(work.languageModel, ask('Say three words.')), isVendorFailed);
  });

  test(`${name}: reports a vendor that is gone as vendor_failed`, async (t) => {
    const work = await atWork(t, start);
    await work.close();
    await assert.rejects(all(work.languageModel, ask('Say three words.')), isVendorFailed);
  });
}

export function ask(text: string): Message[] {
  return [
    { role: 'system', text: 'You are a receptionist.' },
    { role: 'user', text },
  ];
}

/** Everything the model gives. */
export async function all(
  languageModel: LanguageModel,
  messages: readonly Message[],
): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  await read(languageModel, messages, events, new AbortController().signal);
  return events;
}

/** Puts what the model gives into `events`. */
export async function read(
  languageModel: LanguageModel,
  messages: readonly Message[],
  events: ModelEvent[],
  signal: AbortSignal,
): Promise<void> {
  const request = { messages, tools: [getTime], language: 'en-US', signal };
  for await (const event of languageModel.generate(request)) events.push(event);
}

async function atWork(t: TestContext, start: () => Promise<ModelAtWork>): Promise<ModelAtWork> {
  const work = await start();
  t.after(async () => {
    work.languageModel[Symbol.dispose]();
    await work.close();
  });
  return work;
}
