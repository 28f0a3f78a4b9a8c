// One stream of caller audio over one socket, and what is heard in it: batched, flushed, watched.

import { abortable, forEach } from '../../lib/abort.ts';
import { Channel } from '../../lib/channel.ts';
import { AppError } from '../../lib/errors.ts';
import type { Socket } from '../../lib/socket.ts';
import { FLUSH } from '../types.ts';
import type { CallerAudio, Samples, Transcript, VendorParts } from '../types.ts';
import { encode, silence } from './recogniser.ts';
import type { Line, Recogniser, Report } from './recogniser.ts';

/** Audio sent, and time passed, without any message coming back, after which the vendor has stalled. */
const UNANSWERED_MS_MAX = 3000;
/** How long the vendor may take to make final what it has heard. It does not always answer. */
const FLUSH_MS = 500;
/** How long the last words may take after the audio has ended. */
const LAST_WORDS_MS = 2000;
/** Messages that cannot be read, after which the vendor has failed. */
const BAD_MESSAGES_MAX = 20;
/** Transcripts that wait for the ear; then we stop reading the vendor. */
const TRANSCRIPTS_MAX = 64;

interface Flush extends Disposable {
  /** The end of the audio it asks for. */
  readonly untilMs: number;
}

type Segment = Pick<Extract<Transcript, { type: 'words' }>, 'text' | 'words' | 'confidence'>;

const nothing: Segment = { text: '', words: [] };

/** Runs once. Dispose it when nobody reads `transcripts` any more. */
export class Listening implements Disposable {
  readonly transcripts = new Channel<Transcript>(TRANSCRIPTS_MAX);
  readonly #recogniser: Recogniser;
  readonly #parts: VendorParts;
  readonly #line: Line;
  readonly #signal: AbortSignal;
  readonly #keepAlive: Disposable;
  readonly #socket: Socket;
  #ending = false;
  #lastWords: Disposable | undefined;
  #batch: Samples[] = [];
  #batchMs = 0;
  /** Audio taken from the caller. */
  #takenMs = 0;
  /** Audio sent since the last message, and when that came: audio may be sent faster than it was said. */
  #unansweredMs = 0;
  #answeredMs: number;
  #sentSinceTick = false;
  /** The segment so far, for flushes that go unanswered. */
  #segment: Segment = nothing;
  #flushes: Flush[] = [];
  #badMessages = 0;

  constructor(
    recogniser: Recogniser,
    socket: Socket,
    parts: VendorParts,
    line: Line,
    signal: AbortSignal,
  ) {
    this.#recogniser = recogniser;
    this.#socket = socket;
    this.#parts = parts;
    this.#line = line;
    this.#signal = signal;
    this.#answeredMs = parts.clock.elapsed();
    this.#keepAlive = parts.clock.every(recogniser.keepAliveMs, () => this.#stayAlive());
  }

