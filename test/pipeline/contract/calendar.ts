// What every calendar must do, whoever keeps it: declares the tests for one implementation.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Slot } from '../../../src/calendar/availability.ts';
import type { BookingDetails, Calendar } from '../../../src/calendar/types.ts';
import { systemClock } from '../../../src/lib/clock.ts';

export interface CalendarUnderTest {
  readonly calendar: Calendar;
  /** Free, an hour each, one after another, at least nine. */
  readonly slots: readonly Slot[];
  /** A conversation that bookings may name. */
  readonly conversationId: string;
  close(): Promise<void>;
}

const signal = new AbortController().signal;

export function calendarContract(name: string, open: () => Promise<CalendarUnderTest>): void {
  describe(`${name} keeps the contract of calendars`, () => {
    let subject: CalendarUnderTest;
    before(async () => {
      subject = await open();
    });
    after(() => subject.close());
    const details = (more: Partial<BookingDetails> = {}): BookingDetails => ({
      name: 'Anna Weber',
      phone: '+12025550123',
      reason: 'cleaning',
      conversationId: subject.conversationId,
      ...more,
    });
    const hold = (
      slot: Slot,
      idemKey: string,
      more: Partial<BookingDetails> = {},
      holdMs = 60_000,
    ) => subject.calendar.hold({ slot, idemKey, holdMs, details: details(more) }, signal);
    const book = async (slot: Slot, idemKey: string, more: Partial<BookingDetails> = {}) => {
      const held = await hold(slot, idemKey, more);
      assert.ok(held.status !== 'taken', 'the slot is free');
      const confirmed = await subject.calendar.confirm(held.bookingId);
      assert.ok(confirmed.status === 'confirmed');
      return confirmed.booking;
    };
    const isBusy = async ({ during, resource }: Slot) =>
      (await subject.calendar.busy(during, signal)).some(
        (busy) =>
          busy.resource === resource && busy.startMs < during.endMs && busy.endMs > during.startMs,
      );

    test('a booking is held, confirmed, found, and busy with its buffers', async () => {
      const slot = subject.slots[0]!;
      assert.equal(await isBusy(slot), false);
      const booking = await book(slot, 'contract:0');
      assert.deepEqual(
        [booking.startMs, booking.endMs, booking.resource, booking.status],
        [slot.startMs, slot.endMs, slot.resource, 'confirmed'],
      );
      assert.deepEqual(
        [booking.name, booking.phone, booking.reason],
        ['Anna Weber', '+12025550123', 'cleaning'],
      );
      assert.equal(await isBusy(slot), true);
      const { startMs, endMs } = slot;
      const found = await subject.calendar.find({ startsWithin: { startMs, endMs } }, signal);
      assert.deepEqual(found, [booking]);
      assert.deepEqual(
        await subject.calendar.find({ startsWithin: { startMs: startMs + 1, endMs } }, signal),
        [],
      );
      const ours = await subject.calendar.find({ conversationId: subject.conversationId }, signal);
      assert.ok(ours.some(({ id }) => id === booking.id));
    });

    test('the same request has the same booking, with the details brought up to date', async () => {
      const slot = subject.slots[1]!;
      const first = await book(slot, 'contract:1', { name: 'Hannah' });
      const again = await hold(slot, 'contract:1', { name: 'Anna' });
      assert.deepEqual(again, { status: 'same', bookingId: first.id });
      const confirmed = await subject.calendar.confirm(first.id);
      assert.ok(confirmed.status === 'confirmed');
      assert.deepEqual([confirmed.booking.id, confirmed.booking.name], [first.id, 'Anna']);
    });

    test('a slot that overlaps a booking or its buffers is taken', async () => {
      const slot = subject.slots[2]!;
      await book(slot, 'contract:2');
      for (const shiftMs of [-30 * 60_000, 30 * 60_000]) {
        const overlapping = shifted(slot, shiftMs);
        // Shorter, so that it touches this booking only.
        const end = { startMs: overlapping.startMs, endMs: overlapping.startMs + 1800_000 };
        const inside = shiftMs > 0 ? { ...overlapping, ...end, during: end } : overlapping;
        assert.equal((await hold(inside, `contract:2:${shiftMs}`)).status, 'taken');
      }
      assert.equal((await hold(slot, 'contract:2:again')).status, 'taken');
    });

    test('of sixteen at once one gets the slot', async () => {
      const slot = subject.slots[3]!;
      const outcomes = await Promise.all(
        Array.from({ length: 16 }, (_, caller) => hold(slot, `contract:3:${caller}`)),
      );
      const statuses = outcomes.map(({ status }) => status).toSorted();
      assert.deepEqual(statuses, ['held', ...Array.from({ length: 15 }, () => 'taken')]);
    });

    test('a hold that ran out is free again, and its owner is told', async () => {
      const slot = subject.slots[4]!;
      const late = await hold(slot, 'contract:4', {}, 1);
      assert.ok(late.status === 'held');
      await until(async () => !(await isBusy(slot)));
      const booking = await book(slot, 'contract:4:other', { name: 'Ben' });
      assert.equal(booking.name, 'Ben');
      assert.deepEqual(await subject.calendar.confirm(late.bookingId), { status: 'taken' });
    });

    test('a booking moves, also to an overlapping time, and gives its old place back', async () => {
      const [from, to] = [subject.slots[5]!, subject.slots[6]!];
      const booking = await book(from, 'contract:5');
      const half = shifted(from, 30 * 60_000);
      const overlapping = await subject.calendar.move(booking.id, half, 'contract:5:half');
      assert.equal(overlapping.status, 'moved');
      const moved = await subject.calendar.move(booking.id, to, 'contract:5:to');
      assert.ok(moved.status === 'moved');
      assert.deepEqual([moved.booking.id, moved.booking.startMs], [booking.id, to.startMs]);
      assert.equal((await subject.calendar.move(booking.id, to, 'contract:5:to')).status, 'moved');
      assert.equal(await isBusy(from), false);
      assert.deepEqual(await hold(to, 'contract:5:to'), { status: 'same', bookingId: booking.id });
    });

    test('a booking does not move onto a taken slot, and stays where it was', async () => {
      const [from, to] = [subject.slots[7]!, subject.slots[2]!];
      const booking = await book(from, 'contract:7');
      const moved = await subject.calendar.move(booking.id, to, 'contract:7:to');
      assert.deepEqual(moved, { status: 'taken' });
      assert.equal(await isBusy(from), true);
    });

    test('a cancelled booking is gone and its time free; a new one of the same request is new', async () => {
      const slot = subject.slots[8]!;
      const booking = await book(slot, 'contract:8');
      assert.equal(await subject.calendar.cancel(booking.id), true);
      assert.equal(await subject.calendar.cancel(booking.id), true);
      assert.equal(await isBusy(slot), false);
      assert.deepEqual(await subject.calendar.move(booking.id, slot, 'contract:8:to'), {
        status: 'gone',
      });
      const { startMs, endMs } = slot;
      assert.deepEqual(
        await subject.calendar.find({ startsWithin: { startMs, endMs } }, signal),
        [],
      );
      const next = await book(slot, 'contract:8');
      assert.notEqual(next.id, booking.id);
    });

    test('what does not exist cannot be cancelled or moved', async () => {
      const id = '00000000-0000-7000-8000-000000000000';
      assert.equal(await subject.calendar.cancel(id), false);
      assert.deepEqual(await subject.calendar.move(id, subject.slots[0]!, 'contract:none'), {
        status: 'gone',
      });
    });

    test('reads and holds end with their signal', async () => {
      const over = AbortSignal.abort(new Error('the call is over'));
      const slot = subject.slots[0]!;
      await assert.rejects(subject.calendar.busy(slot.during, over), /the call is over/);
      const request = { slot, idemKey: 'contract:over', holdMs: 1000, details: details() };
      await assert.rejects(subject.calendar.hold(request, over), /the call is over/);
    });
  });
}

function shifted(slot: Slot, byMs: number): Slot {
  return {
    resource: slot.resource,
    startMs: slot.startMs + byMs,
    endMs: slot.endMs + byMs,
    during: { startMs: slot.during.startMs + byMs, endMs: slot.during.endMs + byMs },
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await condition()) return;
    await systemClock.sleep(10);
  }
  assert.fail('the condition did not come true');
}
