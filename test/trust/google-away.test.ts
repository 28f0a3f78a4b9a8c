// Booked once and told the truth while Google answers late, wrongly, or not at all, or refuses us (T78).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listReviews } from '../../src/store/conversations/reviews.ts';
import { assertAgreement, bookingsOf, textsOf } from '../support/bookings/agreement.ts';
import { conversationOf } from '../support/bookings/booking-client.ts';
import { booked, startRacers } from '../support/bookings/google-racers.ts';
import { diaryOf } from '../support/bookings/linked-client.ts';

const signal = new AbortController().signal;
const POST = 'POST /calendar/v3/calendars';
const GET = 'GET /calendar/v3/calendars';

test('a failure that hid a success: 500 after storing, an answer that never comes', async (t) => {
  for (const fault of ['status:500', 'reset', 'stall'] as const) {
    await t.test(fault, async (t_) => {
      const client = await startRacers(t_);
      client.google.faults.add({ on: 'stored', match: POST, do: fault });
      assert.equal((await client.book(client.slot(0))).status, 'confirmed');
      await assertAgreement(client, 1);
    });
  }
});

test('a failure that was one: tried again, and only once there', async (t) => {
  const client = await startRacers(t);
  client.google.faults.add({ on: 'request', match: POST, do: 'status:500', times: 2 });
  assert.equal((await client.book(client.slot(0))).status, 'confirmed');
  client.google.faults.add({ on: 'request', match: POST, do: 'status:403', times: 3 });
  assert.equal((await client.book(client.slot(1))).status, 'confirmed', 'a limit passes');
  await assertAgreement(client, 2);
});

test('consent withdrawn between recheck and insert: the hold stays, and is written once the owner is back', async (t) => {
  const client = await startRacers(t);
  let withdrawn = false;
  client.google.onRequest((what) => {
    if (withdrawn || !what.startsWith(POST)) return;
    withdrawn = true;
    client.google.revokeAll('owner@example.com');
  });
  assert.equal((await client.book(client.slot(0))).status, 'pending');
  const status = await client.connecting.status(client.clientId);
  assert.deepEqual([status.state, status.waiting], ['broken', 1]);
  const notices = await client.sql<{ kind: string }[]>`SELECT kind FROM notices`;
  assert.deepEqual(
    notices.map(({ kind }) => kind),
    ['calendar_disconnected'],
  );
  // Calls go on, without asking Google in vain; nobody else gets the time.
  const asked = client.google.counts.requests;
  assert.equal((await client.book(client.slot(1))).status, 'pending');
  assert.equal((await client.book(client.slot(0))).status, 'taken');
  assert.equal(client.google.counts.requests, asked);
  assert.deepEqual(await textsOf(client), []);
  await client.reconnect();
  await client.due();
  await client.reconcile();
  await assertAgreement(client, 2);
  assert.equal((await textsOf(client)).length, 2, 'both are confirmed by message');
});

test('Google does not answer: the hold stays; if the time is gone by then, the caller is told so', async (t) => {
  const client = await startRacers(t);
  client.google.faults.add({ on: 'request', match: GET, do: 'status:503', times: 2 });
  assert.equal((await client.book(client.slot(0))).status, 'pending');
  assert.equal((await client.book(client.slot(1))).status, 'pending');
  assert.equal((await client.connecting.status(client.clientId)).state, 'unreachable');
  client.rival(client.slot(1));
  await client.due();
  await client.reconcile();
  assert.deepEqual(
    (await bookingsOf(client)).map(({ status }) => status),
    ['confirmed', 'cancelled'],
  );
  const texts = await textsOf(client);
  assert.ok(texts.some((text) => /your appointment is on .* https:/.test(text)));
  assert.ok(texts.some((text) => /could not confirm .* nothing is booked/.test(text)));
  const lost = await client.sql`SELECT 1 FROM notices WHERE kind = 'booking_lost'`;
  assert.equal(lost.length, 1);
  assert.equal((await client.connecting.status(client.clientId)).state, 'connected');
});

