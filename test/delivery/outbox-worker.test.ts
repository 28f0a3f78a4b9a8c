// What is sent and how: real requests to a receiver and to the carrier's stand-in, tried again, given up, and never to those who want none.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { Phone } from '../../sandbox/phone/phone.ts';
import { newSid } from '../../sandbox/phone/sids.ts';
import { startTwilio } from '../../sandbox/vendors/twilio/twilio.ts';
import { deliverDue, runOutbox } from '../../src/delivery/outbox-worker.ts';
import type { OutboxParts } from '../../src/delivery/outbox-worker.ts';
import { passOnMessage, tellBookingChanges } from '../../src/delivery/tell.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openGuardedFetch } from '../../src/lib/guarded-fetch.ts';
import { newId } from '../../src/lib/ids.ts';
import { quietLog } from '../../src/lib/log.ts';
import { openSealer } from '../../src/lib/sealing.ts';
import { saveLineSettings, usualLineSettings } from '../../src/store/clients/line-settings.ts';
import { listNotices } from '../../src/store/clients/notices.ts';
import { enqueueSms, enqueueWebhook, listDeliveries } from '../../src/store/service/outbox.ts';
import type { Delivery } from '../../src/store/service/outbox.ts';
import { optIn, optOut } from '../../src/store/calls/sms-opt-outs.ts';
import type { Sql } from '../../src/store/database/sql.ts';
import { saveWebhook } from '../../src/store/clients/webhook-endpoints.ts';
import { refuseToDial } from '../../src/telephony/dial-policy.ts';
import { openCarrierCalls } from '../../src/telephony/twilio-rest.ts';
import { bookingClient, conversationOf } from '../support/bookings/booking-client.ts';
import { VirtualClock } from '../support/clock.ts';
import { testDatabase } from '../support/database/database.ts';
import { until } from '../support/until.ts';
import { startWebServer } from '../support/servers/tls-server.ts';

const sender = '+12025550123';
const to = '+14155550111';
const page = { limit: 50, offset: 0 };
const secret = 'whsec_of_the_tests';

async function start(t: { after(act: () => Promise<void>): void }) {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  await sql`UPDATE clients SET phone_number = ${sender} WHERE id = ${clientId}`;
  const answers: number[] = [];
  const receiver = await startWebServer(t, {
    secure: false,
    answer: (_request, response) => response.writeHead(answers.shift() ?? 200).end(),
  });
  const origin = `http://127.0.0.1:${receiver.port}`;
  const phone = new Phone({ accountSid: newSid('AC'), authToken: 'token' });
  const twilio = await startTwilio({ phone });
  t.after(() => twilio.close());
  const { accountSid } = phone;
  const carrier = await openCarrierCalls({ accountSid, authToken: 'token', baseUrl: twilio.url });
  const sealer = openSealer(['k'.repeat(32)]);
  const parts: OutboxParts = {
    sql,
    clock: systemClock,
    log: quietLog,
    fetch: openGuardedFetch({ clock: systemClock, loopbackOrigins: [origin] }),
    sealer,
    sendSms: (sms) => carrier.sendSms(sms),
    listSms: (between) => carrier.listSms(between),
    mayText: (number, route) => refuseToDial(number, route) === undefined,
  };
  const secretSealed = sealer.seal(secret, clientId);
  await saveWebhook(sql, { clientId, url: `${origin}/hook`, isActive: true, secretSealed });
  return { sql, clientId, receiver, answers, twilio, parts };
}

async function deliveries(sql: Sql, clientId: string, kind: Delivery['kind']) {
  const { rows } = await listDeliveries(sql, { clientId, kind }, page);
  return rows.toReversed();
}

/** As if the wait before the next attempt were over. */
async function hurry(sql: Sql): Promise<void> {
  await sql`UPDATE outbox SET not_before = clock_timestamp() WHERE state = 'waiting'`;
}

