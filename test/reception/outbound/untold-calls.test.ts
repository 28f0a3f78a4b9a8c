// Calls that we made and heard no more of: the carrier is asked, and what was never placed has failed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Phone } from '../../../sandbox/phone/phone.ts';
import { newSid } from '../../../sandbox/phone/sids.ts';
import { startTwilio } from '../../../sandbox/vendors/twilio/twilio.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { AppError } from '../../../src/lib/errors.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { settleUntoldCalls } from '../../../src/reception/outbound/untold-calls.ts';
import { openCarrierCalls } from '../../../src/telephony/twilio-rest.ts';
import { bookingClient, conversationOf } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';

test('three minutes after it was placed, a call of which nothing is known gets the state that the carrier knows', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const add = async (callSid: string | null, state: string, minutes: number) => {
    const id = newId(systemClock.now());
    await sql`
      INSERT INTO outbound_calls (id, client_id, phone_number, purpose, text, state, call_sid, created_at)
      VALUES (${id}, ${clientId}, '+14155550111', 'other', 'x', ${state}, ${callSid},
        clock_timestamp() - make_interval(mins => ${minutes}))`;
  };
  await add(null, 'queued', 4);
  await add('CA-busy', 'ringing', 4);
  await add('CA-done', 'in-progress', 90);
  await add('CA-strange', 'ringing', 4);
  await add('CA-young', 'ringing', 1);
  await add('CA-here', 'in-progress', 10);
  await add('CA-silent', 'ringing', 4);
  const here = await conversationOf(sql, clientId);
  await sql`UPDATE conversations SET call_sid = 'CA-here', owner = 'me' WHERE id = ${here}`;
  const asked: string[] = [];
  const parts = {
    sql,
    clock: systemClock,
    log: quietLog,
    ask(callSid: string) {
      asked.push(callSid);
      if (callSid === 'CA-silent') throw new AppError('vendor_failed', 'twilio: 503');
      const known = {
        'CA-busy': { status: 'busy', seconds: undefined },
        'CA-done': { status: 'completed', seconds: 61 },
      } as const;
      return Promise.resolve(known[callSid as keyof typeof known]);
    },
  };
  await settleUntoldCalls(parts);
  const rows = await sql`
    SELECT call_sid AS sid, state, duration_seconds AS seconds, ended_at IS NOT NULL AS ended
    FROM outbound_calls ORDER BY call_sid NULLS FIRST`;
  assert.deepEqual(
    rows.map((row) => Object.values(row)),
    [
      [null, 'failed', null, true],
      ['CA-busy', 'busy', null, true],
      ['CA-done', 'completed', 61, true],
      ['CA-here', 'in-progress', null, false],
      ['CA-silent', 'ringing', null, false],
      ['CA-strange', 'failed', null, true],
      ['CA-young', 'ringing', null, false],
    ],
  );
  assert.deepEqual(asked.toSorted(), ['CA-busy', 'CA-done', 'CA-silent', 'CA-strange']);
  await settleUntoldCalls(parts);
  assert.deepEqual(asked.slice(4), ['CA-silent']);
});

test('the carrier is asked by REST, and says when it has no such call', async (t) => {
  const phone = new Phone({ accountSid: newSid('AC'), authToken: 'token' });
  const twilio = await startTwilio({ phone });
  t.after(() => twilio.close());
  const { accountSid } = phone;
  const carrier = await openCarrierCalls({ accountSid, authToken: 'token', baseUrl: twilio.url });
  assert.equal(await carrier.findCall(newSid('CA')), undefined);
  const call = phone.placeCall({
    publicUrl: 'http://127.0.0.1:9',
    from: '+14155550100',
    to: '+12025550123',
  });
  const { status } = await call.ended;
  const found = await carrier.findCall(call.sid);
  assert.equal(found?.status, status);
  const stranger = await openCarrierCalls({ accountSid, authToken: 'x', baseUrl: twilio.url });
  await assert.rejects(stranger.findCall(call.sid), { code: 'vendor_failed' });
});
