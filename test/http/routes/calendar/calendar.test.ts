// What an owner does with the calendar: connects it at Google, chooses what is written to and watched, looks at the week,
// subscribes to it, parts from it. With a service account, too, and the account of the server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOOGLE_CLIENT_ID, startGoogle } from '../../../../sandbox/vendors/google/google.ts';
import type { GoogleStandIn } from '../../../../sandbox/vendors/google/google.ts';
import { startTestApi } from '../../../support/product/api.ts';
import type { Requests, TestApi } from '../../../support/product/api.ts';
import { eventually } from '../../../support/product/after-call.ts';
import { booking, startBusiness, tomorrow } from '../../../support/product/business.ts';
import { GOOGLE_KEY, OWNER } from '../../../support/bookings/google.ts';

const HOUR = 3_600_000;

async function start(
  t: { after(act: () => Promise<void>): void },
  env: (google: GoogleStandIn) => Record<string, string> = () => ({}),
) {
  const google = await startGoogle({ key: GOOGLE_KEY });
  t.after(() => google.close());
  const api = await startTestApi(t, {
    env: {
      GOOGLE_BASE_URL: google.url,
      GOOGLE_CLIENT_ID,
      GOOGLE_CLIENT_SECRET: GOOGLE_KEY,
      ...env(google),
    },
  });
  const owner = await api.user();
  const mine = api.as(owner);
  const ids = await startBusiness(api, owner, { word: 'cleaning' });
  return { api, google, owner, mine, ids, path: `/api/clients/${ids.client_id}/calendar` };
}

/** Through the consent screen and back, as a program. */
async function connect(mine: Requests, google: GoogleStandIn, path: string, email = OWNER) {
  const begun = await mine.post(`${path}/oauth/initiate`);
  assert.equal(begun.status, 200, begun.text);
  const back = new URL(google.consent(begun.json.authorization_url, { email, name: 'Owner' }));
  return mine.get(back.pathname + back.search);
}

const synced = (mine: Requests, path: string) =>
  eventually('the first look at Google', async () => {
    const { json } = await mine.get(`${path}/status`);
    return json.synced_at === null ? undefined : json;
  });

/** Until Google has as many events as that. */
const events = (google: GoogleStandIn, count: number) =>
  eventually(`${count} events`, async () => {
    const { live } = google.diary(OWNER);
    return live.length === count ? live : undefined;
  });

async function timesOf(api: TestApi, clientId: string) {
  const rows = await api.database.general<{ status: string }[]>`
    SELECT status FROM bookings WHERE client_id = ${clientId} ORDER BY created_at`;
  return rows.map(({ status }) => status);
}

test('connected: appointments go to Google, and what is there is seen', async (t) => {
  const { api, google, mine, ids, path } = await start(t);
  const before = await mine.get(`${path}/status`);
  assert.deepEqual(
    [before.json.has_credentials, before.json.state, before.json.fallback_available],
    [false, 'not_connected', false],
  );
  assert.deepEqual((await mine.get(`${path}/calendars`)).json, []);
  google.diary(OWNER).insert({
    summary: 'the dentist goes to the dentist',
    start: { dateTime: new Date(tomorrow(3)).toISOString() },
    end: { dateTime: new Date(tomorrow(4)).toISOString() },
  });
  const page = await connect(mine, google, path);
  assert.equal(page.status, 200, page.text);
  const status = await synced(mine, path);
  assert.deepEqual(
    [
      status.has_credentials,
      status.credential_type,
      status.state,
      status.account,
      status.calendar.id,
    ],
    [true, 'oauth', 'connected', OWNER, OWNER],
  );
  // The appointment that was there before has come along.
  const live = await events(google, 2);
  assert.equal(live.at(-1)!.summary, 'cleaning');
  const day = new Date(tomorrow()).toISOString().slice(0, 10);
  const view = await mine.get(`${path}/days?from=${day}&days=1`);
  assert.deepEqual(
    view.json.bookings.map((each: any) => [each.id, each.status, each.waiting]),
    [[ids.booking_id, 'confirmed', false]],
  );
  assert.deepEqual(
    view.json.busy.map((each: any) => [Date.parse(each.starts_at), Date.parse(each.ends_at)]),
    [[tomorrow(3), tomorrow(4)]],
  );
  assert.doesNotMatch(view.text, /dentist goes/);
  const bookings = `/api/clients/${ids.client_id}/bookings/${ids.booking_id}`;
  const onto = { starts_at: new Date(tomorrow(3.5)).toISOString() };
  assert.equal((await mine.patch(bookings, onto)).status, 409, 'busy at Google');
  const to = { starts_at: new Date(tomorrow(5)).toISOString() };
  assert.equal((await mine.patch(bookings, to)).status, 200);
  const event = google.diary(OWNER).get(ids.booking_id.replaceAll('-', ''))!;
  assert.equal(Date.parse(event.start.dateTime!), tomorrow(5));
  assert.equal((await mine.delete(bookings)).status, 200);
  await events(google, 1);
  assert.deepEqual(await timesOf(api, ids.client_id), ['cancelled']);
});

