// Bookings under concurrency that only a database can decide: many connections, several slots, moves against holds.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { quietLog } from '../../../src/lib/log.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import {
  confirmBooking,
  holdBooking,
  listBusy,
  moveBooking,
} from '../../../src/store/calendar/bookings.ts';
import { newId } from '../../../src/lib/ids.ts';
import {
  endConversation,
  openConversation,
} from '../../../src/store/conversations/conversations.ts';
import { ensureCalendar } from '../../../src/store/clients/opening-hours.ts';
import { openDatabase } from '../../../src/store/database/sql.ts';
import type { Database, Sql } from '../../../src/store/database/sql.ts';
import { bookingClient } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';
import type { TestDatabase } from '../../support/database/database.ts';

/** Each brings four connections of its pool for calls. */
const PROCESSES = 4;
const MINUTE_MS = 60_000;
const base = Date.parse('2027-03-02T14:00:00Z');

let db: TestDatabase;
let sql: Sql;
let processes: Database[];
let clientId: string;
let calendarId: string;
before(async () => {
  db = await testDatabase();
  sql = db.database.general;
  const { connection } = db;
  processes = Array.from({ length: PROCESSES }, () =>
    openDatabase({ connection, clock: systemClock, log: quietLog }),
  );
});
after(async () => {
  await Promise.all(processes.map((each) => each.close()));
  await db.close();
});
beforeEach(async () => {
  clientId = await bookingClient(sql);
  calendarId = await ensureCalendar(sql, clientId, 0);
});

function place(fromMinutes: number, toMinutes: number) {
  const span = { startMs: base + fromMinutes * MINUTE_MS, endMs: base + toMinutes * MINUTE_MS };
  return { ...span, resource: 0, during: span };
}

function hold(from: Sql, idemKey: string, where: ReturnType<typeof place>) {
  const booking = {
    clientId,
    calendarId,
    idemKey,
    name: 'Anna',
    phone: undefined,
    reason: '',
    conversationId: undefined,
  };
  return holdBooking(from, booking, where, { holdMs: MINUTE_MS, nowMs: 0 });
}

