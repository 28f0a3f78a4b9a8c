// The Google stand-in keeps Google's rules: ids that stay taken, etags, sync tokens, free and busy, and faults after storing.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { GOOGLE_CLIENT_ID, startGoogle } from '../../../../sandbox/vendors/google/google.ts';
import type { GoogleOptions } from '../../../../sandbox/vendors/google/google.ts';

const KEY = 'the-secret-of-the-google-client';
const ANN = 'ann@example.com';
const SCOPES = ['calendar.events', 'calendar.freebusy', 'calendar.calendarlist.readonly'];
const scope = SCOPES.map((each) => `https://www.googleapis.com/auth/${each}`).join(' ');
const at = (hour: number) => ({ dateTime: `2027-03-01T${String(hour).padStart(2, '0')}:00:00Z` });
const slot = { summary: 'Cut', start: at(10), end: at(11) };
const EVENTS = `/calendars/${ANN}/events`;

async function start(
  t: { after(act: () => Promise<void>): void },
  options: Partial<GoogleOptions> = {},
  granted = scope,
) {
  const google = await startGoogle({ key: KEY, timeZone: 'Europe/Berlin', ...options });
  t.after(() => google.close());
  const url = new URL(`${google.url}/o/oauth2/v2/auth`);
  url.search = new URLSearchParams({
    client_id: GOOGLE_CLIENT_ID,
    response_type: 'code',
    redirect_uri: 'http://127.0.0.1:1/back',
    scope: granted,
    access_type: 'offline',
  }).toString();
  const back = google.consent(url.href, { email: ANN, name: 'Ann' });
  const code = new URL(back).searchParams.get('code')!;
  const first = await tokens({
    grant_type: 'authorization_code',
    code,
    redirect_uri: 'http://127.0.0.1:1/back',
  });
  let accessToken = first['access_token'] as string;
  return { google, ask, refresh, refreshToken: first['refresh_token'] as string };

  async function tokens(form: Record<string, string>) {
    const body = new URLSearchParams({
      client_id: GOOGLE_CLIENT_ID,
      client_secret: KEY,
      ...form,
    });
    const answer = await fetch(`${google.url}/token`, { method: 'POST', body });
    return (await answer.json()) as Record<string, unknown>;
  }
  async function refresh(refreshToken: string) {
    const given = await tokens({ grant_type: 'refresh_token', refresh_token: refreshToken });
    accessToken = String(given['access_token']);
    return given;
  }
  async function ask(method: string, to: string, body?: object, headers = {}) {
    const answer = await fetch(`${google.url}/calendar/v3${to}`, {
      method,
      headers: { authorization: `Bearer ${accessToken}`, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json: any = text === '' ? undefined : JSON.parse(text);
    return { status: answer.status, json, reason: json?.error?.errors?.[0]?.reason };
  }
}

test('a chosen id is taken for ever, also after the event is deleted', async (t) => {
  const { ask } = await start(t);
  const id = 'a'.repeat(32);
  assert.equal((await ask('POST', EVENTS, { id: 'not an id', ...slot })).status, 400);
  assert.equal((await ask('POST', EVENTS, { id, ...slot })).status, 200);
  assert.equal((await ask('POST', EVENTS, { id, ...slot })).reason, 'duplicate');
  assert.equal((await ask('DELETE', `${EVENTS}/${id}`)).status, 204);
  assert.equal((await ask('DELETE', `${EVENTS}/${id}`)).status, 410);
  assert.equal((await ask('POST', EVENTS, { id, ...slot })).status, 409);
  assert.equal((await ask('GET', `${EVENTS}/${id}`)).json.status, 'cancelled');
  assert.equal((await ask('GET', `${EVENTS}/${'b'.repeat(32)}`)).status, 404);
});

test('a change is refused with an old etag', async (t) => {
  const { ask } = await start(t);
  const made = (await ask('POST', EVENTS, slot)).json;
  const change = { start: at(12), end: at(13) };
  const first = await ask('PATCH', `${EVENTS}/${made.id}`, change, { 'if-match': made.etag });
  assert.deepEqual([first.status, first.json.start, first.json.summary], [200, at(12), 'Cut']);
  const second = await ask('PATCH', `${EVENTS}/${made.id}`, change, { 'if-match': made.etag });
  assert.equal(second.status, 412);
});

test('a sync token gives what has changed since, until it is forgotten', async (t) => {
  const { ask, google } = await start(t);
  const window = 'singleEvents=true&timeMin=2027-03-01T00:00:00Z&timeMax=2027-03-31T00:00:00Z';
  const all = (await ask('GET', `${EVENTS}?${window}`)).json;
  assert.deepEqual([all.items, all.timeZone], [[], 'Europe/Berlin']);
  const { id } = (await ask('POST', EVENTS, slot)).json;
  await ask('POST', EVENTS, {
    ...slot,
    start: { date: '2028-01-01' },
    end: { date: '2028-01-02' },
  });
  const since = (token: string) => ask('GET', `${EVENTS}?singleEvents=true&syncToken=${token}`);
  const changed = (await since(all.nextSyncToken)).json;
  assert.deepEqual(
    changed.items.map((each: { id: string }) => each.id),
    [id],
    'what is outside of the window of the first list stays outside',
  );
  await ask('DELETE', `${EVENTS}/${id}`);
  const [gone] = (await since(changed.nextSyncToken)).json.items;
  assert.deepEqual([gone.id, gone.status, gone.summary], [id, 'cancelled', undefined]);
  google.diary(ANN).forgetSyncTokens();
  assert.equal((await since(changed.nextSyncToken)).reason, 'fullSyncRequired');
});

test('free and busy: whole days, repetitions, what does not count, what cannot be read', async (t) => {
  const { ask, google } = await start(t);
  const diary = google.diary(ANN);
  diary.insert({ start: { date: '2027-03-02' }, end: { date: '2027-03-03' } });
  diary.insert({ ...slot, transparency: 'transparent' });
  diary.insert({ ...slot, status: 'tentative', start: at(8), end: at(9) });
  diary.insert({
    start: { dateTime: '2027-03-25T09:00:00+01:00' },
    end: { dateTime: '2027-03-25T10:00:00+01:00' },
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'],
  });
  diary.delete(diary.insert(slot).id);
  const asked = {
    timeMin: '2027-03-01T00:00:00Z',
    timeMax: '2027-04-30T00:00:00Z',
    items: [{ id: ANN }, { id: 'bob@example.com' }],
  };
  const { calendars } = (await ask('POST', '/freeBusy', asked)).json;
  assert.deepEqual(
    calendars[ANN].busy.map(({ start: from, end }: any) => [from.slice(5, 16), end.slice(5, 16)]),
    [
      ['03-01T08:00', '03-01T09:00'],
      // A day of Berlin, in winter.
      ['03-01T23:00', '03-02T23:00'],
      // Nine in the morning, before and after the clocks change.
      ['03-25T08:00', '03-25T09:00'],
      ['04-01T07:00', '04-01T08:00'],
    ],
  );
  assert.deepEqual(
    [calendars['bob@example.com'].busy, calendars['bob@example.com'].errors.length],
    [[], 1],
  );
  const long = await ask('POST', '/freeBusy', { ...asked, timeMax: '2028-01-01T00:00:00Z' });
  assert.equal(long.reason, 'timeRangeTooLong');
});

test('tokens: scopes, sharing, renewal, and the end of it', async (t) => {
  const { ask, google, refresh, refreshToken } = await start(t, {}, scope.split(' ')[1]);
  assert.equal((await ask('POST', EVENTS, slot)).reason, 'insufficientPermissions');
  assert.equal((await ask('GET', '/users/me/calendarList')).status, 403);
  google.expireAccessTokens();
  assert.equal((await ask('POST', '/freeBusy', {})).status, 401);
  await refresh(refreshToken);
  assert.equal((await ask('POST', '/freeBusy', {})).status, 400);
  google.revokeAll(ANN);
  assert.equal((await refresh(refreshToken))['error'], 'invalid_grant');
});

test('faults strike by name, before or after the work is done, and events outlive a restart', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'frontdesk-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'calendars.json');
  const { ask, google } = await start(t, { file });
  google.faults.add({ on: 'request', match: 'POST /calendar', do: 'status:403' });
  assert.equal((await ask('GET', EVENTS)).status, 200);
  assert.equal((await ask('POST', EVENTS, slot)).reason, 'rateLimitExceeded');
  assert.equal(google.diary(ANN).live.length, 0);
  google.faults.add({ on: 'stored', match: 'POST /calendar', do: 'status:500' });
  assert.equal((await ask('POST', EVENTS, slot)).status, 500);
  google.onRequest((what) => {
    if (what.startsWith('GET')) google.diary(ANN).insert(slot);
  });
  assert.equal((await ask('GET', EVENTS)).json.items.length, 2, 'a rival was quicker');
  await ask('POST', EVENTS, slot);
  const again = await start(t, { file });
  assert.equal(again.google.diary(ANN).live.length, 3);
});
