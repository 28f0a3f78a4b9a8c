// Batching with a model made of arithmetic, in virtual time: who shares a batch, whose state is whose, and what happens
// when the model is slow or fails.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quietLog } from '../../../src/lib/log.ts';
import type { Log } from '../../../src/lib/log.ts';
import { loadResampler } from '../../../src/pipeline/audio/resample.ts';
import { CONTEXT, STATE, WINDOW } from '../../../src/pipeline/audio/silero-model.ts';
import type { SileroModel } from '../../../src/pipeline/audio/silero-model.ts';
import { SileroDetection } from '../../../src/pipeline/audio/silero.ts';
import { VirtualClock } from '../../support/clock.ts';
import { frames, silence, vowels } from '../../support/sounds.ts';

const FRAME = 160;

/**
 * Its probability is the last new sample; its state counts the windows in the first layer and holds the last sample in
 * the second; it sees to it that the context is the end of the window before.
 */
class SumModel implements SileroModel {
  readonly sizes: number[] = [];
  disposed = false;
  faults = 0;
  failing = false;
  /** While set, answers wait for it. */
  gate: Promise<void> | undefined;

  async run(input: Float32Array, state: Float32Array, size: number) {
    this.sizes.push(size);
    assert.equal(input.length, size * (CONTEXT + WINDOW));
    assert.equal(state.length, 2 * size * STATE);
    if (this.failing) throw new Error('the model is out of order');
    const probabilities = new Float32Array(size);
    const next = new Float32Array(2 * size * STATE);
    for (let i = 0; i < size; i += 1) {
      const window = input.subarray(i * (CONTEXT + WINDOW), (i + 1) * (CONTEXT + WINDOW));
      if (window[CONTEXT - 1] !== state[(size + i) * STATE]) this.faults += 1;
      probabilities[i] = window.at(-1)!;
      next[i * STATE] = state[i * STATE]! + 1;
      next[(size + i) * STATE] = window.at(-1)!;
    }
    await this.gate;
    return { probabilities, state: next };
  }

  [Symbol.dispose](): void {
    this.disposed = true;
  }
}

async function setUp(log: Log = quietLog) {
  const clock = new VirtualClock();
  const model = new SumModel();
  const detection = new SileroDetection({
    clock,
    log,
    model,
    openResampler: await loadResampler(),
  });
  return { clock, model, detection };
}

/** Sound whose every second sample, so also its last, is what the model answers: this probability. */
function level(probability: number, length = FRAME): Int16Array {
  const sample = Math.min(32_767, Math.round(probability * 32_768));
  return Int16Array.from({ length }, (_, i) => (i % 2 === 0 ? -sample : sample));
}

test('windows that fill within 4 ms share one batch, and each call gets its own answer', async () => {
  const { clock, model, detection } = await setUp();
  const calls = Array.from({ length: 10 }, () => detection.open(8000));
  for (const [i, call] of calls.entries()) call.push(level(i / 16, WINDOW));
  await clock.advance(3);
  assert.deepEqual(model.sizes, [], 'others may still come');
  await clock.advance(1);
  assert.deepEqual(model.sizes, [10]);
  assert.deepEqual(
    calls.map((call) => call.probability),
    calls.map((_, i) => i / 16),
  );
  detection[Symbol.dispose]();
  assert.equal(clock.pending, 0);
  assert.ok(model.disposed);
});

test('calls in different batches keep their own context and state', async () => {
  const { clock, model, detection } = await setUp();
  const calls = Array.from({ length: 7 }, () => detection.open(8000));
  // Each call speaks on a beat of its own, so that batches mix.
  for (let ms = 0; ms < 700; ms += 1) {
    for (const [i, call] of calls.entries()) {
      if (ms % (20 + i) === i) call.push(level((i + 1) / 32 + (ms % 5) / 256));
    }
    await clock.advance(1);
  }
  assert.equal(model.faults, 0);
  assert.ok(new Set(model.sizes).size > 2, 'batches of several sizes were made');
  assert.equal(detection.counts.dropped, 0);
  detection[Symbol.dispose]();
});

test('64 windows do not wait for a 65th', async () => {
  const { clock, model, detection } = await setUp();
  const calls = Array.from({ length: 100 }, () => detection.open(8000));
  for (const call of calls) call.push(level(0.25, WINDOW));
  await clock.advance(0);
  assert.deepEqual(model.sizes, [64]);
  await clock.advance(15);
  assert.deepEqual(model.sizes, [64], 'with many calls a batch waits longer');
  await clock.advance(1);
  assert.deepEqual(model.sizes, [64, 36]);
  detection[Symbol.dispose]();
});

