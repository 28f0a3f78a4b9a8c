// Nobody gets a text twice because we died, or the carrier's answer was lost, after it had taken it; and nobody gets none.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Phone } from '../../sandbox/phone/phone.ts';
import { newSid } from '../../sandbox/phone/sids.ts';
import { startTwilio } from '../../sandbox/vendors/twilio/twilio.ts';
import { deliverDue } from '../../src/delivery/outbox-worker.ts';
import type { OutboxParts } from '../../src/delivery/outbox-worker.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openGuardedFetch } from '../../src/lib/guarded-fetch.ts';
import { quietLog } from '../../src/lib/log.ts';
import { openSealer } from '../../src/lib/sealing.ts';
import { listNotices } from '../../src/store/clients/notices.ts';
import { enqueueSms, listDeliveries, retryDelivery } from '../../src/store/service/outbox.ts';
import { openCarrierCalls } from '../../src/telephony/twilio-rest.ts';
import { eventually } from '../support/product/after-call.ts';
import { bookingClient } from '../support/bookings/booking-client.ts';
import { runArguments } from '../support/database/database-server.ts';
import { testDatabase } from '../support/database/database.ts';

const program = fileURLToPath(new URL('outbox-process.ts', import.meta.url));
const to = '+14155550111';
const page = { limit: 50, offset: 0 };

async function start(t: { after(act: () => unknown): void }) {
  const { database, connection } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  await sql`UPDATE clients SET phone_number = '+12025550123' WHERE id = ${clientId}`;
  const phone = new Phone({ accountSid: newSid('AC'), authToken: 'token' });
  const twilio = await startTwilio({ phone });
  t.after(() => twilio.close());
  const { accountSid } = phone;
  const carrier = await openCarrierCalls({ accountSid, authToken: 'token', baseUrl: twilio.url });
  const parts: OutboxParts = {
    sql,
    clock: systemClock,
    log: quietLog,
    fetch: openGuardedFetch({ clock: systemClock, loopbackOrigins: [] }),
    sealer: openSealer(['k'.repeat(32)]),
    sendSms: (sms) => carrier.sendSms(sms),
    listSms: (between) => carrier.listSms(between),
    mayText: () => true,
  };
  /** The carrier takes what it is asked to, and its answer never comes. */
  const deaf: OutboxParts = {
    ...parts,
    async sendSms(sms) {
      await carrier.sendSms(sms);
      return { status: 'refused', reason: 'later', why: 'No answer.', unanswered: true };
    },
  };
  return {
    sql,
    clientId,
    connection,
    accountSid,
    twilio,
    parts,
    deaf,
    send: (key: string, body = 'Hello') => enqueueSms(sql, { clientId, to, body, dedupeKey: key }),
    /** As if two minutes had gone by, at the carrier too. */
    later: () => sql`
      UPDATE outbox SET not_before = clock_timestamp(), asked_at = asked_at - interval '50 seconds'
      WHERE state = 'waiting'`,
    states: async () =>
      (await listDeliveries(sql, { clientId, kind: 'sms' }, page)).rows.map(({ state }) => state),
    notices: async () =>
      (await listNotices(sql, { ownerId: undefined }, { clientId }, page)).rows.map(
        ({ kind }) => kind,
      ),
  };
}

test('killed after the carrier took a text: it is found there, and not sent again', async (t) => {
  const { connection, twilio, accountSid, parts, send, later, states } = await start(t);
  twilio.fault = 'lost-answer';
  await send('1');
  const args = [...runArguments, program, connection, twilio.url, accountSid];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await eventually('the text at the carrier', async () => twilio.messages[0]);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  twilio.fault = undefined;
  assert.equal(await deliverDue(parts), 0, 'its lease is kept');
  await later();
  assert.equal(await deliverDue(parts), 1);
  assert.equal(twilio.messages.length, 1);
  assert.deepEqual(await states(), ['delivered']);
});

