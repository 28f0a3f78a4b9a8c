// Floods of calls, from one number and from many (T43): who may call how often, who is told, and who is turned away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../src/lib/ids.ts';
import { newSid } from '../../sandbox/phone/sids.ts';
import { assertSound, eventually, finished, greeted } from '../support/product/after-call.ts';
import { startTestApi } from '../support/product/api.ts';
import { endedCall, startBusiness } from '../support/product/business.ts';
import { carrierPost, ringFields } from '../support/product/carrier.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../support/product/frontdesk.ts';
import { saveTestClient } from '../support/product/test-client.ts';

const ANN = '+14155550123';

/** What the carrier is told to do with a ringing call. */
async function ring(f: TestFrontdesk, from = ANN, callSid = newSid('CA')): Promise<string> {
  const fields = ringFields(f, { from, to: f.client.number, callSid });
  const { status, text } = await carrierPost(f, { path: '/voice', fields });
  assert.equal(status, 200);
  return /<(Connect|Reject|Dial|Hangup|Say)/.exec(text)![1]!;
}

function count(answers: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    [...new Set(answers)].map((answer) => [
      answer,
      answers.filter((each) => each === answer).length,
    ]),
  );
}

/** What the owner has been told so far. */
async function notices(
  f: Pick<TestFrontdesk, 'database'>,
): Promise<{ kind: string; text: string }[]> {
  const rows = await f.database.general<{ kind: string; text: string }[]>`
    SELECT kind, text FROM notices ORDER BY created_at`;
  return [...rows];
}

/** Once there is something: nobody who rings waits for it. */
const told = (f: TestFrontdesk) =>
  eventually('word to the owner', async () => {
    const found = await notices(f);
    return found.length > 0 ? found : undefined;
  });

/** The tokens of these calls are used or have run out, as those of calls that are over. */
const later = (f: TestFrontdesk, minutes: number) => f.database.general`
  UPDATE stream_tokens SET expires_at = expires_at - make_interval(secs => ${60 * minutes})`;

test('two hundred calls at once from one number: three get in, and the owner is told once', async (t) => {
  const f = await startTestFrontdesk(t);
  const answers = await Promise.all(Array.from({ length: 200 }, () => ring(f)));
  assert.deepEqual(count(answers), { Connect: 3, Reject: 197 });
  assert.equal(await ring(f, '+14155550124'), 'Connect', 'another caller is let in');
  assert.deepEqual(
    (await told(f)).map(({ kind, text }) => [kind, text.includes(ANN)]),
    [['caller_limit', true]],
  );
  const [{ leases }] = await f.database.general<[{ leases: number }]>`
    SELECT count(*) AS leases FROM call_leases`;
  assert.equal(leases, 0, 'none of them has cost anything');
  await assertSound(f);
});

test('ten calls in ten minutes, one after the other, and no eleventh', async (t) => {
  const f = await startTestFrontdesk(t);
  const answers: string[] = [];
  for (let call = 0; call < 15; call += 1) {
    answers.push(await ring(f));
    await f.database.general`UPDATE stream_tokens SET used_at = clock_timestamp()`;
    await later(f, 0.5);
  }
  assert.deepEqual(count(answers), { Connect: 10, Reject: 5 });
  await later(f, 10);
  assert.equal(await ring(f), 'Connect', 'ten minutes later');
});

test('a call that is asked for again by the carrier is one call', async (t) => {
  const f = await startTestFrontdesk(t);
  const callSid = newSid('CA');
  for (let time = 0; time < 12; time += 1) assert.equal(await ring(f, ANN, callSid), 'Connect');
});

test('a running call counts among those at once, and no longer when it is over', async (t) => {
  const f = await startTestFrontdesk(t);
  await f.database.general`
    INSERT INTO caller_limits (client_id, concurrent_max) VALUES (${f.client.id}, 1)`;
  const call = f.call({ from: ANN });
  await greeted(call);
  assert.equal(await ring(f), 'Reject');
  call.hangUp();
  await finished(f, call);
  assert.equal(await ring(f), 'Connect');
  await assertSound(f);
});

