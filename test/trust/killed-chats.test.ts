// A process that is killed while it answers a chat: what was typed is kept and answered with the next message, and paid for once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endIdleChats } from '../../src/store/conversations/chats.ts';
import { keepLeftTurns } from '../../src/store/conversations/turns-under-way.ts';
import { eventually } from '../support/product/after-call.ts';
import { CREDIT_SECONDS, startDoors } from '../support/product/doors.ts';
import { freePort } from '../support/free-port.ts';
import { startServerProcess } from '../support/product/server-process.ts';
import { tempFolder } from '../support/database/test-server.ts';

const TURN_SECONDS = 10;
const typed = 'My name is Anna Brown. Do you open on Sunday?';

test('killed while the model thinks: nothing that was typed is lost, and nothing is paid twice', async (t) => {
  const doors = await startDoors(t);
  const { owner, clientId, rig, database, connection } = doors;
  const sql = database.general;
  const mine = doors.as(owner);
  const balance = async () =>
    (await mine.get(`/api/clients/${clientId}`)).json.balance_seconds as number;
  rig.openai.script('Hello there.');
  const first = await mine.post('/chat', { type: 'text', content: 'Hello', client_id: clientId });
  assert.equal(first.status, 200, first.text);
  const id = first.json.conversation_id as string;

  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const dataDir = tempFolder('frontdesk-chat-');
  const { PORT: _port, PUBLIC_URL: _url, ...vendors } = rig.env;
  const env = { ...vendors, PORT: port, PUBLIC_URL: url, DATA_DIR: dataDir, INTERNAL_PORT: '0' };
  const server = await startServerProcess(t, { ...env, DATABASE_URL: connection });
  // The API of the test has claimed more of a minute than other processes have.
  await sql`DELETE FROM rate_windows`;
  const say = (body: object) =>
    fetch(`${url}/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: `sessionid=${owner.session}` },
      body: JSON.stringify({ type: 'text', ...body }),
    }).catch(() => undefined);
  const silent = { on: 'request', match: 'POST', do: 'stall' } as const;
  rig.openai.faults.add({ ...silent, times: 2 }, { ...silent, times: 50 });
  const lost = [
    say({ content: typed, conversation_id: id }),
    say({ content: 'A new chat', client_id: clientId }),
  ];
  await eventually('both questions at the model', async () =>
    rig.openai.faults.faults.length === 1 ? true : undefined,
  );
  assert.equal(await balance(), CREDIT_SECONDS - 3 * TURN_SECONDS, 'each is paid for');
  await server.kill();
  await Promise.all(lost);
  rig.openai.faults.clear();

  const busy = await mine.post('/chat', { type: 'text', content: 'Hello?', conversation_id: id });
  assert.equal(busy.status, 409, 'a process may still answer');
  await sql`UPDATE conversations SET busy_until = clock_timestamp() WHERE busy_until > clock_timestamp()`;
  rig.openai.script('On Sunday we are closed, Anna.');
  const next = await mine.post('/chat', { type: 'text', content: 'Hello?', conversation_id: id });
  assert.equal(next.json.content, 'On Sunday we are closed, Anna.', next.text);
  const told = JSON.stringify(rig.openai.requests.at(-1)!.messages);
  assert.ok(told.includes(typed) && told.includes('Hello?'), 'both are answered');
  const { transcript } = (await mine.get(`/api/conversations/${id}`)).json;
  assert.deepEqual(
    transcript.map(({ role, content }: any) => [role, content]),
    [
      ['user', 'Hello'],
      ['assistant', 'Hello there.'],
      ['user', typed],
      ['user', 'Hello?'],
      ['assistant', 'On Sunday we are closed, Anna.'],
    ],
  );
  assert.equal(await balance(), CREDIT_SECONDS - 3 * TURN_SECONDS, 'what was not answered is free');

  // The chat that nobody goes on with ends by itself, and has cost nothing.
  await sql`UPDATE conversations SET busy_until = busy_until - interval '1 hour' WHERE id <> ${id}`;
  await endIdleChats(sql);
  await keepLeftTurns(sql, assert.fail);
  await keepLeftTurns(sql, assert.fail);
  assert.equal(await balance(), CREDIT_SECONDS - 2 * TURN_SECONDS);
  const [other] = await sql<{ content: string }[]>`
    SELECT content FROM utterances WHERE conversation_id <> ${id} AND role = 'user'`;
  assert.equal(other?.content, 'A new chat');
  const [left] = await sql`SELECT count(*)::int AS rows FROM turns_under_way`;
  assert.equal(left!['rows'], 0);
});

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
