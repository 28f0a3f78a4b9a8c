// What an owner does with the day's work: moves and cancels appointments, reads messages, names people to transfer to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../../../support/product/api.ts';
import { booking, startBusiness, tomorrow } from '../../../support/product/business.ts';

test('appointments are moved where nothing is, and cancelled', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const mine = api.as(owner);
  const ids = await startBusiness(api, owner);
  const path = `/api/clients/${ids.client_id}/bookings`;
  const later = await booking(api.database.general, ids.client_id, {
    startMs: tomorrow(2),
    name: 'Bob',
  });
  const starts = async (query = '') =>
    (await mine.get(`${path}${query}`)).json.map(({ id, starts_at: at, status }: any) => [
      id,
      Date.parse(at),
      status,
    ]);
  assert.deepEqual(await starts(), [
    [ids.booking_id, tomorrow(), 'confirmed'],
    [later, tomorrow(2), 'confirmed'],
  ]);
  const at = (ms: number) => ({ starts_at: new Date(ms).toISOString() });
  assert.equal((await mine.patch(`${path}/${later}`, at(tomorrow()))).status, 409);
  assert.equal((await mine.patch(`${path}/${later}`, at(0))).status, 400);
  for (const far of ['9999-12-31T23:59:59Z', '2090-01-01T00:00:00Z', '2026-02-30T10:00:00Z']) {
    const { status, json } = await mine.patch(`${path}/${later}`, { starts_at: far });
    assert.deepEqual([status, Object.keys(json)], [400, ['starts_at']], far);
  }
  const moved = await mine.patch(`${path}/${later}`, at(tomorrow(1)));
  assert.deepEqual(
    [moved.status, Date.parse(moved.json.ends_at) - Date.parse(moved.json.starts_at)],
    [200, 1_800_000],
  );
  assert.equal((await mine.delete(`${path}/${ids.booking_id}`)).status, 200);
  assert.deepEqual(await starts('?status=confirmed'), [[later, tomorrow(1), 'confirmed']]);
  assert.deepEqual(await starts('?status=cancelled'), [[ids.booking_id, tomorrow(), 'cancelled']]);
  assert.equal((await mine.patch(`${path}/${ids.booking_id}`, at(tomorrow(3)))).status, 409);
  assert.equal((await mine.patch(`${path}/${later}`, at(tomorrow()))).status, 200);
  const until = new Date(tomorrow()).toISOString();
  assert.deepEqual(await starts(`?until=${until}`), []);
  assert.equal((await mine.get(`${path}?limit=1`)).headers.get('x-total-count'), '2');
});

test('what a caller was promised and is not certain yet is listed, marked, and can be cancelled', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const mine = api.as(owner);
  const ids = await startBusiness(api, owner);
  const sql = api.database.general;
  const own = `/api/clients/${ids.client_id}`;
  const add = (hour: number, promised: boolean) =>
    booking(sql, ids.client_id, { startMs: tomorrow(hour), name: 'Bob', promised });
  const promised = await add(-1, true);
  const onlyHeld = await add(2, true);
  await sql`UPDATE bookings SET promised_at = NULL WHERE id = ${onlyHeld}`;
  const told = await add(3, false);
  await sql`UPDATE bookings SET event_due = 'insert' WHERE id = ${told}`;
  const states = async (query = '') =>
    (await mine.get(`${own}/bookings${query}`)).json.map(({ id, status, waiting }: any) => [
      id,
      status,
      waiting,
    ]);
  assert.deepEqual(await states(), [
    [promised, 'held', true],
    [ids.booking_id, 'confirmed', false],
    [told, 'confirmed', true],
  ]);
  assert.deepEqual(await states('?status=held'), [
    [promised, 'held', true],
    [onlyHeld, 'held', false],
  ]);
  assert.equal((await mine.get(`${own}/bookings/${promised}`)).json.waiting, true);
  const overview = async () => (await mine.get('/api/overview')).json;
  const { appointments, clients } = await overview();
  assert.deepEqual(
    appointments.map(({ id, status }: any) => [id, status]),
    [
      [promised, 'held'],
      [ids.booking_id, 'confirmed'],
      [told, 'confirmed'],
    ],
  );
  assert.equal(clients[0].bookings, 3);
  const address = (await mine.post(`${own}/calendar/feed`)).json.url as string;
  const feed = await (await fetch(api.url + new URL(address).pathname)).text();
  assert.equal(feed.match(/BEGIN:VEVENT/g)?.length, 3);
  assert.equal(feed.match(/STATUS:TENTATIVE/g)?.length, 1);
  assert.equal((await mine.delete(`${own}/bookings/${promised}`)).status, 200);
  assert.deepEqual((await states())[0], [promised, 'cancelled', false]);
  assert.equal((await overview()).appointments.length, 2);
});

test('messages are read, marked and deleted', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const mine = api.as(owner);
  const ids = await startBusiness(api, owner);
  const path = `/api/clients/${ids.client_id}/messages`;
  const count = async (query: string) => (await mine.get(`${path}?${query}`)).json.length;
  assert.equal(await count('unread=true'), 1);
  const read = await mine.patch(`${path}/${ids.message_id}`, { read: true });
  assert.ok(read.json.read_at);
  assert.deepEqual([await count('unread=true'), await count('unread=false')], [0, 1]);
  assert.deepEqual((await mine.patch(`${path}/${ids.message_id}`, { read: true })).json, read.json);
  assert.equal((await mine.patch(`${path}/${ids.message_id}`, { read: false })).json.read_at, null);
  assert.equal(
    (await mine.patch(`${path}/${ids.message_id}`, { read: true, text: 'x' })).status,
    400,
  );
  assert.equal(read.json.has_audio, true);
  const sound = await fetch(`${api.url}${path}/${ids.message_id}/audio`, {
    headers: { authorization: `Bearer ${owner.accessToken}` },
  });
  assert.deepEqual([sound.status, sound.headers.get('content-type')], [200, 'audio/wav']);
  assert.equal((await sound.arrayBuffer()).byteLength, 44 + 1600);
  assert.equal((await mine.delete(`${path}/${ids.message_id}`)).status, 200);
  assert.equal((await mine.delete(`${path}/${ids.message_id}`)).status, 404);
});

test('people to transfer to are named in order, each number once', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const mine = api.as(owner);
  const client = (await mine.post('/api/clients', { name: 'Acme' })).json;
  const path = `/api/clients/${client.id}/transfer-targets`;
  const ruiz = { name: 'Dr. Ruiz', phone_number: '(202) 555-0145', position: 2 };
  const made = await mine.post(path, ruiz);
  assert.deepEqual([made.status, made.json.phone_number], [201, '+12025550145']);
  assert.equal((await mine.post(path, ruiz)).status, 400);
  const first = (await mine.post(path, { name: 'Desk', phone_number: '+12025550146' })).json;
  const names = async () => (await mine.get(path)).json.map(({ name }: { name: string }) => name);
  assert.deepEqual(await names(), ['Desk', 'Dr. Ruiz']);
  await mine.patch(`${path}/${first.id}`, { position: 9, is_active: false });
  assert.deepEqual(await names(), ['Dr. Ruiz', 'Desk']);
  assert.equal((await mine.patch(`${path}/${first.id}`, { client_id: client.id })).status, 400);
  assert.equal((await mine.delete(`${path}/${first.id}`)).status, 200);
  assert.deepEqual(await names(), ['Dr. Ruiz']);
});
