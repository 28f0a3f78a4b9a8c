// Audio from one sample rate to another, as a stream, by the Speex resampler in WebAssembly.

import openSpeex from '@echogarden/speex-resampler-wasm';
import { AppError } from '../../lib/errors.ts';
import type { Samples } from '../types.ts';

/** 0 to 10. At 5 the error lies 100 dB below the signal and the delay is 40 samples of the lower rate. */
const QUALITY = 5;
/** Samples given to the resampler at once; longer audio goes in pieces. */
const PIECE = 2048;
const RATE_MIN = 4000;
const RATE_MAX = 192_000;

/** One stream of audio. Dispose it: its memory is not the garbage collector's. */
export interface Resampler extends Disposable {
  /** What is ready at the new rate; the first answers are some milliseconds short, `end` gives the rest. */
  push(samples: Samples): Samples;
  /** The last samples. In all there have then been as many as the two rates say, rounded. */
  end(): Samples;
}

/** Makes resamplers without waiting. Throws `invalid` for rates outside 4 to 192 kHz. */
export type OpenResampler = (fromHz: number, toHz: number) => Resampler;

let loading: Promise<OpenResampler> | undefined;

/** Loads the resampler's code, once for the process. */
export function loadResampler(): Promise<OpenResampler> {
  loading ??= openSpeex().then((speex) => (fromHz, toHz) => {
    for (const hz of [fromHz, toHz]) {
      if (!Number.isInteger(hz) || hz < RATE_MIN || hz > RATE_MAX) {
        throw new AppError('invalid', `cannot resample at ${hz} Hz`);
      }
    }
    return fromHz === toHz ? unchanged : new SpeexResampler(speex, fromHz, toHz);
  });
  return loading;
}

/** A whole recording at another rate. */
export async function resample(samples: Samples, fromHz: number, toHz: number): Promise<Samples> {
  const open = await loadResampler();
  using resampler = open(fromHz, toHz);
  return join([resampler.push(samples), resampler.end()]);
}

const unchanged: Resampler = {
  push: (samples) => samples,
  end: () => new Int16Array(0),
  [Symbol.dispose]() {},
};

class SpeexResampler implements Resampler {
  readonly #speex: Speex;
  readonly #ratio: number;
  readonly #state: number;
  /** Two lengths of four bytes, a piece of input, room for its output. */
  readonly #memory: number;
  readonly #outMax: number;
  #taken = 0;
  #given = 0;
  #disposed = false;

  constructor(speex: Speex, fromHz: number, toHz: number) {
    this.#speex = speex;
    this.#ratio = toHz / fromHz;
    this.#outMax = Math.ceil(PIECE * this.#ratio) + 64;
    this.#memory = speex._malloc(8 + 2 * (PIECE + this.#outMax));
    this.#state = speex._speex_resampler_init(1, fromHz, toHz, QUALITY, this.#memory);
    if (this.#memory === 0 || this.#state === 0) {
      throw new AppError('internal', `no memory for a resampler from ${fromHz} to ${toHz} Hz`);
    }
    // Leaves out the silence of the filter's own delay, so that sample n of the output is at the time of sample n.
    speex._speex_resampler_skip_zeros(this.#state);
  }

  push(samples: Samples): Samples {
    this.#taken += samples.length;
    const out = this.#run(samples);
    this.#given += out.length;
    return out;
  }

  end(): Samples {
    const missing = Math.round(this.#taken * this.#ratio) - this.#given;
    const latency = this.#speex._speex_resampler_get_input_latency(this.#state);
    const tail = this.#run(new Int16Array(latency + Math.ceil(1 / this.#ratio)));
    const out = new Int16Array(Math.max(0, missing));
    out.set(tail.subarray(0, out.length));
    this.#given += out.length;
    return out;
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#speex._speex_resampler_destroy(this.#state);
    this.#speex._free(this.#memory);
  }

  #run(samples: Samples): Samples {
    if (this.#disposed) throw new AppError('internal', 'this resampler has been disposed');
    const pieces: Samples[] = [];
    let at = 0;
    while (at < samples.length) {
      const { taken, out } = this.#step(samples.subarray(at, at + PIECE));
      pieces.push(out);
      at += taken;
    }
    return join(pieces);
  }

  #step(samples: Samples): { taken: number; out: Samples } {
    const speex = this.#speex;
    const lengths = this.#memory;
    const input = lengths + 8;
    const output = input + 2 * PIECE;
    // The views are read anew each time: they change when the memory grows.
    speex.HEAP16.set(samples, input >> 1);
    speex.HEAP32[lengths >> 2] = samples.length;
    speex.HEAP32[(lengths >> 2) + 1] = this.#outMax;
    const code = speex._speex_resampler_process_int(
      this.#state,
      0,
      input,
      lengths,
      output,
      lengths + 4,
    );
    const taken = speex.HEAP32[lengths >> 2] ?? 0;
    const given = speex.HEAP32[(lengths >> 2) + 1] ?? 0;
    if (code !== 0 || (taken === 0 && given === 0)) {
      throw new AppError('internal', `the resampler failed with ${code}`);
    }
    return { taken, out: speex.HEAP16.slice(output >> 1, (output >> 1) + given) };
  }
}

function join(pieces: readonly Samples[]): Samples {
  if (pieces.length === 1) return pieces[0]!;
  const all = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

type Speex = Awaited<ReturnType<typeof openSpeex>>;