test('an owner moves an appointment while Google does not answer: once, and Google is told later', async (t) => {
  const { google, mine, ids, path } = await start(t);
  await connect(mine, google, path);
  await synced(mine, path);
  await events(google, 1);
  google.faults.add({ on: 'request', match: 'PATCH', do: 'status:500', times: 99 });
  const bookings = `/api/clients/${ids.client_id}/bookings`;
  const to = { starts_at: new Date(tomorrow(5)).toISOString() };
  const moved = await mine.patch(`${bookings}/${ids.booking_id}`, to);
  assert.deepEqual(
    [moved.status, Date.parse(moved.json.starts_at), moved.json.status, moved.json.waiting],
    [200, tomorrow(5), 'confirmed', true],
  );
  const [listed] = (await mine.get(bookings)).json;
  assert.deepEqual(listed, moved.json);
});

test('disconnected: the consent is taken back at Google, and appointments stay', async (t) => {
  const { api, google, mine, ids, path } = await start(t);
  assert.equal((await mine.delete(`${path}/credentials`)).status, 404);
  await connect(mine, google, path);
  await synced(mine, path);
  assert.equal((await mine.get(`${path}/calendars`)).json.length, 1);
  const ended = await mine.delete(`${path}/credentials`);
  assert.deepEqual(ended.json, { message: 'Calendar credentials revoked successfully' });
  const { json } = await mine.get(`${path}/status`);
  assert.deepEqual(
    [json.has_credentials, json.state, json.calendar],
    [false, 'not_connected', null],
  );
  assert.deepEqual(await timesOf(api, ids.client_id), ['confirmed']);
  assert.equal((await mine.get(`/api/clients/${ids.client_id}/bookings`)).json.length, 1);
  const left = await api.database.general`SELECT 1 FROM calendar_credentials`;
  assert.equal(left.length, 0);
  // It can be connected again, and nothing is there twice.
  assert.equal((await connect(mine, google, path)).status, 200);
  await synced(mine, path);
  await eventually('Google to be told', async () => {
    const { json: now } = await mine.get(`${path}/status`);
    return now.waiting_bookings === 0 ? now : undefined;
  });
  assert.equal(google.diary(OWNER).live.length, 1);
});

test('a client that is deleted leaves no key behind', async (t) => {
  const { api, google, mine, ids, path } = await start(t);
  await connect(mine, google, path);
  assert.equal((await mine.delete(`/api/clients/${ids.client_id}`)).status, 200);
  await eventually('the end of the credentials', async () => {
    const left = await api.database.general`SELECT 1 FROM calendar_credentials`;
    return left.length === 0 ? true : undefined;
  });
});

