// What the earpiece plays comes back into the microphone, later and fainter, as with a phone on a table.

import type { Earpiece } from './earpiece.ts';
import { decodeMulaw, encodeMulaw } from './g711.ts';

export interface EchoOptions {
  /** From the earpiece to the microphone. */
  readonly delayMs: number;
  /** How much fainter it is then, in decibels. */
  readonly fainterDb: number;
}

export class LineEcho {
  readonly #earpiece: Earpiece;
  readonly #delayMs: number;
  readonly #gain: number;

  /** `earpiece` keeps its audio. */
  constructor(earpiece: Earpiece, { delayMs, fainterDb }: EchoOptions) {
    this.#earpiece = earpiece;
    this.#delayMs = delayMs;
    this.#gain = 10 ** (-fainterDb / 20);
  }

  /** A frame of the caller's (base64 of mu-law) that begins at `startMs`, with what comes back in it. */
  mix(frame: string, startMs: number): string {
    const own = Buffer.from(frame, 'base64');
    const back = this.#earpiece.playedAt(startMs - this.#delayMs, own.length);
    if (!back) return frame;
    const returned = decodeMulaw(back);
    const mixed = decodeMulaw(own).map((sample, index) => {
      const sum = sample + returned[index]! * this.#gain;
      return Math.max(-32_768, Math.min(32_767, sum));
    });
    return Buffer.from(encodeMulaw(mixed)).toString('base64');
  }
}
