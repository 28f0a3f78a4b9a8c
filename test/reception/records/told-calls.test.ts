// A webhook hears that a call has begun while it runs, once; a client without one costs nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellStarted } from '../../../src/reception/records/told-calls.ts';
import { eventually, greeted } from '../../support/product/after-call.ts';
import { startDoors } from '../../support/product/doors.ts';

/** Nothing is sent: what waits is looked at. */
const receiver = 'http://127.0.0.1:9000';

test('a call is told of when it begins, and whoever calls', async (t) => {
  const doors = await startDoors(t, { env: { LOOPBACK_ORIGINS: receiver } });
  const { owner, clientId, rig } = doors;
  const mine = doors.as(owner);
  const own = `/api/clients/${clientId}`;
  await mine.patch(own, { phone_number: '+12025550174' });
  const set = await mine.put(`${own}/webhook`, { url: `${receiver}/calls` });
  assert.equal(set.status, 200, set.text);
  const ann = { phone_number: '+14155550123', name: 'Ann' };
  const known = await mine.post('/api/contacts', { client_id: clientId, ...ann });
  assert.equal(known.status, 201, known.text);
  const call = rig.call({ to: '+12025550174', from: '+14155550123', publicUrl: doors.url });
  await greeted(call);
  const sql = doors.database.general;
  const events = () => sql<{ payload: any }[]>`
    SELECT payload FROM outbox WHERE event = 'call.started'`;
  const [told] = await eventually('it is told', async () => {
    const rows = await events();
    return rows.length > 0 ? rows : undefined;
  });
  const [running] = (await mine.get('/api/active-calls')).json;
  const { id, contact_name: name, caller_phone: phone, channel, direction } = told!.payload;
  assert.deepEqual(
    [id, name, phone, channel, direction],
    [running.call_id, 'Ann', '+14155550123', 'phone', 'inbound'],
  );
  assert.equal(told!.payload.started_at, running.start_time);
  await tellStarted(sql, clientId, id);
  assert.equal((await events()).length, 1);
  call.hangUp();
  await call.ended;
});

test('without a webhook, or with one that is off, there is nothing to tell', async (t) => {
  const doors = await startDoors(t, { env: { LOOPBACK_ORIGINS: receiver } });
  const { owner, clientId } = doors;
  const sql = doors.database.general;
  const [{ id }] = await sql<[{ id: string }]>`
    INSERT INTO conversations (id, client_id) VALUES (gen_random_uuid(), ${clientId}) RETURNING id`;
  await tellStarted(sql, clientId, id);
  const path = `/api/clients/${clientId}/webhook`;
  await doors.as(owner).put(path, { url: `${receiver}/calls`, is_active: false });
  await tellStarted(sql, clientId, id);
  assert.equal((await sql`SELECT 1 FROM outbox WHERE event = 'call.started'`).length, 0);
});
