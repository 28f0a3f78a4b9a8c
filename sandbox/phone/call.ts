// One call of the phone: what the caller does and hears; the carrier's side is carrier-leg.ts.

import { Channel } from '../../src/lib/channel.ts';
import type { CallOptions, PhoneParts } from './call-options.ts';
import type {
  CallStatus,
  CallSummary,
  EndedBy,
  PhoneEvent,
  PhoneEventKind,
} from './call-events.ts';
import { encodeSpeech, fainter, withNoise } from './caller-speech.ts';
import type { CallerSpeech } from './caller-speech.ts';
import { CallerVoice } from './caller-voice.ts';
import { CarrierLeg } from './carrier-leg.ts';
import type { Update } from './carrier-leg.ts';
import { Earpiece, PAUSE_MS } from './earpiece.ts';
import { measureLine } from './line-times.ts';
import { LineWatch } from './line-watch.ts';
import type { MediaLine } from './media-line.ts';
import { newSid } from './sids.ts';
import { rfc2822 } from './webhook-fields.ts';

/** Events that wait for the reader of `events`, and events kept in `history`. */
const EVENTS_MAX = 4096;
/** Warnings kept of one call. */
const WARNINGS_MAX = 100;

const statusOf = {
  completed: 'completed',
  'ran-out': 'completed',
  busy: 'busy',
  rejected: 'failed',
} as const;

/** Start it through `Phone.placeCall`. */
export class Call {
  readonly sid: string;
  readonly options: CallOptions;
  /** Wall time. */
  readonly startedAt: number;
  /** Everything as it happens; ends with the call. One reader. */
  readonly events: Channel<PhoneEvent>;
  /** The first events of the call, for those who come later. */
  readonly history: PhoneEvent[] = [];
  readonly earpiece: Earpiece;
  readonly voice: CallerVoice;
  /** Resolves when the call is over and all callbacks are delivered. Never rejects. */
  readonly ended: Promise<CallSummary>;

  readonly #parts: PhoneParts;
  readonly #leg: CarrierLeg;
  readonly #watch: LineWatch;
  readonly #ticking: Disposable;
  readonly #zeroMs: number;
  readonly #eventsMax: number;
  readonly #over = new AbortController();
  readonly #warnings: { code: number; message: string }[] = [];
  #status: CallStatus;
  #answeredMs: number | undefined;
  #summary: CallSummary | undefined;

