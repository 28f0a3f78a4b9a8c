// Numbers that lead back to us: refused where they are saved, ended politely where they ring, and what came of a fallback is known.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DialPlan } from '../../sandbox/phone/call-options.ts';
import { eventually, finished, greeted } from '../support/product/after-call.ts';
import { startTestApi } from '../support/product/api.ts';
import { carrierPost } from '../support/product/carrier.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../support/product/frontdesk.ts';

const caller = '+14155550123';
/** More than any circle may dial. */
const STOP_AT = 12;

test('fallback numbers and people that lead back to the client are refused where they are saved', async (t) => {
  const api = await startTestApi(t);
  const mine = api.as(await api.user());
  const numbers = ['+12025550101', '+12025550102', '+12025550103'];
  const paths: string[] = [];
  for (const phone_number of numbers) {
    const made = await mine.post('/api/clients', { name: 'A', phone_number });
    paths.push(`/api/clients/${made.json.id}`);
  }
  const [a, b, c] = paths as [string, string, string];
  const fallback = (path: string, fallback_number: string | null) =>
    mine.patch(path, { fallback_number });
  assert.equal((await fallback(a, numbers[0]!)).status, 400, 'itself');
  assert.equal((await fallback(a, numbers[1]!)).status, 200, 'another of ours is nothing bad');
  const back = await fallback(b, numbers[0]!);
  assert.deepEqual([back.status, Object.keys(back.json)], [400, ['fallback_number']]);
  assert.match(back.text, /go round for ever/);
  assert.equal((await fallback(b, numbers[2]!)).status, 200);
  assert.equal((await fallback(c, numbers[0]!)).status, 400, 'a chain of three');
  const person = { name: 'Ann', phone_number: numbers[0]! };
  const target = await mine.post(`${c}/transfer-targets`, person);
  assert.deepEqual([target.status, Object.keys(target.json)], [400, ['phone_number']]);
  assert.equal((await mine.patch(c, { name: 'C' })).status, 200, 'nothing else is in the way');

  // The number itself moves into the circle.
  assert.equal((await fallback(c, '+12025550109')).status, 200);
  const moved = await mine.patch(a, { phone_number: '+12025550109' });
  assert.deepEqual([moved.status, Object.keys(moved.json)], [400, ['fallback_number']]);
  // And somebody who was not dialled is dialled again.
  const off = { name: 'Ben', phone_number: '+12025550108', is_active: false };
  const ben = (await mine.post(`${c}/transfer-targets`, off)).json;
  assert.equal((await mine.patch(a, { phone_number: '+12025550108' })).status, 200);
  const on = await mine.patch(`${c}/transfer-targets/${ben.id}`, { is_active: true });
  assert.equal(on.status, 400, on.text);
});

/**
 * A telephone network in which what is dialled rings where it leads, with the number that was shown; who is dialled in all.
 * `strips`: it passes no number on.
 */
async function startNetwork(
  t: { after(act: () => Promise<void>): void },
  { talkMs = 1500, strips = false } = {},
) {
  const dialled: string[] = [];
  const forwards = new Map<string, string>();
  const ours = new Set<string>();
  const f: TestFrontdesk = await startTestFrontdesk(t, {
    dial({ target, shown }): DialPlan {
      dialled.push(target);
      const rings = forwards.get(target) ?? target;
      const passedOn = strips ? 'anonymous' : shown;
      if (ours.has(rings) && dialled.length < STOP_AT) f.call({ from: passedOn, to: rings });
      return { status: 'completed', ringMs: 20, talkMs };
    },
  });
  const client = async (fallbackNumber: string | null = null) => {
    const made = await f.addClient({ seconds: 0 });
    ours.add(made.number);
    if (fallbackNumber !== null) await fallBack(made.number, fallbackNumber);
    return made.number;
  };
  /** Also what could not be saved any more. */
  const fallBack = (number: string, fallbackNumber: string) =>
    f.database
      .general`UPDATE clients SET fallback_number = ${fallbackNumber} WHERE phone_number = ${number}`;
  const quiet = () =>
    eventually('no call is left', async () => (f.phone.liveCalls.length === 0 ? true : undefined));
  return { f, dialled, forwards, client, fallBack, quiet };
}

test('two clients without credit that name each other: the circle is not gone round twice', async (t) => {
  const { f, dialled, client, fallBack, quiet } = await startNetwork(t);
  const a = await client();
  const b = await client(a);
  await fallBack(a, b);
  f.call({ from: caller, to: a });
  await quiet();
  assert.deepEqual(dialled, [b, a], 'then the caller hears the sentence, and it ends');
  f.call({ from: caller, to: a });
  await quiet();
  assert.deepEqual(dialled.slice(2), [b, a], 'who calls again later is put through again');
});

