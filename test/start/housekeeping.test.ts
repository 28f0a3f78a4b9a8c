// Tidying now and then: old tokens and orphaned conversations go, a failing database does not end it, the signal does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quietLog } from '../../src/lib/log.ts';
import { tidyConversations } from '../../src/start/housekeeping.ts';
import { saveStreamToken } from '../../src/store/calls/stream-tokens.ts';
import { eventually } from '../support/product/after-call.ts';
import { bookingClient, conversationOf } from '../support/bookings/booking-client.ts';
import { VirtualClock } from '../support/clock.ts';
import { testDatabase } from '../support/database/database.ts';

test('what cannot be done keeps nothing else from being done', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  await saveStreamToken(sql, { clientId, callSid: 'CA1', callerPhone: null });
  await sql`UPDATE stream_tokens SET expires_at = now() - interval '2 hours'`;
  await sql`ALTER TABLE transfers RENAME TO lost`;
  const clock = new VirtualClock();
  const stopping = new AbortController();
  const tidying = tidyConversations({ sql, clock, log: quietLog }, stopping.signal);
  await eventually('no tokens', async () =>
    (await sql`SELECT 1 FROM stream_tokens`).length === 0 ? true : undefined,
  );
  stopping.abort();
  await tidying;
});

test('every 15 seconds, until it is told to stop', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const conversationId = await conversationOf(sql, clientId);
  await sql`UPDATE conversations SET started_at = now() - interval '10 minutes'`;
  const old = async () => {
    await saveStreamToken(sql, { clientId, callSid: 'CA1', callerPhone: null });
    await sql`UPDATE stream_tokens SET expires_at = now() - interval '2 hours'`;
  };
  const gone = () =>
    eventually('no tokens', async () =>
      (await sql`SELECT 1 FROM stream_tokens`).length === 0 ? true : undefined,
    );
  await old();
  const clock = new VirtualClock();
  const stopping = new AbortController();
  const tidying = tidyConversations({ sql, clock, log: quietLog }, stopping.signal);
  await gone();
  const [row] =
    await sql`SELECT end_reason AS reason FROM conversations WHERE id = ${conversationId}`;
  assert.equal(row!['reason'], 'lost');
  await old();
  await eventually('the pause', async () => (clock.pending > 0 ? true : undefined));
  await clock.advance(15_001);
  await gone();
  stopping.abort();
  await tidying;
  assert.equal(clock.pending, 0);
});
