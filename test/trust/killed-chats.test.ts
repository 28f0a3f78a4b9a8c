// A process that is killed while it answers a chat: what was typed is kept and answered with the next message, and paid for once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CREDIT_SECONDS, startDoors } from '../support/doors.ts';

const TURN_SECONDS = 10;

test('killed before it was charged, or on the allowance of the day: what was not taken is not given back', async (t) => {
  const doors = await startDoors(t);
  const { owner, clientId, database, rig } = doors;
  const sql = database.general;
  const mine = doors.as(owner);
  const begun = async (client: string | null, seconds: number) => {
    rig.openai.script('Hello.');
    const body = { type: 'text', content: 'Hi', ...(client !== null && { client_id: client }) };
    const { conversation_id: id } = (await mine.post('/chat', body)).json;
    const by = client === null ? `user:${owner.id}` : null;
    await sql`
      INSERT INTO turns_under_way (conversation_id, number, kind, caller, heard, caller_at, heard_at, paid_turn, paid_seconds, paid_by)
      VALUES (${id}, 1, 'reply', 'And then?', '', now(), now(), gen_random_uuid(), ${seconds}, ${by})`;
    return id as string;
  };
  const go = async (id: string) => {
    rig.openai.script('Nine.');
    const answer = await mine.post('/chat', {
      type: 'text',
      content: 'Well?',
      conversation_id: id,
    });
    assert.equal(answer.status, 200, answer.text);
  };
  await go(await begun(clientId, TURN_SECONDS));
  const { balance_seconds: balance } = (await mine.get(`/api/clients/${clientId}`)).json;
  assert.equal(balance, CREDIT_SECONDS - 2 * TURN_SECONDS);

  const used = async () =>
    (
      await sql`SELECT used_seconds AS used FROM daily_usage WHERE subject = ${`user:${owner.id}`}`
    )[0]!['used'];
  const id = await begun(null, TURN_SECONDS);
  await sql`UPDATE daily_usage SET used_seconds = used_seconds + ${TURN_SECONDS} WHERE subject = ${`user:${owner.id}`}`;
  await go(id);
  assert.equal(await used(), 2 * TURN_SECONDS);
});
