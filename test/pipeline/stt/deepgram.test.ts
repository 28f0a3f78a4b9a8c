// Deepgram's version 1 as a recogniser: what it is sent, what is understood, and every way in which it fails.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { Channel } from '../../../src/lib/channel.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { vendor } from '../../../src/pipeline/stt/deepgram.ts';
import { FLUSH } from '../../../src/pipeline/types.ts';
import type { CallerAudio, Transcript } from '../../../src/pipeline/types.ts';
import { hearingAlone } from '../../support/virtual-calls/chains.ts';
import { settle, VirtualClock } from '../../support/clock.ts';
import { startDeepgram } from '../../support/servers/deepgram-server.ts';
import type { DeepgramServer } from '../../support/servers/deepgram-server.ts';
import { until } from '../../support/until.ts';
import { isVendorFailed, speechToTextContract } from '../contract/speech-to-text.ts';

const key = 'dg-secret';
const frame = new Int16Array(160).fill(1000);

let server: DeepgramServer;
const closing: (() => void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await server.close();
});

speechToTextContract('deepgram', async () => {
  const deepgram = await startDeepgram();
  server = deepgram;
  let text = '';
  deepgram.onMessage = (type) => {
    if (type === 'audio' && text !== '') {
      deepgram.sayWords(text);
      deepgram.sayWords(text, { final: true });
      text = '';
    } else if (type === 'Finalize') deepgram.sayWords('', { final: true, finalized: true });
    else if (type === 'CloseStream') deepgram.end();
  };
  const settings = { url: deepgram.url, key, model: 'nova-3', voice: '' };
  return {
    speechToText: await hearingAlone('deepgram', vendor, settings),
    speech: (words) => {
      text = words;
      return [frame, frame, frame];
    },
    connections: () => deepgram.sockets.size,
    cut: () => deepgram.cut(),
    close: () => deepgram.close(),
  };
});

describe('what deepgram is sent', () => {
  test('the settings that our turn-taking relies on, and the key in a header only', async () => {
    const { ended, audio } = await listen({ model: 'nova-2-phonecall', language: 'es-ES' });
    const [usual, wanted] = server.requests;
    assert.equal(usual?.headers.authorization, `Token ${key}`);
    assert.ok(!usual?.url.includes(key));
    const query = Object.fromEntries(new URL(wanted?.url ?? '', 'http://x').searchParams);
    assert.deepEqual(query, {
      // The model for telephones knows English only.
      model: 'nova-2',
      language: 'es',
      encoding: 'mulaw',
      sample_rate: '8000',
      channels: '1',
      interim_results: 'true',
      punctuate: 'true',
      numerals: 'true',
      smart_format: 'false',
      endpointing: 'false',
      vad_events: 'false',
    });
    server.onMessage = () => server.end();
    audio.end();
    await ended;
  });

  test('mu-law, 60 ms at a time, and never an empty message', async () => {
    const { audio, ended } = await listen();
    audio.push(new Int16Array(0));
    audio.push(FLUSH);
    await until('the flush has come', () => server.received.length === 1);
    for (let i = 0; i < 7; i += 1) audio.push(frame);
    audio.push(FLUSH);
    await until('the flush has come', () => server.received.length === 3);
    assert.deepEqual(
      server.audio.map((bytes) => bytes.length),
      [480, 480, 160],
    );
    // 1000 in mu-law: ITU-T G.711.
    assert.equal(server.audio[0]?.[0], 0xce);
    server.onMessage = () => server.end();
    audio.end();
    await ended;
    assert.deepEqual(server.received, ['Finalize', 'audio', 'Finalize', 'CloseStream']);
  });

  test('16-bit samples where the line is not a telephone', async () => {
    const { audio, ended } = await listen({ sampleRate: 16_000 });
    assert.match(server.requests[1]?.url ?? '', /encoding=linear16&sample_rate=16000/);
    audio.push(new Int16Array(960).fill(0x0102));
    await until('audio has come', () => server.audio.length === 1);
    assert.equal(server.audio[0]?.subarray(0, 4).toString('hex'), '02010201');
    server.onMessage = () => server.end();
    audio.end();
    await ended;
  });

  test('a sign of life every 3 s without audio', async () => {
    const clock = new VirtualClock();
    const { audio } = await listen({ clock });
    for (let i = 0; i < 3; i += 1) audio.push(frame);
    await until('audio has come', () => server.audio.length === 1);
    await clock.advance(3000);
    assert.deepEqual(server.received, ['audio']);
    await clock.advance(3000);
    await until('it is told', () => server.received.includes('KeepAlive'));
    assert.deepEqual(server.received, ['audio', 'KeepAlive']);
  });
});

