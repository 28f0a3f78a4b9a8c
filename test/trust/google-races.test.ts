// Never booked twice: callers against callers, and against the owner's own hand at Google (T78).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Slot } from '../../src/calendar/availability.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { assertAgreement, bookingsOf } from '../support/bookings/agreement.ts';
import { OWNER } from '../support/bookings/google.ts';
import { booked, startRacers } from '../support/bookings/google-racers.ts';
import { diaryOf } from '../support/bookings/linked-client.ts';
import { until } from '../support/until.ts';

const signal = new AbortController().signal;
const POST = 'POST /calendar/v3/calendars';
const GET = 'GET /calendar/v3/calendars';

/** Which of two events was made first is told by the millisecond. */
async function nextMillisecond(): Promise<void> {
  const now = systemClock.now();
  await until('the next millisecond', () => systemClock.now() !== now);
}

test('sixteen callers and one slot: one event, and fifteen are told that it is taken', async (t) => {
  const client = await startRacers(t);
  const startedMs = performance.now();
  const outcomes = await Promise.all(Array.from({ length: 16 }, () => client.book(client.slot(0))));
  const elapsedMs = performance.now() - startedMs;
  const statuses = outcomes.map(({ status }) => status).toSorted();
  assert.deepEqual(statuses, ['confirmed', ...Array.from({ length: 15 }, () => 'taken')]);
  await assertAgreement(client, 1);
  assert.ok(elapsedMs < 20_000, `${elapsedMs} ms`);
});

test('overlapping slots at once: one of those that touch each other', async (t) => {
  const client = await startRacers(t);
  const places = [0, 0.5, 1].map((hours) => client.slot(hours));
  const outcomes = await Promise.all(places.map((place) => client.book(place)));
  const won = outcomes.filter(({ status }) => status === 'confirmed').length;
  assert.ok(won === 1 || won === 2);
  await assertAgreement(client, won);
});

test('three chairs: three at once, and the fourth is refused', async (t) => {
  const client = await startRacers(t);
  await client.sql`
    INSERT INTO resources (calendar_id, number) SELECT id, n FROM calendars, unnest('{1,2}'::int[]) n
    WHERE google_id IS NOT NULL`;
  for (const resource of [0, 1, 2]) {
    assert.equal((await client.book(client.slot(0, resource))).status, 'confirmed');
  }
  assert.equal((await client.book(client.slot(0, 2))).status, 'taken');
  assert.equal(diaryOf(client).live.length, 3);
});

test('the same request twice is one booking, also at the same time', async (t) => {
  const client = await startRacers(t);
  const [first, second] = await Promise.all([
    client.book(client.slot(0), 'same'),
    client.book(client.slot(0), 'same'),
  ]);
  assert.deepEqual([first.status, second.status], ['confirmed', 'confirmed']);
  assert.equal((await client.book(client.slot(0), 'same')).status, 'confirmed');
  await assertAgreement(client, 1);
});

test('the owner was quicker: before, between recheck and insert, and after the insert', async (t) => {
  for (const moment of ['before', 'between', 'after'] as const) {
    await t.test(moment, async (t_) => {
      const client = await startRacers(t_);
      let left = 1;
      const when = moment === 'after' ? GET : POST;
      let inserted = false;
      client.google.onRequest(async (what) => {
        if (what.startsWith(POST)) inserted = true;
        if (!what.startsWith(when) || (moment === 'after' && !inserted)) return;
        if (left === 0) return;
        left -= 1;
        // Made a moment before ours, and seen a moment later.
        client.rival(client.slot(0));
        await nextMillisecond();
      });
      if (moment === 'before') client.rival(client.slot(0));
      const outcome = await client.book(client.slot(0));
      const events = diaryOf(client).live;
      if (moment === 'after') {
        // Ours was there first: it stays, and the owner is told of the two.
        assert.equal(outcome.status, 'confirmed');
        assert.equal(events.length, 2);
        const notices = await client.sql`SELECT 1 FROM notices WHERE kind = 'booking_conflict'`;
        assert.equal(notices.length, 1);
      } else {
        assert.equal(outcome.status, 'taken');
        assert.deepEqual(
          events.map(({ summary }) => summary),
          ['by hand'],
        );
        assert.equal((await bookingsOf(client))[0]?.status, 'cancelled');
      }
    });
  }
});

test('free, declined, cancelled and moved away: what does not keep anybody busy does not refuse a caller', async (t) => {
  const client = await startRacers(t);
  client.rival(client.slot(0), { transparency: 'transparent' });
  client.rival(client.slot(0), {
    attendees: [{ email: 'owner@example.com', self: true, responseStatus: 'declined' }],
  });
  diaryOf(client).delete(client.rival(client.slot(0)).id);
  diaryOf(client).patch(client.rival(client.slot(0)).id, {
    start: { dateTime: new Date(client.slot(3).startMs).toISOString() },
    end: { dateTime: new Date(client.slot(3).endMs).toISOString() },
  });
  assert.equal((await client.book(client.slot(0))).status, 'confirmed');
  client.rival(client.slot(5), { status: 'tentative' });
  assert.equal((await client.book(client.slot(5))).status, 'taken');
  // Days are those of the calendar's time zone.
  const [row] = await client.sql<[{ zone: string }]>`SELECT zone FROM clients`;
  const then = Temporal.Instant.fromEpochMilliseconds(client.slot(12).startMs);
  const day = then.toZonedDateTimeISO(row.zone).toPlainDate();
  client.rival(client.slot(0), {
    start: { date: day.toString() },
    end: { date: day.add({ days: 2 }).toString() },
  });
  assert.equal((await client.book(client.slot(12))).status, 'taken', 'a whole day');
});

