// A line as a `Transport`, whatever carries it: our voice paced out, the caller in steady frames, keys, and one end.

import { Channel } from '../lib/channel.ts';
import type { Clock } from '../lib/clock.ts';
import { TokenBucket } from '../lib/token-bucket.ts';
import type { LineEnd, Samples, TransferTarget, Transport } from '../pipeline/types.ts';
import { Playout } from './playout.ts';
import type { PlayoutLine } from './playout.ts';
import { SteadyFrames } from './steady-frames.ts';
import type { FrameCounts } from './steady-frames.ts';
import type { StreamMedia } from './twilio-messages.ts';

const KEYS_WAITING_MAX = 64;
const KEYS_PER_SECOND = 10;
const TICK_MS = 20;

/** Where our audio goes. */
export interface LineOutput extends Omit<PlayoutLine, 'stuck'> {
  /** The call is over for us. */
  close(): void;
  /** The peer is gone or does not read. */
  terminate(): void;
}

/** How we leave a line of this kind: each as in `Transport`. Whoever implements it ends the line. */
export interface LineExits {
  hangUp(): Promise<void>;
  transfer(target: TransferTarget): Promise<void>;
  handOver(keys?: string): Promise<void>;
  /** The line has ended. Resolves with how, where that is known better by then. */
  settle?(end: LineEnd): Promise<LineEnd>;
}

export interface LineParts<Counts extends object> {
  readonly clock: Clock;
  readonly output: LineOutput;
  /** Milliseconds without caller audio after which the line is lost. */
  readonly mediaSilenceMs: number;
  exits(line: Line<Counts>): LineExits;
  /** What else is counted. */
  counts?(): Counts;
}

export interface LineCounts {
  readonly frames: FrameCounts;
  readonly marksReturned: number;
  /** Repeated, too many at once, or read too late. */
  readonly keysDropped: number;
}

/** 8 kHz and mu-law inside, as on the telephone. */
export class Line<Counts extends object = object> implements Transport {
  readonly sampleRate = 8000;
  readonly ended: Promise<LineEnd>;
  readonly #parts: LineParts<Counts>;
  readonly #exits: LineExits;
  readonly #playout: Playout;
  readonly #frames: SteadyFrames;
  readonly #keys = new Channel<string>(KEYS_WAITING_MAX);
  readonly #keyRate: TokenBucket;
  readonly #resolveEnded: (end: LineEnd | Promise<LineEnd>) => void;
  // Numbers from the start: a field that was undefined once takes new memory for each time that is put into it.
  #startedAt = 0;
  #keysRefused = 0;
  #mediaAt = 0;
  #ticksWithoutMedia = 0;
  #endedAt: number | undefined;

  /** Connected from now on. */
  constructor(parts: LineParts<Counts>) {
    const { clock, output } = parts;
    const { promise, resolve } = Promise.withResolvers<LineEnd>();
    this.#parts = parts;
    this.ended = promise;
    this.#resolveEnded = resolve;
    this.#startedAt = clock.elapsed();
    this.#mediaAt = this.#startedAt;
    this.#keyRate = new TokenBucket(clock, { perSecond: KEYS_PER_SECOND, burst: KEYS_PER_SECOND });
    this.#frames = new SteadyFrames(clock);
    this.#playout = new Playout(clock, {
      media: (audio) => output.media(audio),
      mark: (name) => output.mark(name),
      clear: () => output.clear(),
      queuedBytes: () => output.queuedBytes(),
      stuck: () => this.#vanished(clock.elapsed()),
    });
    this.#exits = parts.exits(this);
  }

  get incoming(): Channel<Samples> {
    return this.#frames.frames;
  }

  get keys(): AsyncIterable<string> {
    return this.#keys;
  }

  get counts(): LineCounts & Counts {
    return {
      ...(this.#parts.counts?.() as Counts),
      frames: this.#frames.counts,
      marksReturned: this.#playout.marksReturned,
      keysDropped: this.#keysRefused + this.#keys.dropped,
    };
  }

  /** Whether it has ended. */
  get over(): boolean {
    return this.#endedAt !== undefined;
  }

  play(samples: Samples, signal: AbortSignal): Promise<void> {
    return this.#playout.play(samples, signal);
  }

  drain(signal: AbortSignal): Promise<void> {
    return this.#playout.drain(signal);
  }

  heardMs(): number {
    return this.#playout.heardMs();
  }

  hold(): void {
    this.#playout.hold();
  }

  resume(): void {
    this.#playout.resume();
  }

  clear(): void {
    this.#playout.clear();
  }

  connectedMs(): number {
    return (this.#endedAt ?? this.#mediaAt) - this.#startedAt;
  }

  hangUp(): Promise<void> {
    return this.#exits.hangUp();
  }

  transfer(target: TransferTarget): Promise<void> {
    return this.#exits.transfer(target);
  }

  handOver(keys?: string): Promise<void> {
    return this.#exits.handOver(keys);
  }

  /** A newer stream of the same call has taken over. The call itself goes on, so nobody else is told. */
  supersede(): void {
    this.close('superseded');
  }

  /** Caller audio has come. */
  receiveMedia(media: StreamMedia): void {
    if (this.#endedAt !== undefined) return;
    this.present();
    this.#frames.add(media);
  }

  /** The caller is there, though nothing is heard of them: a microphone that is off sends nothing in a room. */
  present(): void {
    if (this.#endedAt !== undefined) return;
    this.#mediaAt = this.#parts.clock.elapsed();
    this.#ticksWithoutMedia = 0;
  }

  /** The caller has pressed a key; false when these are too many. */
  receiveKey(key: string): boolean {
    const taken = this.#keyRate.take();
    if (taken) this.#keys.push(key);
    else this.refuseKey();
    return taken;
  }

  refuseKey(): void {
    this.#keysRefused += 1;
  }

  /** A mark has come back. */
  receiveMark(name: string): void {
    this.#playout.returned(name);
  }

  /** The caller has left, properly. */
  left(): void {
    this.finish('caller');
  }

  /** The connection has broken: the caller was gone when we last heard them. */
  lost(): void {
    this.finish('lost', this.#mediaAt);
  }

  /** The peer broke the rules. */
  refuse(): void {
    this.finish('protocol');
  }

  /** To be called every 20 ms, more or less, with `clock.elapsed()`. */
  tick(now: number): void {
    if (this.#endedAt !== undefined) return;
    this.#ticksWithoutMedia += 1;
    this.#frames.tick(now);
    this.#playout.tick();
    // Both: after a pause of our own process the audio may be there, unread.
    const quietMs = Math.min(now - this.#mediaAt, (this.#ticksWithoutMedia - 1) * TICK_MS);
    if (quietMs >= this.#parts.mediaSilenceMs) this.#vanished(this.#mediaAt);
  }

  /** Ends the line, and tells the peer. */
  close(end: LineEnd): void {
    this.finish(end);
    this.#parts.output.close();
  }

  /** The one place where a line ends. `at`: monotonic; the caller was connected until then. */
  finish(end: LineEnd, at = this.#parts.clock.elapsed()): void {
    if (this.#endedAt !== undefined) return;
    this.#endedAt = at;
    this.#playout.stop();
    this.#frames.end();
    this.#keys.end();
    this.#resolveEnded(this.#exits.settle?.(end) ?? end);
  }

  #vanished(at: number): void {
    this.finish('lost', at);
    this.#parts.output.terminate();
  }
}