test('what is promised and then cancelled, by whomever, is told to who waits for a message', async (t) => {
  const client = await startRacers(t);
  client.google.faults.add({ on: 'request', match: GET, do: 'status:503' });
  assert.equal((await client.book(client.slot(0))).status, 'pending');
  const [promised] = await bookingsOf(client);
  assert.equal(await client.calendar.cancel(promised!.id), true);
  assert.equal(await client.calendar.cancel(promised!.id), true, 'again');
  await client.due();
  await client.reconcile();
  await assertAgreement(client, 0);
  const texts = await textsOf(client);
  assert.equal(texts.length, 1, 'once');
  assert.match(texts[0]!, /your appointment on .* is cancelled/);
  // What nobody was promised is given up without a word.
  const held = await client.hold(client.slot(1));
  assert.ok(held.status === 'held');
  assert.equal(await client.calendar.cancel(held.bookingId), true);
  assert.equal((await textsOf(client)).length, 1);
});

test('what is promised, then certain, then cancelled before anybody was told, is told as cancelled', async (t) => {
  const client = await startRacers(t);
  client.google.faults.add({ on: 'request', match: GET, do: 'status:503' });
  assert.equal((await client.book(client.slot(0))).status, 'pending');
  await client.due();
  await client.reconcile();
  const [certain] = await bookingsOf(client);
  assert.equal(certain!.status, 'confirmed');
  await client.calendar.cancel(certain!.id);
  const texts = await textsOf(client);
  assert.deepEqual(
    texts.map((text) => /is cancelled/.test(text)),
    [true],
  );
});

test('an appointment that stays uncertain is given up in time for the caller to hear of it, and the owner too', async (t) => {
  const client = await startRacers(t);
  client.google.faults.add({ on: 'request', match: GET, do: 'status:503', times: 50 });
  assert.equal((await client.book(client.slot(0))).status, 'pending');
  const conversationId = await conversationOf(client.sql, client.clientId);
  await client.sql`UPDATE bookings SET conversation_id = ${conversationId}`;
  await client.sql`UPDATE conversations SET ended_at = clock_timestamp(), end_reason = 'goodbye', outcome = 'answered'`;
  const comesIn = async (minutes: number, sinceMinutes: number) => {
    const starts = new Date(client.clock.now() + minutes * 60_000);
    await client.sql`
      UPDATE bookings SET shown = tstzrange(${starts}, ${starts}::timestamptz + interval '1 hour'),
        during = tstzrange(${starts}, ${starts}::timestamptz + interval '1 hour'),
        promised_at = ${new Date(client.clock.now() - sinceMinutes * 60_000)}`;
    await client.due();
    await client.reconcile();
    return (await bookingsOf(client))[0]!.status;
  };
  assert.equal(await comesIn(62, 180), 'held');
  assert.equal(await comesIn(31, 29), 'held', 'made at short notice');
  assert.equal(await comesIn(29, 31), 'cancelled');
  const texts = await textsOf(client);
  assert.equal(texts.length, 1);
  assert.match(texts[0]!, /we could not confirm .* nothing is booked/);
  const lost = await client.sql<{ text: string }[]>`
    SELECT text FROM notices WHERE kind = 'booking_lost'`;
  assert.match(lost[0]?.text ?? '', /Google Calendar did not answer in time: nothing is booked/);
  const review = (await listReviews(client.sql, [conversationId])).get(conversationId);
  assert.deepEqual(
    [review?.followUp, review?.followUpReason],
    [true, 'The caller was promised an appointment that did not come true.'],
  );
});

test('what is promised for a calendar that the owner has left for a full one is told to be lost', async (t) => {
  const client = await startRacers(t);
  client.google.faults.add({ on: 'request', match: GET, do: 'status:503' });
  assert.equal((await client.book(client.slot(0))).status, 'pending');
  await client.sql`
    WITH other AS (
      INSERT INTO calendars (id, google_id) VALUES (gen_random_uuid(), 'left') RETURNING id
    ), chair AS (
      INSERT INTO resources (calendar_id, number) SELECT id, 0 FROM other
    )
    UPDATE bookings SET calendar_id = other.id FROM other`;
  await client.due();
  await client.reconcile();
  assert.equal((await bookingsOf(client))[0]!.status, 'cancelled');
  assert.match((await textsOf(client))[0] ?? '', /could not confirm/);
});

