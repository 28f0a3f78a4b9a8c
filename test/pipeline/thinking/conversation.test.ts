// The conversation: fit to be sent to a model at any moment, and no longer than it may be.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conversation } from '../../../src/pipeline/thinking/conversation.ts';

const call = { id: 'c1', name: 'book', arguments: '{}' };

test('only what was heard stays, and words before a tool call stand before it', () => {
  const conversation = new Conversation('Be kind.');
  conversation.addCaller('Book me in.');
  const first = conversation.beginStep();
  conversation.addText(first, 'Let me see if that works.');
  conversation.addToolCalls(first, [call]);
  conversation.setResult('c1', 'done');
  const second = conversation.beginStep();
  conversation.addText(second, 'You are booked. Anything else?');
  conversation.setHeard(first, 'Let me see');
  conversation.setHeard(second, '');
  assert.deepEqual(conversation.messages(), [
    { role: 'system', text: 'Be kind.' },
    { role: 'user', text: 'Book me in.' },
    { role: 'assistant', text: 'Let me see', toolCalls: [call] },
    { role: 'tool', callId: 'c1', result: 'done' },
  ]);
});

test('a tool call has an answer from the instant it is made', () => {
  const conversation = new Conversation('');
  conversation.addCaller('Book me in.');
  const step = conversation.beginStep();
  conversation.addToolCalls(step, [call, { ...call, id: 'c2' }]);
  const results = conversation.messages().filter(({ role }) => role === 'tool');
  assert.equal(results.length, 2);
});

test('what was said is read as it was understood, and kept as it was heard', () => {
  const conversation = new Conversation('', (text, ours) => `${text} (after: ${ours})`);
  const step = conversation.beginStep();
  conversation.addText(step, 'Your e-mail?');
  conversation.setHeard(step, 'Your e-mail?');
  conversation.addCaller('a at');
  const whole = { role: 'user', text: 'a at b dot com (after: Your e-mail?)' };
  assert.deepEqual(conversation.messagesWith('b dot com').at(-1), whole);
  conversation.addCaller('b dot com');
  assert.deepEqual(conversation.messages().at(-1), whole);
  assert.deepEqual(conversation.said().at(-1), { role: 'user', text: 'a at b dot com' });
});

test('what is said in two goes is one message', () => {
  const conversation = new Conversation('');
  conversation.addCaller('I want');
  const step = conversation.beginStep();
  conversation.setHeard(step, '');
  conversation.addCaller('a haircut.');
  assert.deepEqual(conversation.messages().slice(1), [{ role: 'user', text: 'I want a haircut.' }]);
});

test('a long conversation forgets its beginning, never half of an exchange', () => {
  const conversation = new Conversation('Instructions stay.');
  for (let turn = 0; turn < 400; turn += 1) {
    conversation.addCaller(`question ${turn} ${'x'.repeat(100)}`);
    const step = conversation.beginStep();
    conversation.addToolCalls(step, [{ ...call, id: `t${turn}` }]);
    conversation.setResult(`t${turn}`, 'y'.repeat(50));
    const answer = conversation.beginStep();
    conversation.addText(answer, `answer ${turn}`);
    conversation.setHeard(step, '');
    conversation.setHeard(answer, `answer ${turn}`);
  }
  const messages = conversation.messages();
  assert.deepEqual(messages[0], { role: 'system', text: 'Instructions stay.' });
  assert.equal(messages[1]?.role, 'user');
  assert.ok(JSON.stringify(messages).length < 60_000);
  const last = messages.at(-1);
  assert.ok(last?.role === 'assistant' && last.text === 'answer 399');
  for (const [index, message] of messages.entries()) {
    const before = messages[index - 1];
    if (message.role === 'tool')
      assert.ok(before?.role === 'assistant' && before.toolCalls.length === 1);
  }
});
