// The built-in calendar on a real Postgres.

import { freeSlots } from '../../src/calendar/availability.ts';
import { openBuiltInCalendar } from '../../src/calendar/built-in.ts';
import { VirtualClock } from '../support/clock.ts';
import { bookingClient, conversationOf } from '../support/bookings/booking-client.ts';
import { testDatabase } from '../support/database/database.ts';
import { calendarContract } from '../pipeline/contract/calendar.ts';

calendarContract('the built-in calendar', async () => {
  const db = await testDatabase();
  const sql = db.database.calls;
  const clientId = await bookingClient(sql);
  const clock = new VirtualClock();
  const hour = 3_600_000;
  const startMs = clock.now() + 24 * hour;
  const slots = freeSlots({
    open: [{ startMs, endMs: startMs + 24 * hour }],
    busy: [],
    resources: [0],
    stepMs: 2 * hour,
    durationMs: hour,
    bufferBeforeMs: 300_000,
    bufferAfterMs: 600_000,
    earliestMs: startMs,
    latestMs: Infinity,
  });
  return {
    calendar: await openBuiltInCalendar({ sql, clock }, clientId),
    slots,
    conversationId: await conversationOf(sql, clientId),
    close: () => db.close(),
  };
});
