// Our clients against the sandbox's stand-ins: two readings of each vendor's documents, by different hands, must meet.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { scriptedHearing } from '../../sandbox/speech/scripted-hearing.ts';
import { toneSpeaker } from '../../sandbox/speech/tone-speaker.ts';
import { startDeepgram } from '../../sandbox/vendors/deepgram/deepgram.ts';
import { startOpenai } from '../../sandbox/vendors/openai/openai.ts';
import { Channel } from '../../src/lib/channel.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { quietLog } from '../../src/lib/log.ts';
import { FLUSH } from '../../src/pipeline/types.ts';
import type { CallerAudio, Transcript, Vendor } from '../../src/pipeline/types.ts';
import {
  languageModel,
  speechToText,
  textToSpeech,
  vendorChoices,
} from '../../src/pipeline/vendors.ts';
import { until } from '../support/until.ts';
import { all, ask } from './contract/language-model.ts';
import { isVendorFailed } from './contract/speech-to-text.ts';
import { audioOf, speaking } from './contract/text-to-speech.ts';

const key = 'secret';
/** 20 ms of a loud 200 Hz tone: voice, for whoever only measures loudness. */
const voice = Int16Array.from({ length: 160 }, (_, at) => (at % 40 < 20 ? 8000 : -8000));
const silence = new Int16Array(160);

test('deepgram: words so far, a flush, and the last words', async () => {
  const { audio, heard, ended } = await listening('deepgram', 'nova-3');
  push(audio, voice, 800);
  push(audio, silence, 200);
  audio.push(FLUSH);
  await until('the flush is answered', () => heard.some((each) => isFlushed(each)));
  const answer = heard.find((each) => isFlushed(each));
  assert.ok(answer?.type === 'words' && answer.final);
  assert.equal(answer.text, 'Yes please.');
  assert.deepEqual(
    answer.words.map((word) => word.text),
    ['Yes', 'please.'],
  );
  push(audio, voice, 600);
  audio.end();
  await ended;
  assert.ok(
    heard.some((each) => each.type === 'words' && each.final && /thirty|30/.test(each.text)),
  );
});

test('deepgram flux: a turn from its start to its end', async () => {
  const { audio, heard, ended } = await listening('deepgram-flux', 'flux-general-en');
  let frames = 0;
  push(audio, voice, 800);
  await until('the turn is over', () => {
    // Not so fast that it could not answer in time: a frame when something has been heard of the last ones.
    if (heard.length > frames / 50) frames += push(audio, silence, 20);
    return heard.some((each) => each.type === 'end-of-turn');
  });
  const types = heard.map((each) => each.type);
  assert.ok(types.indexOf('start-of-turn') >= 0);
  assert.ok(types.indexOf('start-of-turn') < types.indexOf('end-of-turn'));
  const end = heard.find((each) => each.type === 'end-of-turn');
  assert.match(end?.text ?? '', /^yes please/i);
  audio.end();
  await ended;
});

test('deepgram: a wrong key is refused in its own words', async () => {
  const { url } = await hearing();
  await assert.rejects(
    open(await speechToText.deepgram(), url, 'nova-3', 'wrong'),
    (error: Error) => {
      assert.ok(isVendorFailed(error));
      assert.equal(error.message, 'deepgram: refused with 401 Invalid credentials.');
      return true;
    },
  );
});

test('openai: words, then a tool, then a failure', async () => {
  const standIn = await startOpenai({ key, firstTokenMs: 0, tokenMs: 1 });
  after(() => standIn.close());
  standIn.script(
    'Good morning, how can I help?',
    { text: 'One moment.', calls: [{ name: 'get_time', arguments: { zone: 'UTC' } }] },
    { raw: ['{"choices":[{"index":0,"delta":{"content":"Good"}}]}'] },
  );
  using model = await open(await languageModel.openai(), standIn.url, 'openai/gpt-4o-mini');
  const words = await all(model, ask('Hello'));
  const text = words.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
  assert.equal(text.trim(), 'Good morning, how can I help?');
  const end = words.at(-1);
  assert.ok(end?.type === 'end' && end.finish === 'stop' && (end.usage?.outputTokens ?? 0) > 0);

  const tools = await all(model, ask('What time is it?'));
  const call = tools.find((event) => event.type === 'tool-call')?.call;
  assert.equal(call?.name, 'get_time');
  assert.deepEqual(JSON.parse(call.arguments), { zone: 'UTC' });

  await assert.rejects(all(model, ask('Hello')), isVendorFailed);
  standIn.faults.add({ on: 'request', do: 'status:503', times: 2 });
  await assert.rejects(all(model, ask('Hello')), /openai: 503/);
});