async function overlaps(): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM bookings a JOIN bookings b ON a.id < b.id AND a.during && b.during
      AND a.calendar_id = b.calendar_id AND a.resource = b.resource
    WHERE a.status IN ('held', 'confirmed') AND b.status IN ('held', 'confirmed')
  `;
  return row!.count;
}

test('sixteen connections and one slot: one hold, fifteen clean refusals, no error', async () => {
  for (let round = 0; round < 5; round += 1) {
    const where = place(round * 60, round * 60 + 30);
    const outcomes = await Promise.all(
      Array.from({ length: 16 }, (_, caller) =>
        hold(processes[caller % PROCESSES]!.calls, `one:${round}:${clientId}:${caller}`, where),
      ),
    );
    assert.equal(outcomes.filter(({ status }) => status === 'held').length, 1);
    assert.equal(outcomes.filter(({ status }) => status === 'taken').length, 15);
  }
});

test('overlapping slots, moves and holds at once leave no overlap', async () => {
  const seeds = await Promise.all(
    [0, 1, 2, 3].map(async (index) => {
      const held = await hold(
        sql,
        `seed:${clientId}:${index}`,
        place(600 + index * 60, 630 + index * 60),
      );
      assert.ok(held.status === 'held');
      return (await confirmBooking(sql, held.bookingId))!;
    }),
  );
  const work = Array.from({ length: 32 }, async (_, index) => {
    const from = processes[index % PROCESSES]!.calls;
    const where = place((index % 5) * 10, (index % 5) * 10 + 30);
    if (index % 4 > 0) return (await hold(from, `mix:${clientId}:${index}`, where)).status;
    const bookingId = seeds[(index / 4) % 4]!.id;
    const idemKey = `move:${clientId}:${index}`;
    return (await moveBooking(from, { bookingId, clientId, calendarId, idemKey }, where)).status;
  });
  const statuses = await Promise.all(work);
  assert.ok(statuses.includes('taken'));
  assert.ok(statuses.includes('held') || statuses.includes('moved'));
  assert.equal(await overlaps(), 0);
});

test('what is confirmed when its call is over is what the call came to', async () => {
  const callerPhone = '+14155550100';
  const outcomes: unknown[] = [];
  for (const [index, over] of [true, false].entries()) {
    const conversation = await openConversation(sql, {
      id: newId(0),
      clientId,
      callSid: `CA${clientId}${index}`,
      callerPhone,
      disclosureVersion: null,
      owner: 'me',
    });
    const booking = {
      clientId,
      calendarId,
      idemKey: `late:${conversation.id}`,
      name: 'Anna',
      phone: callerPhone,
      reason: '',
      conversationId: conversation.id,
    };
    const where = place(index * 30, index * 30 + 30);
    const held = await holdBooking(sql, booking, where, { holdMs: MINUTE_MS, nowMs: 0 });
    assert.ok(held.status === 'held');
    const ended = { endReason: 'goodbye', outcome: 'answered', durationMs: 1000 };
    if (over) await endConversation(sql, conversation.id, 'me', ended);
    assert.equal((await confirmBooking(sql, held.bookingId))?.status, 'confirmed');
    const [row] = await sql`
      SELECT c.outcome, k.name FROM conversations c JOIN contacts k ON k.id = c.contact_id
      WHERE c.id = ${conversation.id}`;
    outcomes.push({ ...row });
    await sql`UPDATE contacts SET name = ''`;
  }
  assert.deepEqual(outcomes, [
    { outcome: 'booked', name: 'Anna' },
    { outcome: null, name: '' },
  ]);
});

test('the same request from two connections at once is one booking', async () => {
  const where = place(0, 30);
  const outcomes = await Promise.all(
    processes.map((each) => hold(each.calls, `same:${clientId}`, where)),
  );
  const statuses = outcomes.map(({ status }) => status).toSorted();
  assert.deepEqual(statuses, ['held', 'same', 'same', 'same']);
  assert.equal(new Set(outcomes.map((each) => 'bookingId' in each && each.bookingId)).size, 1);
});

test('another client cannot move a booking by its id', async () => {
  const held = await hold(sql, `foreign:${clientId}`, place(0, 30));
  assert.ok(held.status === 'held');
  await confirmBooking(sql, held.bookingId);
  const other = await bookingClient(sql);
  const target = { bookingId: held.bookingId, clientId: other, calendarId, idemKey: 'foreign' };
  assert.deepEqual(await moveBooking(sql, target, place(60, 90)), { status: 'gone' });
  const [{ until }] = await sql<[{ until: Date }]>`
    SELECT upper(shown) AS until FROM bookings WHERE id = ${held.bookingId}`;
  assert.equal(until.getTime(), place(0, 30).endMs, 'it is where it was');
});

test('bookings that touch are one busy stretch, and what has ended or was cancelled is none', async () => {
  for (const [index, minutes] of [0, 30, 120].entries()) {
    await hold(sql, `busy:${clientId}:${index}`, place(minutes, minutes + 30));
  }
  const busy = await listBusy(sql, calendarId, place(0, 1000));
  assert.deepEqual(
    busy.map(({ startMs, endMs }) => [(startMs - base) / MINUTE_MS, (endMs - base) / MINUTE_MS]),
    [
      [0, 60],
      [120, 150],
    ],
  );
});

test('what the tables refuse whatever the code does', async () => {
  const insert = (during: string, status = 'confirmed') =>
    sql.unsafe(
      `INSERT INTO bookings (id, client_id, calendar_id, resource, shown, during, status, idem_key, name)
       VALUES (gen_random_uuid(), $1, $2, 0, $3::tstzrange, $3::tstzrange, $4, gen_random_uuid()::text, 'x')`,
      [clientId, calendarId, during, status],
    );
  await insert('[2030-01-01 10:00Z,2030-01-01 11:00Z)');
  await assert.rejects(insert('[2030-01-01 10:30Z,2030-01-01 11:30Z)'), /no_double_booking/);
  await insert('[2030-01-01 11:00Z,2030-01-01 12:00Z)');
  await insert('[2030-01-01 10:30Z,2030-01-01 11:30Z)', 'cancelled');
  for (const wrong of ['empty', '[2030-01-01 13:00Z,)', '(2030-01-01 13:00Z,2030-01-01 14:00Z]']) {
    await assert.rejects(insert(wrong), /check constraint/, wrong);
  }
});
