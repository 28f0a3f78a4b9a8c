// Typed conversation: answered with the receptionist's tools, kept by its id, paid for by the turn, nobody else's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CREDIT_SECONDS, startDoors } from '../../../support/product/doors.ts';
import type { Doors } from '../../../support/product/doors.ts';

const TURN_SECONDS = 10;

async function balance(doors: Doors): Promise<number> {
  const answer = await doors.as(doors.owner).get(`/api/clients/${doors.clientId}`);
  return answer.json.balance_seconds as number;
}

test('a chat books an appointment over several messages; the client pays for each', async (t) => {
  const doors = await startDoors(t);
  const { owner, clientId } = doors;
  const say = (content: string, rest: object) =>
    doors.as(owner).post('/chat', { type: 'text', content, ...rest });
  await doors.database.general`
    UPDATE clients SET enabled_tools = '{get_available_slots,book_appointment}' WHERE id = ${clientId}`;

  // The rule-based receptionist of the sandbox, with the very tools of a call.
  const first = await say('I would like to book an appointment', { client_id: clientId });
  assert.equal(first.status, 200, first.text);
  const rest = { conversation_id: first.json.conversation_id as string };
  let last = first;
  const answers: Record<string, string> = {
    day: 'tomorrow',
    name: 'John Miller',
    phone: 'my number is 202 555 0147',
  };
  const ran: string[] = last.json.tools.map((tool: { name: string }) => tool.name);
  for (let turn = 0; turn < 8 && !ran.includes('book_appointment'); turn += 1) {
    const asked = (last.json.content as string).toLowerCase();
    const said = /name/.test(asked)
      ? answers['name']!
      : /number|phone/.test(asked)
        ? answers['phone']!
        : /which|would you like|time|suit/.test(asked) && ran.includes('get_available_slots')
          ? 'the first one please'
          : /right|correct|shall|confirm/.test(asked)
            ? 'yes please'
            : answers['day']!;
    last = await say(said, rest);
    assert.equal(last.status, 200, last.text);
    assert.equal(last.json.conversation_id, rest.conversation_id);
    ran.push(...(last.json.tools as { name: string }[]).map(({ name }) => name));
  }
  assert.ok(ran.includes('book_appointment'), ran.join());
  const bookings = await doors.as(owner).get(`/api/clients/${clientId}/bookings`);
  assert.equal(bookings.json.length, 1, bookings.text);
  const conversation = await doors.as(owner).get(`/api/conversations/${rest.conversation_id}`);
  assert.equal(conversation.json.channel, 'chat');
  assert.equal(conversation.json.outcome, 'booked');
  const turns = conversation.json.turns.length as number;
  assert.equal(await balance(doors), CREDIT_SECONDS - turns * TURN_SECONDS);
  const [entries] = await doors.database.general<{ count: number }[]>`
    SELECT count(*) AS count FROM ledger WHERE kind = 'chat' AND client_id = ${clientId}`;
  assert.equal(entries!.count, turns);
});

test('a chat without a client is on the daily allowance, which ends', async (t) => {
  const doors = await startDoors(t);
  const user = await doors.user();
  const admin = await doors.user({ role: 'admin' });
  await doors.database.general`
    INSERT INTO settings (scope, key, value) VALUES ('system', 'daily_allowance_seconds', '20')`;
  doors.rig.openai.script('Paris is lovely.', 'In May.', 'Hello, admin.');
  const say = (content: string, id?: string) =>
    doors.as(user).post('/chat', { type: 'text', content, conversation_id: id ?? null });
  const first = await say('Tell me about Paris');
  assert.deepEqual(
    [first.status, first.json.type, first.json.content, first.json.tools],
    [200, 'text', 'Paris is lovely.', []],
  );
  const id = first.json.conversation_id as string;
  assert.equal((await say('When should I go?', id)).json.content, 'In May.');
  const asked = doors.rig.openai.requests
    .at(-1)!
    .messages.map(({ role, content }) => [role, content]);
  assert.deepEqual(asked.slice(1), [
    ['user', 'Tell me about Paris'],
    ['assistant', 'Paris is lovely.'],
    ['user', 'When should I go?'],
  ]);
  const third = await say('And then?', id);
  assert.equal(third.status, 402);
  assert.match(third.json.detail as string, /daily allowance of 20 seconds/);
  const refused = await say('Another one?');
  assert.equal(refused.status, 402);
  const history = await doors.as(user).get('/api/users/history');
  assert.equal(history.json.count, 1, 'a refused chat leaves nothing');
  const other = await doors.as(admin).post('/chat', { type: 'text', content: 'Hi' });
  assert.equal(other.status, 200, 'each has an allowance of their own');
});

test('a turn without an answer costs nothing and is remembered', async (t) => {
  const doors = await startDoors(t);
  const { owner, clientId } = doors;
  const { faults } = doors.rig.openai;
  faults.add({ on: 'request', do: 'status:500', times: 20, match: 'POST' });
  doors.rig.openai.script('We open at nine.');
  const failed = await doors
    .as(owner)
    .post('/chat', { type: 'text', content: 'When do you open?', client_id: clientId });
  assert.equal(failed.status, 502, failed.text);
  assert.equal(await balance(doors), CREDIT_SECONDS);
  faults.clear();
  const [chat] = (await doors.as(owner).get(`/api/clients/${clientId}/conversations`)).json;
  const again = await doors
    .as(owner)
    .post('/chat', { type: 'text', content: 'Hello?', conversation_id: chat.id });
  assert.equal(again.json.content, 'We open at nine.', again.text);
  assert.equal(await balance(doors), CREDIT_SECONDS - TURN_SECONDS);
  const { messages } = doors.rig.openai.requests.at(-1)!;
  assert.ok(JSON.stringify(messages).includes('When do you open?'));
});

