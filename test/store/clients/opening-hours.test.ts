// Opening hours in the database: saved whole, read back, refused when wrong.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AppError } from '../../../src/lib/errors.ts';
import {
  defaultHours,
  ensureCalendar,
  findBookingRules,
  listResources,
  saveOpeningHours,
} from '../../../src/store/clients/opening-hours.ts';
import type { OpeningHours } from '../../../src/store/clients/opening-hours.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { bookingClient } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';
import type { TestDatabase } from '../../support/database/database.ts';

let db: TestDatabase;
let sql: Sql;
before(async () => {
  db = await testDatabase();
  sql = db.database.general;
});
after(() => db.close());

test('hours are read back as they were saved, and replaced whole', async () => {
  const clientId = await bookingClient(sql, { zone: 'Europe/London' });
  assert.deepEqual(await findBookingRules(sql, clientId), {
    ...defaultHours,
    zone: 'Europe/London',
  });
  const hours: OpeningHours = {
    weekly: [
      [{ opens: '00:00', closes: '24:00' }],
      [],
      [],
      [],
      [],
      [],
      [{ opens: '22:00', closes: '23:15' }],
    ],
    specialDays: [
      { date: '2999-01-01', name: 'New Year', hours: [] },
      { date: '2999-12-24', name: '', hours: [{ opens: '08:00', closes: '12:00' }] },
    ],
    slotMinutes: 45,
    bufferBeforeMinutes: 5,
    bufferAfterMinutes: 10,
    leadMinutes: 0,
    horizonDays: 366,
  };
  await saveOpeningHours(sql, clientId, hours);
  assert.deepEqual(await findBookingRules(sql, clientId), { ...hours, zone: 'Europe/London' });
});

test('days that have passed are not read', async () => {
  const specialDays = [{ date: '2020-01-01', name: 'past', hours: [] }];
  const clientId = await bookingClient(sql, { specialDays });
  assert.deepEqual((await findBookingRules(sql, clientId))?.specialDays, []);
});

test('a client without rules has none', async () => {
  assert.equal(await findBookingRules(sql, '00000000-0000-7000-8000-000000000000'), undefined);
});

test('a calendar is made once, with one chair, by many at once', async () => {
  const clientId = await bookingClient(sql);
  const ids = await Promise.all(Array.from({ length: 8 }, () => ensureCalendar(sql, clientId, 0)));
  assert.equal(new Set(ids).size, 1);
  assert.deepEqual(await listResources(sql, ids[0]!), [0]);
});

const faults: readonly [field: string, hours: Partial<OpeningHours>][] = [
  ['weekly', { weekly: [] }],
  ['weekly', { weekly: week([{ opens: '9:00', closes: '10:00' }]) }],
  ['weekly', { weekly: week([{ opens: '10:00', closes: '09:00' }]) }],
  ['weekly', { weekly: week([{ opens: '09:00', closes: '24:30' }]) }],
  [
    'weekly',
    {
      weekly: week([
        { opens: '11:00', closes: '13:00' },
        { opens: '09:00', closes: '12:00' },
      ]),
    },
  ],
  ['specialDays', { specialDays: [{ date: 'tomorrow', name: '', hours: [] }] }],
  ['specialDays', { specialDays: [{ date: '2027-02-30', name: '', hours: [] }] }],
  ['specialDays', { specialDays: [1, 2].map(() => ({ date: '2027-01-01', name: '', hours: [] })) }],
  ['slotMinutes', { slotMinutes: 0 }],
  ['slotMinutes', { slotMinutes: 7.5 }],
  ['bufferAfterMinutes', { bufferAfterMinutes: -1 }],
  ['leadMinutes', { leadMinutes: Number.NaN }],
  ['horizonDays', { horizonDays: 1000 }],
];
for (const [field, hours] of faults) {
  test(`${field} ${JSON.stringify(hours)} is refused by name`, async () => {
    const clientId = await bookingClient(sql);
    await assert.rejects(
      saveOpeningHours(sql, clientId, { ...defaultHours, ...hours }),
      (error) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, 'invalid');
        assert.deepEqual(Object.keys(error.fields ?? {}), [field]);
        return true;
      },
    );
    assert.equal((await findBookingRules(sql, clientId))?.slotMinutes, 30);
  });
}

function week(monday: OpeningHours['weekly'][number]): OpeningHours['weekly'] {
  return [monday, [], [], [], [], [], []];
}
