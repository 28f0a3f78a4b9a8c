// kill -9 between every two steps of a booking: in the end our table and Google agree, and nobody has a time twice (T11).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Death } from '../support/bookings/booking-process.ts';
import { killedBooking } from '../support/bookings/killed-booking.ts';

const moments: readonly [at: Death | 'stored', ends: 'confirmed' | 'nothing'][] = [
  ['held', 'nothing'],
  ['rechecked', 'nothing'],
  ['marked', 'nothing'],
  ['stored', 'confirmed'],
  ['inserted', 'confirmed'],
  ['verified', 'confirmed'],
  ['confirmed', 'confirmed'],
];

for (const [at, ends] of moments) {
  test(`killed once it is ${at}: ${ends}`, async (t) => {
    assert.equal(await killedBooking(t, { at }), ends);
  });
}
