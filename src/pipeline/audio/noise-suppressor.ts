// Takes noise out of what callers say, by RNNoise in WebAssembly, before anybody listens.

import openRnnoise from '@echogarden/rnnoise-wasm';
import { toError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Samples } from '../types.ts';
import { loadResampler } from './resample.ts';
import type { Resampler } from './resample.ts';

/** RNNoise knows one rate and one length: 10 ms. */
const RATE = 48_000;
const FRAME = 480;

/** One call's. */
export interface NoiseSuppressor extends Disposable {
  /**
   * The same audio, one frame later and with less noise: as many samples as were given. Until the model is loaded, and
   * when it fails, what was given.
   */
  push(samples: Samples): Samples;
  /** How sure it is that somebody speaks in what was given last, 0 to 1; undefined while nothing is cleaned. */
  readonly voice: number | undefined;
}

type Rnnoise = Awaited<ReturnType<typeof openRnnoise>>;
type OpenStream = (sampleRate: number) => NoiseSuppressor;

let loading: Promise<OpenStream> | undefined;

/** Begins to load the model, once for the process; never waits for it. */
export function openNoiseSuppressor(sampleRate: number, log: Log): NoiseSuppressor {
  let stream: NoiseSuppressor | undefined;
  let disposed = false;
  loading ??= load();
  loading.then(
    (open) => {
      if (!disposed) stream = open(sampleRate);
    },
    (error: unknown) => {
      loading = undefined;
      log.warn('noise stays: its suppressor could not be loaded', { error: toError(error) });
    },
  );
  return {
    push: (samples) => stream?.push(samples) ?? samples,
    get voice() {
      return stream?.voice;
    },
    [Symbol.dispose]() {
      disposed = true;
      stream?.[Symbol.dispose]();
      stream = undefined;
    },
  };
}

async function load(): Promise<OpenStream> {
  const [rnnoise, openResampler] = await Promise.all([openRnnoise(), loadResampler()]);
  return (sampleRate) =>
    new RnnoiseStream(rnnoise, openResampler(sampleRate, RATE), openResampler(RATE, sampleRate));
}

class RnnoiseStream implements NoiseSuppressor {
  readonly #rnnoise: Rnnoise;
  readonly #up: Resampler;
  readonly #down: Resampler;
  readonly #state: number;
  /** A frame in, the same frame out. */
  readonly #memory: number;
  #filled = 0;
  /** Cleaned and not given yet; a frame of silence ahead, so that there is always enough. */
  #ready: Samples = new Int16Array(0);
  #taken = 0;
  #voice = 0;

  constructor(rnnoise: Rnnoise, up: Resampler, down: Resampler) {
    this.#rnnoise = rnnoise;
    this.#up = up;
    this.#down = down;
    this.#state = rnnoise._rnnoise_create(0);
    this.#memory = rnnoise._malloc(2 * 4 * FRAME);
  }

  get voice(): number {
    return this.#voice;
  }

  push(samples: Samples): Samples {
    if (this.#taken === 0) this.#ready = new Int16Array(samples.length);
    this.#taken += samples.length;
    for (const sample of this.#up.push(samples)) {
      this.#rnnoise.HEAPF32[(this.#memory >> 2) + this.#filled] = sample;
      this.#filled += 1;
      if (this.#filled === FRAME) this.#clean();
    }
    const out = new Int16Array(samples.length);
    out.set(this.#ready.subarray(0, out.length));
    this.#ready = this.#ready.slice(out.length);
    return out;
  }

  [Symbol.dispose](): void {
    this.#rnnoise._rnnoise_destroy(this.#state);
    this.#rnnoise._free(this.#memory);
    this.#up[Symbol.dispose]();
    this.#down[Symbol.dispose]();
  }

  #clean(): void {
    this.#filled = 0;
    const output = this.#memory + 4 * FRAME;
    this.#voice = this.#rnnoise._rnnoise_process_frame(this.#state, output, this.#memory);
    const cleaned = this.#rnnoise.HEAPF32.subarray(output >> 2, (output >> 2) + FRAME);
    const samples = Int16Array.from(cleaned, (sample) =>
      Math.max(-32_768, Math.min(32_767, Math.round(sample))),
    );
    const ready = this.#down.push(samples);
    const all = new Int16Array(this.#ready.length + ready.length);
    all.set(this.#ready);
    all.set(ready, this.#ready.length);
    this.#ready = all;
  }
}
