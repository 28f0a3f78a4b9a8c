// The gateway's services over HTTP: heard, answered and spoken, bounded, remembered for who asked, on the daily allowance.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseWav } from '../../../../src/pipeline/audio/wav.ts';
import { startDoors } from '../../../support/product/doors.ts';
import type { Doors } from '../../../support/product/doors.ts';
import type { TestUser } from '../../../support/product/api.ts';
import { m4aHead, recording, uploadOf, voicedWav, webmHead } from '../../../support/recording.ts';

const TRANSCRIBE = '/api/v1/audio/transcribe';

const upload = (doors: Doors, user: TestUser, audio: Uint8Array, fields = {}, query = '') =>
  doors.as(user).post(`${TRANSCRIBE}${query}`, undefined, uploadOf(audio, fields));

/** Whether somebody would hear something in this. */
function isAudible(base64: string): boolean {
  const { sampleRate, samples } = parseWav(Buffer.from(base64, 'base64'));
  assert.equal(sampleRate, 16_000);
  return samples.some((sample) => Math.abs(sample) > 2000);
}

async function used(doors: Doors, user: TestUser): Promise<number> {
  const [row] = await doors.database.general<{ used: number }[]>`
    SELECT used_seconds AS used FROM daily_usage WHERE subject = ${`user:${user.id}`}`;
  return row?.used ?? 0;
}

test('a recording is heard; the whole round trip is answered in words and aloud', async (t) => {
  const doors = await startDoors(t);
  const user = await doors.user();
  doors.rig.says.push('hello there', 'what is your name');
  doors.rig.openai.script('I am the assistant.');
  const heard = await upload(doors, user, recording('mp3'));
  assert.equal(heard.status, 200, heard.text);
  assert.deepEqual(heard.json, { transcript: 'Hello there.', detected_language: 'en' });
  assert.equal(await used(doors, user), 3, 'as long as the recording');

  const whole = await upload(doors, user, recording('ogg'), {
    full_round_trip: 'true',
    language: 'en',
  });
  assert.equal(whole.status, 200, whole.text);
  const { audio_b64: audio, ...rest } = whole.json as Record<string, unknown>;
  assert.deepEqual(rest, {
    transcript: 'What is your name?',
    detected_language: 'en',
    llm_response: 'I am the assistant.',
    sample_rate: 16_000,
  });
  assert.ok(isAudible(audio as string));
  const again = await upload(doors, user, recording('ogg'), {}, '?language=EN');
  assert.equal(again.headers.get('x-cache'), 'hit');
  assert.equal(again.json.detected_language, 'en', 'as ISO 639-1 writes it');
  doors.rig.says.push('I am somebody else');
  const stranger = await doors.user();
  const theirs = await upload(doors, stranger, recording('ogg'), {}, '?language=en');
  assert.equal(theirs.headers.get('x-cache'), 'miss', 'what one has sent is remembered for them');
  assert.equal(theirs.json.transcript, 'I am somebody else.');
});

test('real speech makes the round trip', async (t) => {
  const beside = new URL(
    '../../../../../shared/speech/phone/jambonz_speak_to_customer_support.wav',
    import.meta.url,
  );
  if (!existsSync(beside)) return t.skip('there are no recordings beside the project');
  const doors = await startDoors(t);
  const user = await doors.user();
  doors.rig.says.push('I want to speak to customer support');
  const whole = await upload(doors, user, readFileSync(beside), { full_round_trip: 'true' });
  assert.equal(whole.status, 200, whole.text);
  assert.ok((whole.json.llm_response as string).length > 5);
  assert.ok(isAudible(whole.json.audio_b64 as string));
});

test('a recording without words is answered without the model', async (t) => {
  const doors = await startDoors(t);
  const user = await doors.user();
  const whole = await upload(doors, user, voicedWav(500), {}, '?full_round_trip=True');
  assert.equal(whole.status, 200, whole.text);
  assert.equal(whole.json.transcript, '');
  assert.match(whole.json.llm_response as string, /sorry/i);
  assert.ok(isAudible(whole.json.audio_b64 as string));
  assert.equal(doors.rig.openai.requests.length, 0);
});

