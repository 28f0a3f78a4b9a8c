// One row that cannot be handled holds up no other: appointments told, reminders, orders, warnings, transfers, conversations of dead processes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { warnRound } from '../../src/billing/low-balance.ts';
import { reconcile } from '../../src/billing/payments/reconcile.ts';
import { openStripe } from '../../src/billing/payments/stripe.ts';
import { sendReminders } from '../../src/calendar/messages/reminders.ts';
import { tellBookingChanges } from '../../src/delivery/tell.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { quietLog } from '../../src/lib/log.ts';
import type { Log } from '../../src/lib/log.ts';
import { tidyOnce } from '../../src/start/housekeeping.ts';
import { endLostTransfers } from '../../src/reception/tools/transfers.ts';
import { saveLineSettings, usualLineSettings } from '../../src/store/clients/line-settings.ts';
import { bookingClient } from '../support/bookings/booking-client.ts';
import { testDatabase } from '../support/database/database.ts';
import { poison } from '../support/database/poison.ts';
import { startBillingApi, STRIPE_KEY, WEBHOOK_SECRET } from '../support/product/billing.ts';
import { booking, tomorrow } from '../support/product/business.ts';

/** What the log was told of as faults of ours. */
function listening(): { log: Log; faults: string[] } {
  const faults: string[] = [];
  const log = { ...quietLog, error: (sentence: string) => void faults.push(sentence) } as Log;
  return { log, faults };
}

test('of three appointments two are told, and the third is not tried for ever', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  await saveLineSettings(sql, clientId, { ...usualLineSettings, smsToCallers: true });
  for (const [hour, phone] of ['+12025550111', '+12025550112', '+12025550113'].entries()) {
    await booking(sql, clientId, { startMs: tomorrow(hour), name: 'Ann', phone });
  }
  await sql`UPDATE booking_changes SET at = at - interval '1 minute'`;
  await poison(sql, 'outbox', `NEW.recipient = '+12025550112'`);
  const { log, faults } = listening();
  const texts = async (event: string) => {
    const rows = await sql<{ to: string }[]>`
      SELECT recipient AS to FROM outbox WHERE kind = 'sms' AND event = ${event}`;
    return rows.map(({ to }) => to).toSorted();
  };
  await tellBookingChanges({ sql, log });
  assert.deepEqual(await texts('booking.booked'), ['+12025550111', '+12025550113']);
  assert.deepEqual(faults, ['ALARM: nobody can be told of an appointment']);
  assert.equal(await tellBookingChanges({ sql, log }), 0);

  await sql`UPDATE clients SET remind_hours = 48`;
  await sql`UPDATE bookings SET updated_at = clock_timestamp() - interval '9 days', reminded_at = NULL`;
  await sendReminders({ sql, log });
  assert.deepEqual(await texts('booking.reminder'), ['+12025550111', '+12025550113']);
  assert.deepEqual(faults.slice(1), ['ALARM: a caller cannot be reminded']);
});

test('behind an order that cannot be moved the others are paid, and plans are looked at', async (t) => {
  const b = await startBillingApi(t);
  const sql = b.database.general;
  b.stripe.messenger.sending = false;
  const [bad, good] = [await b.buy(), await b.buy()];
  const plan = b.stripe.books.pay((await b.buy({}, 'plan')).sessionId).subscription!;
  for (const { sessionId } of [bad, good]) b.stripe.books.pay(sessionId);
  assert.ok(plan);
  await sql`UPDATE orders SET created_at = created_at - interval '2 hours'`;
  await poison(sql, 'orders', `NEW.id = '${bad.orderId}' AND NEW.state = 'paid'`);
  const till = await openStripe(
    { key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET, url: b.stripe.url },
    systemClock,
  );
  // Messages that cannot be acted upon, and then orders that are asked about.
  for (const listed of [true, false]) {
    if (!listed) b.stripe.messenger.events.length = 0;
    const { log, faults } = listening();
    await reconcile({ sql, clock: systemClock, log, till });
    assert.ok(faults.length > 0);
    const state = async (id: string) =>
      (await b.mine.get(`/api/clients/${b.clientId}/top-ups/${id}`)).json.state;
    assert.deepEqual([await state(bad.orderId), await state(good.orderId)], ['open', 'paid']);
    assert.equal((await b.mine.get(`/api/clients/${b.clientId}/plan`)).json.plan.status, 'active');
  }
});

