// Our voice as the caller hears it at the moment: what we gave to the line, read in step with the caller's frames.

import { FRAME_MS } from '../types.ts';
import type { Samples } from '../types.ts';

/**
 * The line believes to be further than it is until its first mark comes back, and says so a bit early or late. What counts
 * is that we keep in step with the caller's frames: we follow it only where it is farther off than that, smoothed by so much.
 */
const SMOOTH = 0.1;
const OFF_MS_MAX = 120;
/** A line has no more than this queued, and some of it was heard. */
const KEPT_MS_MAX = 130_000;
/** Frames of a busy machine come several at a time; without progress for longer the line plays nothing of ours. */
const STALLED_FRAMES = 5;

/** One call's. Times are those of `Transport.heardMs`. */
export class PlayedSound {
  /** How often we had to step to where the line is: what came before and after such a step is not as far apart as it seems. */
  steps = 0;
  /** Frames since the last one. */
  steadyFrames = 0;
  readonly #perMs: number;
  readonly #frame: Int16Array;
  /** Given to the line and not heard yet. Nothing is copied: most of it is read only once. */
  #pieces: Samples[] = [];
  /** Where the first of them begins and the last ends, in samples since the call began. */
  #startAt = 0;
  #endAt = 0;
  /** The end of the last frame that was read. */
  #headMs = 0;
  /** How far the line says it is, and how far from that we are, smoothed. */
  #heardMs = 0;
  #offMs = 0;
  #stalledFrames = STALLED_FRAMES;

  constructor(sampleRate: number) {
    this.#perMs = sampleRate / 1000;
    this.#frame = new Int16Array(this.#perMs * FRAME_MS);
  }

  /** Whether the line plays something of ours. */
  get playing(): boolean {
    return this.#stalledFrames < STALLED_FRAMES;
  }

  add(samples: Samples): void {
    const heardAt = Math.round(this.#heardMs * this.#perMs);
    // Lines fill up the last frame of what they play: what comes next begins where they are.
    if (this.#endAt <= heardAt) this.#beginAt(heardAt);
    this.#pieces.push(samples);
    this.#endAt += samples.length;
    this.#forget(this.#endAt - KEPT_MS_MAX * this.#perMs);
  }

  /** What the line has not played by now it never will. */
  clear(heardMs: number): void {
    this.#beginAt(Math.round(heardMs * this.#perMs));
    this.#headMs = heardMs;
    this.#offMs = 0;
  }

  /** To be called for each frame of the caller, before `read`. */
  advance(heardMs: number): void {
    const stalled = !this.playing;
    this.#stalledFrames = heardMs > this.#heardMs ? 0 : this.#stalledFrames + 1;
    this.#heardMs = heardMs;
    this.steadyFrames += 1;
    if (!this.playing) this.#headMs = heardMs;
    else if (stalled) this.#step();
    else this.#follow();
  }

  #follow(): void {
    this.#headMs += FRAME_MS;
    const offMs = this.#heardMs - this.#headMs;
    this.#offMs += SMOOTH * (offMs - this.#offMs);
    const empty = this.#headMs * this.#perMs > this.#endAt;
    if (empty || Math.abs(this.#offMs) > OFF_MS_MAX) this.#step();
  }

  #step(): void {
    this.#headMs = this.#heardMs;
    this.#offMs = 0;
    this.steps += 1;
    this.steadyFrames = 0;
  }

  #beginAt(at: number): void {
    this.#pieces = [];
    this.#startAt = at;
    this.#endAt = at;
  }

  /** Our voice of the 20 ms that end now, valid until the next call. */
  read(): Samples {
    const frame = this.#frame;
    frame.fill(0);
    if (!this.playing) return frame;
    const end = Math.round(this.#headMs * this.#perMs);
    const at = end - frame.length;
    this.#forget(at);
    let start = this.#startAt;
    for (const samples of this.#pieces) {
      if (start >= end) break;
      const part = samples.subarray(Math.max(0, at - start), end - start);
      frame.set(part, Math.max(0, start - at));
      start += samples.length;
    }
    return frame;
  }

  #forget(before: number): void {
    let heard = 0;
    for (const { length } of this.#pieces) {
      if (this.#startAt + length > before) break;
      this.#startAt += length;
      heard += 1;
    }
    if (heard > 0) this.#pieces.splice(0, heard);
  }
}
