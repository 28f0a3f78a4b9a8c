// The outbox: each thing once, taken by one at a time, and given up where everybody can see it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/lib/ids.ts';
import {
  deleteOldDeliveries,
  enqueueSms,
  enqueueWebhook,
  findDelivery,
  listDeliveries,
  retryDelivery,
  settlePosting,
  takeDue,
} from '../../../src/store/service/outbox.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { bookingClient } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';

const take = (sql: Sql, max = 10) => takeDue(sql, max);
const to = '+14155550111';
const page = { limit: 10, offset: 0 };

test('the same key is sent once, and only where there is somebody to send to', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const sms = { clientId, to, body: 'Hello', dedupeKey: 'k' };
  assert.deepEqual([await enqueueSms(sql, sms), await enqueueSms(sql, sms)], [true, false]);
  const webhook = { clientId, event: 'message.created', data: {}, dedupeKey: 'k' };
  assert.equal(await enqueueWebhook(sql, webhook), false, 'there is no webhook');
  await sql`INSERT INTO webhook_endpoints (client_id, url, secret_sealed) VALUES (${clientId}, 'https://a.example.com', 's')`;
  assert.deepEqual(
    [await enqueueWebhook(sql, webhook), await enqueueWebhook(sql, webhook)],
    [true, false],
  );
  assert.deepEqual((await take(sql)).map(({ kind }) => kind).toSorted(), ['sms', 'webhook']);
});

test('what one has taken nobody else has, until the lease is over', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  for (let n = 0; n < 20; n += 1)
    await enqueueSms(sql, { clientId, to, body: `${n}`, dedupeKey: `${n}` });
  await enqueueSms(sql, {
    clientId,
    to,
    body: 'later',
    dedupeKey: 'l',
    notBefore: new Date('2999-01-01'),
  });
  const taken = await Promise.all(Array.from({ length: 8 }, () => take(sql, 5)));
  const ids = taken.flat().map(({ id }) => id);
  assert.deepEqual([ids.length, new Set(ids).size], [20, 20]);
  assert.deepEqual(await take(sql), []);
  await sql`UPDATE outbox SET not_before = clock_timestamp() WHERE id = ${ids[0]!}`;
  const [again] = await take(sql);
  assert.deepEqual([again?.id, again?.attempt], [ids[0], 2]);
});

test('who has much to send keeps nobody else waiting', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const [much, little] = [await bookingClient(sql), await bookingClient(sql)];
  for (let n = 0; n < 12; n += 1)
    await enqueueSms(sql, { clientId: much, to, body: `${n}`, dedupeKey: `${n}` });
  for (let n = 0; n < 2; n += 1)
    await enqueueSms(sql, { clientId: little, to, body: `${n}`, dedupeKey: `${n}` });
  const first = await take(sql, 4);
  assert.deepEqual(
    first.map(({ clientId }) => clientId).toSorted(),
    [much, much, little, little].toSorted(),
  );
  const texts = first.map((each) => (each.kind === 'sms' ? each.body : each.kind));
  assert.equal(texts.toSorted((a, b) => a.localeCompare(b)).join(), '0,0,1,1');
  assert.equal((await take(sql)).length, 10, 'and has all places where nobody else wants any');
});

test('a result counts once, and only from the one who holds the lease', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  await enqueueSms(sql, { clientId, to, body: 'x', dedupeKey: 'x', event: 'booking.confirmed' });
  const [first] = await take(sql);
  assert.ok(first);
  await sql`UPDATE outbox SET not_before = clock_timestamp()`;
  const [second] = await take(sql);
  assert.ok(second);
  await settlePosting(sql, first, { state: 'failed', error: 'late' });
  await settlePosting(sql, second, { state: 'waiting', error: 'no answer', waitSeconds: 30 });
  assert.deepEqual(await take(sql), [], 'it waits');
  await sql`UPDATE outbox SET not_before = clock_timestamp()`;
  const [third] = await take(sql);
  assert.ok(third);
  await settlePosting(sql, third, { state: 'delivered', carrierSid: 'SM1' });
  await settlePosting(sql, third, { state: 'failed', error: 'too late' });
  const { rows } = await listDeliveries(sql, { clientId, kind: 'sms' }, page);
  assert.deepEqual(
    rows.map(({ state, attempts, lastError, event }) => ({ state, attempts, lastError, event })),
    [{ state: 'delivered', attempts: 3, lastError: null, event: 'booking.confirmed' }],
  );
});

