// Plays our audio to the caller: pace, marks by generation, and from them how much has been heard.

import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import { pooledBytes } from '../lib/pool.ts';
import { MULAW_SILENCE, encodeMulaw } from '../pipeline/audio/mulaw.ts';
import type { Samples } from '../pipeline/types.ts';
import { ByteQueue } from './byte-queue.ts';

/** Hz; one byte is one sample. */
const SAMPLE_RATE = 8000;
const BYTES_PER_MS = SAMPLE_RATE / 1000;
/** 20 ms. Other lengths click where they join. */
const FRAME_BYTES = 20 * BYTES_PER_MS;
/** 100 ms: a message is a system call, so few large ones. */
const PIECE_BYTES = 100 * BYTES_PER_MS;
/**
 * Audio sent ahead of the caller's ear. Covers the way to the carrier (up to some 100 ms) and a late tick of a busy
 * process; more would make what was heard less certain when the caller interrupts.
 */
export const LEAD_MS = 300;
const LEAD_BYTES = LEAD_MS * BYTES_PER_MS;
/** With this much ahead there is time to wait for a whole piece. */
const EASY_BYTES = 160 * BYTES_PER_MS;
/** Audio between two marks. */
const MARK_BYTES = 200 * BYTES_PER_MS;
/** When the audio must have been played by the clock, `drain` waits this long for the mark that proves it. */
const DRAIN_GRACE_MS = 1000;
/** From a peer that returns marks, audio this far beyond the last one is not believed to have been heard. */
const BELIEVED_BYTES_MAX = 1000 * BYTES_PER_MS;
/** A peer that has returned marks before and leaves this much unproven does not play any more. */
const UNPROVEN_BYTES_MAX = 4000 * BYTES_PER_MS;
/** The socket's own queue: 4 s of audio with its base64 and JSON. */
const SOCKET_BYTES_MAX = 64_000;
/** Marks remembered while the peer returns none. */
const MARKS_MAX = 64;
/** Audio of `play` calls that nobody waited for. */
const QUEUED_BYTES_MAX = 120_000 * BYTES_PER_MS;

/** What playout needs of a line. */
export interface PlayoutLine {
  media(audio: Uint8Array): void;
  mark(name: string): void;
  clear(): void;
  /** Bytes that wait in the socket because the peer does not read. */
  queuedBytes(): number;
  /** The peer no longer takes audio. Called once. */
  stuck(): void;
}

interface Wait {
  /** Bytes queued since the call began, dropped ones included. */
  readonly until: number;
  /** Whether they must have been heard, or only be within the lead. */
  readonly heard: boolean;
  readonly resolve: () => void;
}

/**
 * Positions are bytes of mu-law since the last `clear` or `hold`, which begin a new generation: marks of older ones
 * come back because of the clear and prove nothing. What counts as heard is what both the clock allows (audio cannot
 * be played faster than real time) and the marks suggest (the last proven position, and the time since).
 */
export class Playout {
  readonly #clock: Clock;
  readonly #line: PlayoutLine;
  readonly #queue = new ByteQueue();
  #waits: Wait[] = [];
  /** Bytes ever queued: what `Wait.until` counts. */
  #queuedTotal = 0;
  /** Bytes heard of earlier generations, and of this one. */
  #heardBefore = 0;
  #heard = 0;
  #generation = 0;
  #sent = 0;
  #pieces: { audio: Uint8Array; start: number }[] = [];
  #marks: { number: number; position: number }[] = [];
  #markNumber = 0;
  #marked = 0;
  /** Playing began at `position` when the clock showed `at`, as far as our side can tell. */
  #begun = { position: 0, at: 0 };
  #proven: { position: number; at: number } | undefined;
  #marksReturned = 0;
  #held = false;
  #stopped = false;

  constructor(clock: Clock, line: PlayoutLine) {
    this.#clock = clock;
    this.#line = line;
  }

  /** Marks that proved something. */
  get marksReturned(): number {
    return this.#marksReturned;
  }

