// Which scripted answer a request gets, when the caller's words come in pieces and are asked about more than once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatScript } from '../../../../sandbox/vendors/openai/chat-script.ts';
import type { ChatRequest } from '../../../../sandbox/vendors/openai/openai.ts';

function asked(...said: string[]): ChatRequest {
  const messages = said.map((content, index) => ({
    role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
    content,
  }));
  return { model: 'any', messages };
}

test('each request has the next answer, and after the last there is none', () => {
  const script = new ChatScript(['one']);
  script.add(() => 'two');
  assert.equal(script.answer(asked('when')), 'one');
  assert.equal(script.answer(asked('when', 'one', 'and where')), 'two');
  assert.equal(script.answer(asked('when', 'one', 'and where', 'two', 'who')), undefined);
});

test('who asked before the caller was done asks for the same answer', () => {
  const script = new ChatScript([
    ({ messages }) => `about ${messages.at(-1)?.content}`,
    'the next one',
  ]);
  assert.equal(script.answer(asked('where is my')), 'about where is my');
  assert.equal(script.answer(asked('Where is my order?')), 'about Where is my order?');
  assert.equal(script.answer(asked('Where is my order?', 'here', 'thanks')), 'the next one');
});

test('who asks the very same again, or something else, has the next', () => {
  const script = new ChatScript(['one', 'two', 'three', 'four']);
  assert.equal(script.answer(asked('when')), 'one');
  assert.equal(script.answer(asked('when')), 'two');
  assert.equal(script.answer(asked('where')), 'three');
  assert.equal(script.answer(asked('a', 'b', 'where now')), 'four');
});