describe('what deepgram says', () => {
  test('words with punctuation and times, first as they seem, then as they are', async () => {
    const { audio, heard, ended } = await listen();
    server.sayWords('We open', { startMs: 250 });
    server.sayWords('Do you open?', { final: true, startMs: 250 });
    server.say({ type: 'SpeechStarted', channel: [0, 1], timestamp: 1.5 });
    server.say({ type: 'SomethingNew', surprise: true });
    await until('two reports have come', () => heard.length === 2);
    assert.deepEqual(heard[0], {
      type: 'words',
      text: 'We open',
      final: false,
      flushed: false,
      words: [
        { text: 'We', startMs: 250, endMs: 750 },
        { text: 'open', startMs: 750, endMs: 1250 },
      ],
      confidence: 0.98,
    });
    const [, last] = heard;
    assert.ok(last?.type === 'words' && last.final && last.text === 'Do you open?');
    server.onMessage = () => server.end();
    audio.end();
    await ended;
  });

  test('a flush it answers is answered once, with its words', async () => {
    const clock = new VirtualClock();
    const { audio, heard } = await listen({ clock });
    audio.push(frame);
    audio.push(FLUSH);
    await until('the flush has come', () => server.received.includes('Finalize'));
    server.sayWords('Yes.', { final: true, finalized: true });
    await until('the answer has come', () => heard.length === 1);
    await clock.advance(600);
    assert.deepEqual(
      heard.map((each) => each.type === 'words' && [each.text, each.final, each.flushed]),
      [['Yes.', true, true]],
    );
  });

  test('a flush it leaves unanswered is answered after 500 ms with the words so far', async () => {
    const clock = new VirtualClock();
    const { audio, heard } = await listen({ clock });
    audio.push(frame);
    server.sayWords('yes');
    await until('words have come', () => heard.length === 1);
    audio.push(FLUSH);
    await until('the flush has come', () => server.received.includes('Finalize'));
    await clock.advance(499);
    assert.equal(heard.length, 1);
    await clock.advance(1);
    await until('the answer has come', () => heard.length === 2);
    const [, answer] = heard;
    assert.ok(answer?.type === 'words' && answer.flushed && !answer.final);
    assert.deepEqual([answer.text, answer.guessed], ['yes', true]);
    // Late, but its words count.
    server.sayWords('Yes.', { final: true, finalized: true });
    await until('the late answer has come', () => heard.length === 3);
    const [, , late] = heard;
    assert.ok(late?.type === 'words' && late.final && !late.flushed);
  });

  test('its last words after the end are waited for, but not for ever', async () => {
    const clock = new VirtualClock();
    const { audio, heard, ended } = await listen({ clock });
    audio.push(frame);
    audio.end();
    await until('it is told of the end', () => server.received.includes('CloseStream'));
    server.sayWords('Goodbye.', { final: true });
    await until('the last words have come', () => heard.length === 1);
    await clock.advance(2000);
    await ended;
  });
});

