// How loud we were in each of the last moments, as the caller heard it.

/** Nothing is quieter. */
export const SILENT_DB = -75;
/** What a room makes of our voice dies away by so much a frame. */
const TAIL_DB = 2;

/** Decibels, frame by frame, in a ring: each frame that we speak in goes through it. */
export class OurLoudness {
  readonly #frames: Float64Array;
  readonly #audibleDb: number;
  #newest = 0;
  #audibleFrames = 0;

  /** `framesMax`: how far back it can be asked for. */
  constructor(framesMax: number, audibleDb: number) {
    this.#frames = new Float64Array(framesMax + 1).fill(SILENT_DB);
    this.#audibleDb = audibleDb;
  }

  /** Whether we could be heard at all in this time. */
  get audible(): boolean {
    return this.#audibleFrames > 0;
  }

  get loudest(): number {
    let loudest = SILENT_DB;
    for (const each of this.#frames) if (each > loudest) loudest = each;
    return loudest;
  }

  push(level: number): void {
    const faded = Math.max(level, this.#frames[this.#newest]! - TAIL_DB);
    this.#newest = (this.#newest + 1) % this.#frames.length;
    if (this.#frames[this.#newest]! >= this.#audibleDb) this.#audibleFrames -= 1;
    if (faded >= this.#audibleDb) this.#audibleFrames += 1;
    this.#frames[this.#newest] = faded;
  }

  clear(): void {
    this.#frames.fill(SILENT_DB);
    this.#audibleFrames = 0;
  }

  /** The loudest from `frames - near` to `frames + near` ago. */
  near(frames: number, near: number): number {
    const frameCount = this.#frames.length;
    const last = Math.min(frameCount - 1, frames + near);
    let loudest = SILENT_DB;
    for (let each = Math.max(0, frames - near); each <= last; each += 1) {
      const at = this.#newest - each;
      loudest = Math.max(loudest, this.#frames[at < 0 ? at + frameCount : at]!);
    }
    return loudest;
  }
}

/** Of full scale, from the mean of the squares of 16-bit samples. */
export function decibels(power: number): number {
  return Math.max(SILENT_DB, 10 * Math.log10(power / 32_768 ** 2 + 1e-9));
}
