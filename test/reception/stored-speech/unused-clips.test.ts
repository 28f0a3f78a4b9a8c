// Stored speech that nobody needs any more goes after a month; what a call could need now stays, also while it is being deleted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { forgetUnusedClips } from '../../../src/reception/stored-speech/unused-clips.ts';
import { VoiceClips, clipKeysOf } from '../../../src/reception/stored-speech/voice-clips.ts';
import { deleteUnusedClips } from '../../../src/store/clients/clips.ts';
import { findClient } from '../../../src/store/clients/clients.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { testDatabase } from '../../support/database/database.ts';
import { saveTestClient } from '../../support/product/test-client.ts';

const directory = new URL('../../../assets/clips/', import.meta.url);

function openClips(sql: Sql): Promise<VoiceClips> {
  return VoiceClips.open({
    sql,
    clock: systemClock,
    log: quietLog,
    directory,
    openVoice: () =>
      Promise.resolve({
        async *synthesize(text: AsyncIterable<string>) {
          for await (const _ of text)
            yield { type: 'audio' as const, samples: new Int16Array(800).fill(4000) };
        },
        [Symbol.dispose]() {},
      }),
  });
}

async function clientWith(sql: Sql, greeting: string) {
  const { id } = await saveTestClient(sql, newId(systemClock.now()), { greeting });
  return (await findClient(sql, id))!;
}

const passMonth = (sql: Sql) => sql`UPDATE clips SET used_at = used_at - interval '31 days'`;
const textsOf = async (sql: Sql) =>
  new Set((await sql<{ text: string }[]>`SELECT text FROM clips`).map(({ text }) => text));

test('an old greeting and a deleted client’s speech go after a month, what clients need stays', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clips = await openClips(sql);
  const client = await clientWith(sql, 'Hello of last year.');
  const gone = await clientWith(sql, 'Hello of somebody who left.');
  assert.deepEqual([await clips.make(client), await clips.make(gone)], [true, true]);
  await sql`UPDATE clients SET initial_greeting = 'Hello of today.' WHERE id = ${client.id}`;
  await sql`UPDATE clients SET deleted_at = now() WHERE id = ${gone.id}`;
  const now = (await findClient(sql, client.id))!;
  await clips.make(now);
  const parts = { sql, clock: systemClock, log: quietLog };
  await forgetUnusedClips(parts);
  assert.ok((await textsOf(sql)).has('Hello of last year.'), 'it may be wanted again');
  await passMonth(sql);
  await forgetUnusedClips(parts);
  const left = await textsOf(sql);
  assert.equal(left.has('Hello of last year.') || left.has('Hello of somebody who left.'), false);
  const stored = await sql<{ key: string }[]>`SELECT key FROM clips ORDER BY 1`;
  assert.deepEqual(
    stored.map(({ key }) => key),
    clipKeysOf(now).toSorted(),
  );
});

test('who goes back to a greeting just as it is deleted has it made anew, and no call is silent meanwhile', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clips = await openClips(sql);
  const client = await clientWith(sql, 'Hello of last year.');
  await clips.make(client);
  await sql`DELETE FROM clips`;
  // Another process, which has nothing in memory.
  const other = await openClips(sql);
  const call = await other.forCall(client);
  assert.equal(call.greeting, 'Hello of last year.', 'said live');
  assert.ok(call.goodbye.samples.length > 0);
  // This one has all of it in memory still.
  assert.equal(await clips.make(client), true);
  assert.ok((await textsOf(sql)).has('Hello of last year.'));
});

test('a clip that is needed again is not deleted by who found it unused a moment before', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clips = await openClips(sql);
  const client = await clientWith(sql, 'Hello.');
  await clips.make(client);
  await passMonth(sql);
  await sql.begin(async (tx) => {
    await tx`UPDATE clips SET used_at = clock_timestamp()`;
    assert.equal(await deleteUnusedClips(sql, 30), 0, 'they are held');
  });
  assert.equal(await deleteUnusedClips(sql, 30), 0);
  assert.equal((await sql`SELECT 1 FROM clips`).length, clipKeysOf(client).length);
});