test('one calendar is written to, others are watched, for all or for one', async (t) => {
  const { google, mine, ids, path } = await start(t);
  await connect(mine, google, path);
  const team = google.diary('team@group.calendar.google.com', { owner: OWNER, summary: 'Team' });
  const other = google.diary('anna@example.com');
  other.shares.set(OWNER, 'reader');
  other.insert({
    start: { dateTime: new Date(tomorrow(2)).toISOString() },
    end: { dateTime: new Date(tomorrow(3)).toISOString() },
  });
  const listed = await mine.get(`${path}/calendars`);
  assert.deepEqual(listed.json.map((each: any) => [each.name, each.writable]).toSorted(), [
    ['Team', true],
    ['anna@example.com', false],
    [OWNER, true],
  ]);
  const choose = (body: object) => mine.put(`${path}/calendars`, body);
  assert.deepEqual((await choose({ write: 'anna@example.com' })).json, {
    write: ['Frontdesk may read this calendar, but not write to it.'],
  });
  assert.ok((await choose({ write: 'stranger@example.com' })).json.write);
  assert.ok((await choose({ write: team.id, watch: [{ id: 'stranger@example.com' }] })).json.watch);
  const chairs = { resources: [{ name: 'Anna' }, { name: 'Ben' }] };
  const chosen = await choose({ write: team.id, watch: [{ id: 'anna@example.com', resource: 0 }] });
  assert.deepEqual(
    [chosen.json.calendar.name, chosen.json.watched],
    ['Team', [{ id: 'anna@example.com', resource: 0 }]],
  );
  assert.equal((await mine.put(`${path}/resources`, chairs)).json.length, 2);
  await synced(mine, path);
  const day = new Date(tomorrow()).toISOString().slice(0, 10);
  const busy = await eventually('what Anna does', async () => {
    const { json } = await mine.get(`${path}/days?from=${day}&days=1`);
    return json.busy.length > 0 ? json.busy : undefined;
  });
  assert.deepEqual(
    busy.map((each: any) => [Date.parse(each.starts_at), each.resource]),
    [[tomorrow(2), 0]],
  );
  // What was in the calendar before has moved, and is not in both.
  await eventually('the event to move', async () =>
    team.live.length === 1 && google.diary(OWNER).live.length === 0 ? true : undefined,
  );
  // The same by the client's settings, as other programs do it; and a name that cannot be had.
  const settings = `/api/clients/${ids.client_id}`;
  await mine.patch(settings, { calendar_id: OWNER });
  await eventually('the event to move back', async () =>
    team.live.length === 0 && google.diary(OWNER).live.length === 1 ? true : undefined,
  );
  await mine.patch(settings, { calendar_id: 'stranger@example.com' });
  await eventually('a notice', async () => {
    const { json } = await mine.get('/api/notices');
    return json.find(({ kind }: { kind: string }) => kind === 'calendar_not_linked');
  });
  assert.equal((await mine.get(`${path}/status`)).json.calendar.id, OWNER);
});

test('another calendar chosen while the first is being written to: the appointment is in that one, and only there', async (t) => {
  const { google, mine, path } = await start(t);
  const writing = Promise.withResolvers<void>();
  const chosen = Promise.withResolvers<void>();
  google.onRequest(async (what) => {
    if (!what.startsWith('POST ') || !what.includes(encodeURIComponent(OWNER))) return;
    writing.resolve();
    await chosen.promise;
  });
  await connect(mine, google, path);
  const team = google.diary('team@group.calendar.google.com', { owner: OWNER, summary: 'Team' });
  await writing.promise;
  assert.equal((await mine.put(`${path}/calendars`, { write: team.id })).status, 200);
  chosen.resolve();
  await eventually('the event to move', async () =>
    team.live.length === 1 && google.diary(OWNER).live.length === 0 ? true : undefined,
  );
});

test('a service account: four fields are kept, sealed; not one of its addresses is asked', async (t) => {
  const { api, google, mine, ids, path } = await start(t);
  const file = google.serviceAccount('desk');
  const upload = (given: object) =>
    mine.post(`${path}/service-account`, { service_account_json: JSON.stringify(given) });
  for (const [wrong, why] of [
    [{ ...file, type: 'authorized_user' }, /type service_account/],
    [{ ...file, type: 'external_account', credential_source: { url: google.url } }, /type/],
    [{ ...file, client_email: 'ann@example.com' }, /client_email/],
    [{ ...file, private_key: 'none' }, /private_key/],
    [[], /key file/],
  ] as const) {
    const answer = await upload(wrong);
    assert.equal(answer.status, 400, answer.text);
    assert.match(String(answer.json.service_account_json), why);
  }
  const canary = await startGoogle({ key: 'a canary that nobody may ask' });
  t.after(() => canary.close());
  const uploaded = await upload({
    ...file,
    token_uri: `${canary.url}/token`,
    auth_uri: canary.url,
  });
  assert.deepEqual(uploaded.json, {
    message: 'Service account uploaded successfully',
    service_account_email: file.client_email,
  });
  assert.equal((await mine.get(`${path}/status`)).json.state, 'choose');
  const refused = await mine.put(`${path}/calendars`, { write: OWNER });
  assert.equal(refused.status, 400, 'not shared yet');
  google.diary(OWNER).shares.set(file.client_email, 'writer');
  assert.equal((await mine.put(`${path}/calendars`, { write: OWNER })).status, 200);
  const status = await synced(mine, path);
  assert.deepEqual(
    [status.credential_type, status.account],
    ['service_account', file.client_email],
  );
  await events(google, 1);
  assert.equal(canary.counts.requests, 0);
  const [row] = await api.database.general<{ sealed: string }[]>`
    SELECT sealed FROM calendar_credentials WHERE client_id = ${ids.client_id}`;
  assert.doesNotMatch(row!.sealed, /PRIVATE|gserviceaccount/);
});