test("voices over HTTP: raw audio at the line's rate", async () => {
  const speaker = toneSpeaker({ firstByteMs: 0 });
  const [deepgram, openai] = await Promise.all([
    startDeepgram({ key, hearing: scriptedHearing({ texts: [] }), speaker }),
    startOpenai({ key, speaker }),
  ]);
  after(() => Promise.all([deepgram.close(), openai.close()]));
  const voices = [
    [await textToSpeech.deepgram(), deepgram.url, vendorChoices.ttsDefaults.deepgram],
    [await textToSpeech.openai(), openai.url, vendorChoices.ttsDefaults.openai],
  ] as const;
  for (const [vendor, url, { model, voice: name }] of voices) {
    const parts = { clock: systemClock, log: quietLog };
    const { signal } = new AbortController();
    using voiceOpen = await vendor.open({ url, key, model, voice: name }, parts, signal);
    for (const rate of [8000, 16_000]) {
      const { text, speech, ended } = speaking({ textToSpeech: voiceOpen }, rate);
      text.push('Good morning, how can I help?');
      text.end();
      await ended;
      const samples = audioOf(speech).reduce((sum, each) => sum + each.length, 0);
      const { samples: made } = await speaker.speak('Good morning, how can I help?', {
        voice: 'slt',
        sampleRate: rate,
      });
      assert.ok(Math.abs(samples - made.length) <= rate / 50, `${samples} for ${made.length}`);
    }
  }
});

test('openai: a recording is heard', async () => {
  const standIn = await startOpenai({ key, hearing: scriptedHearing({ texts: ['yes please'] }) });
  after(() => standIn.close());
  const vendor = await speechToText['openai-transcribe']();
  using recogniser = await open(vendor, standIn.url, 'gpt-4o-mini-transcribe');
  const audio = new Channel<CallerAudio>(1000);
  const heard: Transcript[] = [];
  push(audio, voice, 600);
  push(audio, silence, 200);
  audio.push(FLUSH);
  audio.end();
  const options = { sampleRate: 8000, language: 'en-US', signal: new AbortController().signal };
  for await (const each of recogniser.transcribe(audio, options)) heard.push(each);
  const answer = heard.find((each) => isFlushed(each));
  assert.ok(answer?.type === 'words');
  assert.equal(answer.text, 'Yes please.');
});

async function hearing(): Promise<{ url: string }> {
  const script = scriptedHearing({ texts: ['yes please', 'ten thirty'], delayMs: 5 });
  const standIn = await startDeepgram({ key, hearing: script });
  after(() => standIn.close());
  return standIn;
}

async function listening(name: keyof typeof speechToText, model: string) {
  const { url } = await hearing();
  const recogniser = await open(await speechToText[name](), url, model);
  const audio = new Channel<CallerAudio>(1000);
  const heard: Transcript[] = [];
  const { signal } = new AbortController();
  const ended = (async () => {
    const options = { sampleRate: 8000, language: 'en-US', signal };
    for await (const each of recogniser.transcribe(audio, options)) heard.push(each);
  })();
  after(() => recogniser[Symbol.dispose]());
  return { audio, heard, ended };
}

function open<Service>(vendor: Vendor<Service>, url: string, model: string, withKey = key) {
  const settings = { url, key: withKey, model, voice: '' };
  const parts = { clock: systemClock, log: quietLog };
  return vendor.open(settings, parts, new AbortController().signal);
}

/** How many frames they were. */
function push(audio: Channel<CallerAudio>, frame: Int16Array, ms: number): number {
  for (let at = 0; at < ms; at += 20) audio.push(frame);
  return ms / 20;
}

function isFlushed(each: Transcript): boolean {
  return each.type === 'words' && each.flushed;
}
