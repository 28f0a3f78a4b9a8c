// Stored speech: spare recordings at once, the client's own voice from the second call on, and none of another client's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import type { TextToSpeech } from '../../../src/pipeline/types.ts';
import {
  disclosureVersion,
  greetingOf,
  VoiceClips,
} from '../../../src/reception/stored-speech/voice-clips.ts';
import { stockSentences } from '../../../src/reception/stored-speech/stock-sentences.ts';
import { findClient } from '../../../src/store/clients/clients.ts';
import type { Client } from '../../../src/store/clients/clients.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { testDatabase } from '../../support/database/database.ts';
import { saveTestClient } from '../../support/product/test-client.ts';

const directory = new URL('../../../assets/clips/', import.meta.url);

/** A voice that remembers what it was asked to say, and says one second of a tone. */
function recordingVoice() {
  const said: string[] = [];
  let open = 0;
  const voice: TextToSpeech & Disposable = {
    async *synthesize(text) {
      for await (const piece of text) {
        said.push(piece);
        yield { type: 'audio', samples: new Int16Array(8000).fill(4000) };
        yield { type: 'words', words: [{ text: piece, startMs: 0, endMs: 1000 }] };
      }
    },
    [Symbol.dispose]: () => void (open -= 1),
  };
  const openVoice = () => {
    open += 1;
    return Promise.resolve(voice);
  };
  return { said, openVoice, open: () => open };
}

async function clientOf(sql: Sql, greeting = 'Hello. How can I help?'): Promise<Client> {
  const { id } = await saveTestClient(sql, newId(systemClock.now()), { greeting });
  return (await findClient(sql, id))!;
}

test('a greeting of more than a minute is made in stretches that a voice can say', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const { said, openVoice } = recordingVoice();
  const clips = await VoiceClips.open({
    sql,
    clock: systemClock,
    log: quietLog,
    directory,
    openVoice,
  });
  const greeting = 'We are a practice of dentists in the middle of the town, by the river. '
    .repeat(14)
    .trim();
  const client = await clientOf(sql, greeting);
  assert.equal(await clips.make(client), true);
  assert.ok(Math.max(...said.map((piece) => piece.length)) <= 400);
  const made = (await clips.forCall(client)).greeting;
  assert.ok(typeof made !== 'string');
  assert.equal(made.text, greeting);
  assert.equal(made.words.map(({ text }) => text).join(''), greeting);
});

test("the first call has spare recordings, the second the client's voice; nothing is made twice", async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const voice = recordingVoice();
  const open = () =>
    VoiceClips.open({
      sql,
      clock: systemClock,
      log: quietLog,
      directory,
      openVoice: voice.openVoice,
    });
  const clips = await open();
  const client = await clientOf(sql);
  const before = await clips.forCall(client);
  assert.equal(before.greeting, 'Hello. How can I help?');
  assert.equal(before.apology.text, stockSentences.apology);
  assert.ok(before.apology.samples.length > 8000);
  assert.deepEqual(clips.spare(client).goodbye, before.goodbye);

  await Promise.all([clips.make(client), clips.make(client)]);
  const texts = ['Hello. How can I help?', ...Object.values(stockSentences)];
  assert.deepEqual(voice.said.toSorted(), texts.toSorted());
  assert.equal(voice.open(), 0);
  const after = await clips.forCall(client);
  assert.ok(typeof after.greeting !== 'string');
  assert.equal(after.greeting.text, 'Hello. How can I help?');
  assert.deepEqual(after.greeting.words, [
    { text: 'Hello. How can I help?', startMs: 0, endMs: 1000 },
  ]);

  assert.equal(after.goodbye.text, stockSentences.goodbye);
  const weCall = await clips.forCall(client, { outbound: true });
  assert.deepEqual(
    [weCall.goodbye, weCall.wrapUp, weCall.leaveMessage].map(({ text, words }) => [
      text,
      words.length,
    ]),
    [
      [stockSentences.goodbyeOutbound, 1],
      [stockSentences.wrapUpOutbound, 1],
      [stockSentences.leaveMessageOutbound, 1],
    ],
  );
  assert.deepEqual(weCall.apology, after.apology);
  const spare = clips.spare(client, { outbound: true });
  assert.equal(spare.leaveMessageOrPress.text, stockSentences.leaveMessageOrPressOutbound);

  // Another process finds them in the database.
  const again = await open();
  assert.ok(typeof (await again.forCall(client)).greeting !== 'string');
  await again.make(client);
  assert.equal(voice.said.length, texts.length);
  // Another client with the same words has a voice of its own.
  const other = await clientOf(sql);
  assert.equal(typeof (await again.forCall(other)).greeting, 'string');
});

test('a voice that fails leaves the spare recordings, and is tried at the next call', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  let tries = 0;
  const clips = await VoiceClips.open({
    sql,
    clock: systemClock,
    log: quietLog,
    directory,
    openVoice: () => {
      tries += 1;
      return Promise.reject(new Error('away'));
    },
  });
  const client = await clientOf(sql);
  await clips.make(client);
  await clips.make(client);
  assert.equal(tries, 2);
  assert.equal((await clips.forCall(client)).stillThere.text, stockSentences.stillThere);
});

test('who is listening is said before the closing question', () => {
  const client = { name: 'Bright', language: 'en-US', disclosure: 'I am a machine.' } as Client;
  const table: [greeting: string, heard: string][] = [
    ['Hello. How can I help?', 'Hello. I am a machine. How can I help?'],
    ['How can I help?', 'I am a machine. How can I help?'],
    ['Hello there.', 'Hello there. I am a machine.'],
    ['', 'Thank you for calling Bright. I am a machine. How can I help you?'],
  ];
  for (const [initialGreeting, heard] of table) {
    assert.equal(greetingOf({ ...client, initialGreeting }), heard);
  }
  assert.equal(greetingOf({ ...client, initialGreeting: 'Hi?', disclosure: '' }), 'Hi?');
  assert.equal(disclosureVersion({ ...client, disclosure: '' }), null);
  assert.match(disclosureVersion(client)!, /^[0-9a-f]{12}$/);
});
