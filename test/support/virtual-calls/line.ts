// A telephone line in virtual time: a caller who follows a script, and a record of what was played to them.

import { Channel } from '../../../src/lib/channel.ts';
import { AppError } from '../../../src/lib/errors.ts';
import { FRAME_MS } from '../../../src/pipeline/types.ts';
import type { LineEnd, Samples, TransferTarget, Transport } from '../../../src/pipeline/types.ts';
import { settle } from '../clock.ts';
import type { VirtualClock } from '../clock.ts';

const SAMPLE_RATE = 8000;
const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1000;
/** What the carrier is ahead of the caller's ear. */
const LEAD_MS = 300;

/** Words the caller said, and the frames they took: what a recogniser for tests needs to know. */
export interface Said {
  readonly text: string;
  readonly fromFrame: number;
  readonly toFrame: number;
  /** How sure a recogniser is of it. */
  readonly confidence?: number | undefined;
}

interface Queued {
  readonly samples: Samples;
  at: number;
}

export class TestLine implements Transport {
  readonly sampleRate = SAMPLE_RATE;
  readonly incoming = new Channel<Samples>(1000);
  readonly keys = new Channel<string>(64);
  readonly said: Said[] = [];
  /** Voiced milliseconds played to the caller after a `clear` or `hold` until the next `play` or `resume`: must be 0. */
  playedAfterClear = 0;
  /** How loud the caller's voice is, in steps of 16-bit audio. */
  callerLevel = 6000;
  /** What is on the line while the caller is silent, frame by frame: others who speak, as loud as their steps say. */
  behind: (frame: number) => number = () => 20;
  /** How our own voice comes back to us. */
  echo: { readonly delayMs: number; readonly gain: number } | undefined;
  transferredTo: TransferTarget | undefined;
  /** By the carrier, for the other end. */
  keysPressed: string | undefined;
  hungUp = false;
  /** Whether the carrier lets a call be handed over. */
  handsOver = true;
  readonly #clock: VirtualClock;
  readonly #end = Promise.withResolvers<LineEnd>();
  #queue: Queued[] = [];
  #held: Queued[] = [];
  #holding = false;
  readonly #played: Samples[] = [];
  #heardSamples = 0;
  #frames = 0;
  #over = false;
  #waiters: (() => void)[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get ended(): Promise<LineEnd> {
    return this.#end.promise;
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** Whether the caller hears us at this moment. */
  get playing(): boolean {
    return this.#queue.length > 0;
  }

  async play(samples: Samples, signal: AbortSignal): Promise<void> {
    (this.#holding ? this.#held : this.#queue).push({ samples, at: 0 });
    await this.#until(() => !this.#holding && this.#queuedMs() <= LEAD_MS, signal);
  }

  async drain(signal: AbortSignal): Promise<void> {
    await this.#until(() => !this.#holding && this.#queue.length === 0, signal);
  }

  heardMs(): number {
    return (this.#heardSamples / SAMPLE_RATE) * 1000;
  }

  hold(): void {
    if (this.#holding) return;
    this.#holding = true;
    this.#held = this.#queue;
    this.#queue = [];
  }

  resume(): void {
    if (!this.#holding) return;
    this.#holding = false;
    this.#queue = this.#held;
    this.#held = [];
    this.#wake();
  }

  clear(): void {
    this.#holding = false;
    this.#queue = [];
    this.#held = [];
    this.#wake();
  }

  connectedMs(): number {
    return this.#frames * FRAME_MS;
  }

  async hangUp(): Promise<void> {
    this.hungUp = true;
    this.#finish('hung-up');
  }

  async transfer(target: TransferTarget): Promise<void> {
    this.transferredTo = target;
    this.#finish('transferred');
  }

  async handOver(keys?: string): Promise<void> {
    if (!this.handsOver) throw new AppError('vendor_failed', 'the carrier does not answer');
    this.keysPressed = keys;
    this.#finish('handed-over');
  }

  /** The caller hangs up. */
  async callerHangsUp(): Promise<void> {
    this.#finish('caller');
    await settle();
  }

  /** Voice for `ms`, in which `text` is said. Words a recogniser cannot make out are an empty text: a cough. */
  async says(text: string, ms: number, confidence?: number): Promise<void> {
    const frames = Math.round(ms / FRAME_MS);
    if (text !== '')
      this.said.push({
        text,
        fromFrame: this.#frames,
        toFrame: this.#frames + frames,
        confidence,
      });
    for (let index = 0; index < frames; index += 1) await this.#frame(true);
  }

  async isQuiet(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += FRAME_MS) await this.#frame(false);
  }

  /** Quiet until `met`, at most `maxMs`; how long it took. */
  async isQuietUntil(met: () => boolean, maxMs: number): Promise<number> {
    for (let passed = 0; ; passed += FRAME_MS) {
      if (met()) return passed;
      if (passed >= maxMs) throw new Error(`waited ${maxMs} ms of call time in vain`);
      await this.#frame(false);
    }
  }

  /** Quiet until we have spoken and are done. */
  async hearsOut(maxMs = 20_000): Promise<void> {
    await this.isQuietUntil(() => this.playing || this.#over, maxMs);
    await this.isQuietUntil(() => !this.playing || this.#over, maxMs);
    await this.isQuiet(100);
  }

  async #frame(voiced: boolean): Promise<void> {
    await this.#clock.advance(FRAME_MS);
    if (this.#over) return;
    this.#played.push(this.#playFrame());
    this.#frames += 1;
    this.incoming.push(
      this.#withEcho(frameOf(voiced ? this.callerLevel : this.behind(this.#frames))),
    );
    await settle();
  }

  #withEcho(frame: Samples): Samples {
    if (!this.echo) return frame;
    const { delayMs, gain } = this.echo;
    const back = this.#played.at(-1 - delayMs / FRAME_MS);
    return back ? frame.map((sample, i) => sample + back[i]! * gain) : frame;
  }

  #playFrame(): Samples {
    const sound = new Int16Array(FRAME_SAMPLES);
    let room = FRAME_SAMPLES;
    while (room > 0) {
      const head = this.#queue[0];
      if (!head) break;
      const take = Math.min(room, head.samples.length - head.at);
      sound.set(head.samples.subarray(head.at, head.at + take), FRAME_SAMPLES - room);
      head.at += take;
      room -= take;
      this.#heardSamples += take;
      if (this.#holding) this.playedAfterClear += (take / SAMPLE_RATE) * 1000;
      if (head.at >= head.samples.length) this.#queue.shift();
    }
    this.#wake();
    return sound;
  }

  #queuedMs(): number {
    const samples = this.#queue.reduce((sum, each) => sum + each.samples.length - each.at, 0);
    return (samples / SAMPLE_RATE) * 1000;
  }

  async #until(met: () => boolean, signal: AbortSignal): Promise<void> {
    while (!met()) {
      signal.throwIfAborted();
      if (this.#over) throw new Error('the line is gone');
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => reject(signal.reason as Error);
        signal.addEventListener('abort', onAbort, { once: true });
        this.#waiters.push(() => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        });
      });
    }
    signal.throwIfAborted();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  #finish(end: LineEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue = [];
    this.#held = [];
    this.incoming.end();
    this.keys.end();
    this.#end.resolve(end);
    this.#wake();
  }
}

/** A square wave: as loud as `level` in every frame. */
function frameOf(level: number): Samples {
  const samples = new Int16Array(FRAME_SAMPLES);
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = index % 16 < 8 ? level : -level;
  }
  return samples;
}
