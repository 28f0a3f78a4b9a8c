// Tokens, keys and what the owner's events are called appear in no log, no answer and no table that is not sealed (T75),
// whatever goes wrong at Google.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { GOOGLE_KEY, OWNER } from '../support/bookings/google.ts';
import { diaryOf, startLinkedClient } from '../support/bookings/linked-client.ts';

const TITLE = 'canary of the title';
const HOUR = 3_600_000;

test('nothing of them leaks, on any way that fails', async (t) => {
  const client = await startLinkedClient(t, { clock: systemClock });
  const account = client.google.serviceAccount('canary');
  const startMs = Math.ceil(systemClock.now() / HOUR) * HOUR + 24 * HOUR;
  const span = { startMs, endMs: startMs + HOUR };
  const event = diaryOf(client).insert({
    summary: TITLE,
    description: TITLE,
    location: TITLE,
    start: { dateTime: new Date(startMs + 5 * HOUR).toISOString() },
    end: { dateTime: new Date(startMs + 6 * HOUR).toISOString() },
  });
  const calendar = await client.open();
  const details = { name: 'Ann', phone: '+12025550123', reason: '', conversationId: undefined };
  const answers: unknown[] = [];
  const attempt = async (idemKey: string) => {
    const request = {
      slot: { ...span, resource: 0, during: span },
      idemKey,
      holdMs: 60_000,
      details,
    };
    const held = await calendar.hold(request, new AbortController().signal);
    if (held.status === 'taken') return;
    answers.push(await calendar.confirm(held.bookingId));
    answers.push(await calendar.cancel(held.bookingId));
  };
  await client.sync();
  for (const fault of ['status:400', 'status:403', 'status:404', 'status:500', 'reset'] as const) {
    client.google.faults.add({ on: 'request', do: fault, times: 2 });
    await attempt(fault);
    client.google.faults.clear();
    client.google.faults.add({ on: 'request', do: fault, times: 3 });
    await client.sync();
    client.google.faults.clear();
    await client.reconnect();
    await client.sync();
  }
  // An answer that says back what it was asked, as some proxies do.
  client.google.faults.add({ on: 'request', do: 'status:500', body: TITLE, times: 3 });
  await client.sync();
  client.google.faults.clear();
  client.google.revokeAll(OWNER);
  await attempt('revoked');
  answers.push(await client.connecting.status(client.clientId));

  const [{ everything }] = await client.sql<[{ everything: string }]>`
    SELECT concat(
      (SELECT json_agg(t) FROM calendar_links t), (SELECT json_agg(t) FROM google_busy t),
      (SELECT json_agg(t) FROM watched_calendars t), (SELECT json_agg(t) FROM bookings t),
      (SELECT json_agg(t) FROM notices t), (SELECT json_agg(t) FROM outbox t),
      (SELECT json_agg(t) FROM calendar_credentials t)) AS everything`;
  assert.ok(everything.includes(event.id), 'the event is known');
  const log = JSON.stringify(client.log);
  assert.match(log, /google calendar failed/);
  const secrets = [
    TITLE,
    GOOGLE_KEY,
    client.refreshToken,
    '1//0',
    'ya29.',
    'Bearer ',
    account.private_key,
  ];
  for (const [where, text] of [
    ['log', log],
    ['answers', JSON.stringify(answers)],
    ['tables', everything],
  ] as const) {
    for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in ${where}`);
  }
});
