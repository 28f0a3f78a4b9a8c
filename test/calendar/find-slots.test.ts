// Which slots a caller is offered, and why not those that were asked for, on a real Postgres.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { OpeningHours } from '../../src/store/clients/opening-hours.ts';
import type { Sql } from '../../src/store/database/sql.ts';
import { bookingClient } from '../support/bookings/booking-client.ts';
import { startCalendarCall } from '../support/bookings/calendar-call.ts';
import { testDatabase } from '../support/database/database.ts';
import type { TestDatabase } from '../support/database/database.ts';

let db: TestDatabase;
let sql: Sql;
before(async () => {
  db = await testDatabase();
  sql = db.database.general;
});
after(() => db.close());

const startCall = (clientId: string, caller?: Parameters<typeof startCalendarCall>[2]) =>
  startCalendarCall(sql, clientId, caller);

describe('looking for slots', () => {
  let clientId: string;
  let hours: Partial<OpeningHours>;
  before(async () => {
    hours = {
      specialDays: [{ date: '2027-03-03', name: 'Founders day', hours: [] }],
      leadMinutes: 60,
      horizonDays: 30,
    };
    clientId = await bookingClient(sql, hours);
  });

  test('a day gives at most six slots spread over it, with words for each', async () => {
    const call = await startCall(clientId);
    const { slots, today, note } = await call.slots({ date: 'tomorrow' });
    assert.equal(today, '2027-03-01');
    assert.equal(note, undefined);
    assert.deepEqual(
      slots?.map(({ date, time }) => `${date} ${time}`),
      ['09:00', '10:30', '11:30', '14:00', '15:00', '16:30'].map((time) => `2027-03-02 ${time}`),
    );
    assert.equal(slots?.[0]?.spoken, 'tomorrow, Tuesday, March second, at 9 a.m.');
    assert.match(slots?.[0]?.slot_id ?? '', /^[0-9a-f]{10}$/);
  });

  test('a time gives the slots nearest to it, and a note when it is not free', async () => {
    const call = await startCall(clientId);
    const exact = await call.slots({ date: 'Tuesday March second', time: 'half past two' });
    assert.deepEqual(
      exact.slots?.map(({ time }) => time),
      ['13:00', '13:30', '14:00', '14:30', '15:00', '15:30'],
    );
    assert.equal(exact.note, undefined);
    const off = await call.slots({ date: '2027-03-02', time: '12:15' });
    assert.match(off.note ?? '', /closed at the time asked for; these are the nearest/);
    const inside = await call.slots({ date: '2027-03-02', time: '14:20' });
    assert.match(inside.note ?? '', /not free; these are the nearest/);
    assert.ok(off.slots?.every(({ time }) => time !== '12:00' && time !== '12:30'));
  });

  test('a part of the day for a time is one, and a time that is not understood is asked for again', async () => {
    const call = await startCall(clientId);
    const later = await call.slots({ date: '2027-03-02', time: 'in the afternoon' });
    assert.equal(later.slots?.[0]?.time, '13:00');
    assert.equal(later.note, undefined);
    const any = await call.slots({ date: '2027-03-02', time: 'any time' });
    assert.equal(any.note, undefined);
    const unclear = await call.slots({ date: '2027-03-02', time: 'halb drei' });
    assert.match(unclear.note ?? '', /not understood: give it as HH:MM/);
  });

  test('today starts after the lead time', async () => {
    const call = await startCall(clientId);
    const { slots } = await call.slots({ date: 'today' });
    assert.equal(slots?.[0]?.time, '11:00');
  });

  const elsewhere: readonly [why: string, args: object, note: RegExp, first: string][] = [
    [
      'a closed weekday',
      { date: 'Saturday' },
      /Closed on Saturday, March sixth\. These are the next/,
      '2027-03-08',
    ],
    [
      'a holiday',
      { date: 'Wednesday' },
      /Closed on Wednesday, March third \(Founders day\)/,
      '2027-03-04',
    ],
    ['a past day', { date: '2026-03-02' }, /has passed/, '2027-03-01'],
    ['a day too far ahead', { date: '2027-08-02' }, /more than 30 days ahead/, '2027-03-01'],
    [
      'an hour nobody works',
      { date: 'tomorrow', part_of_day: 'evening' },
      /at other times/,
      '2027-03-02',
    ],
  ];
  for (const [why, args, note, first] of elsewhere) {
    test(`${why} gives the reason and the next free ones`, async () => {
      const call = await startCall(clientId);
      const answer = await call.slots(args);
      assert.match(answer.note ?? '', note);
      assert.equal(answer.slots?.[0]?.date, first);
    });
  }

  test('a weekday and a date that disagree are not guessed at', async () => {
    const call = await startCall(clientId);
    const answer = await call.slots({ date: 'Tuesday the fourth of March' });
    assert.match(answer.note ?? '', /not a Tuesday: ask/);
  });

  test('words that are no day are asked about', async () => {
    const call = await startCall(clientId);
    const answer = await call.slots({ date: 'the day of the dog' });
    assert.deepEqual([answer.error, answer.today], ['date_unclear', '2027-03-01']);
  });

  test('without a day the earliest day is offered', async () => {
    const call = await startCall(clientId);
    const { slots } = await call.slots();
    assert.deepEqual([slots?.[0]?.date, slots?.[0]?.time], ['2027-03-01', '11:00']);
  });

  test('the hour that comes twice is offered twice, the hour that is missing not at all', async () => {
    const night = [{ opens: '00:00', closes: '04:00' }];
    const owl = await bookingClient(sql, {
      weekly: [night, night, night, night, night, night, night],
      horizonDays: 366,
    });
    const call = await startCall(owl);
    const twice = await call.slots({ date: '2027-11-07', time: '01:30' });
    assert.deepEqual(
      twice.slots?.filter(({ time }) => time === '01:30').map(({ spoken }) => spoken),
      [
        'Sunday, November seventh at 1:30 a.m., before the clocks change',
        'Sunday, November seventh at 1:30 a.m., after the clocks change',
      ],
    );
    const never = await call.slots({ date: '2027-03-14', time: '02:30' });
    assert.ok(never.slots?.every(({ time }) => !time.startsWith('02')));
    assert.match(never.note ?? '', /not free/);
  });

  test('a client without hours takes no appointments', async () => {
    const bare = await bookingClient(sql);
    await sql`DELETE FROM booking_rules WHERE client_id = ${bare}`;
    const call = await startCall(bare);
    assert.equal((await call.slots()).error, 'no_hours');
  });
});