  constructor(parts: PhoneParts, options: CallOptions) {
    this.#parts = parts;
    this.options = options;
    this.sid = options.callSid ?? newSid('CA');
    this.startedAt = parts.clock.now();
    this.#eventsMax = options.eventsMax ?? EVENTS_MAX;
    this.events = new Channel(this.#eventsMax);
    this.#zeroMs = parts.clock.elapsed();
    this.#status = options.direction === 'outbound-api' ? 'queued' : 'ringing';
    const keepAudio = options.keepAudio ?? options.echo !== undefined;
    this.earpiece = new Earpiece({ keepAudio });
    this.voice = new CallerVoice({
      started: ({ text, startMs }) => this.#note({ type: 'caller-speaks', text }, startMs),
      ended: ({ endMs }) => this.#note({ type: 'caller-quiet' }, endMs),
    });
    this.voice.background = options.noise && encodeSpeech(options.noise);
    this.#leg = new CarrierLeg(parts, options, {
      sid: this.sid,
      zeroMs: this.#zeroMs,
      voice: this.voice,
      earpiece: this.earpiece,
      status: () => this.#status,
      answer: () => this.#answer(),
      note: (kind) => this.#note(kind),
      warn: (code, message) => this.#warn(code, message),
    });
    this.#watch = new LineWatch({
      earpiece: this.earpiece,
      nowMs: () => this.nowMs,
      note: (kind, atMs) => this.#note(kind, atMs),
    });
    this.#ticking = parts.tick.add(() => this.#watch.look());
    this.#note({ type: 'status', status: this.#status });
    this.ended = this.#run();
  }

  get status(): CallStatus {
    return this.#status;
  }

  /** The media stream that is open now, or was last; undefined before the first. Faults are its methods. */
  get line(): MediaLine | undefined {
    return this.#leg.lines.at(-1);
  }

  /** How much longer than it was connected the other side may have counted, in milliseconds: see `MediaLine`. */
  get lateMs(): number {
    return this.#leg.lines.reduce((sum, line) => sum + line.lateMs, 0);
  }

  /** Milliseconds since the caller dialled: the time of everything this call reports. */
  get nowMs(): number {
    return this.#parts.clock.elapsed() - this.#zeroMs;
  }

  get over(): boolean {
    return this.#over.signal.aborted;
  }

  /** Milliseconds of this stretch, on the call's clock, in which our process came to nothing. */
  stalledMs(fromMs: number, untilMs: number): number {
    return this.#watch.stalledMs(fromMs, untilMs);
  }

  /** From answer to now, or to the end. */
  get durationMs(): number {
    if (this.#summary) return this.#summary.durationMs;
    return this.#answeredMs === undefined ? 0 : this.nowMs - this.#answeredMs;
  }

  /** Says samples (8 kHz), prepared speech, or a text with the phone's voice. Resolves when all of it has been sent. */
  async say(speech: string | Int16Array | CallerSpeech): Promise<void> {
    const ready = await this.prepare(speech);
    if (!this.over) await this.voice.say(ready);
  }

  /** Speech made ready, so that a later `say` begins without delay. */
  async prepare(speech: string | Int16Array | CallerSpeech): Promise<CallerSpeech> {
    const { noise, fainterDb = 0 } = this.options;
    const clean = await this.#clean(speech);
    const said = fainterDb === 0 ? clean : fainter(clean, fainterDb);
    return noise ? withNoise(said, noise) : said;
  }

  press(digits: string): void {
    for (const digit of digits) {
      this.#note({ type: 'key', digit });
      this.line?.key(digit);
    }
  }

  hangUp(): void {
    this.#finish('completed', 'caller');
  }

  /** Puts a note of whoever scripts the caller among the events. */
  remark(text: string): void {
    this.#note({ type: 'remark', text });
  }

  /** Resolves as soon as `condition` holds, looked at every tick. Rejects when the call ends or `msMax` pass first. */
  async until(condition: () => boolean, msMax = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.over) throw new Error('the call has ended');
    await this.#watch.until(condition, msMax);
  }

  /** The agent has been quiet for `ms` on an open stream, and not because the machine was too busy to let it speak. */
  quiet(ms: number, msMax?: number): Promise<void> {
    return this.until(() => {
      const startedMs = this.line?.startedMs;
      if (startedMs === undefined || this.line?.open !== true) return false;
      const { nowMs } = this;
      const sinceMs = Math.max(this.earpiece.lastSoundMs(nowMs) ?? startedMs, startedMs);
      return nowMs - sinceMs - this.stalledMs(sinceMs, nowMs) >= ms;
    }, msMax);
  }

  /** The agent has spoken since the caller's last sound, and then been quiet for `quietMs`. */
  async reply(quietMs = 700, msMax?: number): Promise<void> {
    const fromMs = this.voice.spans.at(-1)?.endMs ?? 0;
    // Whoever is being put through to somebody waits for who comes.
    const heardOn = () => Math.max(fromMs, this.line?.open ? (this.line.startedMs ?? 0) : Infinity);
    await this.until(() => (this.earpiece.lastSoundMs(this.nowMs) ?? -1) > heardOn(), msMax);
    await this.quiet(quietMs, msMax);
  }

  /** The agent is speaking and has been for `ms`: the moment to break in. */
  speaking(ms: number, msMax?: number): Promise<void> {
    return this.until(() => {
      const { nowMs } = this;
      const sinceMs = this.earpiece.speakingSinceMs(nowMs);
      if (sinceMs === undefined || nowMs - sinceMs < ms) return false;
      return nowMs - this.earpiece.lastSoundMs(nowMs)! < PAUSE_MS / 2;
    }, msMax);
  }

  /** What REST may do to a call in progress; false when it has ended. */
  change(change: { readonly status: 'completed' } | Update): boolean {
    if (this.over) return false;
    if ('status' in change) {
      this.#note({ type: 'update', change: 'completed' });
      this.#finish('completed', 'rest');
      return true;
    }
    this.#note({ type: 'update', change: 'url' in change ? 'url' : 'twiml' });
    this.#leg.change(change);
    return true;
  }

  async #clean(speech: string | Int16Array | CallerSpeech): Promise<CallerSpeech> {
    if (speech instanceof Int16Array) return encodeSpeech(speech);
    if (typeof speech !== 'string') return speech;
    if (!this.#parts.synthesize) throw new Error('this phone was opened without a voice');
    const { voice = '', speed = 1 } = this.options;
    return this.#parts.synthesize(speech, { voice, speed });
  }

  async #run(): Promise<CallSummary> {
    const { unanswered } = this.options;
    try {
      if (unanswered) await this.#ring(unanswered);
      else {
        const end = await this.#leg.run(this.#over.signal);
        if (end) this.#finish(statusOf[end], 'twiml');
      }
    } catch (error) {
      this.#finish('failed', 'failure', error instanceof Error ? error.message : String(error));
    }
    await this.#leg.settled();
    const summary = this.#summary!;
    this.#note({ type: 'ended', summary });
    this.events.end();
    return summary;
  }

  #answer(): void {
    if (this.#status === 'in-progress') return;
    this.#answeredMs = this.nowMs;
    this.#status = 'in-progress';
    this.#note({ type: 'status', status: 'in-progress' });
    const { machineCallback } = this.options;
    if (machineCallback) void this.#tellWhoAnswered(machineCallback);
  }

  async #ring({ status, ringMs }: NonNullable<CallOptions['unanswered']>): Promise<void> {
    await this.#parts.clock.sleep(ringMs, this.#over.signal).catch(() => {});
    this.#finish(status, 'callee');
  }

  async #tellWhoAnswered({
    url,
    answeredBy,
    afterMs,
  }: NonNullable<CallOptions['machineCallback']>): Promise<void> {
    await this.#parts.clock.sleep(afterMs, this.#over.signal).catch(() => {});
    if (this.over) return;
    const { AccountSid = '', CallSid = '' } = this.#leg.fields();
    const fields = {
      AccountSid,
      CallSid,
      AnsweredBy: answeredBy,
      MachineDetectionDuration: String(afterMs),
    };
    this.#leg.callback(url, fields);
  }

  #finish(status: CallStatus, endedBy: EndedBy, failure?: string): void {
    if (this.over) return;
    const { durationMs } = this;
    this.#over.abort(new Error('the call has ended'));
    this.#ticking[Symbol.dispose]();
    this.#watch.end(new Error('the call has ended'));
    this.voice.hush();
    this.#status = status;
    this.#note({ type: 'status', status });
    this.#summary = this.#summarize(status, endedBy, failure, durationMs);
    const { statusCallback } = this.options;
    if (statusCallback === undefined) return;
    const seconds = Math.ceil(durationMs / 1000);
    this.#leg.callback(statusCallback, {
      ...this.#leg.fields(),
      CallDuration: String(seconds),
      Duration: String(Math.ceil(seconds / 60)),
      SequenceNumber: '0',
      Timestamp: rfc2822(this.#parts.clock.now()),
      CallbackSource: 'call-progress-events',
    });
  }

  #summarize(
    status: CallStatus,
    endedBy: EndedBy,
    failure: string | undefined,
    durationMs: number,
  ): CallSummary {
    const { lines, verbs, said } = this.#leg;
    return {
      callSid: this.sid,
      status,
      endedBy,
      failure,
      durationMs,
      connectedMs: lines.reduce((sum, line) => sum + line.connectedMs, 0),
      streams: lines.length,
      verbs,
      said,
      times: measureLine(this.earpiece, this.voice.spans, lines[0]?.startedMs),
      framesSent: lines.reduce((sum, line) => sum + line.framesSent, 0),
      receivedMs: this.earpiece.receivedMs,
      clearedMs: this.earpiece.clearedMs,
      warnings: this.#warnings,
    };
  }

  #warn(code: number, message: string): void {
    if (this.#warnings.length < WARNINGS_MAX) this.#warnings.push({ code, message });
    this.#note({ type: 'warning', code, message });
  }

  #note(kind: PhoneEventKind, atMs = this.nowMs): void {
    const event: PhoneEvent = { atMs, ...kind };
    if (this.history.length < this.#eventsMax) this.history.push(event);
    this.events.push(event);
  }
}
