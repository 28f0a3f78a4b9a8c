// Deepgram Aura as a voice: what it is asked, and every way in which it fails. What voices over HTTP share is tested here.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { AppError } from '../../../src/lib/errors.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { vendor } from '../../../src/pipeline/tts/deepgram-aura.ts';
import { encodeMulaw } from '../../../src/pipeline/audio/mulaw.ts';
import { VirtualClock } from '../../support/clock.ts';
import { LETTER_MS, startHttpVoice } from '../../support/servers/http-voice-server.ts';
import type { HttpVoiceServer } from '../../support/servers/http-voice-server.ts';
import { until } from '../../support/until.ts';
import { isVendorFailed } from '../contract/speech-to-text.ts';
import { audioOf, speaking, textToSpeechContract } from '../contract/text-to-speech.ts';

const key = 'dg-secret';
const LETTER_BYTES = LETTER_MS * 8;

let server: HttpVoiceServer;

afterEach(() => server.close());

/** Texts are said without the spaces around them: they are put back where a text ends. */
function readAloud(samples: readonly Int16Array[]): string {
  const bytes = Buffer.concat(samples.map((each) => encodeMulaw(each)));
  let text = '';
  for (let at = 0; at < bytes.length; at += LETTER_BYTES) text += String.fromCharCode(bytes[at]!);
  return text.replaceAll(/\.(?=\S)/g, '. ');
}

textToSpeechContract('deepgram-aura', async () => {
  const voice = await open();
  return {
    textToSpeech: voice,
    read: readAloud,
    // Connections are kept for the next turn; what counts is that nothing is being said on them.
    connections: () => server.answering.size,
    contexts: () => server.answering.size,
    cut: () => server.cut(),
    close: () => server.close(),
  };
});

describe('what deepgram-aura is asked', () => {
  test('mu-law without a head, the voice as the model, the key in a header only', async () => {
    const { text, ended } = await begin();
    text.push('Good morning. ');
    text.push('How are you?');
    text.end();
    await ended;
    assert.deepEqual(
      server.requests.map(({ body }) => JSON.parse(body)),
      [{ text: 'Good morning.' }, { text: 'How are you?' }],
    );
    const [request] = server.requests;
    const query = Object.fromEntries(new URL(request!.url, 'http://x').searchParams);
    assert.deepEqual(query, {
      model: 'aura-2-thalia-en',
      encoding: 'mulaw',
      sample_rate: '8000',
      container: 'none',
    });
    assert.equal(request?.headers.authorization, `Token ${key}`);
    assert.ok(!request?.url.includes(key));
  });
});

describe('how deepgram-aura fails', () => {
  test('a refusal, with the status and the wait it asks for', async () => {
    const { text, ended } = await begin();
    server.refuse = 429;
    text.push('Good morning.');
    text.end();
    await assert.rejects(ended, (error: unknown) => {
      assert.ok(error instanceof AppError && error.code === 'vendor_failed');
      assert.equal(error.message, 'deepgram-aura: refused with 429 {"error":"no such thing"}');
      assert.deepEqual(error.upstream, { status: 429, retryAfterMs: 3000 });
      return true;
    });
  });

  test('no sound in 2 s', async () => {
    const clock = new VirtualClock();
    const { text, ended } = await begin({ clock });
    server.stalled = true;
    text.push('Good morning.');
    text.end();
    await until('it is asked', () => server.answering.size === 1);
    await clock.advance(2000);
    await assert.rejects(ended, /deepgram-aura: nothing for 2000 ms/);
    await until('it is told', () => server.answering.size === 0);
    assert.equal(clock.pending, 0);
  });

  for (const [what, type, body, reason] of [
    [
      'a page',
      'text/html; charset=utf-8',
      '<html>Sign in</html>',
      /answers with text\/html; charset=utf-8 in place of sound/,
    ],
    [
      'an error',
      'application/problem+json',
      '{"error":"oh no"}',
      /answers with application\/problem\+json in place/,
    ],
    ['nothing', 'audio/basic', '', /deepgram-aura: no sound/],
  ] as const) {
    test(`${what} in place of sound`, async () => {
      const { text, ended, speech } = await begin();
      server.instead = { status: 200, headers: { 'content-type': type }, body };
      text.push('Good morning.');
      text.end();
      await assert.rejects(ended, reason);
      assert.deepEqual(speech, []);
    });
  }

  test('another address: what is said does not go there', async () => {
    const { text, ended } = await begin();
    const other = await startHttpVoice({ rate: 8000, mulaw: true, textOf: () => 'x' });
    try {
      server.instead = { status: 307, headers: { location: `${other.url}/v1/speak` }, body: '' };
      text.push('Good morning.');
      text.end();
      await assert.rejects(ended, /deepgram-aura: refused with 307/);
      assert.deepEqual([server.requests.length, other.requests.length], [1, 0]);
    } finally {
      await other.close();
    }
  });

  test('an answer that breaks off', async () => {
    const { text, ended, speech } = await begin();
    server.cutAt = 'r';
    text.push('Good morning.');
    text.end();
    await assert.rejects(ended, isVendorFailed);
    assert.ok(audioOf(speech).length > 0);
  });

  test('nobody there', async () => {
    server = await startHttpVoice({ rate: 8000, mulaw: true, textOf: (body) => body['text']! });
    await server.close();
    await assert.rejects(
      open(systemClock, server),
      /deepgram-aura: .*(ECONNREFUSED|Connection refused)/,
    );
  });
});

async function open(clock = systemClock, at?: HttpVoiceServer) {
  server =
    at ?? (await startHttpVoice({ rate: 8000, mulaw: true, textOf: (body) => body['text']! }));
  const settings = { url: server.url, key, model: 'aura-2', voice: 'aura-2-thalia-en' };
  return vendor.open(settings, { clock, log: quietLog }, new AbortController().signal);
}

async function begin({ clock = systemClock }: { clock?: typeof systemClock } = {}) {
  return speaking({ textToSpeech: await open(clock) });
}