test('killed before the carrier was asked: it is sent, once', async (t) => {
  const { sql, twilio, parts, send, later, states } = await start(t);
  await send('1');
  await sql`
    UPDATE outbox SET attempts = 1, sending = true, asked_at = clock_timestamp() - interval '1 minute'`;
  await later();
  await deliverDue(parts);
  assert.deepEqual([twilio.messages.length, await states()], [1, ['delivered']]);
});

test('an answer that was lost: looked for, and sent again only where it is not there', async (t) => {
  const { twilio, parts, deaf, send, later, states } = await start(t);
  await send('1');
  await deliverDue(deaf);
  assert.deepEqual(await states(), ['waiting']);
  await later();
  await deliverDue(parts);
  assert.deepEqual([twilio.messages.length, await states()], [1, ['delivered']]);
});

test('the same words twice are two texts, also where both answers were lost', async (t) => {
  const { twilio, parts, deaf, send, later, states } = await start(t);
  await send('1');
  await send('2');
  await deliverDue(deaf);
  for (let round = 0; round < 3; round += 1) {
    await later();
    await deliverDue(parts);
  }
  assert.deepEqual([twilio.messages.length, await states()], [2, ['delivered', 'delivered']]);
  await send('3');
  await deliverDue(parts);
  assert.equal(twilio.messages.length, 3, 'what was sent before is not taken for this one');
});

test('what somebody else has sent is not taken for it: the same words long before, or others since', async (t) => {
  const { sql, twilio, parts, send, states } = await start(t);
  const from = '+12025550123';
  await parts.sendSms({ from, to, body: 'Hello' });
  Object.assign(twilio.messages[0]!, { createdAt: twilio.messages[0]!.createdAt - 3_600_000 });
  await parts.sendSms({ from, to, body: 'Goodbye' });
  await send('1');
  await sql`UPDATE outbox SET attempts = 1, asked_at = clock_timestamp() - interval '2 minutes'`;
  await deliverDue(parts);
  assert.deepEqual(await states(), ['delivered']);
  assert.deepEqual(
    twilio.messages.map(({ body }) => body),
    ['Hello', 'Goodbye', 'Hello'],
  );
});

test('just asked: that the carrier does not list it yet says nothing', async (t) => {
  const { sql, twilio, parts, send, states } = await start(t);
  await send('1');
  await sql`UPDATE outbox SET attempts = 1, asked_at = clock_timestamp()`;
  await deliverDue(parts);
  assert.deepEqual([twilio.messages.length, await states()], [0, ['waiting']]);
});

test('a carrier that cannot be asked: not sent again, the owner is told, and by hand it is looked for first', async (t) => {
  const { sql, clientId, twilio, parts, deaf, send, later, states, notices } = await start(t);
  await send('1');
  await deliverDue(deaf);
  twilio.fault = { status: 503, code: 20_503 };
  let rounds = 0;
  for (; rounds < 10; rounds += 1) {
    await later();
    if ((await deliverDue(parts)) === 0) break;
  }
  assert.deepEqual([twilio.messages.length, rounds, await states()], [1, 5, ['failed']]);
  assert.deepEqual(await notices(), ['sms_uncertain']);
  twilio.fault = undefined;
  const [row] = await sql<[{ id: string }]>`SELECT id FROM outbox`;
  await retryDelivery(sql, { id: row.id, clientId });
  await deliverDue(parts);
  assert.deepEqual([twilio.messages.length, await states()], [1, ['delivered']]);
});

test('a client sends 500 texts a day, and no more', async (t) => {
  const { sql, clientId, twilio, parts, send } = await start(t);
  await sql`
    INSERT INTO outbox (client_id, kind, recipient, event, body, dedupe_key, state, settled_at)
    SELECT ${clientId}, 'sms', '+1415555' || (1000 + n), 'message', 'x', 'old' || n, 'delivered', clock_timestamp()
    FROM generate_series(1, 499) n`;
  await send('a');
  await deliverDue(parts);
  await send('b');
  await deliverDue(parts);
  assert.equal(twilio.messages.length, 1);
  const { rows } = await listDeliveries(sql, { clientId, state: 'dropped' }, page);
  assert.match(rows[0]!.lastError!, /500 text messages today/);
});
