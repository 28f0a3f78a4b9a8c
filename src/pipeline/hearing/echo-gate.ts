// What listeners get of a line that may echo: the caller's voice, and silence in place of ours. Pure, frame by frame.

import { FRAME_MS } from '../types.ts';
import type { Samples } from '../types.ts';
import type { Heard } from './echo-guard.ts';

/** Between and within a caller's words all is passed on, our echo too: a chopped word is not understood. */
const HANG_MS = 300;
/** Frames that are kept until it is known whose they are: a bit more than the guard takes to tell. */
const KEPT_MAX = 20;

export class EchoGate {
  readonly #give: (frame: Samples) => void;
  #silence: Samples = new Int16Array(0);
  #kept: Samples[] = [];
  #sinceCallerMs = Number.POSITIVE_INFINITY;

  /** `give` gets a frame for each that comes in, in order; late where it was not clear whose it was. */
  constructor(give: (frame: Samples) => void) {
    this.#give = give;
  }

  /** `voiced`: the caller's voice is in it. */
  pass(frame: Samples, { heard, voiced }: { heard: Heard; voiced: boolean }): void {
    this.#sinceCallerMs = voiced ? 0 : this.#sinceCallerMs + FRAME_MS;
    const is = this.#sinceCallerMs <= HANG_MS ? 'not-ours' : heard;
    if (is === 'unsure' && this.#kept.length < KEPT_MAX) {
      this.#kept.push(frame);
      return;
    }
    this.flush(is);
    this.#give(is === 'ours' ? this.#silent(frame) : frame);
  }

  /** Gives the frames that are kept, now that it is known, or will never be, whose they are. */
  flush(heard: Heard): void {
    const kept = this.#kept;
    if (kept.length === 0) return;
    this.#kept = [];
    for (const each of kept) this.#give(heard === 'ours' ? this.#silent(each) : each);
  }

  #silent({ length }: Samples): Samples {
    if (this.#silence.length !== length) this.#silence = new Int16Array(length);
    return this.#silence;
  }
}