describe('how deepgram fails', () => {
  test('a refusal says why, without the key', async () => {
    server = await startDeepgram();
    server.refuse = 401;
    await assert.rejects(open(), (error: Error) => {
      assert.ok(isVendorFailed(error));
      assert.equal(error.message, 'deepgram: refused with 401 no such thing');
      return true;
    });
  });

  test('nobody there', async () => {
    server = await startDeepgram();
    await server.close();
    await assert.rejects(open(), /deepgram: cannot be reached: .*ECONNREFUSED/);
  });

  test('3 s of audio without a word from it', async () => {
    const clock = new VirtualClock();
    const { audio, heard, ended } = await listen({ clock, bare: true });
    const says = async (ms: number) => {
      for (let i = 0; i < ms / 20; i += 1) audio.push(frame);
      await settle();
      await clock.advance(ms);
    };
    await says(3000);
    server.sayWords('');
    await until('it has an answer', () => heard.length === 1);
    await says(3000);
    await says(3000);
    await says(100);
    await assert.rejects(ended, /no message for 3000 ms of audio/);
  });

  test('word times go on where the connection was lost', async () => {
    const { audio, heard } = await listen();
    for (let i = 0; i < 50; i += 1) audio.push(frame);
    await until('audio has come', () => server.audio.length === 16);
    server.sayWords('Good morning.', { final: true, startMs: 0 });
    await until('words have come', () => heard.length === 1);
    // A second of audio, all of which has its final words; then half a second that is heard again.
    for (let i = 0; i < 25; i += 1) audio.push(frame);
    await until('audio has come', () => server.audio.length === 25);
    server.cut();
    await until('it is connected again', () => server.requests.length === 2);
    const bytes = () => server.audio.reduce((sum, each) => sum + each.length, 0);
    await until('it is told again', () => bytes() === (50 + 25 + 25) * frame.length);
    server.sayWords('Hello', { final: true, startMs: 0 });
    await until('words have come', () => texts(heard).length === 2);
    const words = heard.at(-1);
    assert.ok(words?.type === 'words');
    assert.deepEqual(texts(heard), ['Good morning.', 'Hello']);
    assert.equal(words.words[0]!.startMs, 1000);
  });

  test('too many losses', async () => {
    const { ended } = await listen();
    for (let i = 1; i <= 6; i += 1) {
      await until('it is connected', () => server.requests.length === i && server.sockets.size > 0);
      server.cut();
      await until('it is cut', () => server.sockets.size === 0);
    }
    await assert.rejects(ended, /lost 5 times/);
  });

  test('messages that cannot be read are dropped, until there are 20', async () => {
    const { heard, ended } = await listen({ bare: true });
    const bad = ['not json', '[]', '{"type":7}', '{"type":"Results","channel":3}', 'null'];
    for (let i = 0; i < 18; i += 1) server.say(bad[i % bad.length]!);
    for (const socket of server.sockets) socket.send(Buffer.from([1, 2, 3]));
    server.sayWords('still here', { final: true });
    await until('words have come', () => heard.length === 1);
    server.say('{"type":"Results","channel":{"alternatives":[{"words":[{"start":"x"}]}]}}');
    await assert.rejects(ended, /20 unreadable messages/);
  });

  test('words that nobody can have said are not heard', async () => {
    const { heard } = await listen({ bare: true });
    server.sayWords('x'.repeat(20_000), { final: true });
    server.sayWords('still here', { final: true });
    await until('words have come', () => heard.length === 1);
    assert.deepEqual(texts(heard), ['still here']);
  });

  test('a message of 2 MB costs it the connection', async () => {
    const { heard } = await listen();
    server.say(JSON.stringify({ type: 'Results', filler: 'x'.repeat(2 * 1024 * 1024) }));
    await until('it is connected again', () => server.requests.length === 2);
    await until('it is open', () => server.sockets.size === 1);
    server.sayWords('still here', { final: true });
    await until('words have come', () => texts(heard).includes('still here'));
  });
});

interface Options {
  readonly clock?: Clock;
  readonly model?: string;
  readonly language?: string;
  readonly sampleRate?: number;
  /** Without the chain that opens it again. */
  readonly bare?: boolean;
}

async function open({ clock = systemClock, model = 'nova-3', bare }: Options = {}) {
  const settings = { url: server.url, key, model, voice: '' };
  const { signal } = new AbortController();
  if (bare) return vendor.open(settings, { clock, log: quietLog }, signal);
  return hearingAlone('deepgram', vendor, settings, clock);
}

/** What is heard, empty reports apart. */
function texts(heard: readonly Transcript[]): string[] {
  return heard.flatMap((each) => (each.type === 'words' && each.text !== '' ? [each.text] : []));
}

async function listen(options: Options = {}) {
  server = await startDeepgram();
  const speechToText = await open(options);
  closing.push(() => speechToText[Symbol.dispose]());
  const audio = new Channel<CallerAudio>(10_000);
  const heard: Transcript[] = [];
  const stop = new AbortController();
  closing.push(() => stop.abort(new Error('the test is over')));
  const { sampleRate = 8000, language = 'en-US' } = options;
  const transcripts = speechToText.transcribe(audio, { sampleRate, language, signal: stop.signal });
  const ended = (async () => {
    for await (const each of transcripts) heard.push(each);
  })();
  // Looked at by those tests that expect it to fail.
  ended.catch(() => {});
  const connections = sampleRate === 8000 && language === 'en-US' ? 1 : 2;
  await until('it is connected', () => server.requests.length === connections);
  await until('it is open', () => server.sockets.size === 1);
  return { audio, heard, ended };
}
