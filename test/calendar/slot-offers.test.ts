// Slots offered in one call: their ids, how long they stand, and how many are kept.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SlotOffers } from '../../src/calendar/slot-offers.ts';
import { VirtualClock } from '../support/clock.ts';

const slotAt = (startMs: number, resource = 0) => ({
  startMs,
  endMs: startMs + 1,
  resource,
  during: { startMs, endMs: startMs + 1 },
});

function offersOf(
  more: { callId?: string; calendarId?: string; key?: string; clock?: VirtualClock } = {},
) {
  const clock = new VirtualClock();
  return new SlotOffers({ key: 'secret', callId: 'call', calendarId: 'calendar', clock, ...more });
}

test('an id belongs to one call, calendar, key, time and resource', () => {
  const id = offersOf().offer([slotAt(1000)])[0]!.id;
  assert.match(id, /^[0-9a-f]{10}$/);
  assert.equal(offersOf().offer([slotAt(1000)])[0]!.id, id);
  const others = [
    offersOf({ callId: 'other' }).offer([slotAt(1000)]),
    offersOf({ calendarId: 'other' }).offer([slotAt(1000)]),
    offersOf({ key: 'other' }).offer([slotAt(1000)]),
    offersOf().offer([slotAt(1001)]),
    offersOf().offer([slotAt(1000, 1)]),
  ];
  for (const [other] of others) assert.notEqual(other!.id, id);
  assert.equal(offersOf().find(id), undefined, 'not offered in this call');
});

test('an offer stands for ten minutes from when it was last made', async () => {
  const clock = new VirtualClock();
  const offers = offersOf({ clock });
  const [offer] = offers.offer([slotAt(1000)]);
  await clock.advance(6 * 60_000);
  offers.offer([slotAt(1000)]);
  await clock.advance(10 * 60_000 - 1);
  assert.deepEqual(offers.find(` ${offer!.id.toUpperCase()} `)?.slot, slotAt(1000));
  await clock.advance(1);
  assert.equal(offers.find(offer!.id), undefined);
});

test('six are offered at once, and the last sixty are kept', () => {
  const offers = offersOf();
  assert.equal(offers.offer([1, 2, 3, 4, 5, 6, 7].map((ms) => slotAt(ms))).length, 6);
  const ids = Array.from({ length: 70 }, (_, index) => offers.offer([slotAt(100 + index)])[0]!.id);
  assert.equal(offers.find(ids[9]!), undefined);
  assert.ok(offers.find(ids[10]!));
});
