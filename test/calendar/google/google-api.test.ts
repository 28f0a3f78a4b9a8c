// Our client at Google's calendars against the stand-in, and, for what it covers, against an emulator made by others.

import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { createServer } from '@emulators/core';
import { googlePlugin, seedFromConfig } from '@emulators/google';
import { GOOGLE_CLIENT_ID } from '../../../sandbox/vendors/google/google.ts';
import { openGoogleApi } from '../../../src/calendar/google/google-api.ts';
import { googleEndpoints } from '../../../src/calendar/google/google-endpoints.ts';
import { openGoogleConsent } from '../../../src/calendar/google/google-oauth.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { AppError } from '../../../src/lib/errors.ts';
import { serveFetch } from '../../support/servers/fetch-server.ts';
import { GOOGLE_KEY, OWNER, callsOf, startTestGoogle } from '../../support/bookings/google.ts';

const HOUR = 3_600_000;
const startMs = Date.parse('2027-03-01T15:00:00Z');
const slot = { startMs, endMs: startMs + HOUR };
const day = { startMs: startMs - 12 * HOUR, endMs: startMs + 12 * HOUR };
const patient = { timeoutMs: 4000 };
const id = '019a8e2c7d3f7a1080000f1e2d3c4b5e';
const event = {
  id,
  bookingId: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5e',
  ...slot,
  zone: 'America/New_York',
  summary: 'Anna Weber',
  description: 'cleaning',
};

const failsAs = (code: string, text: RegExp) => (error: unknown) =>
  error instanceof AppError && error.code === code && text.test(error.message);

test('an event is written under our id, found, moved and removed', async (t) => {
  const { calls, google } = await startTestGoogle(t);
  const made = await calls.insert(OWNER, event, patient);
  assert.ok(made !== 'exists');
  assert.deepEqual(
    [made.id, made.interval, made.blocks, made.bookingId],
    [id, slot, true, event.bookingId],
  );
  assert.deepEqual(google.diary(OWNER).get(id)?.start, {
    dateTime: '2027-03-01T10:00:00-05:00',
    timeZone: 'America/New_York',
  });
  assert.equal(await calls.insert(OWNER, event, patient), 'exists');
  const { events } = await calls.list(OWNER, day, patient);
  assert.deepEqual(events, [made]);
  assert.deepEqual(await calls.get(OWNER, id, patient), made);
  const later = { startMs: slot.endMs, endMs: slot.endMs + HOUR };
  const change = { ...later, zone: event.zone };
  const moved = await calls.change(OWNER, made, change, patient);
  assert.ok(typeof moved === 'object');
  assert.deepEqual(moved.interval, later);
  assert.equal(await calls.change(OWNER, made, change, patient), 'changed');
  await calls.remove(OWNER, id, patient);
  await calls.remove(OWNER, id, patient);
  assert.equal((await calls.get(OWNER, id, patient))?.cancelled, true);
  assert.equal(await calls.insert(OWNER, event, patient), 'exists');
  assert.equal(await calls.get(OWNER, 'a'.repeat(32), patient), undefined);
  assert.equal(await calls.change(OWNER, { ...made, id: 'a'.repeat(32) }, change, patient), 'gone');
});

