// What is told of a caller: nothing before a proof, and then what stands under their number and no more.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBuiltInCalendar } from '../../../src/calendar/built-in.ts';
import { CallerIdentity } from '../../../src/calendar/caller-identity.ts';
import { callerMemoryTools } from '../../../src/reception/tools/caller-memory.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { bookingClient, conversationOf } from '../../support/bookings/booking-client.ts';
import { endedCall } from '../../support/product/business.ts';
import { ANNA, startCalendarCall } from '../../support/bookings/calendar-call.ts';
import { VirtualClock } from '../../support/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import { toolContext } from '../../support/own-tools.ts';

/** A business with an appointment of Anna Fields on March 2, 2027, and a call of hers that was summed up. */
async function startBusinessOfAnna(t: { after(act: () => Promise<void>): void }) {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const before = await startCalendarCall(sql, clientId);
  await before.bookAt('2027-03-02', '10:00', 'Anna Fields');
  const id = await endedCall(sql, clientId, { phone: ANNA, words: ['hello'] });
  await sql`UPDATE reviews SET summary = 'Asked for a crown.', state = 'done' WHERE conversation_id = ${id}`;
  return { sql, clientId };
}

/** The memory's tools in a call from a number. */
async function startCall(
  { sql, clientId }: { sql: Sql; clientId: string },
  { phone = ANNA, clock = new VirtualClock() }: { phone?: string; clock?: VirtualClock } = {},
) {
  const calendar = await openBuiltInCalendar({ sql, clock }, clientId);
  const callId = await conversationOf(sql, clientId);
  const callerPhone = phone || undefined;
  const identity = new CallerIdentity({ calendar, clock, callerPhone, conversationId: callId });
  const tools = callerMemoryTools({
    sql,
    clock,
    clientId,
    businessName: 'Riverside',
    callId,
    callerPhone,
    identity,
    zone: 'America/New_York',
    language: 'en-US',
    maySendCodes: true,
  });
  return {
    identity,
    names: tools.map(({ name }) => name),
    async use(name: string, args: object = {}) {
      const tool = tools.find((each) => each.name === name)!;
      const { text } = await tool.run(args, toolContext({ clientId, callId, callerPhone }));
      return JSON.parse(text) as Record<string, any>;
    },
  };
}

async function lastCode(sql: Sql): Promise<string> {
  const [row] = await sql<{ body: string }[]>`
    SELECT body FROM outbox WHERE event = 'caller.code' ORDER BY created_at DESC LIMIT 1`;
  return /\d{6}/.exec(row!.body)![0];
}

test('without a proof the answer is the same whether there is something or not', async (t) => {
  const anna = await startBusinessOfAnna(t);
  const nobody = { sql: anna.sql, clientId: await bookingClient(anna.sql) };
  for (const claim of [
    {},
    { name: 'Anna' },
    { appointment_date: '2027-03-02' },
    { name: 'Bob Hill', appointment_date: '2027-03-02' },
  ]) {
    const [there, nothing] = [await startCall(anna), await startCall(nobody)];
    assert.deepEqual(
      await there.use('recall_caller', claim),
      await nothing.use('recall_caller', claim),
    );
    assert.equal((await there.use('recall_caller', claim))['error'], 'not_proven');
  }
});

test('the name and the day are a proof of that appointment; only from its own number of the calls too', async (t) => {
  const anna = await startBusinessOfAnna(t);
  const claim = { name: 'Anna Fields', appointment_date: 'March 2' };
  const own = await (await startCall(anna)).use('recall_caller', claim);
  assert.match(own['appointments'][0].spoken, /March second,? at 10 a\.m\./);
  assert.equal(own['last_calls'].at(-1).summary, 'Asked for a crown.');
  const elsewhere = await (
    await startCall(anna, { phone: '+12025550199' })
  ).use('recall_caller', claim);
  assert.equal(elsewhere['appointments'].length, 1);
  assert.deepEqual(elsewhere['last_calls'], []);
});

test('three wrong tries, and nothing more is told in the call', async (t) => {
  const call = await startCall(await startBusinessOfAnna(t));
  for (const name of ['Bob Hill', 'Carl Stone', 'Dora Lake']) {
    await call.use('recall_caller', { name, appointment_date: '2027-03-02' });
  }
  const right = { name: 'Anna Fields', appointment_date: '2027-03-02' };
  assert.match((await call.use('recall_caller', right))['hint'], /Too many/);
});

test('a code read out proves the number; it is good for three tries, five minutes and one use', async (t) => {
  const anna = await startBusinessOfAnna(t);
  const clock = new VirtualClock();
  const call = await startCall(anna, { clock });
  assert.equal((await call.use('check_code', { code: '000000' }))['error'], 'not_proven');
  await call.use('text_code');
  const first = await lastCode(anna.sql);
  const wrong = first === '123456' ? '654321' : '123456';
  for (let tries = 0; tries < 3; tries += 1) await call.use('check_code', { code: wrong });
  assert.equal((await call.use('check_code', { code: first }))['error'], 'not_proven', 'tried out');
  await call.use('text_code');
  await clock.advance(300_001);
  const late = await lastCode(anna.sql);
  assert.equal((await call.use('check_code', { code: late }))['error'], 'not_proven', 'too late');
  assert.equal((await call.use('text_code'))['error'], 'not_proven', 'no third');

  const other = await startCall(anna);
  await other.use('text_code');
  const spoken = (await lastCode(anna.sql)).split('').join(' ');
  assert.equal((await other.use('check_code', { code: spoken }))['proven'], true);
  assert.equal((await other.use('check_code', { code: spoken }))['error'], 'not_proven');
  const told = await other.use('recall_caller');
  assert.equal(told['appointments'].length, 1);
  assert.equal(told['last_calls'].at(-1).summary, 'Asked for a crown.');
  const known = await other.identity.identify(
    { name: undefined, date: undefined, near: [] },
    'America/New_York',
    new AbortController().signal,
  );
  assert.equal(known.status, 'found', 'and may be changed');
});

test('what is booked in this very call tells nothing of the calls before', async (t) => {
  const { sql, clientId } = await startBusinessOfAnna(t);
  const clock = new VirtualClock();
  const booking = await startCalendarCall(sql, clientId, { clock });
  await booking.bookAt('2027-03-03', '11:00', 'Mallory');
  const calendar = await openBuiltInCalendar({ sql, clock }, clientId);
  const callId = booking.conversationId;
  const identity = new CallerIdentity({
    calendar,
    clock,
    callerPhone: ANNA,
    conversationId: callId,
  });
  const [recall] = callerMemoryTools({
    sql,
    clock,
    clientId,
    callId,
    identity,
    businessName: 'x',
    callerPhone: ANNA,
    zone: 'America/New_York',
    language: 'en-US',
    maySendCodes: false,
  });
  const { text } = await recall!.run({}, toolContext());
  const told = JSON.parse(text) as { appointments: { name: string }[]; last_calls: unknown[] };
  assert.deepEqual([told.appointments.map(({ name }) => name), told.last_calls], [['Mallory'], []]);
});

test('a withheld number gets no code', async (t) => {
  const call = await startCall(await startBusinessOfAnna(t), { phone: '' });
  assert.deepEqual(call.names, ['recall_caller']);
});