test('owners behind one who cannot be warned are warned', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clients = [await bookingClient(sql), await bookingClient(sql), await bookingClient(sql)];
  await sql`UPDATE clients SET alert_below_seconds = 600`;
  for (const id of clients) {
    await sql`SELECT meter_post(${id}, 'adjust', 300, ${`credit:${id}`}, '{}')`;
  }
  const [first] = await sql<[{ id: string }]>`SELECT id FROM clients ORDER BY id LIMIT 1`;
  await poison(sql, 'notices', `NEW.client_id = '${first.id}'`);
  const { log, faults } = listening();
  await warnRound({ sql, clock: systemClock, log });
  const told = await sql<{ id: string }[]>`SELECT client_id AS id FROM notices`;
  assert.deepEqual(
    told.map(({ id }) => id).toSorted(),
    clients.filter((id) => id !== first.id).toSorted(),
  );
  assert.deepEqual(faults, ['an owner could not be warned']);
});

test('transfers behind one that cannot be ended are ended', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  for (const callSid of ['CA1', 'CA2', 'CA3']) {
    await sql`
      INSERT INTO transfers (id, client_id, call_sid, target_name, phone_number, mode, reason, created_at)
      VALUES (${newId(systemClock.now())}, ${clientId}, ${callSid}, 'Ann', '+12025550100', 'cold', '',
        clock_timestamp() - interval '5 minutes')`;
  }
  await poison(sql, 'transfers', `NEW.call_sid = 'CA1'`);
  const { log, faults } = listening();
  await endLostTransfers({ sql, clock: systemClock, log });
  const left = await sql<{ sid: string }[]>`
    SELECT call_sid AS sid FROM transfers WHERE state = 'dialling' AND over_at IS NULL`;
  assert.deepEqual(
    left.map(({ sid }) => sid),
    ['CA1'],
  );
  assert.equal(faults.length, 1);
});

test('conversations of a dead process are ended behind one that cannot be, and what was said last is kept', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const begin = async (ended: boolean) => {
    const id = newId(systemClock.now());
    await sql`
      INSERT INTO conversations (id, client_id, started_at, ended_at)
      VALUES (${id}, ${clientId}, now() - interval '9 minutes', ${ended ? sql`now() - interval '5 minutes'` : null})`;
    await sql`
      INSERT INTO turns_under_way (conversation_id, number, kind, caller, heard, caller_at, heard_at)
      VALUES (${id}, 0, 'reply', 'Hello?', '', now(), now())`;
    return id;
  };
  const lost = [await begin(false), await begin(false), await begin(false)];
  const left = [await begin(true), await begin(true), await begin(true)];
  await poison(sql, 'conversations', `NEW.id = '${lost[0]}'`);
  await poison(sql, 'turns', `NEW.conversation_id IN ('${lost[1]}', '${left[0]}')`);
  const { log, faults } = listening();
  await tidyOnce({ sql, clock: systemClock, log });
  const open = await sql<{ id: string }[]>`
    SELECT id FROM conversations WHERE ended_at IS NULL ORDER BY id`;
  assert.deepEqual(
    open.map(({ id }) => id),
    lost.slice(0, 2).toSorted(),
  );
  const kept = await sql<{ id: string }[]>`
    SELECT conversation_id AS id FROM utterances WHERE content = 'Hello?' ORDER BY 1`;
  assert.deepEqual(
    kept.map(({ id }) => id),
    [lost[2]!, left[1]!, left[2]!].toSorted(),
  );
  assert.equal(faults.length, 3);
});