test('uploads that are no audio, too large, too long, or not in a language we have', async (t) => {
  const doors = await startDoors(t);
  const user = await doors.user();
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const cases: [name: string, answer: Promise<{ status: number; text: string }>, number, RegExp][] =
    [
      ['an image', upload(doors, user, png), 400, /"audio":.*a PNG image/],
      ['rubbish', upload(doors, user, Buffer.from([1, 2, 3])), 400, /"audio":.*no known kind/],
      ['nothing', upload(doors, user, Buffer.alloc(0)), 400, /"audio":.*empty/],
      ['an hour', upload(doors, user, m4aHead(3_600_000)), 413, /15 minutes/],
      ['a form the vendor cannot read', upload(doors, user, webmHead()), 400, /cannot be read/],
      [
        'Klingon',
        upload(doors, user, voicedWav(100), { language: 'tlh' }),
        400,
        /"language":.*en, es/,
      ],
      ['no code', upload(doors, user, voicedWav(100), { language: '../' }), 400, /"language"/],
      ['maybe', upload(doors, user, voicedWav(100), { full_round_trip: '1' }), 400, /full_round/],
      ['json', doors.as(user).post(TRANSCRIBE, { audio: 'x' }), 400, /multipart/],
      [
        'another name',
        doors.as(user).post(TRANSCRIBE, undefined, uploadOf(png, {}, 'file')),
        400,
        /"file"/,
      ],
      [
        'two files',
        doors.as(user).post(TRANSCRIBE, undefined, twice(uploadOf(png))),
        400,
        /One file/,
      ],
      [
        'letters only',
        upload(doors, user, voicedWav(100), { language: 'en-12' }),
        400,
        /"language"/,
      ],
      ['nobody', doors.as().post(TRANSCRIBE, undefined, uploadOf(png)), 401, /credentials/],
    ];
  for (const [name, asked, status, text] of cases) {
    const answer = await asked;
    assert.equal(answer.status, status, `${name}: ${answer.text}`);
    assert.match(answer.text, text, name);
  }
  assert.equal(await used(doors, user), 0, 'refusals cost nothing');
});

/** The same file once more. */
function twice({ raw, headers }: ReturnType<typeof uploadOf>) {
  const end = raw.lastIndexOf(0x0d, raw.length - 3);
  return { raw: Buffer.concat([raw.subarray(0, end + 2), raw]), headers };
}

test('forms that are malformed, cut short or endless', async (t) => {
  const doors = await startDoors(t);
  const user = await doors.user();
  const whole = uploadOf(voicedWav(200));
  const type = whole.headers['content-type'];
  const send = (raw: Uint8Array | string, contentType = type) =>
    doors.as(user).post(TRANSCRIBE, undefined, { raw, headers: { 'content-type': contentType } });
  const parts = Array.from(
    { length: 1000 },
    (_, n) => `--x\r\ncontent-disposition: form-data; name="f${n}"\r\n\r\n1\r\n`,
  );
  const cases: [name: string, answer: ReturnType<typeof send>, status: number][] = [
    ['cut short', send(whole.raw.subarray(0, 500)), 400],
    ['another boundary', send(whole.raw, 'multipart/form-data; boundary=other'), 400],
    ['no boundary', send(whole.raw, 'multipart/form-data'), 400],
    ['text', send('hello'), 400],
    ['half a pair', send('\ud800'), 400],
    ['empty', send(''), 400],
    [
      'a thousand parts',
      send(`${parts.join('')}--x--\r\n`, 'multipart/form-data; boundary=x'),
      413,
    ],
    ['26 MB', send(uploadOf(Buffer.alloc(26 * 1024 * 1024)).raw), 413],
  ];
  for (const [name, asked, status] of cases) {
    const answer = await asked;
    assert.equal(answer.status, status, `${name}: ${answer.text}`);
  }
});

test('the bot configuration binds size and languages', async (t) => {
  const doors = await startDoors(t);
  const user = await doors.user();
  await doors.database.general`
    INSERT INTO settings (scope, key, value)
    VALUES ('bot', 'max_file_size', '4000'), ('bot', 'supported_languages', '["fr"]')`;
  const large = await upload(doors, user, voicedWav(1000));
  assert.deepEqual([large.status, large.json.detail], [413, 'At most 4000 bytes.']);
  const english = await upload(doors, user, voicedWav(100), { language: 'en' });
  assert.match(english.text, /Supported are: fr/);
  doors.rig.says.push('bonjour');
  const french = await upload(doors, user, voicedWav(100), { language: 'fr' });
  assert.equal(french.json.detected_language, 'fr', french.text);
});

test('prompts are answered once and remembered for who asked', async (t) => {
  const doors = await startDoors(t);
  const [ann, bob] = [await doors.user(), await doors.user()];
  doors.rig.openai.script('Hello Ann.', 'Hello Bob.', 'Arr.');
  const ask = (user: TestUser) =>
    doors.as(user).post('/api/v1/llm/generate', { prompt: 'Hello, how are you?' });
  const first = await ask(ann);
  assert.deepEqual([first.status, first.json], [200, { text: 'Hello Ann.' }]);
  assert.equal(first.headers.get('x-cache'), 'miss');
  const again = await ask(ann);
  assert.deepEqual([again.json.text, again.headers.get('x-cache')], ['Hello Ann.', 'hit']);
  assert.equal((await ask(bob)).json.text, 'Hello Bob.');
  assert.deepEqual([await used(doors, ann), await used(doors, bob)], [10, 10]);
  // Another instruction is another question.
  await doors.as(ann).put('/api/users/preferences', { system_prompt_override: 'Be a pirate.' });
  assert.equal((await ask(ann)).json.text, 'Arr.');
  const [system] = doors.rig.openai.requests.at(-1)!.messages;
  assert.match(system!.content ?? '', /Be a pirate/);
});