test('what was given up is seen, may be sent again, and is forgotten one day', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  await enqueueSms(sql, { clientId, to, body: 'x', dedupeKey: 'x' });
  const [taken] = await take(sql);
  assert.ok(taken);
  await settlePosting(sql, taken, { state: 'failed', error: 'The number does not exist.' });
  const { rows, total } = await listDeliveries(sql, { clientId, state: 'failed' }, page);
  assert.deepEqual([total, rows[0]?.lastError], [1, 'The number does not exist.']);
  const other = await bookingClient(sql);
  assert.equal(await retryDelivery(sql, { id: taken.id, clientId: other }), undefined);
  assert.equal((await retryDelivery(sql, { id: taken.id, clientId }))?.state, 'waiting');
  assert.equal((await retryDelivery(sql, { id: taken.id, clientId }))?.attempts, 0);
  const [again] = await take(sql);
  assert.deepEqual([again?.id, again?.attempt], [taken.id, 1]);
  await settlePosting(sql, again!, { state: 'dropped', error: 'x' });
  assert.equal((await retryDelivery(sql, { id: taken.id, clientId }))?.state, 'dropped');
  await deleteOldDeliveries(sql, 1);
  await sql`UPDATE outbox SET settled_at = settled_at - interval '2 days'`;
  await deleteOldDeliveries(sql, 1);
  assert.equal((await listDeliveries(sql, { clientId }, page)).total, 0);
});

test('what waits for another attempt is sent now, but not what is being sent, and nothing twice', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  await sql`INSERT INTO webhook_endpoints (client_id, url, secret_sealed) VALUES (${clientId}, 'https://now.example.com:8443/x', 's')`;
  await enqueueWebhook(sql, { clientId, event: 'x.y', data: { a: 1 }, dedupeKey: 'w' });
  const [taken] = await take(sql);
  assert.ok(taken);
  const retry = () => retryDelivery(sql, { id: taken.id, clientId });
  await retry();
  assert.deepEqual(await take(sql), [], 'it is being sent');
  const targetHost = 'before.example.com';
  const again = { state: 'waiting', error: 'No.', waitSeconds: 20, targetHost } as const;
  await settlePosting(sql, taken, again);
  const [listed] = (await listDeliveries(sql, { clientId, withPayload: false }, page)).rows;
  assert.deepEqual([listed?.payload, listed?.targetHost], [null, 'now.example.com:8443']);
  assert.ok(listed!.nextAttemptAt! > listed!.createdAt);
  await retry();
  await retry();
  const now = [...(await take(sql)), ...(await take(sql))];
  assert.deepEqual(
    now.map(({ id, attempt }) => [id, attempt]),
    [[taken.id, 2]],
  );
  await settlePosting(sql, now[0]!, { state: 'dropped', error: 'The webhook was switched off.' });
  const found = await findDelivery(sql, { id: taken.id, clientId });
  assert.deepEqual(
    [found?.payload, found?.targetHost, found?.nextAttemptAt],
    [{ a: 1 }, 'before.example.com', null],
  );
  assert.equal((await retry())?.state, 'waiting', 'it may have been switched on again');
  const [third] = await take(sql);
  await settlePosting(sql, third!, { state: 'delivered', targetHost });
  assert.equal((await retry())?.state, 'delivered');
  assert.equal(await findDelivery(sql, { id: taken.id, clientId: newId(0) }), undefined);
});