test('who has talked for two hours in a day is done for that day', async (t) => {
  const f = await startTestFrontdesk(t);
  const sql = f.database.general;
  await endedCall(sql, f.client.id, { phone: '+14155550124', durationMs: 7_200_000 });
  assert.equal(await ring(f), 'Connect', 'somebody else has');
  await endedCall(sql, f.client.id, { phone: ANN, durationMs: 7_200_000 });
  assert.equal(await ring(f), 'Reject');
  await sql`UPDATE conversations SET created_at = created_at - interval '1 day'`;
  assert.equal(await ring(f), 'Connect');
});

test('a business may limit its day: then everybody hears so, and the owner is told', async (t) => {
  const f = await startTestFrontdesk(t);
  const sql = f.database.general;
  await sql`INSERT INTO caller_limits (client_id, client_seconds_max) VALUES (${f.client.id}, 60)`;
  await endedCall(sql, f.client.id, { phone: '+14155550999', durationMs: 61_000 });
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) => ring(f, `+1415556${String(n).padStart(4, '0')}`)),
  );
  assert.deepEqual(count(answers), { Say: 200 });
  assert.deepEqual(
    (await told(f)).map(({ kind }) => kind),
    ['client_limit'],
  );
});

test('numbers on the block list are turned away: whole ones, beginnings, and withheld ones', async (t) => {
  const f = await startTestFrontdesk(t);
  const sql = f.database.general;
  for (const number of [ANN, '+1900*']) {
    await sql`
      INSERT INTO blocked_callers (id, client_id, phone_number) VALUES (${newId(0)}, ${f.client.id}, ${number})`;
  }
  const other = await saveTestClient(sql, newId(0));
  await sql`
    INSERT INTO blocked_callers (id, client_id, phone_number) VALUES (${newId(0)}, ${other.id}, '+1415555*')`;
  const cases: [from: string, answer: string][] = [
    [ANN, 'Reject'],
    ['+19005550100', 'Reject'],
    ['+14155550124', 'Connect'],
    ['anonymous', 'Connect'],
  ];
  for (const [from, answer] of cases) assert.equal(await ring(f, from), answer, from);
  await sql`
    INSERT INTO caller_limits (client_id, block_withheld) VALUES (${f.client.id}, true)`;
  assert.equal(await ring(f, 'anonymous'), 'Reject');
  assert.deepEqual(await notices(f), [], 'who was blocked on purpose is no news');
});

test('owners set limits and block numbers', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const { client_id, blocked_id } = await startBusiness(api, owner);
  const mine = api.as(owner);
  const limits = `/api/clients/${client_id}/caller-limits`;
  const usual = (await mine.get(limits)).json;
  assert.deepEqual(usual, {
    concurrent_max: 3,
    calls_max: 10,
    caller_seconds_max: 7200,
    client_seconds_max: null,
    block_withheld: false,
  });
  const changed = { ...usual, calls_max: 20, caller_seconds_max: null };
  const answer = await mine.patch(limits, { calls_max: 20, caller_seconds_max: null });
  assert.deepEqual([answer.status, answer.json], [200, changed]);
  assert.deepEqual((await mine.get(limits)).json, changed);
  assert.equal((await mine.patch(limits, { calls_max: 0 })).status, 400);

  const blocked = `/api/clients/${client_id}/blocked-callers`;
  await mine.delete(`${blocked}/${blocked_id}`);
  const made = await mine.post(blocked, { phone_number: '(415) 555-0123', note: 'Sells things' });
  assert.deepEqual([made.status, made.json.phone_number], [201, ANN]);
  assert.equal((await mine.post(blocked, { phone_number: ANN })).status, 400, 'twice');
  assert.equal((await mine.post(blocked, { phone_number: '+1900*' })).status, 201);
  for (const phone_number of ['x', '*', '+1*2', '+*']) {
    assert.equal((await mine.post(blocked, { phone_number })).status, 400, phone_number);
  }
  assert.equal((await mine.get(blocked)).json.length, 2);
  assert.equal((await mine.delete(`${blocked}/${made.json.id}`)).status, 200);
  assert.equal((await mine.get(blocked)).json.length, 1);
});
