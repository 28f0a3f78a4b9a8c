// What lets a media stream in: once, for one call of one client, for a minute, and not after the call.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/lib/ids.ts';
import {
  endConversation,
  openConversation,
} from '../../../src/store/conversations/conversations.ts';
import {
  deleteExpiredStreamTokens,
  grantStream,
  saveStreamToken,
  useStreamToken,
} from '../../../src/store/calls/stream-tokens.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { bookingClient } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';

test('a token opens what it was made for, once', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const other = await bookingClient(sql);
  const grant = { clientId, callSid: 'CA1', callerPhone: '+14155550100' };
  const token = await saveStreamToken(sql, grant);
  assert.equal(await useStreamToken(sql, token, { clientId: other, callSid: 'CA1' }), undefined);
  assert.equal(await useStreamToken(sql, token, { clientId, callSid: 'CA2' }), undefined);
  assert.equal(await useStreamToken(sql, `${token}A`, grant), undefined);
  assert.deepEqual({ ...(await useStreamToken(sql, token, grant)) }, grant);
  assert.equal(await useStreamToken(sql, token, grant), undefined);
  const stored = await sql<{ text: string }[]>`SELECT token_hash::text AS text FROM stream_tokens`;
  assert.ok(stored.every(({ text }) => !text.includes(token)));
});

test('sixteen at once: one is served', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const grant = { clientId: await bookingClient(sql), callSid: 'CA1', callerPhone: null };
  const token = await saveStreamToken(sql, grant);
  const uses = Array.from({ length: 16 }, () => useStreamToken(sql, token, grant));
  const served = (await Promise.all(uses)).filter((use) => use !== undefined);
  assert.equal(served.length, 1);
});

test('after its minute a token is useless, and forgotten an hour later', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const grant = { clientId: await bookingClient(sql), callSid: 'CA1', callerPhone: null };
  const token = await saveStreamToken(sql, grant);
  const [row] = await sql<[{ seconds: number }]>`
    SELECT extract(epoch FROM expires_at - clock_timestamp())::float8 AS seconds FROM stream_tokens`;
  assert.ok(row.seconds > 50 && row.seconds <= 60);
  await sql`UPDATE stream_tokens SET expires_at = clock_timestamp() - interval '1 second'`;
  assert.equal(await useStreamToken(sql, token, grant), undefined);
  await deleteExpiredStreamTokens(sql);
  assert.equal((await sql`SELECT 1 FROM stream_tokens`).length, 1);
  await sql`UPDATE stream_tokens SET expires_at = clock_timestamp() - interval '61 minutes'`;
  await deleteExpiredStreamTokens(sql);
  assert.equal((await sql`SELECT 1 FROM stream_tokens`).length, 0);
});

test('a token does not outlive its call', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const grant = { clientId, callSid: 'CA1', callerPhone: null };
  const token = await saveStreamToken(sql, grant);
  const { id } = await openConversation(sql, {
    id: newId(0),
    ...grant,
    disclosureVersion: null,
    owner: 'me',
  });
  await endConversation(sql, id, 'me', { endReason: 'caller', outcome: 'answered', durationMs: 1 });
  assert.equal(await useStreamToken(sql, token, grant), undefined);
});

test('calls of one caller take turns: the last place is not given away twice', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const from = (callSid: string) => ({ clientId, callSid, callerPhone: '+14155550100' });
  for (const callSid of ['CA1', 'CA2'])
    assert.ok('token' in (await grantStream(sql, from(callSid))));
  const { fourth } = await sql.begin(async (tx) => {
    assert.ok('token' in (await grantStream(tx as unknown as Sql, from('CA3'))), 'the third');
    const state = { over: false };
    const asked = grantStream(sql, from('CA4')).finally(() => (state.over = true));
    const waits = async () => {
      const locks = await sql`
        SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
      return locks.length > 0;
    };
    for (;;) if (state.over || (await waits())) break;
    return { fourth: asked };
  });
  assert.deepEqual(await fourth, { obstacle: 'caller-at-once' });
});
