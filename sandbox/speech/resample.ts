// Changes the sample rate of a stream of samples, by the Speex resampler in WASM.

import createModule from '@echogarden/speex-resampler-wasm';

/** 0 to 10; at 5 the signal-to-noise ratio is above 100 dB. */
const QUALITY = 5;
/** Input samples per call into the module: bounds its buffers. */
const CHUNK_MAX = 4096;

export interface Resampler extends Disposable {
  /** The next samples at the new rate; may be a few more or fewer than the ratio says. */
  process(samples: Int16Array): Int16Array;
}

type Speex = Awaited<ReturnType<typeof createModule>>;

let loading: Promise<Speex> | undefined;

/** A resampler with its own history; dispose it to give its memory back. Rates in Hz. */
export async function openResampler(fromRate: number, toRate: number): Promise<Resampler> {
  if (fromRate === toRate) return { process: (samples) => samples, [Symbol.dispose]: () => {} };
  loading ??= createModule();
  const speex = await loading;
  const outputMax = Math.ceil((CHUNK_MAX * toRate) / fromRate) + 64;
  const lengths = speex._malloc(8);
  const input = speex._malloc(CHUNK_MAX * 2);
  const output = speex._malloc(outputMax * 2);
  const state = speex._speex_resampler_init(1, fromRate, toRate, QUALITY, lengths);
  if (state === 0) throw new Error(`cannot resample ${fromRate} to ${toRate} Hz`);
  // Drops the filter's delay, so that what comes out begins where what went in began.
  speex._speex_resampler_skip_zeros(state);

  return {
    process(samples) {
      const parts: Int16Array[] = [];
      for (let offset = 0; offset < samples.length; offset += CHUNK_MAX) {
        parts.push(step(samples.subarray(offset, offset + CHUNK_MAX)));
      }
      return join(parts);
    },
    [Symbol.dispose]() {
      speex._speex_resampler_destroy(state);
      for (const pointer of [lengths, input, output]) speex._free(pointer);
    },
  };

  function step(samples: Int16Array): Int16Array {
    speex.HEAP16.set(samples, input / 2);
    speex.HEAP32[lengths / 4] = samples.length;
    speex.HEAP32[lengths / 4 + 1] = outputMax;
    speex._speex_resampler_process_int(state, 0, input, lengths, output, lengths + 4);
    const length = speex.HEAP32[lengths / 4 + 1]!;
    return speex.HEAP16.slice(output / 2, output / 2 + length);
  }
}

/** A whole recording at another rate. */
export async function resample(
  samples: Int16Array,
  fromRate: number,
  toRate: number,
): Promise<Int16Array> {
  using resampler = await openResampler(fromRate, toRate);
  return resampler.process(samples);
}

/** One array with all of `parts`, in order. */
export function join(parts: readonly Int16Array[]): Int16Array {
  const joined = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
