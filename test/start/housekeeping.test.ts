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

test('what nobody asks for any more is forgotten, what may still matter is not', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const conversationId = await conversationOf(sql, clientId);
  const day = (days: number) => sql`clock_timestamp() - make_interval(days => ${days})`;
  const transfer = (name: string, of: string | null, days: number) => sql`
    INSERT INTO transfers (id, client_id, conversation_id, call_sid, target_name, phone_number, mode, state, created_at)
    VALUES (gen_random_uuid(), ${clientId}, ${of}, ${name}, ${name}, '+12025550123', 'cold', 'accepted', ${day(days)})`;
  await transfer('of a conversation', conversationId, 400);
  await transfer('of none, lately', null, 29);
  await transfer('of none', null, 31);
  const notice = (text: string, days: number) => sql`
    INSERT INTO notices (client_id, kind, severity, text, dedupe_key, created_at)
    VALUES (${clientId}, 'x', 'info', ${text}, ${text}, ${day(days)})`;
  await notice('of this year', 364);
  await notice('of last year', 366);
  const event = (id: string, outcome: string, days: number) => sql`
    INSERT INTO stripe_events (id, type, created, outcome, received_at) VALUES (${id}, 'x', 0, ${outcome}, ${day(days)})`;
  await event('late', 'applied', 89);
  await event('old', 'applied', 91);
  await event('odd', 'mismatch', 400);
  const stopping = new AbortController();
  const tidying = tidyConversations(
    { sql, clock: new VirtualClock(), log: quietLog },
    stopping.signal,
  );
  const left = async () =>
    [
      ...(await sql<{ name: string }[]>`
      SELECT target_name AS name FROM transfers UNION ALL SELECT text FROM notices UNION ALL SELECT id FROM stripe_events`),
    ].map(({ name }) => name);
  await eventually('the last chore', async () =>
    (await left()).includes('old') ? undefined : true,
  );
  stopping.abort();
  await tidying;
  assert.deepEqual((await left()).toSorted(), [
    'late',
    'odd',
    'of a conversation',
    'of none, lately',
    'of this year',
  ]);
});

test('who is signed in stays so, and what was answered stays known, until the day it ends', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const [client] = await sql<[{ userId: string }]>`SELECT owner_id AS "userId" FROM clients`;
  const { userId } = client;
  const hour = (hours: number) => sql`clock_timestamp() - make_interval(hours => ${hours})`;
  const hash = (name: string) => Buffer.from(name);
  const session = (name: string, seen: number, ends: number) => sql`
    INSERT INTO sessions (token_hash, user_id, last_seen_at, expires_at)
    VALUES (${hash(name)}, ${userId}, ${hour(seen)}, ${hour(ends)})`;
  await session('seen', 11, -1);
  await session('over', 0, 1);
  await session('long unseen', 13, -1);
  const family = (ends: number, revoked: number | null) => sql`
    INSERT INTO token_families (id, user_id, expires_at, revoked_at)
    VALUES (gen_random_uuid(), ${userId}, ${hour(ends)}, ${revoked === null ? null : hour(revoked)})`;
  await family(-3, null);
  // A stolen token may still be shown.
  await family(-2, 23);
  await family(-1, 25);
  await family(1, null);
  for (const ends of [-1, 1]) {
    await sql`
      INSERT INTO oauth_states (state_hash, browser_hash, bound, expires_at)
      VALUES (${hash(`${ends}`)}, ${hash('b')}, true, ${hour(ends)})`;
    await sql`
      INSERT INTO calendar_oauth_states (state_hash, client_id, user_id, browser_hash, expires_at)
      VALUES (${hash(`${ends}`)}, ${clientId}, ${userId}, ${hash('b')}, ${hour(ends)})`;
    await sql`INSERT INTO rate_windows (key, ends_at, used, granted) VALUES (${`${ends}`}, ${hour(ends)}, 1, 1)`;
  }
  for (const age of [23, 25]) {
    await sql`
      INSERT INTO idempotency_keys (user_id, key, request_hash, created_at)
      VALUES (${userId}, ${`${age}`}, ${hash('x')}, ${hour(age)})`;
  }
  const stopping = new AbortController();
  const parts = { sql, clock: new VirtualClock(), log: quietLog };
  const tidying = tidyConversations(parts, stopping.signal);
  const keys = async () =>
    [...(await sql<{ key: string }[]>`SELECT key FROM idempotency_keys`)].map(({ key }) => key);
  await eventually('the last of these chores', async () =>
    (await keys()).length > 1 ? undefined : true,
  );
  stopping.abort();
  await tidying;
  assert.deepEqual(await keys(), ['23']);
  const left = await sql<{ name: string; count: number }[]>`
    SELECT 'session ' || encode(token_hash, 'escape') AS name, 1 AS count FROM sessions
    UNION ALL SELECT 'families', count(*)::int FROM token_families
    UNION ALL SELECT 'families of today', count(*)::int FROM token_families WHERE expires_at > clock_timestamp() + interval '90 minutes'
    UNION ALL SELECT 'sign-in ' || encode(state_hash, 'escape'), 1 FROM oauth_states
    UNION ALL SELECT 'calendar ' || encode(state_hash, 'escape'), 1 FROM calendar_oauth_states
    UNION ALL SELECT 'limit ' || key, 1 FROM rate_windows`;
  assert.deepEqual(left.map(({ name, count }) => `${name}: ${count}`).toSorted(), [
    'calendar -1: 1',
    'families of today: 2',
    'families: 2',
    'limit -1: 1',
    'session seen: 1',
    'sign-in -1: 1',
  ]);
});
