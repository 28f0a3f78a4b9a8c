// Types for the Speex resampler's WebAssembly module, which has none of its own. Pointers are byte offsets.

declare module '@echogarden/speex-resampler-wasm' {
  interface SpeexModule {
    readonly HEAP16: Int16Array;
    readonly HEAP32: Int32Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** Zero when it failed; the code is then at `error`. */
    _speex_resampler_init(
      channels: number,
      fromHz: number,
      toHz: number,
      quality: number,
      error: number,
    ): number;
    _speex_resampler_destroy(state: number): void;
    _speex_resampler_skip_zeros(state: number): number;
    _speex_resampler_get_input_latency(state: number): number;
    /** The two lengths say how much there is and how much room; afterwards how much was taken and given. */
    _speex_resampler_process_int(
      state: number,
      channel: number,
      input: number,
      inputLength: number,
      output: number,
      outputLength: number,
    ): number;
  }

  export default function createModule(): Promise<SpeexModule>;
}
