// The full count of killed bookings: every step ten times, and twenty moments that nobody chose.

import { test } from 'node:test';
import { deaths } from '../support/bookings/booking-process.ts';
import { killedBooking } from '../support/bookings/killed-booking.ts';

const ROUNDS = 10;
const RANDOM = 20;
/** A booking takes about this long from its hold. */
const SPAN_MS = 60;

for (const at of [...deaths, 'stored'] as const) {
  test(`${ROUNDS} times killed once it is ${at}`, async (t) => {
    for (let round = 0; round < ROUNDS; round += 1) await killedBooking(t, { at });
  });
}

test(`killed at ${RANDOM} moments after the hold`, async (t) => {
  const ends = { confirmed: 0, nothing: 0 };
  for (let round = 0; round < RANDOM; round += 1) {
    ends[await killedBooking(t, { afterMs: (SPAN_MS * round) / RANDOM })] += 1;
  }
  t.diagnostic(`confirmed ${ends.confirmed}, nothing ${ends.nothing}`);
});