  async run(audio: AsyncIterable<CallerAudio>): Promise<void> {
    try {
      await Promise.all([this.#send(audio), this.#receive()]);
      this.transcripts.end();
    } catch (error) {
      this.transcripts.end(error);
    }
  }

  async #send(audio: AsyncIterable<CallerAudio>): Promise<void> {
    await forEach(audio, (item) => this.#take(item), this.#signal);
    this.#sendBatch();
    this.#ending = true;
    const socket = this.#socket;
    socket.send(this.#recogniser.closeStream);
    this.#lastWords = this.#parts.clock.after(LAST_WORDS_MS, () => socket[Symbol.dispose]());
  }

  #take(item: CallerAudio): void {
    if (item === FLUSH) this.#flush();
    else this.#add(item);
  }

  async #receive(): Promise<void> {
    try {
      for await (const message of abortable(this.#socket.messages, this.#signal)) {
        this.#unansweredMs = 0;
        this.#answeredMs = this.#parts.clock.elapsed();
        const report = this.#understand(message);
        if (report) await this.#hear(report);
      }
    } catch (error) {
      // How it ends after its last words is its own affair.
      if (!this.#ending || this.#signal.aborted) throw error;
    }
    if (this.#ending) return;
    throw new AppError('vendor_failed', `${this.#recogniser.name}: closed by the vendor`);
  }

  #understand(message: string | Uint8Array): Report | undefined {
    try {
      return this.#recogniser.read(message);
    } catch (error) {
      if (error instanceof AppError) throw error;
      this.#badMessages += 1;
      if (this.#badMessages < BAD_MESSAGES_MAX) return undefined;
      const { name } = this.#recogniser;
      throw new AppError('vendor_failed', `${name}: ${this.#badMessages} unreadable messages`, {
        cause: error,
      });
    }
  }

  async #hear(report: Report): Promise<void> {
    let answered = this.#answers(report);
    for (const transcript of report.transcripts) {
      if (transcript.type !== 'words') {
        if (transcript.type === 'end-of-turn') this.#segment = nothing;
        await this.transcripts.put(transcript, this.#signal);
        continue;
      }
      const flushed = answered > 0;
      if (flushed) answered -= 1;
      const { text, final, words, confidence } = transcript;
      this.#segment = final ? nothing : { text, words, confidence };
      await this.transcripts.put({ ...transcript, flushed }, this.#signal);
    }
    for (; answered > 0; answered -= 1) this.#answerWithSegment(false);
  }

  /** How many flushes this report answers; they are over then. */
  #answers(report: Report): number {
    const { heardMs } = report;
    const count = report.finalized
      ? Math.min(1, this.#flushes.length)
      : this.#flushes.filter((flush) => heardMs !== undefined && heardMs >= flush.untilMs).length;
    for (const flush of this.#flushes.splice(0, count)) flush[Symbol.dispose]();
    return count;
  }

  #flush(): void {
    this.#sendBatch();
    const { finalize } = this.#recogniser;
    if (finalize) this.#socket.send(finalize);
    const timer = this.#parts.clock.after(FLUSH_MS, () => {
      this.#flushes = this.#flushes.filter((each) => each !== flush);
      this.#answerWithSegment(true);
    });
    const flush: Flush = {
      untilMs: this.#takenMs,
      [Symbol.dispose]: () => timer[Symbol.dispose](),
    };
    this.#flushes.push(flush);
  }

  #answerWithSegment(guessed: boolean): void {
    const { transcripts } = this;
    transcripts.push({ type: 'words', final: false, flushed: true, guessed, ...this.#segment });
  }

  #add(samples: Samples): void {
    if (samples.length === 0) return;
    const ms = (samples.length / this.#line.sampleRate) * 1000;
    this.#takenMs += ms;
    this.#batchMs += ms;
    this.#batch.push(samples);
    if (this.#batchMs >= this.#recogniser.batchMs) this.#sendBatch();
  }

  #sendBatch(): void {
    if (this.#batch.length === 0) return;
    const bytes = encode(this.#batch, this.#line);
    const ms = this.#batchMs;
    this.#batch = [];
    this.#batchMs = 0;
    this.#socket.send(bytes);
    this.#sentSinceTick = true;
    this.#unansweredMs += ms;
    const waitedMs = this.#parts.clock.elapsed() - this.#answeredMs;
    if (this.#unansweredMs <= UNANSWERED_MS_MAX || waitedMs <= UNANSWERED_MS_MAX) return;
    const { name } = this.#recogniser;
    throw new AppError(
      'vendor_failed',
      `${name}: no message for ${UNANSWERED_MS_MAX} ms of audio`,
      {
        upstream: { stalled: true },
      },
    );
  }

  #stayAlive(): void {
    if (!this.#sentSinceTick && !this.#ending) {
      const { keepAlive, batchMs } = this.#recogniser;
      this.#socket.send(keepAlive === 'silence' ? silence(batchMs, this.#line) : keepAlive);
    }
    this.#sentSinceTick = false;
  }

  [Symbol.dispose](): void {
    this.#keepAlive[Symbol.dispose]();
    this.#lastWords?.[Symbol.dispose]();
    for (const flush of this.#flushes) flush[Symbol.dispose]();
  }
}
