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
import { keepRecordings } from '../../src/recording/keeper.ts';
import type { Bucket } from '../../src/recording/s3.ts';
import { openShelf } from '../../src/recording/shelf.ts';
import { endRecording, insertRecording, listRecordings } from '../../src/store/calls/recordings.ts';
import { updateClient } from '../../src/store/clients/owned-clients.ts';
import { bookingClient, conversationOf } from '../support/booking-client.ts';
import { testDatabase } from '../support/database.ts';

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
  const listed = async (conversationId: string) =>
    (await listRecordings(sql, { ownerId: undefined }, conversationId)).map(({ bytes, place }) => ({
      bytes,
      place,
    }));
  return { sql, record, keep, listed, clientId };
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