test('what blocks: whole days and repetitions, but not what is free, declined or cancelled', async (t) => {
  const { calls, google } = await startTestGoogle(t, { timeZone: 'Europe/Berlin' });
  const diary = google.diary(OWNER);
  const times = {
    start: { dateTime: '2027-03-01T10:00:00Z' },
    end: { dateTime: '2027-03-01T11:00:00Z' },
  };
  diary.insert({ ...times, transparency: 'transparent' });
  diary.insert({ ...times, attendees: [{ email: OWNER, self: true, responseStatus: 'declined' }] });
  diary.insert({ ...times, eventType: 'workingLocation' });
  diary.insert({ ...times, status: 'tentative' });
  diary.insert({ start: { date: '2027-03-02' }, end: { date: '2027-03-03' } });
  diary.insert({ ...times, recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] });
  const window = {
    startMs: Date.parse('2027-02-28T00:00Z'),
    endMs: Date.parse('2027-03-09T00:00Z'),
  };
  const { events } = await calls.list(OWNER, window, patient);
  const blocking = events
    .filter(({ blocks }) => blocks)
    .map(({ interval }) =>
      [interval!.startMs, interval!.endMs].map((ms) => new Date(ms).toISOString().slice(5, 16)),
    );
  assert.deepEqual(blocking, [
    ['03-01T10:00', '03-01T11:00'],
    ['03-01T23:00', '03-02T23:00'],
    ['03-01T10:00', '03-01T11:00'],
    ['03-02T10:00', '03-02T11:00'],
  ]);
  const busy = await calls.freeBusy([OWNER], window, patient);
  assert.equal(busy.get(OWNER)?.length, 2, 'joined by Google');
});

test('a calendar that cannot be read is a failure, never a free one', async (t) => {
  const { calls } = await startTestGoogle(t);
  const asking = calls.freeBusy([OWNER, 'stranger@example.com'], day, patient);
  await assert.rejects(asking, failsAs('not_configured', /404 notFound/));
});

test('changes are read since a token; a forgotten one is told', async (t) => {
  const { calls, google } = await startTestGoogle(t);
  const first = await calls.list(OWNER, day, patient);
  await calls.insert(OWNER, event, patient);
  const second = await calls.listChanges(OWNER, first.token, patient);
  assert.ok(second);
  assert.deepEqual(
    second.events.map((each) => each.id),
    [id],
  );
  await calls.remove(OWNER, id, patient);
  const third = await calls.listChanges(OWNER, second.token, patient);
  assert.ok(third);
  assert.deepEqual(
    third.events.map((each) => [each.id, each.cancelled, each.blocks]),
    [[id, true, false]],
  );
  google.diary(OWNER).forgetSyncTokens();
  assert.equal(await calls.listChanges(OWNER, third.token, patient), undefined);
});

test('calendars by name, with what may be done with them', async (t) => {
  const { calls, google } = await startTestGoogle(t);
  const team = google.diary('team@group.calendar.google.com', {
    owner: 'boss@example.com',
    summary: 'Team',
  });
  team.shares.set(OWNER, 'reader');
  const listed = await calls.listCalendars(patient);
  assert.deepEqual(
    listed
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((each) => [each.id, each.name, each.primary, each.writable]),
    [
      [OWNER, OWNER, true, true],
      ['team@group.calendar.google.com', 'Team', false, false],
    ],
  );
  assert.equal((await calls.describe('primary', patient)).id, OWNER);
  const strange = calls.describe('stranger@example.com', patient);
  await assert.rejects(strange, failsAs('not_configured', /404/));
});

test('failures: limits and silence pass, a withdrawn consent does not, and none says more than a word', async (t) => {
  const { calls, google, refreshToken } = await startTestGoogle(t);
  const insert = () => calls.insert(OWNER, event, patient);
  // The package takes a 403 for a token that has run out, gets a new one, and tries once more.
  google.faults.add({ on: 'request', match: 'POST /calendar', do: 'status:403', times: 2 });
  await assert.rejects(insert(), failsAs('vendor_failed', /403 rateLimitExceeded/));
  google.faults.add({ on: 'request', match: 'POST /calendar', do: 'status:500' });
  await assert.rejects(insert(), failsAs('vendor_failed', /500/));
  google.faults.add({ on: 'stored', match: 'POST /calendar', do: 'stall' });
  await assert.rejects(
    calls.insert(OWNER, event, { timeoutMs: 100 }),
    failsAs('vendor_failed', /no answer/),
  );
  assert.equal(await insert(), 'exists', 'stored before the silence');
  google.expireAccessTokens();
  assert.equal(await insert(), 'exists', 'renewed at once');
  google.expireAccessTokens();
  google.faults.add({ on: 'request', match: 'POST /token', do: 'stall' });
  await assert.rejects(
    callsOf(google, refreshToken).list(OWNER, day, { timeoutMs: 100 }),
    failsAs('vendor_failed', /no answer/),
  );
  google.revokeAll(OWNER);
  const refused = await insert().catch((error: unknown) => error);
  assert.ok(failsAs('not_configured', /400 invalid_grant/)(refused));
  const shown = inspect(refused, { depth: 20 });
  for (const secret of [refreshToken, GOOGLE_KEY, 'Anna', 'ya29'])
    assert.ok(!shown.includes(secret), secret);
});