test('moved while it is only promised: promised for the new time, and written there once', async (t) => {
  const client = await startRacers(t);
  client.google.faults.add({ on: 'request', match: GET, do: 'status:503', times: 2 });
  assert.equal((await client.book(client.slot(0))).status, 'pending');
  const [promised] = await bookingsOf(client);
  const moved = await client.calendar.move(promised!.id, client.slot(2), 'move:1');
  assert.equal(moved.status, 'pending');
  assert.equal((await client.book(client.slot(0))).status, 'pending', 'its old time is free');
  const [clash] = await bookingsOf(client).then((rows) => rows.slice(1));
  assert.equal((await client.calendar.move(clash!.id, client.slot(2), 'move:2')).status, 'taken');
  await client.due();
  await client.reconcile();
  await assertAgreement(client, 2);
  const when = (hours: number) => new Date(client.slot(hours).startMs).getUTCHours();
  assert.notEqual(when(0), when(2));
  // One of which Google may know already stays where it is.
  client.google.faults.add({ on: 'request', match: POST, do: 'status:503', times: 9 });
  assert.equal((await client.book(client.slot(4))).status, 'pending');
  const unsure = (await bookingsOf(client)).at(-1)!;
  const refused = await client.calendar.move(unsure.id, client.slot(6), 'move:3');
  assert.equal(refused.status, 'uncertain');
});

test('moved while Google is away: the move stands, and Google is told later', async (t) => {
  const client = await startRacers(t);
  const booking = await booked(client.calendar, client.hold(client.slot(0)));
  assert.deepEqual(await textsOf(client), [], 'this client sends none of itself');
  client.google.faults.add({ on: 'request', match: 'PATCH', do: 'status:500' });
  const moved = await client.calendar.move(booking.id, client.slot(2), 'move:1');
  assert.equal(moved.status, 'pending');
  await client.due();
  await client.reconcile();
  await assertAgreement(client, 1);
  assert.ok((await textsOf(client)).some((text) => /is now on/.test(text)));
});

test('a calendar that has never been read is no free one', async (t) => {
  const client = await startRacers(t);
  client.google.faults.add({ on: 'request', match: GET, do: 'status:500', times: 9 });
  await assert.rejects(client.calendar.busy(client.slot(0).during, signal), /google calendar: 500/);
});

test('cancelled while Google is away: cancelled with us at once, and there later', async (t) => {
  const client = await startRacers(t);
  const booking = await booked(client.calendar, client.hold(client.slot(0)));
  client.google.faults.add({ on: 'request', match: 'DELETE', do: 'status:500' });
  assert.equal(await client.calendar.cancel(booking.id), true);
  assert.equal(diaryOf(client).live.length, 1);
  // The time is free for the next caller although Google still has the event.
  assert.equal((await client.book(client.slot(0))).status, 'confirmed');
  await client.due();
  await client.reconcile();
  await assertAgreement(client, 1);
});

test('moved and cancelled while Google refuses us: both stand, and are told once the owner is back', async (t) => {
  const client = await startRacers(t);
  const [moved, cancelled] = [
    await booked(client.calendar, client.hold(client.slot(0))),
    await booked(client.calendar, client.hold(client.slot(1))),
  ];
  client.google.revokeAll('owner@example.com');
  assert.equal(await client.sync(), false);
  assert.equal((await client.calendar.move(moved.id, client.slot(4), 'move:1')).status, 'pending');
  assert.equal(await client.calendar.cancel(cancelled.id), true);
  assert.equal((await client.connecting.status(client.clientId)).waiting, 2);
  await client.reconnect();
  await client.due();
  await client.reconcile();
  await assertAgreement(client, 1);
  assert.equal((await bookingsOf(client))[0]?.startMs, client.slot(4).startMs);
});

test('what waits to be written is moved and written where it is by then', async (t) => {
  const client = await startRacers(t);
  const booking = await booked(client.calendar, client.hold(client.slot(0)));
  await client.connecting.disconnect(client.clientId);
  assert.equal(diaryOf(client).live.length, 1, 'it stays in the calendar of the owner');
  await client.reconnect();
  const calendar = await client.open();
  assert.equal((await calendar.move(booking.id, client.slot(2), 'move:1')).status, 'moved');
  await client.due();
  await client.reconcile();
  await assertAgreement(client, 1);
});
