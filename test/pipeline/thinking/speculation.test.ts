// A reply begun early: taken when the caller said just that, dropped and counted otherwise.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { Speculation } from '../../../src/pipeline/thinking/speculation.ts';
import type { LanguageModel, Message, ModelEvent } from '../../../src/pipeline/types.ts';
import { settle } from '../../support/clock.ts';

const never = new AbortController().signal;
const told: Message = { role: 'system', text: 'You answer the phone.' };
const asked = (text: string): Message[] => [told, { role: 'user', text }];

/** Says `events`, then waits for ever or ends; tells whether it was stopped. */
function model(events: readonly ModelEvent[], { ends = true } = {}) {
  const seen = { stopped: false };
  const languageModel: LanguageModel = {
    async *generate({ signal }) {
      signal.addEventListener('abort', () => (seen.stopped = true));
      yield* events;
      if (!ends) await new Promise((_, reject) => signal.addEventListener('abort', reject));
    },
  };
  return { languageModel, seen };
}

function begin(languageModel: LanguageModel, text: string): Speculation {
  const request = { messages: asked(text), tools: [], language: 'en' };
  return new Speculation(languageModel, request, never);
}

const hello: ModelEvent[] = [
  { type: 'text', text: 'At ' },
  { type: 'text', text: 'nine.' },
];

test('is taken when only punctuation and case have changed', async () => {
  const speculation = begin(model(hello).languageModel, 'when do you open');
  const events = speculation.take(asked('When do you open?'), never);
  assert.ok(events);
  const texts: string[] = [];
  for await (const event of events) if (event.type === 'text') texts.push(event.text);
  assert.deepEqual(texts, ['At ', 'nine.']);
});

test('keeps nothing on the signal of the call once the model is done, taken or not', async () => {
  const { signal } = new AbortController();
  const request = { messages: asked('when do you open'), tools: [], language: 'en' };
  const one = new Speculation(model(hello).languageModel, request, signal);
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  const events = one.take(request.messages, never);
  assert.ok(events);
  const said = await Array.fromAsync(events);
  assert.equal(said.length, hello.length);
  await settle();
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('is not taken for other words, nor after anything else was said', () => {
  const { languageModel } = model(hello);
  const take = (messages: Message[]) =>
    begin(languageModel, 'when do you open').take(messages, never);
  assert.equal(take(asked('when do you close')), undefined);
  assert.equal(take(asked('when do you open on Sunday')), undefined);
  const heard: Message = { role: 'assistant', text: 'Hello.', toolCalls: [] };
  assert.equal(take([told, heard, { role: 'user', text: 'when do you open' }]), undefined);
});

test('stops when dropped, and tells what it cost', async () => {
  const { languageModel, seen } = model(hello, { ends: false });
  const speculation = begin(languageModel, 'when do you open');
  await settle();
  const { inputTokens, outputTokens } = speculation.drop();
  assert.equal(seen.stopped, true);
  assert.equal(outputTokens, 2);
  assert.ok(inputTokens >= 8 && inputTokens < 20, `${inputTokens}`);
});

test('tells what the vendor has counted where it was finished', async () => {
  const usage = { inputTokens: 90, outputTokens: 7 };
  const end: ModelEvent = { type: 'end', finish: 'stop', usage };
  const speculation = begin(model([...hello, end]).languageModel, 'hello');
  await settle();
  assert.deepEqual(speculation.drop(), usage);
});

test('stops with the turn that took it', async () => {
  const { languageModel, seen } = model(hello, { ends: false });
  const turn = new AbortController();
  begin(languageModel, 'hello').take(asked('hello'), turn.signal);
  turn.abort(new Error('interrupted'));
  await settle();
  assert.equal(seen.stopped, true);
});

test('one that failed is asked for again by the turn', async () => {
  const languageModel: LanguageModel = {
    // eslint-disable-next-line require-yield
    async *generate() {
      throw new Error('away');
    },
  };
  const speculation = begin(languageModel, 'hello');
  await settle();
  assert.equal(speculation.take(asked('hello'), never), undefined);
});
