// A call to one's receptionist from a browser: heard, answered, told as it happens, stored and paid for like any call.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SESSION_COOKIE } from '../../../../src/http/identity/auth.ts';
import { recordOf } from '../../../support/product/after-call.ts';
import { CREDIT_SECONDS, startDoors } from '../../../support/product/doors.ts';
import type { Doors } from '../../../support/product/doors.ts';
import { until } from '../../../support/until.ts';
import { BrowserPeer } from '../../../telephony/browser-peer.ts';
import type { BrowserPeerOptions } from '../../../telephony/browser-peer.ts';

function dial(doors: Doors, options: BrowserPeerOptions, clientId = doors.clientId): BrowserPeer {
  return new BrowserPeer(doors.socketUrl(`/api/clients/${clientId}/test-call`), options);
}

async function callSidOf(doors: Doors, id: string): Promise<string> {
  const [row] = await doors.database.general<{ callSid: string }[]>`
    SELECT call_sid AS "callSid" FROM conversations WHERE id = ${id}`;
  return row!.callSid;
}

test('a browser calls, is answered, interrupts, and leaves; the client pays', async (t) => {
  const doors = await startDoors(t);
  doors.rig.says.push('when do you open', 'and on sunday');
  const long =
    'We open at nine in the morning and close at five in the afternoon on every weekday.';
  doors.rig.openai.script(long, 'On Sunday we are closed.');
  const peer = dial(doors, { headers: doors.bearer(doors.owner) });
  await peer.start();
  const started = await peer.message('started');
  assert.equal(started?.['sample_rate'], 16_000);
  const callId = started['call_id'] as string;
  peer.run();
  const said = () => peer.told.filter(({ type }) => type === 'utterance');
  await until('the greeting has been heard', () => said().length > 0);
  assert.equal(said()[0]!['content'], 'Hello, how can I help you?');

  peer.say(doors.rig.voice('when do you open'));
  const heardBefore = peer.speaker.heardMs;
  await until('the answer is heard', () => peer.speaker.heardMs > heardBefore + 500);
  const runs = await doors.as(doors.owner).get('/api/active-calls');
  assert.deepEqual(
    runs.json.map((call: { call_id: string; channel: string }) => [call.call_id, call.channel]),
    [[callId, 'browser']],
  );
  peer.say(doors.rig.voice('and on sunday'));
  await until('the second answer is over', () => said().length >= 5);
  assert.ok(peer.speaker.clears >= 1, 'the interruption silenced the speaker');
  const [, , cut] = said();
  assert.equal(cut!['interrupted'], true);
  const { content: heard, unheard } = cut as unknown as { content: string; unheard: string };
  assert.ok(heard.length < long.length, 'only what was heard');
  // The model may have had more to say when it was interrupted.
  assert.ok(unheard.length > 0 && long.startsWith(`${heard} ${unheard}`), unheard);
  assert.deepEqual(
    said().map(({ role }) => role),
    ['assistant', 'user', 'assistant', 'user', 'assistant'],
  );
  assert.ok(peer.told.some(({ type }) => type === 'words'));
  assert.ok(peer.told.some(({ type, response_ms: ms }) => type === 'latency' && ms !== null));

  peer.send({ type: 'stop' });
  assert.equal(await peer.closed(), 1000);
  assert.equal(peer.told.at(-1)?.type, 'end', 'the last word is the end');
  const record = await recordOf(doors, await callSidOf(doors, callId));
  assert.equal(record.conversation.endReason, 'caller');
  assert.deepEqual(
    record.utterances.map(({ role, content }) => [role, content]),
    said().map(({ role, content }) => [role, content]),
  );
  const [client] = await doors.database.general<{ balance: number }[]>`
    SELECT balance_seconds AS balance FROM clients WHERE id = ${doors.clientId}`;
  assert.equal(client!.balance, CREDIT_SECONDS - record.billed);
  assert.ok(record.billed >= 2);
});

test('who may call, and by what', async (t) => {
  const doors = await startDoors(t);
  const { owner, clientId } = doors;
  const stranger = await doors.user();
  const moderator = await doors.user({ role: 'moderator' });
  const admin = await doors.user({ role: 'admin' });
  const ticket = async (by = owner) =>
    (await doors.as(by).post(`/api/clients/${clientId}/test-call`)).json.ticket as string;
  const cookie = { cookie: `${SESSION_COOKIE}=${owner.session}` };
  const used = await ticket();

  const admitted: [string, BrowserPeerOptions][] = [
    ['the owner, by cookie', { headers: { ...cookie, origin: doors.url } }],
    ['the owner, by token', { headers: doors.bearer(owner) }],
    ['the owner, by ticket', { ticket: used }],
    ['an administrator', { headers: doors.bearer(admin) }],
  ];
  for (const [name, options] of admitted) {
    const peer = dial(doors, options);
    await peer.start();
    assert.ok(await peer.message('started'), name);
    peer.send({ type: 'stop' });
    await peer.closed();
  }

  const refused: [string, BrowserPeerOptions, number][] = [
    ['nobody', {}, 4401],
    ['a ticket twice', { ticket: used }, 4401],
    ['an invented ticket', { ticket: 'x'.repeat(43) }, 4401],
    ['another owner', { headers: doors.bearer(stranger) }, 4404],
    ['a moderator', { headers: doors.bearer(moderator) }, 4403],
  ];
  for (const [name, options, code] of refused) {
    const peer = dial(doors, options);
    await peer.start();
    assert.equal(await peer.closed(), code, name);
  }
  const elsewhere = await doors.as(stranger).post(`/api/clients/${clientId}/test-call`);
  assert.equal(elsewhere.status, 404);
  const other = await doors.as(stranger).post('/api/clients', { name: 'Another' });
  const peer = dial(doors, { ticket: await ticket() }, other.json.id as string);
  await peer.start();
  assert.equal(await peer.closed(), 4401, 'a ticket is for one client');

  const before: [string, Record<string, string>, number][] = [
    ['a page of another site', { ...cookie, origin: 'https://evil.example' }, 403],
    ['a sandboxed page', { ...cookie, origin: 'null' }, 403],
    ['a wrong token', { authorization: 'Bearer wrong' }, 401],
  ];
  for (const [name, headers, status] of before) {
    const peer = dial(doors, { headers });
    assert.equal(await peer.refusal(), status, name);
  }
});

test('without credit there is no call, and a client that is off takes none', async (t) => {
  const doors = await startDoors(t);
  const poor = await doors.as(doors.owner).post('/api/clients', { name: 'Poor' });
  const peer = dial(doors, { headers: doors.bearer(doors.owner) }, poor.json.id as string);
  await peer.start();
  assert.equal(await peer.closed(), 4402);
  await doors.as(doors.owner).put(`/api/clients/${doors.clientId}`, { is_active: false });
  const off = dial(doors, { headers: doors.bearer(doors.owner) });
  await off.start();
  assert.equal(await off.closed(), 4409);
});

test('the owner may end it from elsewhere', async (t) => {
  const doors = await startDoors(t);
  const peer = dial(doors, { headers: doors.bearer(doors.owner) });
  await peer.start();
  const callId = (await peer.message('started'))!['call_id'] as string;
  peer.run();
  await doors.as(doors.owner).post(`/api/active-calls/${callId}/hang-up`);
  assert.equal(await peer.closed(), 1000);
  assert.deepEqual(peer.told.at(-1), { type: 'end', reason: 'owner' });
});