  /** See `Transport.play`. An abort ends the wait, `clear` takes back the audio. On a stopped line it waits for the abort. */
  async play(samples: Samples, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#queue.length + samples.length > QUEUED_BYTES_MAX) {
      throw new AppError('internal', 'more than two minutes of audio queued: play was not awaited');
    }
    if (!this.#stopped) this.#queue.append(encodeMulaw(samples, pooledBytes(samples.length)));
    this.#queuedTotal += samples.length;
    this.#send();
    if (this.#stopped || !this.#isWithinLead(this.#queuedTotal)) {
      await this.#wait(this.#queuedTotal, false, signal);
    }
  }

  /** See `Transport.drain`. On a stopped line it waits for the abort. */
  async drain(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const odd = this.#queue.length % FRAME_BYTES;
    if (odd > 0) {
      this.#queue.append(new Uint8Array(FRAME_BYTES - odd).fill(MULAW_SILENCE));
      this.#queuedTotal += FRAME_BYTES - odd;
    }
    if (!this.#stopped && this.#isHeard(this.#queuedTotal)) return;
    const heard = this.#wait(this.#queuedTotal, true, signal);
    this.#send();
    await heard;
  }

  /** See `Transport.heardMs`. Never goes back. */
  heardMs(): number {
    return (this.#heardBefore + this.#heardBytes()) / BYTES_PER_MS;
  }

  /** See `Transport.hold`. */
  hold(): void {
    if (this.#held || this.#stopped) return;
    this.#held = true;
    // Whole frames, so that what follows still joins; the caller hears a little more while `clear` is on its way.
    this.#heard = Math.min(this.#sent, Math.ceil(this.#heardBytes() / FRAME_BYTES) * FRAME_BYTES);
    const unheard = this.#unheard();
    this.#newGeneration();
    this.#queue.prepend(unheard);
  }

  /** See `Transport.resume`. */
  resume(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#send();
  }

  /**
   * See `Transport.clear`. Waiting `play` and `drain` calls resolve on the next tick, not at once: a caller of `clear`
   * who then aborts must find them rejected, not completed.
   */
  clear(): void {
    if (this.#stopped) return;
    this.#held = false;
    this.#newGeneration();
    this.#queue.clear();
  }

  /** A mark came back. */
  returned(name: string): void {
    const [generation, number] = name.split(':').map(Number);
    if (generation !== this.#generation) return;
    const index = this.#marks.findIndex((mark) => mark.number === number);
    const mark = this.#marks[index];
    if (!mark) return;
    this.#heardBytes();
    this.#marks.splice(0, index + 1);
    this.#marksReturned += 1;
    this.#proven = { position: mark.position, at: this.#clock.elapsed() };
    this.#forgetHeard();
    this.#settleWaits();
  }

  /** To be called every 20 ms, more or less. */
  tick(): void {
    if (this.#stopped || (this.#queue.length === 0 && this.#waits.length === 0)) return;
    this.#send();
    this.#settleWaits();
  }

  /** The line is gone: what has been heard is final, and waits end by their signals. */
  stop(): void {
    this.#heardBytes();
    this.#stopped = true;
    this.#queue.clear();
    this.#pieces = [];
    this.#marks = [];
  }

  #send(): void {
    if (this.#held || this.#stopped) return;
    const draining = this.#waits.some((wait) => wait.heard);
    for (let size = this.#nextPiece(draining); size > 0; size = this.#nextPiece(draining)) {
      if (this.#isStuck()) {
        this.stop();
        this.#line.stuck();
        return;
      }
      this.#sendPiece(this.#queue.take(size));
      if (this.#sent - this.#marked >= MARK_BYTES) this.#sendMark();
    }
    if (draining && this.#queue.length === 0 && this.#sent > this.#marked) this.#sendMark();
  }

  /** Bytes to send now: a whole piece when there is time to wait for one, else what there is. */
  #nextPiece(draining: boolean): number {
    const ahead = this.#sent - this.#playedByClock();
    const ready = this.#queue.length - (this.#queue.length % FRAME_BYTES);
    const size = Math.min(ready, PIECE_BYTES);
    if (size === 0 || ahead + size > LEAD_BYTES) return 0;
    return size === PIECE_BYTES || draining || ahead < EASY_BYTES ? size : 0;
  }

  #sendPiece(audio: Uint8Array): void {
    const now = this.#clock.elapsed();
    if (this.#playedByClock() >= this.#sent) this.#begun = { position: this.#sent, at: now };
    this.#pieces.push({ audio, start: this.#sent });
    this.#sent += audio.length;
    this.#line.media(audio);
    this.#forgetHeard();
  }

  /** Nobody will ask for it again, and it keeps memory. */
  #forgetHeard(): void {
    const heard = this.#heardBytes();
    const first = this.#pieces.findIndex(({ audio, start }) => start + audio.length > heard);
    this.#pieces.splice(0, first < 0 ? this.#pieces.length : first);
  }

  #sendMark(): void {
    this.#markNumber += 1;
    this.#marked = this.#sent;
    this.#marks.push({ number: this.#markNumber, position: this.#sent });
    if (this.#marks.length > MARKS_MAX) this.#marks.shift();
    this.#line.mark(`${this.#generation}:${this.#markNumber}`);
  }

  #isStuck(): boolean {
    if (this.#line.queuedBytes() > SOCKET_BYTES_MAX) return true;
    const proven = this.#proven?.position ?? 0;
    return this.#marksReturned > 0 && this.#sent - proven > UNPROVEN_BYTES_MAX;
  }

  #playedByClock(): number {
    const { position, at } = this.#begun;
    const since = Math.floor((this.#clock.elapsed() - at) * BYTES_PER_MS);
    return Math.min(this.#sent, position + since);
  }

  /** Never goes back within a generation: a late mark only makes it wait. */
  #heardBytes(): number {
    if (this.#stopped) return this.#heard;
    let heard = this.#playedByClock();
    if (this.#proven) {
      const since = Math.floor((this.#clock.elapsed() - this.#proven.at) * BYTES_PER_MS);
      heard = Math.min(heard, this.#proven.position + since);
    }
    if (this.#marksReturned > 0) {
      heard = Math.min(heard, (this.#proven?.position ?? 0) + BELIEVED_BYTES_MAX);
    }
    this.#heard = Math.max(this.#heard, heard);
    return this.#heard;
  }

  /** What was sent and not heard, in order. */
  #unheard(): Uint8Array {
    const heard = this.#heardBytes();
    const unheard = new Uint8Array(this.#sent - heard).fill(MULAW_SILENCE);
    for (const { audio, start } of this.#pieces) {
      const skip = Math.max(0, heard - start);
      if (skip < audio.length) unheard.set(audio.subarray(skip), start + skip - heard);
    }
    return unheard;
  }

  #newGeneration(): void {
    this.#heardBefore += this.#heardBytes();
    const proven = this.#proven?.position ?? 0;
    if (this.#sent > proven) this.#line.clear();
    this.#generation += 1;
    this.#heard = 0;
    this.#sent = 0;
    this.#marked = 0;
    this.#markNumber = 0;
    this.#pieces = [];
    this.#marks = [];
    this.#proven = undefined;
    this.#begun = { position: 0, at: this.#clock.elapsed() };
  }

  #wait(until: number, heard: boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        signal.removeEventListener('abort', onAbort);
        this.#waits = this.#waits.filter((other) => other !== wait);
        finish();
      };
      const onAbort = () => settle(() => reject(signal.reason as Error));
      const wait: Wait = { until, heard, resolve: () => settle(resolve) };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waits.push(wait);
    });
  }

  #settleWaits(): void {
    if (this.#stopped) return;
    for (const wait of this.#waits) {
      if (wait.heard ? this.#isHeard(wait.until) : this.#isWithinLead(wait.until)) wait.resolve();
    }
  }

  /** Bytes that were queued and have left the queue; those a `hold` put back have not. */
  #gone(): number {
    return this.#queuedTotal - this.#queue.length;
  }

  #isWithinLead(total: number): boolean {
    const waiting = Math.max(0, total - this.#gone());
    return waiting + this.#sent - this.#playedByClock() <= LEAD_BYTES;
  }

  #isHeard(total: number): boolean {
    if (this.#held || total > this.#gone()) return false;
    const end = this.#sent - (this.#gone() - total);
    // Not of this generation: heard before, or dropped.
    if (end <= 0 || (this.#proven?.position ?? 0) >= end) return true;
    const { position, at } = this.#begun;
    const playedAt = at + (end - position) / BYTES_PER_MS;
    return this.#clock.elapsed() >= playedAt + DRAIN_GRACE_MS;
  }
}
