// What the model may do besides the calendar: messages stored, callers handed over, calls ended.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { systemClock } from '../../../src/lib/clock.ts';
import type { ToolContext, TransferTarget } from '../../../src/pipeline/types.ts';
import {
  endCallTool,
  pressKeysTool,
  takeMessageTool,
  transferTool,
} from '../../../src/reception/tools/tools.ts';
import { bookingClient, conversationOf } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';

function context(given: Partial<ToolContext> = {}) {
  const acts: (string | TransferTarget)[] = [];
  const tool: ToolContext = {
    signal: new AbortController().signal,
    callId: 'c',
    clientId: 'd',
    callerPhone: '+14155550100',
    hangUp: () => acts.push('hang-up'),
    transfer: (target) => acts.push(target),
    press: (keys) => acts.push(`press ${keys}`),
    stay() {},
    said: () => [],
    typed: false,
    ...given,
  };
  return { tool, acts };
}

const person = { id: null, description: '' };
const transfers: Parameters<typeof transferTool>[0] = {
  people: [
    { ...person, key: 'p1', name: 'Ann', phoneNumber: '+12025550188' },
    { ...person, key: 'p2', name: 'Bob', phoneNumber: '+12025550189', description: 'Emergencies' },
  ],
  begin: ({ phoneNumber }) => Promise.resolve({ type: 'target', target: { phoneNumber } }),
};

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

test('a caller is handed over to whom the owner has named, whatever the model says', async () => {
  const { tool: here, acts } = context();
  const tool = transferTool(transfers);
  assert.match(tool.description, /p1: Ann; p2: Bob \(Emergencies\)/);
  for (const person of ['p2', 'p1', undefined, '+19005550100'])
    await tool.run({ person, number: '+19005550100' }, here);
  const [ann, bob] = ['+12025550188', '+12025550189'];
  assert.deepEqual(
    acts,
    [bob, ann, ann, ann].map((phoneNumber) => ({ phoneNumber })),
  );
  const { outcome, say } = await tool.run({}, here);
  assert.equal(outcome, 'transferred');
  assert.ok(say);
});

test('a caller who was put through too often is not put through', async () => {
  const { tool: here, acts } = context();
  const tool = transferTool({ ...transfers, begin: () => Promise.resolve({ type: 'too-often' }) });
  const result = await tool.run({ person: 'p1' }, here);
  assert.deepEqual([acts, result.outcome, result.say], [[], undefined, undefined]);
  assert.match(result.text, /message/);
});

test('keys for a machine at the other end', async () => {
  const { tool: here, acts } = context();
  await pressKeysTool.run({ keys: '1w2#' }, here);
  assert.deepEqual(acts, ['press 1w2#']);
  const takes = Compile(pressKeysTool.parameters);
  assert.equal(takes.Check({ keys: '1w2#' }), true);
  for (const keys of ['', 'a', '1,2', '+1', '1'.repeat(33)])
    assert.equal(takes.Check({ keys }), false);
});

test('the end of a call', async () => {
  const { tool: here, acts } = context();
  await endCallTool.run({}, here);
  assert.deepEqual(acts, ['hang-up']);
});

test('arguments are bounded and nothing may be added', () => {
  const tools = [
    takeMessageTool({ sql: undefined as never, clock: systemClock, language: 'en-US' }),
    transferTool(transfers),
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
    assert.equal(other.Check({ person: 'p3' }), false);
  }
});