test('a service account reads what is shared with it, and asks nobody but Google for its token', async (t) => {
  const { google } = await startTestGoogle(t);
  const { client_email: email, private_key: privateKey } = google.serviceAccount('desk');
  const open = (name: string, key: string) =>
    openGoogleApi({
      clock: systemClock,
      account: name,
      endpoints: googleEndpoints(google.url),
      credentials: { kind: 'service_account', email: name, privateKey: key },
    });
  const calls = open(email, privateKey);
  await assert.rejects(calls.describe(OWNER, patient), failsAs('not_configured', /404/));
  google.diary(OWNER).shares.set(email, 'writer');
  const entry = await calls.describe(OWNER, patient);
  assert.deepEqual([entry.id, entry.writable, entry.zone], [OWNER, true, 'America/New_York']);
  assert.ok((await calls.insert(OWNER, event, patient)) !== 'exists');
  assert.equal((await calls.describe('primary', patient)).id, email);
  const other = google.serviceAccount('other').private_key;
  await assert.rejects(
    open(email, other).list(OWNER, day, patient),
    failsAs('not_configured', /invalid_grant/),
  );
});

test('the same client at an emulator made by others', async (t) => {
  const redirectUri = 'http://127.0.0.1:1/back';
  const { app, store } = createServer(googlePlugin, {});
  seedFromConfig(store, '', {
    users: [{ email: OWNER, name: 'Owner' }],
    oauth_clients: [
      { client_id: GOOGLE_CLIENT_ID, client_secret: GOOGLE_KEY, redirect_uris: [redirectUri] },
    ],
    calendars: [
      { id: 'primary', user_email: OWNER, summary: OWNER, primary: true, time_zone: 'UTC' },
    ],
  });
  const url = await serveFetch(t, (request) => app.fetch(request));
  // Its own idea of where tokens are.
  const endpoints = { ...googleEndpoints(url), token: `${url}/oauth2/token` };
  const client = { clientId: GOOGLE_CLIENT_ID, clientSecret: GOOGLE_KEY };
  const consent = openGoogleConsent({ clock: systemClock, redirectUri, endpoints, ...client });
  const screen = new URL(consent.url('state', 'v'.repeat(43)));
  assert.equal((await fetch(screen)).status, 200);
  const form = new URLSearchParams([...screen.searchParams, ['email', OWNER]]);
  const back = await fetch(`${url}/o/oauth2/v2/auth/callback`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  const code = new URL(back.headers.get('location')!).searchParams.get('code')!;
  const refreshToken = await consent.exchange(code, 'v'.repeat(43));
  const calls = openGoogleApi({
    clock: systemClock,
    account: OWNER,
    endpoints,
    credentials: { kind: 'oauth', refreshToken, ...client },
  });
  const [listed] = await calls.listCalendars(patient);
  assert.deepEqual([listed?.id, listed?.primary, listed?.writable], ['primary', true, true]);
  const made = await calls.insert('primary', event, patient);
  assert.ok(made !== 'exists');
  assert.deepEqual(made.interval, slot);
  assert.deepEqual((await calls.freeBusy(['primary'], day, patient)).get('primary'), [slot]);
  const { events } = await calls.list('primary', day, patient);
  assert.deepEqual(
    events.map(({ id: each, interval, blocks }) => [each, interval, blocks]),
    [[made.id, slot, true]],
  );
  await calls.remove('primary', made.id, patient);
  await calls.remove('primary', made.id, patient);
  assert.deepEqual((await calls.list('primary', day, patient)).events, []);
});