test('a text is spoken at 16 kHz, in the voice asked for', async (t) => {
  const doors = await startDoors(t);
  const user = await doors.user();
  const speak = (body: object) => doors.as(user).post('/api/v1/tts/speak', body);
  const first = await speak({ text: 'Hello world', language: 'en', voice_id: 'default' });
  assert.equal(first.status, 200, first.text);
  assert.equal(first.json.sample_rate, 16_000);
  assert.ok(isAudible(first.json.audio_b64 as string));
  assert.equal(await used(doors, user), 1);
  const again = await speak({ text: 'Hello world', voice_id: 'default', language: 'en' });
  assert.equal(again.headers.get('x-cache'), 'hit');
  const other = await speak({ text: 'Hello world', voice_id: 'another-voice', language: 'en' });
  assert.equal(other.headers.get('x-cache'), 'miss');
  const stranger = doors.as(await doors.user());
  const same = { text: 'Hello world', voice_id: 'default', language: 'en' };
  const theirs = await stranger.post('/api/v1/tts/speak', same);
  assert.equal(theirs.headers.get('x-cache'), 'miss', 'nobody learns what others have had said');
  const long = await speak({ text: 'This is a sentence. '.repeat(25) });
  assert.equal(long.status, 200, long.text);
  const { samples } = parseWav(Buffer.from(long.json.audio_b64 as string, 'base64'));
  assert.ok(samples.length > 20 * 16_000, 'all of it');
  for (const [body, status] of [
    [{ text: '' }, 400],
    [{ text: '...' }, 400],
    [{ text: 'x', language: 'tlh' }, 400],
    [{ text: 'x', voice_id: 'a voice' }, 400],
    [{ text: 'x'.repeat(50_001) }, 400],
    [{ text: 'x'.repeat(50_000) }, 413],
    [{}, 400],
  ] as const) {
    assert.equal((await speak(body)).status, status, JSON.stringify(body).slice(0, 50));
  }
});

test('what fails is given back', async (t) => {
  const doors = await startDoors(t);
  const user = await doors.user();
  doors.rig.openai.faults.add({ on: 'request', do: 'status:500', times: 20, match: 'POST' });
  const failed = await doors.as(user).post('/api/v1/llm/generate', { prompt: 'Hello' });
  assert.equal(failed.status, 502);
  assert.equal(await used(doors, user), 0);
});

test('the allowance of a day ends', async (t) => {
  const doors = await startDoors(t);
  await doors.database.general`
    INSERT INTO settings (scope, key, value) VALUES ('system', 'daily_allowance_seconds', '5')`;
  const other = await doors.user();
  const calls = [
    doors.as(other).post('/api/v1/llm/generate', { prompt: 'Hello' }),
    doors.as(other).post('/api/v1/tts/speak', { text: 'x'.repeat(200) }),
  ];
  for (const answer of await Promise.all(calls)) {
    assert.equal(answer.status, 402);
    assert.match(answer.json.detail as string, /daily allowance of 5 seconds/);
  }
});

test('without a vendor the service says which key is missing', async (t) => {
  const doors = await startDoors(t, {
    env: { DEEPGRAM_API_KEY: '', CARTESIA_API_KEY: '', OPENAI_API_KEY: '' },
  });
  const user = await doors.user();
  const answers = [
    await upload(doors, user, voicedWav(100)),
    await doors.as(user).post('/api/v1/llm/generate', { prompt: 'Hello' }),
    await doors.as(user).post('/api/v1/tts/speak', { text: 'Hello' }),
  ];
  for (const { status, text } of answers) assert.equal(status, 503, text);
});

test('a spoken message of a chat is answered aloud', async (t) => {
  const doors = await startDoors(t);
  const { owner, clientId } = doors;
  doors.rig.says.push('when do you open');
  doors.rig.openai.script('We open at nine.');
  const audio = Buffer.from(recording('ogg')).toString('base64');
  const answer = await doors
    .as(owner)
    .post('/chat', { type: 'audio', content: audio, client_id: clientId });
  assert.equal(answer.status, 200, answer.text);
  const { type, content, text, transcript, sample_rate: rate } = answer.json;
  assert.deepEqual(
    [type, text, transcript, rate],
    ['audio', 'We open at nine.', 'When do you open?', 16_000],
  );
  assert.ok(isAudible(content as string));
  const [row] = await doors.database.general<{ delta: number }[]>`
    SELECT delta_seconds AS delta FROM ledger WHERE kind = 'chat'`;
  assert.equal(row!.delta, -20);
  const silent = await doors.as(owner).post('/chat', {
    type: 'audio',
    content: Buffer.from(voicedWav(300)).toString('base64'),
    client_id: clientId,
  });
  assert.deepEqual(
    [silent.status, silent.json],
    [400, { content: ['No words were heard in this recording.'] }],
  );
  const rubbish = await doors.as(owner).post('/chat', { type: 'audio', content: 'aGVsbG8=' });
  assert.match(rubbish.text, /"content":.*This file is text/);
});