test('our id is taken by an event that is not ours: another id is', async (t) => {
  const client = await startRacers(t);
  const held = await client.hold(client.slot(0));
  assert.ok(held.status === 'held');
  const id = held.bookingId.replaceAll('-', '');
  client.rival(client.slot(4), { id });
  const result = await client.calendar.confirm(held.bookingId);
  assert.ok(result.status === 'confirmed');
  assert.notEqual(result.booking.id, held.bookingId);
  assert.equal(diaryOf(client).get(id)?.summary, 'by hand');
  assert.equal(diaryOf(client).live.length, 2);
});

test('moved onto a taken slot: refused, with us and with Google, and it stays where it was', async (t) => {
  const client = await startRacers(t);
  const { calendar, slot } = client;
  const booking = await booked(calendar, client.hold(slot(0)));
  await booked(calendar, client.hold(slot(1)));
  client.rival(slot(3));
  assert.equal((await calendar.move(booking.id, slot(1), 'move:1')).status, 'taken');
  assert.equal((await calendar.move(booking.id, slot(3), 'move:2')).status, 'taken');
  let left = 1;
  client.google.onRequest((what) => {
    if (!what.startsWith('PATCH') || left-- < 1) return;
    client.rival(slot(5));
  });
  assert.equal((await calendar.move(booking.id, slot(5), 'move:3')).status, 'taken', 'a rival');
  await assertAgreement(client, 2);
  assert.equal((await calendar.move(booking.id, slot(7), 'move:4')).status, 'moved');
  await assertAgreement(client, 2);
});

test('the owner moves and deletes by hand: we follow, and report what conflicts', async (t) => {
  const client = await startRacers(t);
  const { calendar, slot } = client;
  const [first, second, third] = [
    await booked(calendar, client.hold(slot(0))),
    await booked(calendar, client.hold(slot(2))),
    await booked(calendar, client.hold(slot(4))),
  ];
  assert.ok(await client.sync());
  const byHand = (id: string, to: Slot) =>
    diaryOf(client).patch(id.replaceAll('-', ''), {
      start: { dateTime: new Date(to.startMs).toISOString() },
      end: { dateTime: new Date(to.endMs).toISOString() },
    });
  byHand(first.id, slot(8));
  diaryOf(client).delete(second.id.replaceAll('-', ''));
  assert.ok(await client.sync());
  const rows = await bookingsOf(client);
  assert.deepEqual(
    rows.map(({ status, startMs }) => [status, startMs]),
    [
      ['confirmed', slot(8).startMs],
      ['cancelled', slot(2).startMs],
      ['confirmed', slot(4).startMs],
    ],
  );
  // To where another appointment is: nothing is guessed.
  byHand(third.id, slot(8));
  assert.ok(await client.sync());
  assert.equal((await bookingsOf(client))[2]?.startMs, slot(4).startMs);
  assert.equal((await client.book(slot(8))).status, 'taken');
  const notices = await client.sql`SELECT 1 FROM notices WHERE kind = 'booking_conflict'`;
  assert.equal(notices.length, 1);
  // A change that the caller asks for meets one by hand that we have not seen yet.
  byHand(first.id, slot(10));
  assert.equal((await calendar.move(first.id, slot(12), 'move:1')).status, 'gone');
  assert.ok(await client.sync());
  assert.equal((await bookingsOf(client))[0]?.startMs, slot(10).startMs);
});

test('an event that was moved by hand onto a slot is in the way before we have followed it', async (t) => {
  const client = await startRacers(t);
  const booking = await booked(client.calendar, client.hold(client.slot(0)));
  diaryOf(client).patch(booking.id.replaceAll('-', ''), {
    start: { dateTime: new Date(client.slot(2).startMs).toISOString() },
    end: { dateTime: new Date(client.slot(2).endMs).toISOString() },
  });
  assert.equal((await client.book(client.slot(2))).status, 'taken');
});

test('slots are offered from the copy, without asking Google; the copy is read by changes', async (t) => {
  const client = await startRacers(t);
  client.rival(client.slot(0));
  assert.ok(await client.sync());
  const window = { startMs: client.slot(0).startMs, endMs: client.slot(24).endMs };
  const asked = client.google.counts.requests;
  const busy = await client.calendar.busy(window, signal);
  assert.equal(client.google.counts.requests, asked);
  assert.deepEqual(
    busy.map(({ startMs }) => startMs),
    [client.slot(0).startMs],
  );
  const event = client.rival(client.slot(4));
  assert.ok(await client.sync());
  assert.equal((await client.calendar.busy(window, signal)).length, 2);
  diaryOf(client).delete(event.id);
  assert.ok(await client.sync());
  assert.equal((await client.calendar.busy(window, signal)).length, 1);
  diaryOf(client).forgetSyncTokens();
  client.rival(client.slot(6));
  assert.ok(await client.sync(), 'a forgotten token begins anew');
  assert.equal((await client.calendar.busy(window, signal)).length, 2);
});

test('a look at Google that was under way while the owner chose another calendar keeps nobody busy', async (t) => {
  let meanwhile: (() => Promise<void>) | undefined;
  const client = await startRacers(t, {
    wrap: (calls) => ({
      ...calls,
      async list(...asked) {
        const found = await calls.list(...asked);
        const act = meanwhile;
        meanwhile = undefined;
        await act?.();
        return found;
      },
    }),
  });
  const slot = client.slot(0);
  client.rival(slot);
  const write = 'second@group.calendar.google.com';
  client.google.diary(write, { owner: OWNER });
  meanwhile = () => client.connecting.choose(client.clientId, { write, watch: [] }, false);
  await client.sync();
  await client.sync();
  const busy = await (await client.open()).busy(slot, signal);
  assert.deepEqual(busy, []);
});