for (const from of [caller, 'anonymous']) {
  test(`a chain of three, and ${from === caller ? 'a number' : 'none'} that is shown`, async (t) => {
    const { f, dialled, client, fallBack, quiet } = await startNetwork(t, {
      // As long as anybody further down is on the line.
      talkMs: 60_000,
    });
    const a = await client();
    const c = await client(a);
    const b = await client(c);
    await fallBack(a, b);
    f.call({ from, to: a });
    await eventually('the end of the circle', async () =>
      f.log.find(({ msg }) => msg === 'a fallback number leads back to us'),
    );
    await f.phone.hangUpAll();
    await quiet();
    assert.deepEqual(dialled, [b, c, a], 'once round');
  });

  test(`an office telephone that is forwarded to the client whose fallback it is, with ${from === caller ? 'a number' : 'none'}`, async (t) => {
    const { f, dialled, forwards, client, quiet } = await startNetwork(t);
    const office = '+12025550144';
    const a = await client(office);
    forwards.set(office, a);
    f.call({ from, to: a });
    await quiet();
    assert.deepEqual(dialled, [office]);
    f.call({ from, to: a });
    await quiet();
    assert.deepEqual(dialled, [office, office], 'who calls again later is put through again');
  });
}

test('where somebody forwards without any number, three are put through at once and no more', async (t) => {
  const { f, dialled, forwards, client, quiet } = await startNetwork(t, {
    talkMs: 60_000,
    strips: true,
  });
  const office = '+12025550144';
  const a = await client(office);
  forwards.set(office, a);
  f.call({ from: 'anonymous', to: a });
  await eventually('the end of the circle', async () =>
    f.log.find(({ msg }) => msg === 'a fallback number leads back to us'),
  );
  await f.phone.hangUpAll();
  await quiet();
  assert.equal(dialled.length, 3);
});

test('what became of the fallback number when a line was lost stands in the conversation', async (t) => {
  const plans: DialPlan[] = [
    { status: 'busy', ringMs: 20, talkMs: 0 },
    { status: 'completed', ringMs: 20, talkMs: 200 },
  ];
  const f = await startTestFrontdesk(t, {
    client: { fallbackNumber: '+12025550144' },
    dial: () => plans.shift()!,
  });
  const putThrough = async (sid: string) => {
    const rows = await f.database.general<{ state: string; over: boolean; own: boolean }[]>`
      SELECT t.state, t.over_at IS NOT NULL AS over, t.conversation_id IS NOT NULL AS own FROM transfers t
      WHERE t.call_sid = ${sid}`;
    return [...rows].map((row) => ({ ...row }));
  };
  const cut = async () => {
    const call = f.call({ from: caller });
    await greeted(call);
    call.line!.cut();
    const record = await finished(f, call);
    await eventually('the end of the dialling', async () =>
      (await putThrough(call.sid)).some(({ over }) => over) ? true : undefined,
    );
    return { call, record };
  };
  const busy = await cut();
  assert.deepEqual(await putThrough(busy.call.sid), [
    { state: 'unanswered', over: true, own: true },
  ]);
  const talked = await cut();
  assert.deepEqual(await putThrough(talked.call.sid), [
    { state: 'accepted', over: true, own: true },
  ]);
  const [missed, reached] = await f.database.general<{ outcome: string }[]>`
    SELECT outcome FROM conversations ORDER BY started_at`;
  assert.equal(missed?.outcome, 'missed', 'who reached nobody is told of');
  assert.notEqual(reached?.outcome, 'missed');
});

test('news of a fallback that come late, twice or backwards, and news that nobody signed', async (t) => {
  const f = await startTestFrontdesk(t, { client: { fallbackNumber: '+12025550144' } });
  const path = `/voice/fallback-status?client=${f.client.id}`;
  const tell = (CallStatus: string, given: object = {}) =>
    carrierPost(f, {
      path,
      fields: { CallStatus, ParentCallSid: 'CA-parent', From: caller, To: '+12025550144' },
      ...given,
    });
  assert.equal((await tell('completed', { signature: 'x' })).status, 403);
  const rows = () => f.database.general<{ state: string; over: boolean }[]>`
    SELECT state, over_at IS NOT NULL AS over FROM transfers`;
  assert.equal((await rows()).length, 0);
  for (const state of ['completed', 'in-progress', 'initiated', 'completed', 'nonsense']) {
    assert.equal((await tell(state)).status, 204);
  }
  assert.deepEqual(
    [...(await rows())].map((row) => ({ ...row })),
    [{ state: 'accepted', over: true }],
  );
});
