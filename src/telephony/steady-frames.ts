// Caller media as steady 20 ms frames: put in order, without repeats, gaps filled, so that frames are a clock.

import type { Clock } from '../lib/clock.ts';
import { Channel } from '../lib/channel.ts';
import { MULAW_SILENCE, decodeMulaw } from '../pipeline/audio/mulaw.ts';
import { FRAME_MS } from '../pipeline/types.ts';
import type { Samples } from '../pipeline/types.ts';
import type { StreamMedia } from './twilio-messages.ts';

/** Mu-law at 8 kHz: one byte is one sample. */
const BYTES_PER_MS = 8;
const FRAME_BYTES = FRAME_MS * BYTES_PER_MS;
/** Frames that share one piece of memory: memory of their own would cost more than all else that is done to them. */
const SHARED_FRAMES = 16;
/** A late chunk is waited for this long, or until this much later audio has come. */
const REORDER_MS = 60;
const REORDER_CHUNKS = REORDER_MS / FRAME_MS;
/**
 * Quiet of the carrier that is still jitter. Beyond it frames are made by the clock. Audio that came early buys as much
 * again, so that a carrier that sends 100 ms at a time needs no filling.
 */
const JITTER_MS = 60;
/** 2 s of frames wait for a reader; then the oldest go. */
const FRAMES_WAITING_MAX = 100;
/** How far the caller's audio may run ahead of the clock: what a stalled network delivers at once. */
const AHEAD_MS_MAX = 2000;
/** So many stale chunks in a row mean that the carrier counts anew. */
const STALE_IN_A_ROW_MAX = 10;

/** What happened to caller audio on its way. */
export interface FrameCounts {
  readonly frames: number;
  /** Silence put where audio was missing. */
  readonly filled: number;
  readonly reordered: number;
  /** Came again, or after its place had been filled. */
  readonly stale: number;
  /** Came faster than anybody can speak. */
  readonly ahead: number;
  /** Nobody read them in time. */
  readonly unread: number;
}

/** Order and gaps come from the carrier's fields, the pace from our clock: a field can be wrong, time cannot. */
export class SteadyFrames {
  readonly #clock: Clock;
  readonly #frames = new Channel<Samples>(FRAMES_WAITING_MAX);
  /** Chunks that came before their turn, with the time they came. */
  readonly #early = new Map<number, { media: StreamMedia; at: number }>();
  readonly #counts = { frames: 0, filled: 0, reordered: 0, stale: 0, ahead: 0 };
  // Numbers from the start: a field that was undefined once takes new memory for each time that is put into it.
  #startedAt = 0;
  #nextChunk = 1;
  #staleInARow = 0;
  /** Carrier time at which the next chunk should begin; not a number before the first. */
  #expectedMs = Number.NaN;
  /** The time up to which there are frames. */
  #paidUntil = 0;
  #tickedAt = 0;
  /** When the last chunk was used, and silence made by the clock since then. */
  #chunkAt = 0;
  #filledSinceChunk = 0;
  #callerMs = 0;
  #rest: Uint8Array = new Uint8Array(0);
  /** Where the next frames go, and how far it is used. */
  #memory = new Int16Array(0);
  #used = 0;

  /** Frames are due from now on. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.elapsed();
    this.#paidUntil = this.#startedAt;
    this.#tickedAt = this.#startedAt;
    this.#chunkAt = this.#startedAt;
  }

  /** 160 samples each. One reader. */
  get frames(): Channel<Samples> {
    return this.#frames;
  }

