// Types for RNNoise's WebAssembly module, which has none of its own. Pointers are byte offsets.

declare module '@echogarden/rnnoise-wasm' {
  interface RnnoiseModule {
    readonly HEAPF32: Float32Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** 0: the built-in model. */
    _rnnoise_create(model: number): number;
    _rnnoise_destroy(state: number): void;
    /** 480 samples at 48 kHz, in the range of 16-bit integers. Gives the probability of voice. */
    _rnnoise_process_frame(state: number, output: number, input: number): number;
  }

  export default function createModule(): Promise<RnnoiseModule>;
}
