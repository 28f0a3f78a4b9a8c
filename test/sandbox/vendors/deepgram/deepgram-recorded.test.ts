// Files heard by the sandbox: decoded in every form that npm can, refused by name in others, as Deepgram refuses.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openGrammarHearing } from '../../../../sandbox/speech/grammar-hearing.ts';
import { scriptedHearing } from '../../../../sandbox/speech/scripted-hearing.ts';
import { startDeepgram } from '../../../../sandbox/vendors/deepgram/deepgram.ts';
import { m4aHead, recording, voicedWav, webmHead } from '../../../support/recording.ts';

const key = 'key';

interface Heard {
  results: { channels: { alternatives: { transcript: string }[]; detected_language?: string }[] };
  metadata: { duration: number };
}

async function hear(url: string, bytes: Uint8Array, query = 'detect_language=true') {
  const response = await fetch(`${url}/v1/listen?model=nova-3&smart_format=true&${query}`, {
    method: 'POST',
    headers: { authorization: `Token ${key}` },
    body: bytes,
  });
  return { status: response.status, json: (await response.json()) as Heard & { err_msg?: string } };
}

test('real speech in each form is heard', async (t) => {
  const hearing = await openGrammarHearing();
  t.after(() => hearing.close());
  const deepgram = await startDeepgram({ key, hearing });
  t.after(() => deepgram.close());
  for (const format of ['mp3', 'ogg', 'flac'] as const) {
    const { status, json } = await hear(deepgram.url, recording(format));
    assert.equal(status, 200);
    const [channel] = json.results.channels;
    assert.match(channel!.alternatives[0]!.transcript, /book an appointment/i, format);
    assert.equal(channel!.detected_language, 'en');
    assert.ok(Math.abs(json.metadata.duration - 2.25) < 0.1);
  }
});

test('what cannot be decoded is refused by name', async (t) => {
  const deepgram = await startDeepgram({
    key,
    hearing: scriptedHearing({ texts: [], delayMs: 0 }),
  });
  t.after(() => deepgram.close());
  const files: [bytes: Uint8Array, why: RegExp][] = [
    [m4aHead(1000), /cannot decode m4a/],
    [webmHead(), /cannot decode webm/],
    [Buffer.from('hello'), /not known/],
    [recording('flac').subarray(0, 60), /flac/],
  ];
  for (const [bytes, why] of files) {
    const { status, json } = await hear(deepgram.url, bytes);
    assert.equal(status, 400);
    assert.match(json.err_msg ?? '', why);
  }
  const silent = await hear(deepgram.url, voicedWav(300), 'language=en');
  assert.deepEqual(silent.json.results.channels[0]!.detected_language, undefined);
  const stranger = await fetch(`${deepgram.url}/v1/listen`, { method: 'POST', body: 'x' });
  assert.equal(stranger.status, 401);
});

test('a real recording from beside the project', async (t) => {
  const file = new URL('../../../../../shared/speech/misc/jfk.flac', import.meta.url);
  if (!existsSync(file)) return t.skip('there are no recordings beside the project');
  const deepgram = await startDeepgram({
    key,
    hearing: scriptedHearing({ texts: ['and so my fellow americans'], delayMs: 0 }),
  });
  t.after(() => deepgram.close());
  const { json } = await hear(deepgram.url, readFileSync(file));
  assert.equal(json.metadata.duration, 11);
});