test('a webhook is signed, and tried again until it is taken', async (t) => {
  const { sql, clientId, receiver, answers, parts } = await start(t);
  answers.push(500, 307);
  await enqueueWebhook(sql, { clientId, event: 'x.y', data: { a: 'ü' }, dedupeKey: '1' });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    assert.equal(await deliverDue(parts), 1);
    assert.equal(await deliverDue(parts), 0, 'it waits');
    await hurry(sql);
  }
  const [delivery] = await deliveries(sql, clientId, 'webhook');
  assert.deepEqual(
    [delivery?.state, delivery?.attempts, delivery?.targetHost],
    ['delivered', 3, `127.0.0.1:${receiver.port}`],
  );
  const bodies = receiver.requests.map(({ body }) => JSON.parse(body));
  assert.deepEqual(bodies[0], bodies[2], 'the same id each time: the receiver can tell');
  assert.deepEqual(
    [bodies[0].id, bodies[0].event, bodies[0].client_id, bodies[0].data],
    [delivery?.id, 'x.y', clientId, { a: 'ü' }],
  );
  for (const { headers, body } of receiver.requests) {
    const [, time, given] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['frontdesk-signature'])) ?? [];
    assert.equal(given, createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'));
    assert.equal(headers.authorization, undefined);
  }
});

test('what fails on our side each time is given up, too, and keeps nothing else', async (t) => {
  const { sql, clientId, parts, twilio } = await start(t);
  // As after a key was lost.
  await sql`UPDATE webhook_endpoints SET secret_sealed = 'k1.none'`;
  await enqueueWebhook(sql, { clientId, event: 'x.y', data: {}, dedupeKey: '1' });
  await enqueueSms(sql, { clientId, to, body: 'Hello', dedupeKey: '2' });
  let attempts = 0;
  while ((await deliverDue(parts)) > 0) {
    attempts += 1;
    assert.ok(attempts <= 20, 'it is tried for ever');
    await hurry(sql);
  }
  const [delivery] = await deliveries(sql, clientId, 'webhook');
  assert.deepEqual(
    [delivery?.state, delivery?.attempts, delivery?.lastError],
    ['failed', 10, 'Something went wrong on our side.'],
  );
  const told = await sql`SELECT kind FROM notices WHERE client_id = ${clientId}`;
  assert.deepEqual([...told], [{ kind: 'webhook_failed' }]);
  assert.equal(twilio.messages.length, 1);
});

test('what cannot be delivered is given up, and the owner is told once', async (t) => {
  const { sql, clientId, answers, parts } = await start(t);
  for (const key of ['1', '2']) {
    await enqueueWebhook(sql, { clientId, event: 'x.y', data: {}, dedupeKey: key });
  }
  let attempts = 0;
  for (; attempts < 12; attempts += 1) {
    answers.push(500, 500);
    if ((await deliverDue(parts)) === 0) break;
    await hurry(sql);
  }
  assert.equal(attempts, 10);
  for (const { state, lastError } of await deliveries(sql, clientId, 'webhook')) {
    assert.deepEqual([state, lastError], ['failed', 'The receiver answered with status 500.']);
  }
  const notices = await listNotices(sql, { ownerId: undefined }, { clientId }, page);
  assert.deepEqual(
    notices.rows.map(({ kind }) => kind),
    ['webhook_failed'],
  );
});

test('an address that turned bad is not asked again', async (t) => {
  const { sql, clientId, parts } = await start(t);
  const { receiver: other } = await start(t);
  await sql`UPDATE webhook_endpoints SET url = ${`http://127.0.0.1:${other.port}/`} WHERE client_id = ${clientId}`;
  await enqueueWebhook(sql, { clientId, event: 'x.y', data: {}, dedupeKey: '1' });
  await deliverDue(parts);
  const [delivery] = await deliveries(sql, clientId, 'webhook');
  assert.deepEqual(
    [delivery?.state, delivery?.lastError],
    ['failed', 'The address is refused: it is not https.'],
  );
  assert.equal(other.connections, 0);
});

