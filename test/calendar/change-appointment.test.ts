// Moving and cancelling, and what a forged number gets out of it: nothing.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Sql } from '../../src/store/database/sql.ts';
import { bookingClient } from '../support/bookings/booking-client.ts';
import { ANNA, bookingRows, startCalendarCall } from '../support/bookings/calendar-call.ts';
import { VirtualClock } from '../support/clock.ts';
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
const rows = (clientId: string) => bookingRows(sql, clientId);

describe('changing an appointment', () => {
  let clientId: string;
  beforeEach(async () => {
    clientId = await bookingClient(sql);
    await (await startCall(clientId)).bookAt('2027-03-09', '14:30', 'Anna Weber');
  });

  const known = { name: 'Anna Weber', appointment_date: '2027-03-09' };

  test('a later call with name and date moves it', async () => {
    const call = await startCall(clientId);
    const { slots } = await call.slots({ date: '2027-03-10', time: '10 am' });
    const slot = slots?.find(({ time }) => time === '10:00');
    const args = { slot_id: slot?.slot_id, name: 'Anna', appointment_date: 'next Tuesday' };
    const moved = await call.reschedule(args);
    assert.equal(moved.say, 'Your appointment is moved to Wednesday, March tenth at 10 a.m.');
    assert.deepEqual(await call.reschedule(args), moved, 'asked again it is answered alike');
    assert.deepEqual(
      (await rows(clientId)).map(({ starts }) => starts),
      ['03-10 10:00'],
    );
  });

  test('it is not moved onto a taken slot, and stays', async () => {
    const call = await startCall(clientId);
    const slot = (await call.slots({ date: '2027-03-10', time: '10:00' })).slots?.find(
      ({ time }) => time === '10:00',
    );
    await (await startCall(clientId)).bookAt('2027-03-10', '10:00', 'Ben');
    const refused = await call.reschedule({ slot_id: slot?.slot_id, ...known });
    assert.equal(refused.answer.error, 'taken');
    assert.equal(refused.outcome, undefined);
    assert.ok((refused.answer.slots?.length ?? 0) > 0);
    assert.deepEqual(
      (await rows(clientId)).map(({ starts }) => starts),
      ['03-09 14:30', '03-10 10:00'],
    );
  });

  test('a later call with name and date cancels it, and asked again says so again', async () => {
    const call = await startCall(clientId);
    const cancelled = await call.cancel(known);
    assert.equal(
      cancelled.say,
      'Your appointment for Tuesday, March ninth at 2:30 p.m. is cancelled.',
    );
    assert.equal(cancelled.outcome, 'cancelled');
    assert.deepEqual(await call.cancel(known), cancelled);
    assert.equal((await rows(clientId))[0]?.status, 'cancelled');
  });

  test('the number on the display proves nothing, and nothing is revealed', async () => {
    const attempts: readonly [args: object, error: string][] = [
      [{}, 'appointment_incomplete'],
      [{ name: 'Anna Weber' }, 'appointment_incomplete'],
      [{ appointment_date: '2027-03-09' }, 'appointment_incomplete'],
      [{ name: 'Anna Weber', appointment_date: 'my next one' }, 'appointment_incomplete'],
      [{ name: 'Anna Weber', appointment_date: '2027-03-10' }, 'appointment_unknown'],
      [{ name: 'Peter', appointment_date: '2027-03-09' }, 'appointment_unknown'],
    ];
    for (const [args, error] of attempts) {
      const call = await startCall(clientId, { phone: ANNA });
      const slotId = (await call.slots({ date: '2027-03-11' })).slots?.[0]?.slot_id;
      for (const refused of [
        await call.cancel(args),
        await call.reschedule({ ...args, slot_id: slotId }),
      ]) {
        assert.equal(refused.answer.error, error);
        assert.doesNotMatch(refused.text, /Anna|Weber|14:30|2:30|March/);
        assert.equal(refused.say, undefined);
      }
    }
    assert.deepEqual(
      (await rows(clientId)).map(({ status, starts }) => [status, starts]),
      [['confirmed', '03-09 14:30']],
    );
  });

  test('from another number the whole name is needed', async () => {
    const call = await startCall(clientId, { phone: '+12025550777' });
    const part = await call.cancel({ ...known, name: 'Anna' });
    assert.equal(part.answer.error, 'appointment_unknown');
    assert.equal((await call.cancel({ ...known, name: 'Anna Weber' })).outcome, 'cancelled');
  });

  test('after three wrong tries no more are made, not even a right one', async () => {
    const call = await startCall(clientId);
    for (const name of ['Peter', 'Paul', 'Mary']) {
      assert.equal((await call.cancel({ ...known, name })).answer.error, 'appointment_unknown');
    }
    assert.equal((await call.cancel(known)).answer.error, 'appointment_blocked');
    assert.equal((await rows(clientId))[0]?.status, 'confirmed');
  });

  test('two on one day are told apart by their time', async () => {
    await (await startCall(clientId)).bookAt('2027-03-09', '16:00', 'Anna Weber');
    const call = await startCall(clientId);
    assert.equal((await call.cancel(known)).answer.error, 'appointment_several');
    const cancelled = await call.cancel({ ...known, appointment_time: 'four' });
    assert.match(cancelled.say ?? '', /at 4 p\.m\. is cancelled/);
  });

  test('another client’s appointment does not exist', async () => {
    const call = await startCall(await bookingClient(sql));
    assert.equal((await call.cancel(known)).answer.error, 'appointment_unknown');
  });

  test('what has begun can no longer be changed', async () => {
    const call = await startCall(clientId, {
      clock: new VirtualClock(Date.parse('2027-03-09T19:30:00.001Z')),
    });
    assert.equal((await call.cancel(known)).answer.error, 'appointment_unknown');
  });
});
