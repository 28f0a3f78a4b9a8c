// What listeners get of a line that may echo: the caller's voice, and silence in place of ours. Pure, frame by frame.

import { FRAME_MS } from '../types.ts';
import type { Samples } from '../types.ts';

/** Between and within a caller's words all is passed on, our echo too: a chopped word is not understood. */
const HANG_MS = 300;

export class EchoGate {
  #silence: Samples = new Int16Array(0);
  #sinceCallerMs = Number.POSITIVE_INFINITY;

  /** `echo`: it may be nothing but our voice come back; `voiced`: the caller's voice is in it. */
  pass(frame: Samples, { echo, voiced }: { echo: boolean; voiced: boolean }): Samples {
    this.#sinceCallerMs = voiced ? 0 : this.#sinceCallerMs + FRAME_MS;
    if (!echo || this.#sinceCallerMs <= HANG_MS) return frame;
    if (this.#silence.length !== frame.length) this.#silence = new Int16Array(frame.length);
    return this.#silence;
  }
}
