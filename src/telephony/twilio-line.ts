// A started media stream as a `Transport`: what is heard, said and pressed, and every way in which it can end.

import { Channel } from '../lib/channel.ts';
import { within } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { TokenBucket } from '../lib/token-bucket.ts';
import type { LineEnd, Samples, TransferTarget, Transport } from '../pipeline/types.ts';
import { Playout } from './playout.ts';
import { SteadyFrames } from './steady-frames.ts';
import type { FrameCounts } from './steady-frames.ts';
import type { Rejection, StreamMedia, StreamStart } from './twilio-messages.ts';
import type { CarrierCalls } from './twilio-rest.ts';

/** The carrier is given this long to hear that a call is over; then closing the socket must do. */
const HANG_UP_MS = 3000;
/** When the carrier knows, it stops the stream itself; after this long we do. */
const STOP_MS = 2000;
const KEYS_WAITING_MAX = 64;
const KEYS_PER_SECOND = 10;
/** Keys compared with a new one: the carrier repeats a message at once or never. */
const KEYS_REMEMBERED = 8;
const TICK_MS = 20;

/** What a line needs of its socket. */
export interface LineSocket {
  media(audio: Uint8Array): void;
  mark(name: string): void;
  clear(): void;
  queuedBytes(): number;
  /** Says goodbye with a WebSocket close code. */
  close(code: number): void;
  /** Drops the connection: the peer is gone or does not read. */
  terminate(): void;
}

export interface LineParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly socket: LineSocket;
  readonly calls: CarrierCalls;
  /** What the carrier is to do with a caller who is put through to a person. */
  transferTwiml(target: TransferTarget): string;
  /** What the carrier is to do with a call that another process of ours takes over. */
  handOverTwiml(keys?: string): string;
  /** Milliseconds without caller audio after which the line is lost. */
  readonly mediaSilenceMs: number;
  /** Counted at the door; goes on counting. */
  readonly messageCounts: MessageCounts;
}

export interface MessageCounts {
  readonly messages: number;
  readonly rejected: Readonly<Partial<Record<Rejection, number>>>;
  readonly beforeStart: number;
  readonly duplicateStarts: number;
  /** Events we do not know. */
  readonly unknown: number;
}

export interface LineCounts extends MessageCounts {
  readonly frames: FrameCounts;
  readonly marksReturned: number;
  /** Repeated, too many at once, or read too late. */
  readonly keysDropped: number;
}

/** A transport, and what only the two sides that hold it need. */
export class TwilioLine implements Transport {
  readonly sampleRate = 8000;
  readonly streamSid: string;
  readonly callSid: string;
  readonly ended: Promise<LineEnd>;
  readonly #parts: LineParts;
  readonly #playout: Playout;
  readonly #frames: SteadyFrames;
  readonly #keys = new Channel<string>(KEYS_WAITING_MAX);
  readonly #keyRate: TokenBucket;
  readonly #resolveEnded: (end: LineEnd) => void;
  readonly #startedAt: number;
  #recentKeys: number[] = [];
  #keysRefused = 0;
  #mediaAt: number;
  #ticksWithoutMedia = 0;
  #endedAt: number | undefined;
  /** The end we have asked the carrier for, and whether it agreed. */
  #leaving: { end: LineEnd; agreed: Promise<boolean> } | undefined;
  #hangingUp: Promise<void> | undefined;
  #stopTimer: Disposable | undefined;