test('a sign alone is an answer to who reads it; a blank is none', async (t) => {
  const doors = await startDoors(t);
  const mine = doors.as(doors.owner);
  const say = () => mine.post('/chat', { type: 'text', content: 'All right?' });
  for (const sign of ['👍', '👩‍🚀', '…', '?', '7', 'OK']) {
    doors.rig.openai.script(sign);
    const { status, json, text } = await say();
    assert.deepEqual([status, json.content], [200, sign], text);
  }
  // The second is asked for by the vendor's client, which tries again.
  for (const blank of [' ', '\u200b\ufe0f', '\n']) {
    doors.rig.openai.script(blank, blank, blank, blank);
    assert.equal((await say()).status, 502, JSON.stringify(blank));
  }
});

test('chats and clients of others are not there; wrong messages are named', async (t) => {
  const doors = await startDoors(t);
  const { owner, clientId } = doors;
  const stranger = await doors.user();
  const moderator = await doors.user({ role: 'moderator' });
  doors.rig.openai.script('Hello.', 'Goodbye.');
  const text = { type: 'text', content: 'Hello' };
  const begun = await doors.as(owner).post('/chat', { ...text, client_id: clientId });
  const id = begun.json.conversation_id as string;
  for (const [who, body, status] of [
    [stranger, { ...text, conversation_id: id }, 404],
    [stranger, { ...text, client_id: clientId }, 404],
    [stranger, { ...text, conversation_id: 'my own id' }, 404],
    [moderator, text, 403],
    [owner, { type: 'text', content: '  ' }, 400],
    [owner, { type: 'video', content: 'x' }, 400],
    [owner, { type: 'text' }, 400],
    [owner, { ...text, client_id: 'x' }, 400],
    [owner, { type: 'text', content: 'x'.repeat(10_001) }, 400],
  ] as const) {
    const answer = await doors.as(who).post('/chat', body);
    assert.equal(answer.status, status, `${JSON.stringify(body).slice(0, 80)}: ${answer.text}`);
  }
  assert.equal((await doors.as().post('/chat', text)).status, 401);
});

test('one message of a chat is answered at a time', async (t) => {
  const doors = await startDoors(t, { firstTokenMs: 300 });
  const user = await doors.user();
  doors.rig.openai.script('One.', 'Two.');
  const say = (content: string, id?: string) =>
    doors.as(user).post('/chat', { type: 'text', content, ...(id && { conversation_id: id }) });
  const id = (await say('one')).json.conversation_id as string;
  const both = await Promise.all([say('two', id), say('three', id)]);
  assert.deepEqual(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 409],
  );
  const [row] = await doors.database.general<{ turns: number }[]>`
    SELECT count(*) AS turns FROM turns WHERE conversation_id = ${id}`;
  assert.equal(row!.turns, 2);
});

test('what was done in a chat is known to the process that goes on with it', async (t) => {
  const doors = await startDoors(t);
  const { rig, clientId } = doors;
  const sql = doors.database.general;
  const mine = doors.as(doors.owner);
  const message = { name: 'Ann', text: 'Call me back.' };
  rig.openai.script(
    { text: '', calls: [{ name: 'take_message', arguments: message }] },
    'It is passed on.',
    'You are welcome.',
  );
  const first = { type: 'text', content: 'Tell them to call Ann back.', client_id: clientId };
  const { conversation_id: id } = (await mine.post('/chat', first)).json;
  // As another process would: one more turn that this one does not know of.
  await sql`
    INSERT INTO turns (conversation_id, number, kind, ending) VALUES (${id}, 1, 'reply', 'completed')`;
  await mine.post('/chat', { type: 'text', content: 'Thank you', conversation_id: id });
  const said = rig.openai.requests.at(-1)!.messages.slice(1);
  assert.deepEqual(
    said.map(({ role, content }) => [role, content ?? '']),
    [
      ['user', 'Tell them to call Ann back.'],
      ['assistant', ''],
      ['tool', 'The message is stored and will be passed on.'],
      ['assistant', 'It is passed on.'],
      ['user', 'Thank you'],
    ],
  );
  assert.deepEqual(JSON.parse(said[1]!.tool_calls![0]!.function.arguments), message);
});

test('a chat goes on in another process', async (t) => {
  const doors = await startDoors(t);
  const user = await doors.user();
  doors.rig.openai.script('I am well.');
  const first = await doors.as(user).post('/chat', { type: 'text', content: 'How are you?' });
  const id = first.json.conversation_id as string;
  // As another process would: one more turn that this one does not know of.
  const sql = doors.database.general;
  await sql`INSERT INTO turns (conversation_id, number, kind, ending) VALUES (${id}, 1, 'reply', 'completed')`;
  await sql`
    INSERT INTO utterances (conversation_id, turn_number, role, content, at)
    VALUES (${id}, 1, 'user', 'And elsewhere?', now()), (${id}, 1, 'assistant', 'As well.', now())`;
  doors.rig.openai.script('Good.');
  const answer = await doors
    .as(user)
    .post('/chat', { type: 'text', content: 'So?', conversation_id: id });
  assert.equal(answer.json.content, 'Good.');
  const { messages } = doors.rig.openai.requests.at(-1)!;
  assert.deepEqual(
    messages.slice(1).map(({ content }) => content),
    ['How are you?', 'I am well.', 'And elsewhere?', 'As well.', 'So?'],
  );
});