test('voice begins at one half and ends below 0.35', async () => {
  const { clock, detection } = await setUp();
  const call = detection.open(8000);
  const said: boolean[] = [];
  for (const probability of [0.25, 0.45, 0.5, 0.45, 0.36, 0.34, 0.45, 0.9]) {
    call.push(level(probability, WINDOW));
    await clock.advance(5);
    said.push(call.voiced);
  }
  assert.deepEqual(said, [false, false, true, true, true, false, false, true]);
  detection[Symbol.dispose]();
});

test('a line without sound is not judged, and remembers where it was when it is again', async () => {
  const { clock, model, detection } = await setUp();
  const call = detection.open(8000);
  const say = async (frame: Int16Array, times: number) => {
    const before = model.sizes.length;
    for (let i = 0; i < times; i += 1) {
      call.push(frame);
      await clock.advance(32);
    }
    return model.sizes.length - before;
  };
  /** Direct current makes no sound, and shows which window the context comes from. */
  const silent = (sample: number) => new Int16Array(WINDOW).fill(sample);
  assert.equal(await say(level(0.5, WINDOW), 4), 4);
  assert.ok(call.voiced);
  assert.equal(await say(silent(8), 5), 5, 'a pause between words is judged');
  assert.equal(await say(level(0.25, WINDOW), 1), 1);
  assert.ok((await say(silent(8), 40)) < 14);
  assert.equal(await say(silent(16), 40), 0);
  assert.equal(call.voiced, false);
  assert.equal(model.faults, 0);
  assert.equal(await say(level(0.5, WINDOW), 3), 3, 'from the first window with sound in it');
  assert.ok(call.voiced);
  assert.equal(model.faults, 1, 'the context is the end of a window that the model has not seen');
  detection[Symbol.dispose]();
});

test('a model that is too slow loses windows, not time: loudness decides until it has caught up', async () => {
  const warnings: unknown[] = [];
  const { clock, model, detection } = await setUp({
    ...quietLog,
    warn: (_, fields) => warnings.push(fields),
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  model.gate = promise;
  const call = detection.open(8000);
  for (const frame of frames(silence(8000, 200), 8000)) call.push(frame);
  await clock.advance(4);
  assert.equal(call.voiced, false);
  for (const frame of frames(vowels(8000, 400), 8000)) call.push(frame);
  assert.ok(call.voiced, 'by loudness');
  assert.ok(call.probability > 0.5);
  assert.ok(detection.counts.dropped > 5);
  assert.equal(warnings.length, 1, 'one line, however many windows');
  model.gate = undefined;
  resolve();
  await clock.advance(100);
  assert.equal(model.sizes.length, 5, 'the one that was stuck and the four that waited');
  assert.ok(call.probability < 0.5, 'by the model again');
  detection[Symbol.dispose]();
  assert.equal(clock.pending, 0);
});

test('a model that fails is not asked again', async () => {
  const errors: string[] = [];
  const { clock, model, detection } = await setUp({
    ...quietLog,
    error: (sentence) => errors.push(sentence),
  });
  const call = detection.open(8000);
  model.failing = true;
  for (const frame of frames(silence(8000, 200), 8000)) call.push(frame);
  await clock.advance(10);
  assert.deepEqual(errors, ['the voice model failed, loudness decides from now on']);
  assert.ok(detection.broken);
  for (const frame of frames(vowels(8000, 200), 8000)) call.push(frame);
  await clock.advance(100);
  assert.ok(call.voiced);
  assert.deepEqual(model.sizes, [1]);
  detection[Symbol.dispose]();
  assert.equal(clock.pending, 0);
});

test('a call that ends while its window is in a batch disturbs nobody', async () => {
  const { clock, model, detection } = await setUp();
  const [gone, stays] = [detection.open(16_000), detection.open(8000)];
  gone.push(level(0.5, 4 * WINDOW));
  stays.push(level(0.25, WINDOW));
  gone[Symbol.dispose]();
  gone[Symbol.dispose]();
  gone.push(level(0.5, 4 * WINDOW));
  await clock.advance(20);
  assert.equal(stays.probability, 0.25);
  assert.equal(model.faults, 0);
  detection[Symbol.dispose]();
});
