// What the model may do besides the calendar: messages stored, callers handed over, calls ended.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { systemClock } from '../../src/lib/clock.ts';
import type { ToolContext, TransferTarget } from '../../src/pipeline/types.ts';
import { endCallTool, takeMessageTool, transferTool } from '../../src/reception/tools.ts';
import { bookingClient, conversationOf } from '../support/booking-client.ts';
import { testDatabase } from '../support/database.ts';

function context(given: Partial<ToolContext> = {}) {
  const acts: (string | TransferTarget)[] = [];
  const tool: ToolContext = {
    signal: new AbortController().signal,
    callId: 'c',
    clientId: 'd',
    callerPhone: '+14155550100',
    hangUp: () => acts.push('hang-up'),
    transfer: (target) => acts.push(target),
    ...given,
  };
  return { tool, acts };
}

test("a message is stored under the caller's own number unless another is given", async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const callId = await conversationOf(sql, clientId);
  const tool = takeMessageTool({ sql, clock: systemClock, language: 'en-US' });
  const { tool: here } = context({ clientId, callId });
  const result = await tool.run({ name: 'Ann', text: 'Call me.' }, here);
  assert.equal(result.outcome, 'message');
  await tool.run({ name: 'Bob', text: 'Call me.', phone: '555 0101', urgent: true }, here);
  const { tool: hidden } = context({ clientId, callId, callerPhone: undefined });
  await tool.run({ name: 'Cid', text: 'Never mind.' }, hidden);
  const rows = await sql`
    SELECT name, phone, urgent FROM messages WHERE client_id = ${clientId} ORDER BY name`;
  assert.deepEqual(
    rows.map((row) => Object.values(row)),
    [
      ['Ann', '+14155550100', false],
      ['Bob', '555 0101', true],
      ['Cid', '', false],
    ],
  );
});

test("a caller is handed over to the owner's number, whatever the model says", async () => {
  const { tool: here, acts } = context();
  const result = await transferTool('+12025550188').run({ number: '+19005550100' }, here);
  assert.deepEqual(acts, [{ phoneNumber: '+12025550188' }]);
  assert.equal(result.outcome, 'transferred');
  assert.ok(result.say);
});

test('the end of a call', async () => {
  const { tool: here, acts } = context();
  await endCallTool.run({}, here);
  assert.deepEqual(acts, ['hang-up']);
});

test('arguments are bounded and nothing may be added', () => {
  const tools = [
    takeMessageTool({ sql: undefined as never, clock: systemClock, language: 'en-US' }),
    transferTool('+12025550188'),
    endCallTool,
  ];
  const [message, ...others] = tools.map(({ parameters }) => Compile(parameters));
  assert.equal(message!.Check({ name: 'Ann', text: 'Hi' }), true);
  assert.equal(message!.Check({ name: '', text: 'Hi' }), false);
  assert.equal(message!.Check({ name: 'Ann' }), false);
  assert.equal(message!.Check({ name: 'Ann', text: 'x'.repeat(2001) }), false);
  assert.equal(message!.Check({ name: 'Ann', text: 'Hi', to: '+1' }), false);
  for (const other of others) {
    assert.equal(other.Check({}), true);
    assert.equal(other.Check({ number: '+1' }), false);
  }
});
