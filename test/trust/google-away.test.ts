// Booked once and told the truth while Google answers late, wrongly, or not at all, or refuses us (T78).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAgreement, bookingsOf, textsOf } from '../support/agreement.ts';
import { booked, startRacers } from '../support/google-racers.ts';
import { diaryOf } from '../support/linked-client.ts';

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
  assert.ok(texts.some((text) => /no longer free/.test(text)));
  const lost = await client.sql`SELECT 1 FROM notices WHERE kind = 'booking_lost'`;
  assert.equal(lost.length, 1);
  assert.equal((await client.connecting.status(client.clientId)).state, 'connected');
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
