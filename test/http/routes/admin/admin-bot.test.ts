// Commands of the bot: checked when they are made, and answered in chats and calls without the model.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDoors } from '../../../support/product/doors.ts';
import { until } from '../../../support/until.ts';
import { BrowserPeer } from '../../../telephony/browser-peer.ts';

const parking = {
  name: 'parking',
  triggers: ['parking', 'where to park'],
  reply: 'You can park behind the house.',
};

test('commands are made, changed and removed; what is wrong is named', async (t) => {
  const doors = await startDoors(t);
  const admin = await doors.user({ role: 'admin' });
  const as = doors.as(admin);
  const made = await as.post('/admin/bot/commands', parking);
  assert.equal(made.status, 201, made.text);
  const { id, created_at: _c, updated_at: _u, ...rest } = made.json;
  assert.deepEqual(rest, {
    ...parking,
    description: '',
    client_id: null,
    tool: null,
    is_active: true,
  });
  const changed = await as.put(`/admin/bot/commands/${id}`, { tool: 'end_call' });
  assert.deepEqual([changed.json.tool, changed.json.reply], ['end_call', null]);
  const off = await as.put(`/admin/bot/commands/${id}`, { is_active: false });
  assert.deepEqual([off.json.is_active, off.json.tool], [false, 'end_call']);
  const wrong: [body: object, text: RegExp][] = [
    [{ ...parking }, /"name".*already/],
    [{ ...parking, name: 'Two words' }, /"name"/],
    [{ ...parking, name: 'x', triggers: [] }, /"triggers"/],
    [{ ...parking, name: 'x', triggers: ['?!'] }, /triggers/],
    [{ name: 'x', triggers: ['xy'] }, /"reply".*required/],
    [{ ...parking, name: 'x', tool: 'end_call' }, /"tool".*Either/],
    [{ name: 'x', triggers: ['xy'], tool: 'rm -rf' }, /tool/],
    [{ ...parking, name: 'x', client_id: admin.id }, /"client_id".*no such client/],
    [{ ...parking, name: 'x', sql: 1 }, /sql/],
  ];
  for (const [body, text] of wrong) {
    const answer = await as.post('/admin/bot/commands', body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.match(answer.text, text);
  }
  assert.equal((await as.delete(`/admin/bot/commands/${id}`)).status, 200);
  assert.deepEqual((await as.get('/admin/bot/commands')).json, []);
  assert.equal((await as.put(`/admin/bot/commands/${id}`, {})).status, 404);
});

test('in chats a command answers without the model, or runs its tool', async (t) => {
  const doors = await startDoors(t);
  const admin = await doors.user({ role: 'admin' });
  await doors.as(admin).post('/admin/bot/commands', parking);
  await doors
    .as(admin)
    .post('/admin/bot/commands', { name: 'bye', triggers: ['that is all'], tool: 'end_call' });
  const say = (content: string, rest: object = { client_id: doors.clientId }) =>
    doors.as(doors.owner).post('/chat', { type: 'text', content, ...rest });
  const first = await say('Hi, is there any PARKING?');
  assert.equal(first.json.content, parking.reply, first.text);
  assert.equal(doors.rig.openai.requests.length, 0);
  const id = { conversation_id: first.json.conversation_id as string };
  const last = await say('Thanks, that is all.', id);
  assert.deepEqual([last.json.ended, last.json.tools[0].name], [true, 'end_call']);
  doors.rig.openai.script('We have a park nearby.');
  const other = await say('Is there a park? I like parkings.', id);
  assert.equal(other.json.content, 'We have a park nearby.', 'whole words only');
  // What a command said is part of the conversation for the model.
  const { messages } = doors.rig.openai.requests.at(-1)!;
  assert.ok(messages.some(({ content }) => content === parking.reply));
});

test('in calls, too', async (t) => {
  const doors = await startDoors(t);
  const admin = await doors.user({ role: 'admin' });
  await doors.as(admin).post('/admin/bot/commands', parking);
  doors.rig.says.push('is there parking');
  const peer = new BrowserPeer(doors.socketUrl(`/api/clients/${doors.clientId}/test-call`), {
    headers: doors.bearer(doors.owner),
  });
  await peer.start();
  await peer.message('started');
  peer.run();
  const said = () => peer.told.filter(({ type }) => type === 'utterance');
  await until('the greeting is over', () => said().length > 0);
  peer.say(doors.rig.voice('is there parking'));
  await until('the answer is over', () => said().length > 2);
  assert.equal(said()[2]!['content'], parking.reply);
  assert.equal(doors.rig.openai.requests.length, 0);
  peer.send({ type: 'stop' });
  await peer.closed();
});