  /** To be made when `start` arrives: the line is connected from then on. */
  constructor(parts: LineParts, { streamSid, callSid }: StreamStart) {
    const { clock, socket } = parts;
    const { promise, resolve } = Promise.withResolvers<LineEnd>();
    this.#parts = parts;
    this.streamSid = streamSid;
    this.callSid = callSid;
    this.ended = promise;
    this.#resolveEnded = resolve;
    this.#startedAt = clock.elapsed();
    this.#mediaAt = this.#startedAt;
    this.#keyRate = new TokenBucket(clock, { perSecond: KEYS_PER_SECOND, burst: KEYS_PER_SECOND });
    this.#frames = new SteadyFrames(clock);
    this.#playout = new Playout(clock, {
      media: (audio) => socket.media(audio),
      mark: (name) => socket.mark(name),
      clear: () => socket.clear(),
      queuedBytes: () => socket.queuedBytes(),
      stuck: () => this.#vanished(clock.elapsed()),
    });
  }

  get incoming(): Channel<Samples> {
    return this.#frames.frames;
  }

  get keys(): AsyncIterable<string> {
    return this.#keys;
  }

  get counts(): LineCounts {
    const { messageCounts } = this.#parts;
    return {
      ...messageCounts,
      rejected: { ...messageCounts.rejected },
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
    return (this.#endedAt ?? this.#mediaAt) - this.#startedAt;
  }

  hangUp(): Promise<void> {
    this.#hangingUp ??= this.#hangUp();
    return this.#hangingUp;
  }

  transfer(target: TransferTarget): Promise<void> {
    return this.#leave('transferred', this.#parts.transferTwiml(target));
  }

  handOver(keys?: string): Promise<void> {
    return this.#leave('handed-over', this.#parts.handOverTwiml(keys));
  }

  /** The carrier goes on with other instructions: our part of the call is over. */
  async #leave(end: LineEnd, twiml: string): Promise<void> {
    if (this.#endedAt !== undefined || this.#leaving) {
      throw new AppError('conflict', 'the line is ending already');
    }
    const asked = this.#parts.calls.update(this.callSid, twiml);
    const agreed = asked.then(
      () => true,
      () => false,
    );
    this.#leaving = { end, agreed };
    if (await agreed) this.#awaitStop(end);
    else this.#leaving = undefined;
    await asked;
  }

  /** A newer stream of the same call has taken over. The call itself goes on, so the carrier is not told. */
  supersede(): void {
    this.#finish('superseded', this.#parts.clock.elapsed());
    this.#parts.socket.close(1000);
  }

  /** Caller audio has come. */
  receiveMedia(media: StreamMedia): void {
    if (this.#endedAt !== undefined) return;
    this.#mediaAt = this.#parts.clock.elapsed();
    this.#ticksWithoutMedia = 0;
    this.#frames.add(media);
  }

  /** The caller has pressed a key. `sequence`: the message's number, by which repeats are known. */
  receiveKey(digit: string, sequence: number): void {
    if (this.#recentKeys.includes(sequence) || !this.#keyRate.take()) {
      this.#keysRefused += 1;
      return;
    }
    this.#recentKeys = [...this.#recentKeys.slice(1 - KEYS_REMEMBERED), sequence];
    this.#keys.push(digit);
  }

  /** A mark has come back. */
  receiveMark(name: string): void {
    this.#playout.returned(name);
  }

  /** The carrier has ended the stream, properly. */
  stopped(): void {
    this.#finish('caller', this.#parts.clock.elapsed());
    this.#parts.socket.close(1000);
  }

  /** The socket has closed. Without a goodbye the caller was gone when we last heard them. */
  closed(properly: boolean): void {
    if (properly) this.#finish('caller', this.#parts.clock.elapsed());
    else this.#finish('lost', this.#mediaAt);
  }

  /** The peer broke the rules. */
  refuse(code: number): void {
    this.#finish('protocol', this.#parts.clock.elapsed());
    this.#parts.socket.close(code);
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

  async #hangUp(): Promise<void> {
    const { clock, calls, log, socket } = this.#parts;
    // A caller who is being handed over must not be cut off by the end of our own part.
    if (this.#leaving && (await this.#leaving.agreed)) return;
    if (this.#endedAt !== undefined) return;
    const late = () => new AppError('vendor_failed', 'the carrier did not answer in time');
    const agreed = within(clock, HANG_UP_MS, calls.complete(this.callSid), late).then(
      () => true,
      (error: unknown) => {
        log.warn('hanging up by closing the socket', { callSid: this.callSid, error });
        return false;
      },
    );
    this.#leaving = { end: 'hung-up', agreed };
    if (await agreed) {
      this.#awaitStop('hung-up');
    } else {
      this.#finish('hung-up', clock.elapsed());
      socket.close(1000);
    }
  }

  #awaitStop(end: LineEnd): void {
    if (this.#endedAt !== undefined) return;
    const { clock, socket } = this.#parts;
    this.#stopTimer = clock.after(STOP_MS, () => {
      this.#finish(end, clock.elapsed());
      socket.close(1000);
    });
  }

  #vanished(at: number): void {
    this.#finish('lost', at);
    this.#parts.socket.terminate();
  }

  /** The one place where a line ends. `at`: monotonic; the caller was connected until then. */
  #finish(end: LineEnd, at: number): void {
    if (this.#endedAt !== undefined) return;
    this.#endedAt = at;
    this.#stopTimer?.[Symbol.dispose]();
    this.#playout.stop();
    this.#frames.end();
    this.#keys.end();
    // The carrier's `stop` may overtake its answer to our request.
    const leaving = this.#leaving;
    if (!leaving) return this.#resolveEnded(end);
    void leaving.agreed.then((agreed) => this.#resolveEnded(agreed ? leaving.end : end));
  }
}
