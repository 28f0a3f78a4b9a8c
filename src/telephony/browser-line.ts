// A browser as a line, whatever carries its audio: it sounds as the telephone does, and ends in the same ways.

import { Channel } from '../lib/channel.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import { TokenBucket } from '../lib/token-bucket.ts';
import { decodeMulaw, encodeMulaw } from '../pipeline/audio/mulaw.ts';
import type { LineEnd, Samples, TransferTarget, Transport } from '../pipeline/types.ts';
import { Playout } from './playout.ts';
import { SteadyFrames } from './steady-frames.ts';
import type { FrameCounts } from './steady-frames.ts';

const SAMPLES_PER_MS = 8;
const KEYS_WAITING_MAX = 64;
const KEYS_PER_SECOND = 10;
const TICK_MS = 20;

/** What a line needs of whatever carries it. Audio at 8 kHz. */
export interface BrowserCarrier {
  audio(samples: Samples): void;
  /** To be returned by `receiveMark` when all audio before it has been played. */
  mark(name: string): void;
  /** Drops all audio that has not been played. */
  clear(): void;
  /** Bytes that wait because the browser does not read, as of audio with 8,000 bytes a second. */
  queuedBytes(): number;
  /** The call is over for us. What the browser still gets to know is not audio. */
  hangUp(): void;
  /** The browser is gone or does not read. */
  terminate(): void;
}

export interface BrowserLineParts {
  readonly clock: Clock;
  readonly carrier: BrowserCarrier;
  /** Milliseconds without caller audio after which the line is lost. */
  readonly mediaSilenceMs: number;
  /** Hands the caller to a telephone; rejects with `vendor_failed` where that cannot be. */
  transfer(target: TransferTarget): Promise<void>;
}

export interface BrowserCounts {
  readonly frames: FrameCounts;
  readonly marksReturned: number;
  readonly keysDropped: number;
}

/**
 * 8 kHz and mu-law inside, like the telephone: what an owner tries out in a browser is what callers will hear, and one
 * playout serves both.
 */
export class BrowserLine implements Transport {
  readonly sampleRate = 8000;
  readonly ended: Promise<LineEnd>;
  readonly #parts: BrowserLineParts;
  readonly #playout: Playout;
  readonly #frames: SteadyFrames;
  readonly #keys = new Channel<string>(KEYS_WAITING_MAX);
  readonly #keyRate: TokenBucket;
  readonly #resolveEnded: (end: LineEnd) => void;
  readonly #startedAt: number;
  #keysRefused = 0;
  #chunks = 0;
  #samples = 0;
  #audioAt: number;
  #ticksWithoutAudio = 0;
  #endedAt: number | undefined;
  #transferring = false;

  /** Connected from now on. */
  constructor(parts: BrowserLineParts) {
    const { clock, carrier } = parts;
    const { promise, resolve } = Promise.withResolvers<LineEnd>();
    this.#parts = parts;
    this.ended = promise;
    this.#resolveEnded = resolve;
    this.#startedAt = clock.elapsed();
    this.#audioAt = this.#startedAt;
    this.#keyRate = new TokenBucket(clock, { perSecond: KEYS_PER_SECOND, burst: KEYS_PER_SECOND });
    this.#frames = new SteadyFrames(clock);
    this.#playout = new Playout(clock, {
      media: (audio) => carrier.audio(decodeMulaw(audio)),
      mark: (name) => carrier.mark(name),
      clear: () => carrier.clear(),
      queuedBytes: () => carrier.queuedBytes(),
      stuck: () => this.#vanished(clock.elapsed()),
    });
  }

  get incoming(): Channel<Samples> {
    return this.#frames.frames;
  }

  get keys(): AsyncIterable<string> {
    return this.#keys;
  }

  get counts(): BrowserCounts {
    return {
      frames: this.#frames.counts,
      marksReturned: this.#playout.marksReturned,
      keysDropped: this.#keysRefused + this.#keys.dropped,
    };
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
    return (this.#endedAt ?? this.#audioAt) - this.#startedAt;
  }

  async hangUp(): Promise<void> {
    if (this.#endedAt !== undefined || this.#transferring) return;
    this.#finish('hung-up', this.#parts.clock.elapsed());
    this.#parts.carrier.hangUp();
  }

  async transfer(target: TransferTarget): Promise<void> {
    if (this.#endedAt !== undefined || this.#transferring) {
      throw new AppError('conflict', 'the line is ending already');
    }
    this.#transferring = true;
    try {
      await this.#parts.transfer(target);
    } finally {
      this.#transferring = false;
    }
    this.#finish('transferred', this.#parts.clock.elapsed());
    this.#parts.carrier.hangUp();
  }

  /** A browser's audio cannot be moved: it is bound to its socket. */
  handOver(): Promise<void> {
    return Promise.reject(new AppError('unavailable', 'a browser is on a socket of this process'));
  }

  /** A newer connection of the same call has taken over. */
  supersede(): void {
    this.#finish('superseded', this.#parts.clock.elapsed());
    this.#parts.carrier.hangUp();
  }

  /** Caller audio has come, at 8 kHz, of any length. */
  receiveAudio(samples: Samples): void {
    if (this.#endedAt !== undefined || samples.length === 0) return;
    this.#audioAt = this.#parts.clock.elapsed();
    this.#ticksWithoutAudio = 0;
    this.#chunks += 1;
    this.#frames.add({
      streamSid: '',
      chunk: this.#chunks,
      timestampMs: this.#samples / SAMPLES_PER_MS,
      payload: encodeMulaw(samples),
    });
    this.#samples += samples.length;
  }

  /** The caller is there, though nothing is heard of them: a microphone that is off sends nothing in a room. */
  present(): void {
    if (this.#endedAt !== undefined) return;
    this.#audioAt = this.#parts.clock.elapsed();
    this.#ticksWithoutAudio = 0;
  }

  receiveKey(key: string): void {
    if (this.#keyRate.take()) this.#keys.push(key);
    else this.#keysRefused += 1;
  }

  receiveMark(name: string): void {
    this.#playout.returned(name);
  }

  /** The caller has left, properly. */
  left(): void {
    this.#finish('caller', this.#parts.clock.elapsed());
  }

  /** The connection has broken: the caller was gone when we last heard them. */
  lost(): void {
    this.#finish('lost', this.#audioAt);
  }

  /** The browser broke the rules. */
  refuse(): void {
    this.#finish('protocol', this.#parts.clock.elapsed());
  }

  /** To be called every 20 ms, more or less. */
  tick(): void {
    if (this.#endedAt !== undefined) return;
    const { clock, mediaSilenceMs } = this.#parts;
    this.#ticksWithoutAudio += 1;
    this.#frames.tick(clock.elapsed());
    this.#playout.tick();
    // Both: after a pause of our own process the audio may be there, unread.
    const quietMs = Math.min(
      clock.elapsed() - this.#audioAt,
      (this.#ticksWithoutAudio - 1) * TICK_MS,
    );
    if (quietMs >= mediaSilenceMs) this.#vanished(this.#audioAt);
  }

  #vanished(at: number): void {
    this.#finish('lost', at);
    this.#parts.carrier.terminate();
  }

  /** `at`: monotonic; the caller was connected until then. */
  #finish(end: LineEnd, at: number): void {
    if (this.#endedAt !== undefined) return;
    this.#endedAt = at;
    this.#playout.stop();
    this.#frames.end();
    this.#keys.end();
    this.#resolveEnded(end);
  }
}
