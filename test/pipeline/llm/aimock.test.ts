// Our model client against a stand-in that others wrote, so that it is not only tested against our own belief.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LLMock } from '@copilotkit/aimock';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { vendor } from '../../../src/pipeline/llm/openai.ts';
import type { LanguageModel } from '../../../src/pipeline/types.ts';
import { all, ask } from '../contract/language-model.ts';
import { isVendorFailed } from '../contract/speech-to-text.ts';

const mock = new LLMock({ port: 0, host: '127.0.0.1' });
let model: LanguageModel & Disposable;

before(async () => {
  mock.on(
    { userMessage: 'What time is it?', hasToolResult: true },
    { content: 'It is noon in Greenwich.' },
  );
  mock.onMessage('What time is it?', {
    toolCalls: [
      { name: 'get_time', arguments: '{"zone":"UTC"}' },
      { name: 'get_time', arguments: '{"zone":"CET"}' },
    ],
  });
  mock.onMessage('Hello', { content: 'Good morning, how can I help you today?' });
  mock.onMessage('Fail', { error: { message: 'overloaded', type: 'server_error' }, status: 503 });
  await mock.start();
  const settings = { url: `${mock.url}/v1`, key: 'k', model: 'openai/gpt-4o-mini', voice: '' };
  const parts = { clock: systemClock, log: quietLog };
  model = await vendor.open(settings, parts, new AbortController().signal);
});

after(async () => {
  model[Symbol.dispose]();
  await mock.stop();
});

test('text in pieces, with token counts', async () => {
  const events = await all(model, ask('Hello'));
  const texts = events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
  assert.ok(texts.length > 1);
  assert.equal(texts.join(''), 'Good morning, how can I help you today?');
  const end = events.at(-1);
  assert.ok(end?.type === 'end' && end.finish === 'stop');
  assert.ok((end.usage?.outputTokens ?? 0) > 0);
});

test('two tools at once, and an answer to their results', async () => {
  const question = ask('What time is it?');
  const events = await all(model, question);
  const calls = events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []));
  assert.deepEqual(
    calls.map((call) => [call.name, call.arguments]),
    [
      ['get_time', '{"zone":"UTC"}'],
      ['get_time', '{"zone":"CET"}'],
    ],
  );
  const end = events.at(-1);
  assert.ok(end?.type === 'end' && end.finish === 'tool-calls');
  const answer = await all(model, [
    ...question,
    { role: 'assistant', text: '', toolCalls: calls },
    ...calls.map((call) => ({ role: 'tool', callId: call.id, result: '12:00' }) as const),
  ]);
  const text = answer.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
  assert.equal(text, 'It is noon in Greenwich.');
});

test('a failure', async () => {
  await assert.rejects(all(model, ask('Fail')), (error: Error) => {
    assert.ok(isVendorFailed(error));
    assert.match(error.message, /503 overloaded/);
    return true;
  });
});
