// What a ringing call is told: each obstacle by name, the fallback number from memory when the database is away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { Doorbell } from '../../../src/reception/calls/ring.ts';
import {
  openConversation,
  endConversation,
} from '../../../src/store/conversations/conversations.ts';
import { admitLease } from '../../../src/store/money/leases.ts';
import { openDatabase } from '../../../src/store/database/sql.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { testDatabase } from '../../support/database/database.ts';
import { saveTestClient } from '../../support/product/test-client.ts';
import type { TestClientOptions } from '../../support/product/test-client.ts';
import { testServer } from '../../support/database/test-server.ts';
import { untilAsync } from '../../support/until.ts';

const from = '+14155550100';
const fallbackNumber = '+12025550188';

function doorbell(sql: Sql) {
  const state = { full: false, prepared: [] as string[] };
  const bell = new Doorbell({
    sql,
    clock: systemClock,
    log: quietLog,
    startSecondsMin: 5,
    full: () => state.full,
    prepare: (callSid) => void state.prepared.push(callSid),
  });
  return { bell, state };
}

test('each obstacle by name, and nothing is prepared', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.calls;
  const { bell, state } = doorbell(sql);
  const client = (options: TestClientOptions = {}) => saveTestClient(sql, newId(0), options);
  const reason = async (to: string | undefined, callSid = 'CA1') => {
    const ring = await bell.ring({ callSid, from, to });
    return ring.type === 'refuse' ? ring.reason : ring.type;
  };
  const free = await client();
  assert.equal(await reason(undefined), 'unknown-number');
  assert.equal(await reason('+12025559999'), 'unknown-number');
  assert.equal(await reason(free.number, ''), 'unknown-number');
  assert.equal(await reason((await client({ isActive: false })).number), 'inactive');
  assert.equal(await reason((await client({ seconds: 4 })).number), 'no-credit');
  assert.equal(await reason((await client({ concurrencyMax: 1, seconds: 5 })).number), 'connect');
  state.prepared.length = 0;
  state.full = true;
  assert.equal(await reason(free.number), 'unavailable');
  state.full = false;
  const { id } = await openConversation(sql, {
    id: newId(0),
    clientId: free.id,
    callSid: 'CA-over',
    callerPhone: from,
    disclosureVersion: null,
    owner: 'me',
  });
  assert.equal(await reason(free.number, 'CA-over'), 'connect');
  await endConversation(sql, id, 'me', { endReason: 'caller', outcome: 'answered', durationMs: 1 });
  state.prepared.length = 0;
  assert.equal(await reason(free.number, 'CA-over'), 'over');
  assert.deepEqual(state.prepared, []);
  assert.equal(await reason(free.number, 'CA-new'), 'connect');
  assert.deepEqual(state.prepared, ['CA-new']);
});

test('an owner learns that callers are turned away for want of talk time or lines, once an hour for each reason', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.calls;
  const { bell } = doorbell(sql);
  const poor = await saveTestClient(sql, newId(0), { seconds: 4 });
  const small = await saveTestClient(sql, newId(0), { concurrencyMax: 1 });
  const lease = { leaseId: newId(0), callSid: 'CA0', streamSid: 'MZ0', owner: 'test' };
  const terms = { secondsMin: 5, headroomSeconds: 15, leaseSeconds: 30 };
  await admitLease(sql, { ...lease, clientId: small.id, ...terms });
  for (const { number: to } of [poor, poor, small]) {
    assert.equal((await bell.ring({ callSid: 'CA1', from, to })).type, 'refuse');
  }
  const told = () => sql<{ clientId: string; kind: string; text: string }[]>`
    SELECT client_id AS "clientId", kind, text FROM notices ORDER BY kind`;
  await untilAsync('the owners are told', async () => (await told()).length === 2);
  const [noCredit, tooMany] = await told();
  assert.deepEqual([noCredit?.kind, noCredit?.clientId], ['no_credit', poor.id]);
  assert.match(noCredit!.text, /no talk time is left. It was \+14155550100/);
  assert.deepEqual([tooMany?.kind, tooMany?.clientId], ['too_many_calls', small.id]);
});

test('a call that goes on is let in whatever else runs, but not where no calls are taken, and not once it is over', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.calls;
  const { bell, state } = doorbell(sql);
  const { id: clientId, number: to } = await saveTestClient(sql, newId(0), { seconds: 4 });
  const call = { callSid: 'CA-moving', from, to };
  const { id } = await openConversation(sql, {
    id: newId(0),
    clientId,
    callSid: call.callSid,
    callerPhone: from,
    disclosureVersion: null,
    owner: 'me',
  });
  assert.equal((await bell.ring(call)).type, 'refuse');
  assert.equal((await bell.goOn(call)).type, 'connect');
  state.full = true;
  assert.deepEqual(await bell.goOn(call), {
    type: 'refuse',
    reason: 'unavailable',
    fallbackNumber: undefined,
    language: 'en-US',
  });
  state.full = false;
  await endConversation(sql, id, 'me', { endReason: 'caller', outcome: 'answered', durationMs: 1 });
  const over = await bell.goOn(call);
  assert.equal(over.type === 'refuse' && over.reason, 'over');
});

test('a fallback number that is known is given also when the database is away, and forgotten with the setting', async (t) => {
  const server = await testServer(t);
  const database = openDatabase({
    connection: server.connection,
    clock: systemClock,
    log: quietLog,
  });
  t.after(() => database.close());
  const sql = database.calls;
  const { bell } = doorbell(sql);
  const known = await saveTestClient(sql, newId(0), { fallbackNumber });
  const without = await saveTestClient(sql, newId(0), { fallbackNumber });
  for (const { number } of [known, without]) await bell.ring({ callSid: 'CA1', from, to: number });
  await sql`UPDATE clients SET fallback_number = NULL WHERE id = ${without.id}`;
  await sql`UPDATE clients SET language = 'de-DE' WHERE id = ${known.id}`;
  await bell.ring({ callSid: 'CA1', from, to: known.number });
  await bell.ring({ callSid: 'CA1', from, to: without.number });
  await server.kill('SIGKILL');
  const ring = (to: string) => bell.ring({ callSid: 'CA2', from, to });
  const away = { type: 'refuse', reason: 'unavailable', fallbackNumber: undefined, blind: true };
  const language = 'de-DE';
  assert.deepEqual(await ring(known.number), { ...away, fallbackNumber, language });
  assert.deepEqual(await ring(without.number), { ...away, language: 'en-US' });
  assert.deepEqual(await ring('+12025559999'), { ...away, language: undefined });
});
