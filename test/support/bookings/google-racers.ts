// Somebody who books at Google again and again, with a rival who does so by hand.

import assert from 'node:assert/strict';
import type { Slot } from '../../../src/calendar/availability.ts';
import type { Calendar } from '../../../src/calendar/types.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { diaryOf, startLinkedClient } from './linked-client.ts';
import type { LinkedClientOptions } from './linked-client.ts';

const HOUR = 3_600_000;
const signal = new AbortController().signal;

/** Slots of an hour, counted from the same time tomorrow. */
export async function startRacers(
  t: { after(act: () => Promise<void>): void },
  options: LinkedClientOptions = {},
) {
  const client = await startLinkedClient(t, { clock: systemClock, ...options });
  const calendar = await client.open();
  const startMs = Math.ceil(client.clock.now() / HOUR) * HOUR + 24 * HOUR;
  const slot = (hours: number, resource = 0): Slot => {
    const span = { startMs: startMs + hours * HOUR, endMs: startMs + (hours + 1) * HOUR };
    return { ...span, resource, during: span };
  };
  let requests = 0;
  const hold = (at: Slot, idemKey = `race:${(requests += 1)}`) => {
    const details = {
      name: 'Anna Weber',
      phone: '+12025550123',
      reason: 'cleaning',
      conversationId: undefined,
    };
    return calendar.hold({ slot: at, idemKey, holdMs: 60_000, details }, signal);
  };
  const book = async (at: Slot, idemKey?: string) => {
    const held = await hold(at, idemKey);
    return held.status === 'taken' ? held : calendar.confirm(held.bookingId);
  };
  const rival = (at: Slot, more: object = {}) =>
    diaryOf(client).insert({
      summary: 'by hand',
      start: { dateTime: new Date(at.startMs).toISOString() },
      end: { dateTime: new Date(at.endMs).toISOString() },
      ...more,
    });
  return { ...client, calendar, slot, hold, book, rival };
}

/** Booked for sure, or the test fails. */
export async function booked(calendar: Calendar, holding: ReturnType<Calendar['hold']>) {
  const held = await holding;
  assert.ok(held.status !== 'taken');
  const result = await calendar.confirm(held.bookingId);
  assert.ok(result.status === 'confirmed', result.status);
  return result.booking;
}
