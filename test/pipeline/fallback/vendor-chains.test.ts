// Who takes over from whom: what clients name, and what they get where they name nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findFallbackVoice,
  hearingChoices,
  speakingChoices,
  thinkingChoices,
} from '../../../src/pipeline/fallback/vendor-chains.ts';
import type { Fallbacks } from '../../../src/pipeline/fallback/vendor-chains.ts';

function hearing(sttModel: string, sttFallbacks: Fallbacks = null, language = 'en-US') {
  return hearingChoices({ sttModel, sttFallbacks, language }).map((each) => each?.model);
}

function thinking(llmModel: string, llmFallbacks: Fallbacks = null, own?: string, second?: string) {
  const choices = thinkingChoices({ llmModel, llmFallbacks }, { own, second });
  return choices.map((each) => (each?.vendor === 'openai' ? each.model : each));
}

function speaking(ttsProvider: string, ttsFallbacks: Fallbacks = null, language = 'en-US') {
  const wish = { ttsProvider, ttsModel: '', ttsVoiceId: 'mine', ttsFallbacks, language };
  return speakingChoices(wish).map((each) => each && `${each.vendor} ${each.voice}`);
}

test('recognisers: another service for the same language', () => {
  assert.equal(hearing('nova-3')[1], 'flux-general-en');
  assert.equal(hearing('flux-general-en')[1], 'nova-3');
  assert.equal(hearing('nova-3', null, 'de-DE')[1], 'flux-general-multi');
  assert.deepEqual(hearing('nova-3', []), ['nova-3']);
  assert.deepEqual(hearing('nova-3', ['nova-3', 'nova-2', 'nonsense', 'nova-2']), [
    'nova-3',
    'nova-2',
  ]);
  assert.deepEqual(hearing('ears', []), [undefined]);
});

test('models: one other, or the one that the server of our own has', () => {
  assert.deepEqual(thinking('openai/gpt-4o-mini'), ['openai/gpt-4o-mini', 'openai/gpt-4o']);
  assert.deepEqual(thinking('openai/gpt-4o'), ['openai/gpt-4o', 'openai/gpt-4o-mini']);
  assert.deepEqual(thinking('openai/gpt-4o', null, 'llama'), ['openai/gpt-4o', 'llama']);
  assert.deepEqual(thinking('llama', null, 'llama'), ['llama']);
  assert.deepEqual(thinking('a', ['b', 'a', 'c']), ['a', 'b', 'c']);
});

test('models: that of another server, where there is one', () => {
  const other = { vendor: 'openai-second', model: 'meta/llama', voice: '' };
  const usual = 'openai/gpt-4o';
  assert.deepEqual(thinking(usual, null, undefined, 'second/meta/llama'), [usual, other]);
  assert.deepEqual(thinking(usual, null, 'mine', 'second/meta/llama'), [usual, other]);
  assert.deepEqual(thinking('second/meta/llama', null, 'mine', 'second/meta/llama'), [
    other,
    'mine',
  ]);
  assert.deepEqual(thinking(usual, [], undefined, 'second/meta/llama'), [usual]);
  assert.deepEqual(thinking(usual, ['second/meta/llama', 'mine']), [usual, other, 'mine']);
});

test('voices: every other provider in its usual voice, or those that are named', () => {
  assert.equal(speaking('cartesia')[0], 'cartesia mine');
  assert.ok(speaking('cartesia')[1]?.startsWith('elevenlabs '));
  assert.deepEqual(speaking('cartesia', []), ['cartesia mine']);
  assert.deepEqual(speaking('cartesia', ['elevenlabs:anna', 'cartesia:bob']), [
    'cartesia mine',
    'elevenlabs anna',
    'cartesia bob',
  ]);
  assert.equal(findFallbackVoice('elevenlabs:a:b')?.voice, 'a:b');
  assert.equal(findFallbackVoice('nobody:a'), undefined);
});
