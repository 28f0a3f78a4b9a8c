// Stored speech that could not be made: owed, tried again, told to the owner when it takes long, and forgotten when it is there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { makeNext } from '../../../src/reception/stored-speech/owed-clips.ts';
import { VoiceClips } from '../../../src/reception/stored-speech/voice-clips.ts';
import { findClient } from '../../../src/store/clients/clients.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { testDatabase } from '../../support/database/database.ts';
import { saveTestClient } from '../../support/product/test-client.ts';

const directory = new URL('../../../assets/clips/', import.meta.url);

async function spanish(sql: Sql) {
  const { id } = await saveTestClient(sql, newId(systemClock.now()), { greeting: 'Hola.' });
  await sql`UPDATE clients SET language = 'es-ES' WHERE id = ${id}`;
  return (await findClient(sql, id))!;
}

/** As if it had been missing, and untried, for so long. */
async function passes(sql: Sql, minutes: number): Promise<void> {
  await sql`UPDATE clips_due SET since = since - make_interval(mins => ${minutes}), try_at = now()`;
}

const dueOf = (sql: Sql) => sql<{ attempts: number }[]>`SELECT attempts FROM clips_due`;
const noticesOf = (sql: Sql) =>
  sql<{ kind: string; text: string }[]>`SELECT kind, text FROM notices`;

test('a voice that is away is asked again until it is back; then callers hear their own language', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  let away = true;
  const clips = await VoiceClips.open({
    sql,
    clock: systemClock,
    log: quietLog,
    directory,
    openVoice: () => {
      if (away) return Promise.reject(new Error('away'));
      return Promise.resolve({
        async *synthesize(text: AsyncIterable<string>) {
          for await (const _ of text)
            yield { type: 'audio' as const, samples: new Int16Array(800).fill(4000) };
        },
        [Symbol.dispose]() {},
      });
    },
  });
  const parts = { sql, clock: systemClock, log: quietLog, clips };
  const client = await spanish(sql);
  assert.equal(await clips.make(client), false);
  assert.equal((await dueOf(sql)).length, 1);
  // Not yet.
  assert.equal(await makeNext(parts), false);
  await passes(sql, 5);
  assert.equal(await makeNext(parts), true);
  assert.deepEqual([...(await noticesOf(sql))], []);
  await passes(sql, 10);
  await makeNext(parts);
  await passes(sql, 0);
  await makeNext(parts);
  const notices = await noticesOf(sql);
  assert.deepEqual(
    notices.map(({ kind }) => kind),
    ['speech_missing'],
  );
  assert.match(notices[0]!.text, /an apology in English/);
  assert.equal((await clips.forCall(client)).givingUp.text.slice(0, 9), "I'm sorry");
  away = false;
  await passes(sql, 0);
  assert.equal(await makeNext(parts), true);
  assert.deepEqual([...(await dueOf(sql))], []);
  assert.equal((await clips.forCall(client)).givingUp.text.slice(0, 10), 'Lo siento,');
});

test('a client that is gone is owed nothing', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clips = { make: () => Promise.resolve(false) };
  const client = await spanish(sql);
  await sql`INSERT INTO clips_due (client_id, try_at) VALUES (${client.id}, now())`;
  await sql`UPDATE clients SET deleted_at = now() WHERE id = ${client.id}`;
  assert.equal(await makeNext({ sql, clock: systemClock, log: quietLog, clips }), true);
  assert.deepEqual([...(await dueOf(sql))], []);
});
