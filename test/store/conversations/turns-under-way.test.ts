// What is known of turns that are not over: gone with the turn that is stored, made into one where nobody stores it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import {
  endConversation,
  endOrphans,
  saveTurn,
} from '../../../src/store/conversations/conversations.ts';
import {
  keepLeftTurns,
  saveTurnsUnderWay,
} from '../../../src/store/conversations/turns-under-way.ts';
import type { TurnUnderWayRow } from '../../../src/store/conversations/turns-under-way.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { turnRow } from '../../../src/reception/records/transcript.ts';
import { bookingClient, conversationOf } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';
import { turnWith } from '../../support/turn.ts';

const at = new Date('2027-03-01T15:00:00Z');
const later = new Date('2027-03-01T15:00:02Z');
const ended = { endReason: 'caller', outcome: 'answered', durationMs: 1000 };
const tool = { id: 'x', name: 't', arguments: '{}', result: 'ok', elapsedMs: 3, failed: false };

async function call(t: TestContext): Promise<{ sql: Sql; id: string }> {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const id = await conversationOf(sql, await bookingClient(sql));
  await sql`UPDATE conversations SET owner = 'me'`;
  return { sql, id };
}

function row(conversationId: string, number: number, more: Partial<TurnUnderWayRow> = {}) {
  const known = {
    kind: 'reply',
    caller: 'when',
    heard: '',
    tools: [],
    callerAt: at,
    heardAt: later,
  };
  return { conversationId, number, ...known, ...more };
}

async function said(sql: Sql): Promise<unknown[]> {
  const rows = await sql`
    SELECT u.turn_number AS number, role, content, interrupted, u.at, t.kind, t.ending FROM utterances u
    JOIN turns t ON t.conversation_id = u.conversation_id AND t.number = u.turn_number ORDER BY id`;
  return rows.map((each) => Object.values(each));
}

const left = async (sql: Sql) => (await sql`SELECT 1 FROM turns_under_way`).length;

const stored = (sql: Sql, id: string, number: number) =>
  saveTurn(sql, id, {
    ...turnRow(turnWith({ caller: 'when', heard: 'At nine.' }), number, at),
    costMicrodollars: 0,
  });

test('of a call whose process died the turn under way is kept, as interrupted, with what was heard', async (t) => {
  const { sql, id } = await call(t);
  await stored(sql, id, 0);
  await saveTurnsUnderWay(sql, [row(id, 1), row(id, 2, { caller: 'and' })]);
  await saveTurnsUnderWay(sql, [
    row(id, 1, { heard: 'We are open', tools: [tool] }),
    row(id, 2, { caller: 'and on Sunday' }),
    row(id, 3, { caller: '' }),
  ]);
  assert.equal(await endOrphans(sql, 'all', assert.fail), 1);
  assert.deepEqual((await said(sql)).slice(2), [
    [1, 'user', 'when', false, at, 'reply', 'interrupted'],
    [1, 'assistant', 'We are open', true, later, 'reply', 'interrupted'],
    [2, 'user', 'and on Sunday', false, at, 'reply', 'interrupted'],
  ]);
  const turns = await sql`SELECT number, tools FROM turns ORDER BY number`;
  assert.deepEqual(
    turns.map((each) => Object.values(each)),
    [
      [0, []],
      [1, [tool]],
      [2, []],
    ],
  );
  const [found] = await sql`
    SELECT 1 FROM conversations WHERE id = ${id} AND search @@ plainto_tsquery('simple', 'Sunday open')`;
  assert.ok(found, 'it is found by its words');
  assert.equal(await left(sql), 0);
});

test('a turn that is stored takes the place of what was known of it', async (t) => {
  const { sql, id } = await call(t);
  await saveTurnsUnderWay(sql, [row(id, 0)]);
  await stored(sql, id, 0);
  assert.equal(await left(sql), 0);
  // One that was on its way meanwhile.
  await saveTurnsUnderWay(sql, [row(id, 0, { heard: 'At' })]);
  assert.equal(await left(sql), 0);
});

test('a call that ends in order leaves nothing, and its late writers add nothing', async (t) => {
  const { sql, id } = await call(t);
  await stored(sql, id, 0);
  await saveTurnsUnderWay(sql, [row(id, 1, { caller: 'mm' })]);
  await endConversation(sql, id, 'me', ended);
  await saveTurnsUnderWay(sql, [row(id, 1, { caller: 'mm hm' })]);
  assert.equal(await left(sql), 0);
  assert.equal((await said(sql)).length, 2);
});

test('what a dead process left of a call that another has ended is kept a minute later', async (t) => {
  const { sql, id } = await call(t);
  await saveTurnsUnderWay(sql, [row(id, 0, { heard: 'We' })]);
  await stored(sql, id, 3);
  await endConversation(sql, id, 'me', ended);
  await keepLeftTurns(sql, assert.fail);
  assert.equal(await left(sql), 1, 'its process may still store it');
  await sql`UPDATE conversations SET ended_at = ended_at - interval '61 seconds'`;
  await keepLeftTurns(sql, assert.fail);
  assert.equal(await left(sql), 0);
  assert.deepEqual(
    (await said(sql))
      .map((each) => (each as unknown[])[2] as string)
      .toSorted((a, b) => a.localeCompare(b)),
    ['At nine.', 'We', 'when', 'when'],
  );
});

test('one call that was deleted does not keep the others from being written', async (t) => {
  const { sql, id } = await call(t);
  await saveTurnsUnderWay(sql, [row('019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a', 0), row(id, 0)]);
  assert.equal(await left(sql), 1);
});
