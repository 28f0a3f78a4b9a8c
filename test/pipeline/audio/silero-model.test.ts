// The real model: a batch answers as each stream alone would be answered, and wrong shapes are refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CONTEXT,
  STATE,
  WINDOW,
  loadSileroModel,
} from '../../../src/pipeline/audio/silero-model.ts';
import type { SileroModel } from '../../../src/pipeline/audio/silero-model.ts';
import { join, noise, silence, vowels } from '../../support/sounds.ts';
import { voiceModelMissing } from '../../support/voice-model.ts';

const skip = voiceModelMissing();
const INPUT = CONTEXT + WINDOW;

test('a batch answers as each stream alone', { skip }, async () => {
  using model = await loadSileroModel();
  const streams = [
    join(silence(8000, 300), vowels(8000, 700)),
    join(vowels(8000, 500), silence(8000, 500)),
    noise(8000, 1000, -40),
    silence(8000, 1000),
    vowels(8000, 1000),
  ];
  const together = await probabilities(model, streams);
  for (const [i, stream] of streams.entries()) {
    const [alone] = await probabilities(model, [stream]);
    for (const [step, probability] of alone!.entries()) {
      assert.ok(Math.abs(probability - together[i]![step]!) < 1e-3, `stream ${i}, window ${step}`);
    }
  }
  assert.ok(together[4]!.at(-1)! > 0.5, 'vowels are voice');
  assert.ok(Math.max(...together[3]!) < 0.1, 'silence is none');
});

test('a batch of the wrong shape is refused', { skip }, async () => {
  using model = await loadSileroModel();
  await assert.rejects(model.run(new Float32Array(INPUT), new Float32Array(2 * STATE), 2));
});

/** What the model says of each window of streams that are equally long. */
async function probabilities(
  model: SileroModel,
  streams: readonly Int16Array[],
): Promise<number[][]> {
  const size = streams.length;
  const input = new Float32Array(size * INPUT);
  let state: Float32Array = new Float32Array(2 * size * STATE);
  const answers: number[][] = streams.map(() => []);
  for (let at = 0; at + WINDOW <= streams[0]!.length; at += WINDOW) {
    for (const [i, stream] of streams.entries()) {
      for (let k = -CONTEXT; k < WINDOW; k += 1) {
        input[i * INPUT + CONTEXT + k] = (stream[at + k] ?? 0) / 32_768;
      }
    }
    const result = await model.run(input, state, size);
    state = result.state;
    for (const [i, list] of answers.entries()) list.push(result.probabilities[i]!);
  }
  return answers;
}
