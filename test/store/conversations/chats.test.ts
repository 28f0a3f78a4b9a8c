// Chats in the database: taken by one at a time, ended by silence, taken up again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/lib/ids.ts';
import {
  claimChat,
  deleteEmptyChat,
  endIdleChats,
  openChat,
  releaseChat,
} from '../../../src/store/conversations/chats.ts';
import { findConversation } from '../../../src/store/conversations/conversation-list.ts';
import { bookingClient } from '../../support/bookings/booking-client.ts';
import { saveUser } from '../../../src/store/accounts/users.ts';
import { testDatabase } from '../../support/database/database.ts';

const turnMs = 10_000;

async function start(t: { after(act: () => Promise<void>): void }) {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const userId = await saveUser(sql, {
    id: newId(1),
    email: 'ann@example.com',
    name: 'Ann',
    role: 'user',
  });
  const id = newId(2);
  await openChat(sql, { id, userId, clientId: null, turnMs });
  return { sql, userId, id };
}

test('one turn at a time; a process that died does not hold it for ever', async (t) => {
  const { sql, userId, id } = await start(t);
  const claim = () => claimChat(sql, { id, userId, turnMs });
  assert.equal((await claim()).status, 'busy');
  await releaseChat(sql, id, { outcome: 'answered', ended: false });
  const claims = await Promise.all(Array.from({ length: 8 }, claim));
  assert.equal(claims.filter(({ status }) => status === 'claimed').length, 1);
  await sql`UPDATE conversations SET busy_until = clock_timestamp() - interval '1 second'`;
  assert.equal((await claim()).status, 'claimed');
  assert.equal((await claimChat(sql, { id, userId: newId(3), turnMs })).status, 'none');
  assert.equal((await claimChat(sql, { id: newId(4), userId, turnMs })).status, 'none');
});

test('what tools did weighs more than an answer; a goodbye or silence ends it', async (t) => {
  const { sql, userId, id } = await start(t);
  const state = async () => {
    const [row] = await sql<{ outcome: string; reason: string | null }[]>`
      SELECT outcome, end_reason AS reason FROM conversations WHERE id = ${id}`;
    return { ...row };
  };
  await releaseChat(sql, id, { outcome: 'booked', ended: false });
  await releaseChat(sql, id, { outcome: 'answered', ended: true });
  assert.deepEqual(await state(), { outcome: 'booked', reason: 'goodbye' });
  await claimChat(sql, { id, userId, turnMs });
  assert.deepEqual(await state(), { outcome: 'booked', reason: null });
  await releaseChat(sql, id, { outcome: 'failed', ended: false });
  await endIdleChats(sql);
  assert.deepEqual(await state(), { outcome: 'booked', reason: null });
  await sql`UPDATE conversations SET busy_until = busy_until - interval '31 minutes'`;
  await endIdleChats(sql);
  assert.deepEqual(await state(), { outcome: 'booked', reason: 'silence' });
});

test('how long an open chat has been quiet is known, and its end is when it fell silent', async (t) => {
  const { sql, userId } = await start(t);
  const clientId = await bookingClient(sql);
  const id = newId(6);
  await openChat(sql, { id, userId, clientId, turnMs });
  const found = async () => (await findConversation(sql, { ownerId: undefined }, id))!;
  assert.equal((await found()).quietSince, null, 'it is being answered');
  await releaseChat(sql, id, { outcome: 'answered', ended: false });
  const answered = await found();
  assert.ok(answered.quietSince && answered.quietSince >= answered.startedAt);
  await sql`UPDATE conversations SET busy_until = busy_until - interval '31 minutes' WHERE id = ${id}`;
  const { quietSince } = await found();
  await endIdleChats(sql);
  const ended = await found();
  assert.deepEqual([ended.endedAt, ended.quietSince], [quietSince, null]);
});

test('only a chat without any turn is forgotten', async (t) => {
  const { sql, userId, id } = await start(t);
  const other = newId(5);
  await openChat(sql, { id: other, userId, clientId: null, turnMs });
  await sql`INSERT INTO turns (conversation_id, number, kind, ending) VALUES (${id}, 0, 'reply', 'failed')`;
  await deleteEmptyChat(sql, id);
  await deleteEmptyChat(sql, other);
  assert.deepEqual([...(await sql<{ id: string }[]>`SELECT id FROM conversations`)], [{ id }]);
});
