// Callers are reminded once of each time their appointment has, unless they booked it only a moment ago.

import { quietLog } from '../../../src/lib/log.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBuiltInCalendar } from '../../../src/calendar/built-in.ts';
import { sendReminders } from '../../../src/calendar/messages/reminders.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { saveLineSettings, usualLineSettings } from '../../../src/store/clients/line-settings.ts';
import { bookingClient } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';

const HOUR = 3_600_000;

test('reminded once, and once more after a move', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  await saveLineSettings(sql, clientId, { ...usualLineSettings, smsToCallers: true });
  const calendar = await openBuiltInCalendar({ sql, clock: systemClock }, clientId);
  const slot = (hours: number) => {
    const startMs = systemClock.now() + hours * HOUR;
    const span = { startMs, endMs: startMs + HOUR };
    return { ...span, resource: 0, during: span };
  };
  const book = async (hours: number, phone: string | undefined = '+12025550123') => {
    const details = { name: 'Ann', phone, reason: '', conversationId: undefined };
    const request = { slot: slot(hours), idemKey: `key:${hours}`, holdMs: 60_000, details };
    const held = await calendar.hold(request, new AbortController().signal);
    assert.ok(held.status === 'held');
    await calendar.confirm(held.bookingId);
    return held.bookingId;
  };
  const reminders = async () => {
    await sendReminders({ sql, log: quietLog });
    return (await sql`SELECT 1 FROM outbox WHERE event = 'booking.reminder'`).length;
  };
  const soon = await book(20);
  await book(2);
  await book(100);
  // Booked some days ago, all of them; the third is not due yet.
  await sql`UPDATE bookings SET updated_at = clock_timestamp() - interval '3 days'`;
  assert.equal(await reminders(), 2);
  assert.equal(await reminders(), 2);
  await calendar.move(soon, slot(22), 'move');
  await sql`UPDATE bookings SET updated_at = clock_timestamp() - interval '3 days'`;
  assert.equal(await reminders(), 3);
  await book(5);
  assert.equal(await reminders(), 3, 'booked within the day: they know');
  await sql`UPDATE clients SET remind_hours = NULL`;
  await sql`UPDATE bookings SET reminded_at = NULL, updated_at = clock_timestamp() - interval '3 days'`;
  assert.equal(await reminders(), 3, 'this client wants none');
});