test('a text message goes from the number of the client, once the carrier is there', async (t) => {
  const { sql, clientId, twilio, parts } = await start(t);
  twilio.fault = { status: 503, code: 20_503 };
  await enqueueSms(sql, { clientId, to, body: 'Hello', dedupeKey: '1' });
  await deliverDue(parts);
  assert.equal((await deliveries(sql, clientId, 'sms'))[0]?.state, 'waiting');
  twilio.fault = undefined;
  await hurry(sql);
  await deliverDue(parts);
  assert.deepEqual(
    twilio.messages.map(({ from, to: number, body }) => ({ from, to: number, body })),
    [{ from: sender, to, body: 'Hello' }],
  );
  assert.equal((await deliveries(sql, clientId, 'sms'))[0]?.state, 'delivered');
});

test('a client without a number sends none, and says so', async (t) => {
  const { sql, clientId, twilio, parts } = await start(t);
  await enqueueSms(sql, { clientId, to, body: 'Hello', dedupeKey: '1' });
  await sql`UPDATE clients SET phone_number = NULL WHERE id = ${clientId}`;
  await deliverDue(parts);
  const [delivery] = await deliveries(sql, clientId, 'sms');
  assert.deepEqual(
    [delivery?.state, delivery?.lastError, twilio.messages.length],
    ['dropped', 'This client has no number to send from.', 0],
  );
});

test('no text goes to who has opted out, here or at the carrier, until they opt in again', async (t) => {
  const { sql, clientId, twilio, parts } = await start(t);
  const send = async (key: string) => {
    await enqueueSms(sql, { clientId, to, body: 'Hello', dedupeKey: key });
    await deliverDue(parts);
    return (await deliveries(sql, clientId, 'sms')).at(-1)?.state;
  };
  twilio.fault = { status: 400, code: 21_610 };
  assert.equal(await send('1'), 'dropped');
  twilio.fault = undefined;
  const asked = twilio.requests.length;
  assert.equal(await send('2'), 'dropped', 'remembered from what the carrier said');
  assert.equal(twilio.requests.length, asked);
  await optIn(sql, sender, to);
  assert.equal(await send('3'), 'delivered');
  await optOut(sql, sender, to);
  assert.equal(await send('4'), 'dropped');
  assert.equal(twilio.messages.length, 1);
});

test('no text goes to numbers that cost, or too often', async (t) => {
  const { sql, clientId, twilio, parts } = await start(t);
  for (const number of ['+19005550123', '+882161234567', '+447012345678', '+18765230123']) {
    await enqueueSms(sql, { clientId, to: number, body: 'x', dedupeKey: number });
  }
  for (let n = 0; n < 25; n += 1) {
    await enqueueSms(sql, { clientId, to, body: 'x', dedupeKey: `${n}` });
    await deliverDue(parts);
  }
  assert.equal(twilio.messages.length, 20);
  assert.ok(twilio.messages.every(({ to: number }) => number === to));
});

test('what the carrier refuses for good is not tried again', async (t) => {
  const { sql, clientId, twilio, parts } = await start(t);
  twilio.fault = { status: 400, code: 21_614 };
  await enqueueSms(sql, { clientId, to, body: 'x', dedupeKey: '1' });
  await deliverDue(parts);
  const [delivery] = await deliveries(sql, clientId, 'sms');
  assert.deepEqual(
    [delivery?.state, delivery?.lastError],
    ['failed', 'The number is not a mobile number.'],
  );
});

test('a message reaches the owner by text and webhook', async (t) => {
  const { sql, clientId, twilio, receiver, parts } = await start(t);
  await saveLineSettings(sql, clientId, {
    ...usualLineSettings,
    notifyNumbers: ['+12025550145', '+12025550146'],
  });
  const conversationId = await conversationOf(sql, clientId);
  const id = newId(0);
  const message = {
    id,
    clientId,
    conversationId,
    name: 'Ann',
    phone: to,
    text: 'Call me.',
    urgent: true,
  };
  await passOnMessage(sql, message, 'en-US');
  await passOnMessage(sql, message, 'en-US');
  await deliverDue(parts);
  const body = `URGENT message from Ann, ${to}: Call me.`;
  assert.deepEqual(twilio.messages.map((sms) => `${sms.to} ${sms.body}`).toSorted(), [
    `+12025550145 ${body}`,
    `+12025550146 ${body}`,
  ]);
  assert.deepEqual(
    receiver.requests.map((each) => JSON.parse(each.body).data),
    [
      {
        id,
        conversation_id: conversationId,
        name: 'Ann',
        phone: to,
        text: 'Call me.',
        urgent: true,
      },
    ],
  );
});

