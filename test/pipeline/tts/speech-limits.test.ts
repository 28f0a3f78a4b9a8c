// What is taken for a fault of a voice: too long a silence, and more speech than its text can need.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/lib/errors.ts';
import { checkLength, isWordless, silenceLimit } from '../../../src/pipeline/tts/speech-limits.ts';
import { VirtualClock } from '../../support/clock.ts';

test('silence for two seconds is a stall of the vendor named', () => {
  const { ms, late } = silenceLimit('cartesia', new VirtualClock());
  assert.equal(ms, 2000);
  const error = late();
  assert.ok(error instanceof AppError);
  assert.equal(error.message, 'cartesia: nothing for 2000 ms');
  assert.deepEqual([error.code, error.upstream?.stalled], ['vendor_failed', true]);
});

test('a text has ten seconds, half a second more for each character, and never above a minute', () => {
  checkLength('cartesia', 10_000, 0);
  checkLength('cartesia', 15_000, 10);
  checkLength('cartesia', 60_000, 1000);
  for (const [ms, characters] of [
    [10_001, 0],
    [15_001, 10],
    [60_001, 1000],
  ] as const) {
    assert.throws(() => checkLength('cartesia', ms, characters), /cartesia: more audio than/);
  }
});

test('marks alone have no sound', () => {
  for (const text of ['', ' ', '.', ' — ', '…', '"?!"']) assert.equal(isWordless(text), true, text);
  for (const text of ['a', 'é', '9', '. Yes']) assert.equal(isWordless(text), false, text);
});
