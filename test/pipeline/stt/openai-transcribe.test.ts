// OpenAI's transcription as a recogniser: which recordings are sent, when, and how it fails.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Channel } from '../../../src/lib/channel.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { vendor } from '../../../src/pipeline/stt/openai-transcribe.ts';
import { FLUSH } from '../../../src/pipeline/types.ts';
import type { CallerAudio, Transcript } from '../../../src/pipeline/types.ts';
import { hearingAlone } from '../../support/virtual-calls/chains.ts';
import { VirtualClock } from '../../support/clock.ts';
import { startTranscription } from '../../support/servers/transcription-server.ts';
import type { TranscriptionServer } from '../../support/servers/transcription-server.ts';
import { until } from '../../support/until.ts';
import { isVendorFailed, speechToTextContract } from '../contract/speech-to-text.ts';

const key = 'sk-secret';
const voice = new Int16Array(160).fill(3000);
const silence = new Int16Array(160);

let server: TranscriptionServer;
const closing: (() => void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await server.close();
});

speechToTextContract('openai-transcribe', async () => {
  server = await startTranscription();
  const mine = server;
  let text = '';
  mine.answer = () => text;
  return {
    speechToText: await hearingAlone('openai-transcribe', vendor, settings()),
    speech: (words) => {
      text = words;
      // Enough to be asked about while it goes on.
      return Array.from({ length: 60 }, () => voice);
    },
    connections: () => mine.answering.size,
    cut: () => mine.cut(),
    close: () => mine.close(),
  };
});

test('a recording when the caller pauses, with what came shortly before the voice', async () => {
  const { says, audio, heard } = await listen();
  server.answer = () => ' Yes please. ';
  says(silence, 2000);
  says(voice, 600);
  says(silence, 200);
  audio.push(FLUSH);
  await until('the words have come', () => heard.some((each) => flushed(each)));
  assert.deepEqual(server.asked, [
    { ms: 1200, model: 'gpt-4o-mini-transcribe', language: 'es', prompt: '' },
  ]);
  const last = heard.at(-1);
  assert.deepEqual(last, {
    type: 'words',
    text: 'Yes please.',
    final: true,
    flushed: true,
    words: [],
  });
});

test('silence is not sent: words would be made up for it', async () => {
  const { says, audio, heard } = await listen();
  server.answer = () => 'Thank you for watching.';
  says(silence, 3000);
  audio.push(FLUSH);
  await until('the flush is answered', () => heard.some((each) => flushed(each)));
  assert.deepEqual(server.asked, []);
});

test('names to listen for go with each recording, and are no words where it answers with them', async () => {
  const { says, audio, heard } = await listen(systemClock, ['Invisalign', 'Dr. Okonkwo']);
  const answers = ['Invisalign, Dr. Okonkwo.', 'With Dr. Okonkwo.'];
  server.answer = () => answers.shift() ?? '';
  for (let count = 1; count <= 2; count += 1) {
    says(voice, 600);
    audio.push(FLUSH);
    await until('the flush is answered', () => heard.filter(flushed).length === count);
  }
  assert.deepEqual(
    server.asked.map(({ prompt }) => prompt),
    ['Invisalign, Dr. Okonkwo.', 'Invisalign, Dr. Okonkwo.'],
  );
  assert.deepEqual(textsOf(heard.filter(flushed)), ['', 'With Dr. Okonkwo.']);
});

test('the words so far while the caller goes on, and none of them once they have paused', async () => {
  const { says, audio, heard } = await listen();
  server.answer = (ms) => (ms < 1500 ? 'I would like' : 'I would like to book a table.');
  says(voice, 1000);
  await until('words have come', () => heard.length === 1);
  assert.deepEqual(textsOf(heard), ['I would like']);
  says(voice, 900);
  audio.push(FLUSH);
  await until('the flush is answered', () => heard.some((each) => flushed(each)));
  assert.deepEqual(textsOf(heard), ['I would like', '', 'I would like to book a table.']);
});

test('a refusal, and no words in 3 s', async () => {
  const clock = new VirtualClock();
  const first = await listen(clock);
  server.stalled = true;
  first.says(voice, 400);
  first.audio.push(FLUSH);
  await until('it is asked', () => server.asked.length === 1);
  await clock.advance(3000);
  await assert.rejects(first.ended, /openai-transcribe: no words in 3000 ms/);
  const second = await listen();
  server.refuse = 401;
  second.says(voice, 400);
  second.audio.push(FLUSH);
  await assert.rejects(second.ended, (error: unknown) => {
    assert.ok(isVendorFailed(error) && error instanceof Error);
    return /refused with 401/.test(error.message) && !error.message.includes(key);
  });
});

test('an answer longer than anybody speaks is none', async () => {
  for (const length of [20_000, 2_000_000]) {
    const { says, audio, ended } = await listen();
    server.answer = () => 'x'.repeat(length);
    says(voice, 400);
    audio.push(FLUSH);
    await assert.rejects(ended, /openai-transcribe: the answer cannot be read/);
  }
});

function settings() {
  return { url: server.url, key, model: 'gpt-4o-mini-transcribe', voice: '' };
}

async function listen(clock: Clock = systemClock, keyterms: readonly string[] = []) {
  await server?.close().catch(() => {});
  server = await startTranscription();
  const stop = new AbortController();
  closing.push(() => stop.abort(new Error('the test is over')));
  const speechToText = await vendor.open(
    { ...settings(), keyterms },
    { clock, log: quietLog },
    stop.signal,
  );
  const audio = new Channel<CallerAudio>(10_000);
  const heard: Transcript[] = [];
  const options = { sampleRate: 8000, language: 'es-MX', signal: stop.signal };
  const ended = (async () => {
    for await (const each of speechToText.transcribe(audio, options)) heard.push(each);
  })();
  ended.catch(() => {});
  const says = (frame: Int16Array, ms: number) => {
    for (let at = 0; at < ms; at += 20) audio.push(frame);
  };
  return { audio, heard, ended, says };
}

function flushed(each: Transcript): boolean {
  return each.type === 'words' && each.flushed;
}

function textsOf(heard: readonly Transcript[]): string[] {
  return heard.flatMap((each) => (each.type === 'words' ? [each.text] : []));
}