test('the account of the server is lent for an address that is proved, or by an administrator', async (t) => {
  const { api, google, owner, mine, ids, path } = await start(t, (standIn) => ({
    GOOGLE_SERVICE_ACCOUNT_JSON: JSON.stringify(standIn.serviceAccount('house')),
  }));
  const { json } = await mine.get(`${path}/status`);
  assert.deepEqual(
    [json.fallback_available, json.fallback_account],
    [true, 'house@sandbox.iam.gserviceaccount.com'],
  );
  google.diary(OWNER).shares.set(json.fallback_account, 'writer');
  assert.deepEqual((await mine.get(`${path}/calendars`)).json, [], 'it sees those of others');
  const choose = (who: Requests) => who.put(`${path}/calendars`, { write: OWNER });
  assert.equal((await choose(mine)).status, 403, "anybody's calendar may be shared with it");
  const admin = api.as(await api.user({ role: 'admin' }));
  assert.equal((await choose(admin)).json.via, 'fallback');
  await api.database.general`
    UPDATE users SET google_subject = 'subject', email = ${OWNER} WHERE id = ${owner.id}`;
  assert.equal((await choose(mine)).status, 200, 'the owner of that very address');
  await synced(mine, path);
  await events(google, 1);
  assert.equal((await mine.delete(`${path}/credentials`)).status, 200);
  assert.equal((await api.as(owner).get(`${path}/status`)).json.calendar, null);
  assert.ok(ids.client_id);
});

test('the week from its Monday, in the zone of the client, with its hours', async (t) => {
  const { mine, ids, path } = await start(t);
  await mine.patch(`/api/clients/${ids.client_id}`, { zone: 'America/New_York' });
  const spring = (await mine.get(`${path}/days?from=2027-03-14&days=1`)).json;
  assert.equal(Date.parse(spring.ends_at) - Date.parse(spring.starts_at), 23 * HOUR);
  const week = (await mine.get(`${path}/days`)).json;
  assert.equal(new Date(`${week.from}T12:00:00Z`).getUTCDay(), 1);
  assert.ok(week.open.length >= 5);
  for (const wrong of ['from=2027-02-30', 'from=next', 'days=0', 'days=43']) {
    assert.equal((await mine.get(`${path}/days?${wrong}`)).status, 400, wrong);
  }
});

test('a feed: whoever has the address reads it, and only as long as it is the address', async (t) => {
  const { api, mine, ids, path } = await start(t);
  await booking(api.database.general, ids.client_id, {
    startMs: tomorrow(2),
    name: 'Ann\r\nATTENDEE:mailto:x@example.com, Jr; \\ "Q"',
    phone: '+14155550111',
  });
  assert.deepEqual((await mine.get(`${path}/feed`)).json, { url: null, created_at: null });
  const read = async (url: string) => {
    const { pathname } = new URL(url);
    return api.as().get(pathname);
  };
  const first = (await mine.post(`${path}/feed`)).json.url as string;
  const feed = await read(first);
  assert.match(feed.headers.get('content-type')!, /^text\/calendar/);
  assert.match(feed.text, /^BEGIN:VCALENDAR\r\n/);
  assert.equal(feed.text.match(/BEGIN:VEVENT/g)?.length, 2);
  assert.match(feed.text, /SUMMARY:cleaning\r\n/);
  assert.doesNotMatch(feed.text, /^ATTENDEE/m);
  assert.equal((await mine.get(`${path}/feed`)).json.url, first);
  const second = (await mine.post(`${path}/feed`)).json.url as string;
  assert.notEqual(second, first);
  assert.equal((await read(first)).status, 404);
  assert.equal((await read(second)).status, 200);
  await mine.delete(`/api/clients/${ids.client_id}/bookings/${ids.booking_id}`);
  assert.match((await read(second)).text, /STATUS:CANCELLED/);
  assert.equal((await mine.delete(`${path}/feed`)).status, 200);
  assert.equal((await read(second)).status, 404);
  assert.notEqual((await mine.post(`${path}/feed`)).json.url, second);
  for (const wrong of ['/calendar/feeds/x.ics', '/i/x', `/i/${'A'.repeat(43)}`]) {
    assert.equal((await api.as().get(wrong)).status, 404, wrong);
  }
});

test('without a registration at Google it says what is missing', async (t) => {
  const api = await startTestApi(t);
  const mine = api.as(await api.user());
  const { id } = (await mine.post('/api/clients', { name: 'Acme' })).json;
  const answer = await mine.post(`/api/clients/${id}/calendar/oauth/initiate`);
  assert.deepEqual(
    [answer.status, answer.json.detail],
    [503, 'Google Calendar is not configured: GOOGLE_CLIENT_ID is missing.'],
  );
});
