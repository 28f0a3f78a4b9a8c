// The shelf: every choice a client may make leads to a file that loads, and nothing else does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findLanguageModel,
  findSpeechToSpeech,
  findSpeechToText,
  findTextToSpeech,
  languageModel,
  LLM_MODEL_DEFAULT,
  speechToText,
  STT_MODEL_DEFAULT,
  textToSpeech,
  TTS_PROVIDER_DEFAULT,
  vendorChoices,
} from '../../src/pipeline/vendors.ts';

test('every vendor on the shelf loads, and names the setting of its key', async () => {
  const names: string[] = [];
  const shelves = [speechToText, languageModel, textToSpeech];
  for (const load of shelves.flatMap((shelf) =>
    Object.values<() => Promise<{ keyName: string }>>(shelf),
  )) {
    const vendor = await load();
    names.push(vendor.keyName);
  }
  assert.deepEqual(names, [
    'DEEPGRAM_API_KEY',
    'DEEPGRAM_API_KEY',
    'OPENAI_API_KEY',
    'OPENAI_API_KEY',
    'OPENAI_SECOND_API_KEY',
    'CARTESIA_API_KEY',
    'ELEVENLABS_API_KEY',
    'DEEPGRAM_API_KEY',
    'OPENAI_API_KEY',
  ]);
});

test('recognisers by model', () => {
  assert.deepEqual(findSpeechToText('nova-2-phonecall'), {
    vendor: 'deepgram',
    model: 'nova-2-phonecall',
    voice: '',
  });
  assert.equal(findSpeechToText('nova-3')?.vendor, 'deepgram');
  assert.equal(findSpeechToText('flux-general-en')?.vendor, 'deepgram-flux');
  for (const wrong of ['', 'whisper', 'constructor', '__proto__']) {
    assert.equal(findSpeechToText(wrong), undefined);
  }
  for (const each of vendorChoices.sttModels) assert.ok(findSpeechToText(each));
  assert.ok(findSpeechToText(STT_MODEL_DEFAULT));
});

test('language models by any name that can be one', () => {
  for (const name of [
    LLM_MODEL_DEFAULT,
    'llama3.1:8b',
    'meta-llama/llama-3.3-70b:free',
    'a/b/c@1',
  ]) {
    assert.deepEqual(findLanguageModel(name), { vendor: 'openai', model: name, voice: '' });
  }
  for (const wrong of ['', '/', 'a/', 'a b', 'a/b\n', 'x'.repeat(201), 'ü']) {
    assert.equal(findLanguageModel(wrong), undefined, wrong);
  }
  assert.deepEqual(findLanguageModel('second/meta/llama'), {
    vendor: 'openai-second',
    model: 'meta/llama',
    voice: '',
  });
  for (const each of vendorChoices.llmModels) assert.ok(findLanguageModel(each));
});

test('voices by provider, with its defaults', () => {
  const usual = findTextToSpeech(TTS_PROVIDER_DEFAULT, '', '');
  assert.deepEqual(usual, { vendor: 'cartesia', ...vendorChoices.ttsDefaults.cartesia });
  assert.deepEqual(findTextToSpeech('elevenlabs', 'eleven_v3', 'someone'), {
    vendor: 'elevenlabs',
    model: 'eleven_v3',
    voice: 'someone',
  });
  for (const wrong of ['', 'polly', 'toString']) {
    assert.equal(findTextToSpeech(wrong, '', ''), undefined);
  }
});

test('a model that hears and speaks gets a voice of OpenAI that it has, or its own', () => {
  const voiceOf = (provider: string, voice: string) =>
    findSpeechToSpeech('openai/gpt-realtime', provider, voice)?.voice;
  assert.equal(voiceOf('openai', 'cedar'), 'cedar');
  for (const [provider, voice] of [
    ['openai', 'onyx'],
    ['openai', ''],
    ['cartesia', 'someone'],
  ] as const) {
    assert.equal(voiceOf(provider, voice), 'marin');
  }
  assert.equal(findSpeechToSpeech(LLM_MODEL_DEFAULT, 'openai', 'cedar'), undefined);
});
