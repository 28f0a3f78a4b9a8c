// Quiet from both sides of a line: when to ask whether the caller is there, and when to let go.

import { AWAITED_MS } from '../hearing/completeness.ts';
import { FRAME_MS } from '../types.ts';

/** Ask, ask again, let go. */
const SILENT_MS = [8000, 16_000, 30_000] as const;

export type SilenceStage = 0 | 1 | 2;

export class MutualSilence {
  /** The caller has asked us to wait. */
  awaited = false;
  #voicedAtMs: number;
  #silentMs = 0;
  #stage = 0;

  constructor(nowMs: number) {
    this.#voicedAtMs = nowMs;
  }

  /** When the caller's voice was last heard, on the clock of `onFrame`. */
  get voicedAtMs(): number {
    return this.#voicedAtMs;
  }

  /** We have been heard until now. */
  weEnded(): void {
    this.#silentMs = 0;
  }

  /** One frame of the caller; the stage that is reached with it. */
  onFrame(voiced: boolean, wePlay: boolean, nowMs: number): SilenceStage | undefined {
    if (voiced) {
      this.#voicedAtMs = nowMs;
      this.#silentMs = 0;
      this.#stage = 0;
      return undefined;
    }
    if (wePlay) return undefined;
    this.#silentMs += FRAME_MS;
    const limit = SILENT_MS[this.#stage];
    if (limit === undefined) return undefined;
    if (this.#silentMs < limit + (this.awaited && this.#stage === 0 ? AWAITED_MS : 0)) {
      return undefined;
    }
    this.#stage += 1;
    return (this.#stage - 1) as SilenceStage;
  }
}