  get counts(): FrameCounts {
    return { ...this.#counts, unread: this.#frames.dropped };
  }

  /** One media message. */
  add(media: StreamMedia): void {
    if (media.chunk < this.#nextChunk) return this.#addStale(media);
    this.#staleInARow = 0;
    if (media.chunk > this.#nextChunk) return this.#addEarly(media);
    this.#use(media);
    this.#useEarly();
  }

  /** To be called every 20 ms, more or less, with `clock.elapsed()`. */
  tick(now: number): void {
    const sinceTick = now - this.#tickedAt;
    this.#tickedAt = now;
    if (this.#early.size > 0) {
      const [oldest] = this.#early.values();
      if (oldest && now - oldest.at >= REORDER_MS) this.#skipToEarly();
    }
    // After a pause of our own process the caller's audio may wait in the socket: read it before judging.
    if (sinceTick > JITTER_MS || this.#early.size > 0) return;
    const quietMs = now - this.#paidUntil;
    if (this.#filledSinceChunk === 0 && quietMs < JITTER_MS + FRAME_MS) return;
    while (now - this.#paidUntil >= FRAME_MS) {
      this.#filledSinceChunk += 1;
      this.#fill(now);
    }
  }

  /** The caller is gone. What is queued can still be read. */
  end(): void {
    this.#skipToEarly();
    this.#frames.end();
  }

  #addStale(media: StreamMedia): void {
    this.#staleInARow += 1;
    if (this.#staleInARow <= STALE_IN_A_ROW_MAX) {
      this.#counts.stale += 1;
      return;
    }
    this.#staleInARow = 0;
    this.#early.clear();
    this.#nextChunk = media.chunk;
    this.#use(media);
  }

  #addEarly(media: StreamMedia): void {
    if (this.#early.has(media.chunk)) {
      this.#counts.stale += 1;
      return;
    }
    this.#early.set(media.chunk, { media, at: this.#clock.elapsed() });
    if (this.#early.size > REORDER_CHUNKS) this.#skipToEarly();
  }

  /** What is missing will not be waited for any longer. */
  #skipToEarly(): void {
    if (this.#early.size === 0) return;
    this.#nextChunk = Math.min(...this.#early.keys());
    this.#useEarly(true);
  }

  #useEarly(skipped = false): void {
    for (let early = this.#take(); early; early = this.#take()) {
      if (!skipped) this.#counts.reordered += 1;
      this.#use(early.media);
    }
  }

  #take(): { media: StreamMedia; at: number } | undefined {
    if (this.#early.size === 0) return undefined;
    const early = this.#early.get(this.#nextChunk);
    this.#early.delete(this.#nextChunk);
    return early;
  }

  #use({ chunk, timestampMs, payload }: StreamMedia): void {
    const now = this.#clock.elapsed();
    const lengthMs = payload.length / BYTES_PER_MS;
    this.#nextChunk = chunk + 1;
    this.#fillGap(timestampMs, now);
    this.#expectedMs = timestampMs + lengthMs;
    this.#chunkAt = now;
    this.#filledSinceChunk = 0;
    if (this.#callerMs + lengthMs > now - this.#startedAt + AHEAD_MS_MAX) {
      this.#counts.ahead += 1;
      return;
    }
    this.#callerMs += lengthMs;
    this.#pay(lengthMs, now);
    this.#push(payload);
  }

  /** Silence for what the carrier left out, less what the clock has filled already, never more than time has passed. */
  #fillGap(timestampMs: number, now: number): void {
    if (Number.isNaN(this.#expectedMs)) return;
    const gapMs = Math.min(timestampMs - this.#expectedMs, now - this.#chunkAt + JITTER_MS);
    for (let n = Math.floor(gapMs / FRAME_MS) - this.#filledSinceChunk; n > 0; n -= 1) {
      this.#callerMs += FRAME_MS;
      this.#fill(now);
    }
  }

  #pay(lengthMs: number, now: number): void {
    this.#paidUntil = Math.min(this.#paidUntil + lengthMs, now + JITTER_MS);
  }

  #fill(now: number): void {
    this.#pay(FRAME_MS, now);
    const rest = this.#rest;
    this.#rest = new Uint8Array(0);
    this.#counts.filled += 1;
    const frame = new Uint8Array(FRAME_BYTES).fill(MULAW_SILENCE);
    frame.set(rest);
    this.#emit(frame);
  }

  /** Cuts audio of any length into frames; what is too short for one waits for the next. */
  #push(payload: Uint8Array): void {
    if (payload.length === FRAME_BYTES && this.#rest.length === 0) return this.#emit(payload);
    const audio = new Uint8Array(this.#rest.length + payload.length);
    audio.set(this.#rest);
    audio.set(payload, this.#rest.length);
    let start = 0;
    for (; audio.length - start >= FRAME_BYTES; start += FRAME_BYTES) {
      this.#emit(audio.subarray(start, start + FRAME_BYTES));
    }
    this.#rest = audio.subarray(start);
  }

  #emit(frame: Uint8Array): void {
    this.#counts.frames += 1;
    if (this.#used === this.#memory.length) {
      this.#memory = new Int16Array(SHARED_FRAMES * FRAME_BYTES);
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += FRAME_BYTES;
    this.#frames.push(decodeMulaw(frame, this.#memory.subarray(from, this.#used)));
  }
}