test('a caller is sent what became of the appointment, once the call is over', async (t) => {
  const { sql, clientId, twilio, receiver, parts } = await start(t);
  await saveLineSettings(sql, clientId, { ...usualLineSettings, smsToCallers: true });
  const conversationId = await conversationOf(sql, clientId);
  const [{ id: calendarId }] = await sql<[{ id: string }]>`
    INSERT INTO calendars (id, client_id) VALUES (gen_random_uuid(), ${clientId})
    ON CONFLICT (client_id) DO UPDATE SET client_id = excluded.client_id RETURNING id`;
  await sql`INSERT INTO resources (calendar_id, number) VALUES (${calendarId}, 0) ON CONFLICT DO NOTHING`;
  const book = async (day: number) => {
    const id = newId(day);
    const at = `[2027-03-0${day} 15:00Z,2027-03-0${day} 15:30Z)`;
    await sql`
      INSERT INTO bookings (id, client_id, calendar_id, shown, during, status, idem_key, hold_until, name, phone, conversation_id)
      VALUES (${id}, ${clientId}, ${calendarId}, ${at}::tstzrange, ${at}::tstzrange, 'held', ${id},
        now() + interval '1 hour', 'Ann', ${to}, ${conversationId})`;
    await sql`UPDATE bookings SET status = 'confirmed' WHERE id = ${id}`;
    return id;
  };
  const [kept, given] = [await book(2), await book(3)];
  const later = '[2027-03-02 16:00Z,2027-03-02 16:30Z)';
  await sql`UPDATE bookings SET shown = ${later}::tstzrange, during = ${later}::tstzrange WHERE id = ${kept}`;
  await sql`UPDATE bookings SET status = 'cancelled' WHERE id = ${given}`;
  await sql`UPDATE booking_changes SET at = at - interval '1 minute'`;
  assert.equal(await tellBookingChanges({ sql, log: quietLog }), 0, 'the call still runs');
  await sql`UPDATE conversations SET ended_at = now()`;
  assert.equal(await tellBookingChanges({ sql, log: quietLog }), 2);
  assert.equal(await tellBookingChanges({ sql, log: quietLog }), 0);
  await deliverDue(parts);
  assert.deepEqual(
    twilio.messages.map(({ body }) => body),
    ['Test: your appointment is on Tuesday, March 2 at 11:00 AM. Reply STOP to get no more texts.'],
  );
  assert.deepEqual(
    receiver.requests.map(({ body }) => JSON.parse(body).event),
    ['booking.booked'],
  );
  await sql`UPDATE bookings SET status = 'cancelled' WHERE id = ${kept}`;
  await sql`UPDATE booking_changes SET at = at - interval '1 minute'`;
  await tellBookingChanges({ sql, log: quietLog });
  await deliverDue(parts);
  assert.match(twilio.messages.at(-1)!.body, /March 2 at 11:00 AM is cancelled/);
});

test('it runs until it is told to stop, and leaves no timer', async (t) => {
  const { sql, clientId, twilio, parts } = await start(t);
  const clock = new VirtualClock(systemClock.now());
  const stop = new AbortController();
  const running = runOutbox({ ...parts, clock }, stop.signal);
  await enqueueSms(sql, { clientId, to, body: 'x', dedupeKey: '1' });
  while (twilio.messages.length === 0) await clock.advance(100);
  stop.abort();
  await running;
  assert.equal(clock.pending, 0);
});

test('changes of appointments that cannot be told keep nothing else from being sent', async (t) => {
  const { sql, clientId, twilio, parts } = await start(t);
  await sql`ALTER TABLE booking_changes RENAME TO elsewhere`;
  const stop = new AbortController();
  await enqueueSms(sql, { clientId, to, body: 'x', dedupeKey: '1' });
  const running = runOutbox(parts, stop.signal);
  await until('it is sent', () => twilio.messages.length === 1);
  stop.abort();
  await running;
});
