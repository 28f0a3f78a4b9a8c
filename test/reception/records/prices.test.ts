// What a turn has cost, by the list prices of its day.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costOfTurn, costsOfTurn } from '../../../src/reception/records/prices.ts';

const choice = {
  llmModel: 'openai/gpt-4o-mini',
  sttModel: 'nova-2-phonecall',
  ttsProvider: 'cartesia',
};
const usage = { inputTokens: 1000, outputTokens: 100, characters: 200 };
const day = Date.parse('2026-11-22T12:00:00Z');

test('tokens, characters and hearing add up', () => {
  // 150 for the tokens in, 60 out, 7,600 for the voice, 967 for ten seconds of hearing.
  assert.equal(costOfTurn(usage, 10_000, choice, day), 150 + 60 + 7600 + 967);
});

test('the longest name that fits has the price', () => {
  const large = { ...choice, llmModel: 'openai/gpt-4o' };
  const some = { inputTokens: 1000, outputTokens: 0, characters: 0 };
  assert.equal(costOfTurn(some, 0, large, day), 2500);
  assert.equal(costOfTurn(some, 0, choice, day), 150);
});

test('what has no price costs nothing, and no price holds before its day', () => {
  const own = { llmModel: 'llama-at-home', sttModel: 'x', ttsProvider: 'y' };
  assert.equal(costOfTurn(usage, 10_000, own, day), 0);
  assert.equal(costOfTurn(usage, 10_000, choice, Date.parse('2025-06-01')), 0);
});

test('a model that hears and speaks itself: its tokens and the transcript, no voice; in writing another answers', () => {
  const chosen = { ...choice, llmModel: 'openai/gpt-realtime' };
  const usage = { inputTokens: 1000, outputTokens: 500, characters: 200 };
  const spoken = costsOfTurn(usage, 60_000, chosen, Date.parse('2026-06-01'));
  assert.deepEqual(
    spoken.map(({ vendor, microdollars }) => [vendor, microdollars]),
    [
      ['openai/gpt-realtime', 32_000],
      ['openai/gpt-realtime', 32_000],
      ['gpt-4o-mini-transcribe', 3000],
    ],
  );
  const written = costsOfTurn({ ...usage, characters: 0 }, 0, chosen, Date.parse('2026-06-01'));
  assert.deepEqual(new Set(written.map(({ vendor }) => vendor)), new Set(['openai/gpt-4o-mini']));
});

test('whoever served is paid, and the rest goes to the model that is known, or else to the choice', () => {
  const served = [
    { vendor: 'openai/gpt-4o', unit: 'input_tokens', quantity: 900 },
    { vendor: 'elevenlabs', unit: 'characters', quantity: 50 },
    { vendor: 'cartesia', unit: 'characters', quantity: 160 },
    { vendor: 'nova-3', unit: 'milliseconds', quantity: 4000 },
  ] as const;
  const paid = costsOfTurn({ ...usage, served }, 10_000, choice, day);
  assert.deepEqual(
    paid.map(({ vendor, quantity, microdollars }) => [vendor, quantity, microdollars]),
    [
      // A hundred tokens of a reply that was dropped before it told.
      ['openai/gpt-4o', 1000, 2500],
      ['openai/gpt-4o-mini', 100, 60],
      ['elevenlabs', 50, 5000],
      ['cartesia', 160, 6080],
      ['nova-3', 10_000, 1283],
    ],
  );
});

test('a text that no voice was given costs nothing', () => {
  const costs = costsOfTurn({ ...usage, served: [] }, 0, choice, day);
  assert.deepEqual(new Set(costs.map(({ vendor }) => vendor)), new Set([choice.llmModel]));
});
