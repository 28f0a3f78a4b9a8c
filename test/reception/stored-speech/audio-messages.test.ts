// Messages left as sound: kept with who called, told to the business, and put into words as soon as somebody can hear.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { parseWav } from '../../../src/pipeline/audio/wav.ts';
import type { Recording } from '../../../src/pipeline/whole-recording.ts';
import {
  keepAudioMessage,
  runMessageHearing,
} from '../../../src/reception/stored-speech/audio-messages.ts';
import type { MessageHearingParts } from '../../../src/reception/stored-speech/audio-messages.ts';
import { findMessageAudio } from '../../../src/store/calls/message-audio.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { VirtualClock } from '../../support/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import { saveTestClient } from '../../support/product/test-client.ts';
import { until } from '../../support/until.ts';

const samples = Int16Array.from({ length: 16_000 }, (_, at) => (at % 40 < 20 ? 8000 : -8000));

async function begin(t: { after(act: () => Promise<void>): void }) {
  const opened = await testDatabase();
  t.after(() => opened.close());
  const sql = opened.database.general;
  const { id: clientId } = await saveTestClient(sql, newId(systemClock.now()));
  const keep = (text: string) => {
    const by = {
      clientId,
      conversationId: null as unknown as string,
      callerName: '',
      callerPhone: '+15551234567',
      language: 'en-US',
    };
    const message = { samples, sampleRate: 8000, text };
    return keepAudioMessage({ sql, clock: systemClock }, by, message);
  };
  return { sql, clientId, keep };
}

async function messages(sql: Sql) {
  return await sql<{ id: string; name: string; text: string; due: boolean; attempts: number }[]>`
    SELECT m.id, m.name, m.text, a.hear_at IS NOT NULL AS due, a.attempts
    FROM messages m JOIN message_audio a ON a.message_id = m.id ORDER BY m.created_at`;
}

function hearing(sql: Sql, transcribe: MessageHearingParts['transcribe']) {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const running = runMessageHearing({ sql, clock, log: quietLog, transcribe }, stop.signal);
  return {
    clock,
    end: async () => {
      stop.abort(new Error('the test is over'));
      await running;
    },
  };
}

test('kept with its sound, and heard when that is possible again', async (t) => {
  const { sql, clientId, keep } = await begin(t);
  await keep('');
  const [kept] = await messages(sql);
  assert.deepEqual(
    { ...kept, id: undefined },
    { id: undefined, name: '+15551234567', text: '(voice message, 2 s)', due: true, attempts: 0 },
  );
  const audio = await findMessageAudio(sql, { id: kept!.id, clientId });
  assert.equal(audio?.length, 16_000);
  assert.equal(
    await findMessageAudio(sql, { id: kept!.id, clientId: newId(systemClock.now()) }),
    undefined,
  );

  const asked: Recording[] = [];
  const terms: string[] = [];
  let away = true;
  const { clock, end } = hearing(sql, async (recording, { keyterms }) => {
    asked.push(recording);
    terms.push(...(keyterms ?? []));
    if (away) throw new Error('still away');
    return { text: ' This is Anna. ', language: 'en', durationMs: 2000 };
  });
  await until('it is tried', () => asked.length === 1);
  // Not due again before half a minute has passed in the database.
  await clock.advance(15_000);
  assert.equal(asked.length, 1);
  away = false;
  await sql`UPDATE message_audio SET hear_at = clock_timestamp()`;
  await clock.advance(15_000);
  await until('it is tried again', () => asked.length === 2);
  await end();
  assert.equal(parseWav(asked[0]!.bytes).samples.length, 16_000);
  assert.ok(terms.length > 0);
  const [heard] = await messages(sql);
  assert.deepEqual([heard!.text, heard!.due, heard!.attempts], ['This is Anna.', false, 2]);
});

test('words that were heard at once are its text, and nothing is heard twice', async (t) => {
  const { sql, keep } = await begin(t);
  await keep('please call me back');
  const asked: Recording[] = [];
  const { clock, end } = hearing(sql, async (recording) => {
    asked.push(recording);
    return { text: 'x', language: 'en', durationMs: 0 };
  });
  await clock.advance(15_000);
  await end();
  assert.equal(asked.length, 0);
  const [message] = await messages(sql);
  assert.deepEqual([message!.text, message!.due], ['please call me back', false]);
});
