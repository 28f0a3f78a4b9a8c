// The calendar at Google keeps the contract of calendars, with a client whose appointments are in our own table as well.

import { freeSlots } from '../../../src/calendar/availability.ts';
import { conversationOf } from '../../support/bookings/booking-client.ts';
import { startLinkedClient } from '../../support/bookings/linked-client.ts';
import { calendarContract } from '../../pipeline/contract/calendar.ts';

calendarContract('the calendar at Google', async () => {
  const stack = new AsyncDisposableStack();
  const client = await startLinkedClient({ after: (act) => stack.defer(act) });
  const hour = 3_600_000;
  const startMs = client.clock.now() + 24 * hour;
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
    calendar: await client.open(),
    slots,
    conversationId: await conversationOf(client.sql, client.clientId),
    close: () => stack.disposeAsync(),
  };
});
