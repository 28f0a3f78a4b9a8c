// Recordings are finished when their process died, moved to the bucket, and forgotten in time and with their conversation.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { AppError } from '../../src/lib/errors.ts';
import { newId } from '../../src/lib/ids.ts';
import { quietLog } from '../../src/lib/log.ts';
import { keepRecordings, removeMoved } from '../../src/recording/keeper.ts';
import type { Bucket } from '../../src/recording/s3.ts';
import { openShelf } from '../../src/recording/shelf.ts';
import { endRecording, insertRecording, listRecordings } from '../../src/store/calls/recordings.ts';
import { updateClient } from '../../src/store/clients/owned-clients.ts';
import { bookingClient, conversationOf } from '../support/bookings/booking-client.ts';
import { testDatabase } from '../support/database/database.ts';

async function start(t: TestContext, bucket?: Bucket) {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const folder = mkdtempSync(path.join(tmpdir(), 'frontdesk-keeper-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const shelf = openShelf(folder, bucket);
  const clientId = await bookingClient(sql);
  const record = async (bytes = 100, ended = true) => {
    const id = newId(systemClock.now());
    const conversationId = await conversationOf(sql, clientId).catch(() => newConversation());
    const file = await shelf.create(id);
    await file.write(new Uint8Array(bytes));
    await file.close();
    await insertRecording(sql, { id, clientId, conversationId, sampleRate: 8000, keepDays: 30 });
    if (ended) await endRecording(sql, id, bytes);
    return { id, conversationId, file: path.join(folder, 'recordings', `${id}.ulaw`) };
  };
  const newConversation = async () => {
    const id = newId(systemClock.now());
    await sql`INSERT INTO conversations (id, client_id) VALUES (${id}, ${clientId})`;
    return id;
  };
  const keep = () => keepRecordings({ sql, clock: systemClock, log: quietLog, shelf });
  const removeLeft = () => removeMoved({ sql, shelf });
  const listed = async (conversationId: string) =>
    (await listRecordings(sql, { ownerId: undefined }, conversationId)).map(({ bytes, place }) => ({
      bytes,
      place,
    }));
  return { sql, record, keep, removeLeft, listed, clientId };
}

test('sound goes with its conversation, and with its time', async (t) => {
  const { sql, record, keep, listed } = await start(t);
  const [deleted, old, kept] = [await record(), await record(), await record()];
  await sql`DELETE FROM conversations WHERE id = ${deleted.conversationId}`;
  await sql`UPDATE recordings SET keep_until = clock_timestamp() - interval '1 second' WHERE id = ${old.id}`;
  assert.deepEqual(await listed(old.conversationId), [], 'not heard from then on');
  await keep();
  assert.deepEqual(
    [deleted, old, kept].map(({ file }) => existsSync(file)),
    [false, false, true],
  );
  const rows = await sql`SELECT id FROM recordings`;
  assert.deepEqual(
    rows.map(({ id }) => id),
    [kept.id],
  );
});

test('fewer days hold for what is kept already, more days do not', async (t) => {
  const { sql, record, keep, listed, clientId } = await start(t);
  const [old, fresh] = [await record(), await record()];
  await sql`UPDATE recordings SET started_at = started_at - interval '3 days',
    keep_until = keep_until - interval '3 days' WHERE id = ${old.id}`;
  const days = (recordingDays: number) =>
    updateClient(sql, { ownerId: undefined }, clientId, {
      settings: { recordingDays },
      hours: undefined,
    });
  await days(3650);
  await days(4);
  assert.equal((await listed(old.conversationId)).length, 1, 'a day is left of it');
  await days(2);
  assert.deepEqual(await listed(old.conversationId), []);
  await keep();
  assert.deepEqual([existsSync(old.file), existsSync(fresh.file)], [false, true]);
  await days(3650);
  const [{ kept }] = await sql<[{ kept: string }]>`
    SELECT (keep_until - started_at)::text AS kept FROM recordings`;
  assert.equal(kept, '2 days', 'its caller was told that long, or less');
});

test('what a dead process has recorded is heard', async (t) => {
  const { sql, record, keep, listed } = await start(t);
  const { conversationId } = await record(321, false);
  await keep();
  assert.deepEqual(await listed(conversationId), [], 'it may still run');
  await sql`UPDATE recordings SET started_at = started_at - interval '1 hour'`;
  await sql`UPDATE conversations SET ended_at = clock_timestamp() - interval '2 minutes'`;
  await keep();
  assert.deepEqual(await listed(conversationId), [{ bytes: 321, place: 'disk' }]);
});

test('what is done is moved to the bucket once it takes it, and removed from there', async (t) => {
  const objects = new Map<string, number>();
  let away = true;
  const bucket: Bucket = {
    async put(key, _file, bytes) {
      if (away) throw new AppError('vendor_failed', 'away');
      objects.set(key, bytes);
    },
    read: () => Promise.reject(new Error('not read here')),
    async remove(key) {
      objects.delete(key);
    },
  };
  const { sql, record, keep, listed } = await start(t, bucket);
  const { id, conversationId, file } = await record(100);
  await keep();
  assert.deepEqual([objects.size, existsSync(file)], [0, true]);
  away = false;
  await keep();
  assert.deepEqual([objects.get(id), existsSync(file)], [100, false]);
  assert.deepEqual(await listed(conversationId), [{ bytes: 100, place: 's3' }]);
  await sql`DELETE FROM conversations WHERE id = ${conversationId}`;
  await keep();
  assert.equal(objects.size, 0);
});

/** More than are looked at in one go. */
const MANY = 60;

test('what lies on another machine does not keep what lies here from being looked after', async (t) => {
  const objects = new Set<string>();
  const bucket: Bucket = {
    async put(key) {
      objects.add(key);
    },
    read: () => Promise.reject(new Error('not read here')),
    async remove(key) {
      objects.delete(key);
    },
  };
  const { sql, record, keep, listed } = await start(t, bucket);
  const elsewhere = async (ended: boolean) => rmSync((await record(100, ended)).file);
  for (let count = 0; count < MANY; count += 1) await elsewhere(true);
  for (let count = 0; count < MANY; count += 1) await elsewhere(false);
  const [done, dead] = [await record(100), await record(321, false)];
  await sql`UPDATE recordings SET started_at = started_at - interval '1 hour'`;
  await sql`UPDATE conversations SET ended_at = clock_timestamp() - interval '2 minutes'`;
  await keep();
  assert.deepEqual([...objects].toSorted(), [done.id, dead.id].toSorted());
  assert.deepEqual(await listed(dead.conversationId), [{ bytes: 321, place: 's3' }]);
});

test('sound in a bucket that is configured no more keeps no other from being forgotten', async (t) => {
  const { sql, record, keep } = await start(t);
  for (let count = 0; count < MANY; count += 1) rmSync((await record()).file);
  await sql`UPDATE recordings SET place = 's3'`;
  const old = await record();
  await sql`UPDATE recordings SET keep_until = clock_timestamp() - interval '1 second'`;
  await keep();
  assert.equal(existsSync(old.file), false);
});

test('a file is removed by the machine that has it, and what no machine has is forgotten at last', async (t) => {
  const { sql, record, keep } = await start(t);
  const old = await record();
  rmSync(old.file);
  const rows = async () => (await sql`SELECT 1 FROM recordings`).length;
  await sql`UPDATE recordings SET keep_until = clock_timestamp() - interval '1 second'`;
  await keep();
  assert.equal(await rows(), 1, 'the other machine may be away for a while');
  await sql`UPDATE recordings SET keep_until = clock_timestamp() - interval '8 days'`;
  await keep();
  assert.equal(await rows(), 0);
});

test('a process that dies while it moves a file to the bucket leaves none behind', async (t) => {
  const { sql, record, removeLeft } = await start(t);
  const [kept, moved] = [await record(), await record()];
  await sql`UPDATE recordings SET place = 's3' WHERE id = ${moved.id}`;
  await removeLeft();
  assert.deepEqual(
    [kept, moved].map(({ file }) => existsSync(file)),
    [true, false],
  );
});
