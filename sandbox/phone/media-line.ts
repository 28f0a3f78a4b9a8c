// One bidirectional media stream as Twilio opens it: signed upgrade, frames on a clock that does not drift, marks, faults on demand.

import { WebSocket } from 'ws';
import type { Socket } from 'node:net';
import type { Clock, Tick } from '../../src/lib/clock.ts';
import type { CallerVoice } from './caller-voice.ts';
import { LINE_FRAME_MS } from './caller-speech.ts';
import type { Earpiece, PlayedMark } from './earpiece.ts';
import type { LineEcho } from './line-echo.ts';
import { signRequest } from './signature.ts';

/** Twilio gives up on the upgrade after some seconds (31901). */
const UPGRADE_MS_MAX = 10_000;
/** The socket is destroyed when the other side does not answer our close frame. */
const CLOSE_MS_MAX = 2000;

/** Caller audio on its way out; a fault may turn one into none or several. */
export interface MediaFrame {
  /** Counts media messages from 1. */
  readonly chunk: number;
  /** Milliseconds since the stream began. */
  readonly timestamp: number;
  /** base64 */
  readonly payload: string;
}

/** What a test may have the line do wrong from the start. All of it is right by default. */
export interface LineFaults {
  readonly signature?: 'missing' | 'wrong';
  /** The socket opens and nothing at all is sent. */
  readonly silent?: boolean;
  /** Media and keys are sent, `start` never is. */
  readonly withoutStart?: boolean;
  /** Fields of `start` that lie. */
  readonly start?: {
    readonly accountSid?: string;
    readonly callSid?: string;
    readonly customParameters?: Readonly<Record<string, string>>;
  };
  /** What is sent in place of each frame: see faults.ts. */
  readonly mangle?: (frame: MediaFrame) => readonly MediaFrame[];
}

/** Who ended a stream: the other side's close, the carrier's `stop`, or a fault on the wire. */
export type StreamEnd =
  | { readonly by: 'server'; readonly code: number }
  | { readonly by: 'carrier' }
  | { readonly by: 'cut' }
  | { readonly by: 'refused'; readonly code: number; readonly reason: string };

export interface LineEvents {
  /** `start` has been sent. */
  started(): void;
  /** Audio, `clear` or a mark has come; the earpiece has it already. */
  cleared(droppedMs: number): void;
  mark(mark: PlayedMark): void;
  /** Twilio's number and text of what the other side did wrong. */
  warning(code: number, message: string): void;
}

export interface LineOptions {
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly accountSid: string;
  readonly authToken: string;
  readonly callSid: string;
  readonly streamSid: string;
  readonly clock: Clock;
  /** Shared by all lines of the process. */
  readonly tick: Tick;
  readonly voice: CallerVoice;
  readonly earpiece: Earpiece;
  readonly echo?: LineEcho;
  /** `clock.elapsed()` at the caller's zero: earpiece and voice count from it. */
  readonly zeroMs: number;
  readonly events: LineEvents;
  readonly faults?: LineFaults;
}

export class MediaLine {
  /** Resolves once, when the stream is over, refused upgrades included. Never rejects. */
  readonly ended: Promise<StreamEnd>;
  readonly #options: LineOptions;
  readonly #socket: WebSocket;
  #tcp: Socket | undefined;
  #ticking: Disposable | undefined;
  #end: (end: StreamEnd) => void = () => {};
  #over = false;
  #openedMs = 0;
  #closedMs: number | undefined;
  #goneMs: number | undefined;
  #opened = false;
  #sequence = 0;
  #frames = 0;
  #sending = true;
  #warned = false;

  constructor(options: LineOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#socket = new WebSocket(options.url, {
      headers: signatureHeader(options),
      handshakeTimeout: UPGRADE_MS_MAX,
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    this.#listen(this.#socket);
  }

  /**
   * Milliseconds after the end of the stream until the other side had certainly learned of it, or until now. On a busy machine
   * it counts so much longer.
   */
  get lateMs(): number {
    if (this.#closedMs === undefined) return 0;
    return (this.#goneMs ?? this.#nowMs()) - this.#closedMs;
  }

  get streamSid(): string {
    return this.#options.streamSid;
  }

  /** Milliseconds from `start` to the end of the stream. */
  get connectedMs(): number {
    if (!this.#opened) return 0;
    return (this.#closedMs ?? this.#nowMs()) - this.#openedMs;
  }

  /** `start` has been sent, and nobody has ended it. */
  get open(): boolean {
    return this.#opened && !this.#over;
  }

  /** When `start` was sent, on the caller's clock. */
  get startedMs(): number | undefined {
    return this.#opened ? this.#openedMs : undefined;
  }

  get framesSent(): number {
    return this.#frames;
  }

  /** Bytes that wait in our socket because the other side does not read. */
  get unsentBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** `stop`, then the socket is closed, as when the call goes on elsewhere or ends. */
  stop(): void {
    if (this.#over) return;
    const { accountSid, callSid } = this.#options;
    const nowMs = this.#nowMs();
    if (this.#opened) this.#sendDue(nowMs);
    this.send('stop', { stop: { accountSid, callSid } });
    this.#finish({ by: 'carrier' }, nowMs);
    this.#socket.resume();
    this.#socket.close(1000);
    const { clock } = this.#options;
    const late = clock.after(CLOSE_MS_MAX, () => this.#socket.terminate());
    this.#socket.once('close', () => late[Symbol.dispose]());
  }

  /** One key as the caller's telephone sends it. */
  key(digit: string): void {
    this.send('dtmf', { dtmf: { track: 'inbound_track', digit } });
  }

  /** A message of `event` with the next sequence number. */
  send(event: string, fields: object): void {
    this.#sequence += 1;
    const sequenceNumber = String(this.#sequence);
    const { streamSid } = this.#options;
    this.sendRaw(JSON.stringify({ event, sequenceNumber, streamSid, ...fields }));
  }

  /** Fault: any text or, as a Buffer, a binary message. */
  sendRaw(message: string | Buffer): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(message);
  }

  /** Fault: bytes past the WebSocket layer, straight to the TCP connection. */
  sendBytes(bytes: Uint8Array): void {
    this.#tcp?.write(bytes);
  }

  /** Fault: `start` once more. */
  sendStart(): void {
    const { accountSid, callSid, streamSid, parameters, faults } = this.#options;
    const start = {
      streamSid,
      accountSid: faults?.start?.accountSid ?? accountSid,
      callSid: faults?.start?.callSid ?? callSid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters: faults?.start?.customParameters ?? parameters,
    };
    this.send('start', { start });
  }

  /** Fault: `count` frames at once, faster than anybody can speak. */
  sendFrames(count: number): void {
    for (let sent = 0; sent < count; sent += 1) this.#sendFrame();
  }

  /** Fault: the TCP connection is gone, without `stop` or close frame. */
  cut(): void {
    this.#finish({ by: 'cut' });
    this.#socket.terminate();
  }

  /** Fault: nothing is sent or read any more, the TCP connection stays. */
  blackHole(): void {
    this.#sending = false;
    this.#socket.pause();
  }

  /** Fault: what the other side sends is left in the buffers until `read` is called. */
  stopReading(): void {
    this.#socket.pause();
  }

  read(): void {
    this.#socket.resume();
  }

  /** Fault: frames stop (`false`) or go on (`true`); what was not sent meanwhile is lost. */
  set sending(on: boolean) {
    this.#sending = on;
  }

  #listen(socket: WebSocket): void {
    socket.on('upgrade', (response) => {
      this.#tcp = response.socket;
    });
    socket.on('open', () => this.#open());
    socket.on('message', (message: Buffer, binary: boolean) => this.#receive(message, binary));
    socket.on('unexpected-response', (request, response) => {
      const reason = `the upgrade was answered with ${response.statusCode}`;
      this.#finish({ by: 'refused', code: 31_920, reason });
      response.resume();
      request.destroy();
    });
    socket.on('error', (error) => {
      if (this.#opened) this.#options.events.warning(31_924, error.message);
      else this.#finish({ by: 'refused', code: 31_901, reason: error.message });
    });
    socket.on('close', (code) => {
      this.#goneMs = this.#nowMs();
      this.#finish(code === 1006 ? { by: 'cut' } : { by: 'server', code });
    });
  }

  #open(): void {
    if (this.#over) return;
    const { faults, events, tick } = this.#options;
    this.#opened = true;
    this.#openedMs = this.#nowMs();
    if (faults?.silent !== true) {
      this.sendRaw('{"event":"connected","protocol":"Call","version":"1.0.0"}');
      if (faults?.withoutStart !== true) this.sendStart();
    }
    events.started();
    this.#ticking = tick.add(() => this.#beat());
  }

  #beat(): void {
    const { earpiece, events } = this.#options;
    const nowMs = this.#nowMs();
    for (const mark of earpiece.played(nowMs)) this.#returnMark(mark, events);
    this.#sendDue(nowMs);
  }

  /** Sends the frames that are due by now: a late tick sends several, so that the stream never drifts. */
  #sendDue(nowMs: number): void {
    const { faults } = this.#options;
    const due = Math.floor((nowMs - this.#openedMs) / LINE_FRAME_MS);
    while (this.#frames < due) {
      if (this.#sending && faults?.silent !== true) this.#sendFrame();
      else this.#frames += 1;
    }
  }

  #sendFrame(): void {
    const { voice, echo, faults } = this.#options;
    const timestamp = this.#frames * LINE_FRAME_MS;
    this.#frames += 1;
    const startMs = this.#openedMs + timestamp;
    const own = voice.frame(startMs);
    const payload = echo?.mix(own, startMs) ?? own;
    const frame: MediaFrame = { chunk: this.#frames, timestamp, payload };
    if (!faults?.mangle) return this.#sendMedia(frame);
    for (const each of faults.mangle(frame)) this.#sendMedia(each);
  }

  // Put together by hand: at hundreds of calls this is the most frequent thing the phone does.
  #sendMedia({ chunk, timestamp, payload }: MediaFrame): void {
    this.#sequence += 1;
    this.sendRaw(
      `{"event":"media","sequenceNumber":"${this.#sequence}","streamSid":"${this.streamSid}",` +
        `"media":{"track":"inbound","chunk":"${chunk}","timestamp":"${timestamp}","payload":"${payload}"}}`,
    );
  }

  #receive(message: Buffer, binary: boolean): void {
    const { earpiece, events } = this.#options;
    if (binary) {
      events.warning(31_950, 'a binary message');
      this.#finish({ by: 'carrier' });
      this.#socket.close(1003);
      return;
    }
    const nowMs = this.#nowMs();
    const parsed = parseServerMessage(message);
    if (!parsed || parsed.streamSid !== this.streamSid) {
      return this.#warnOnce(message.toString('utf8', 0, 200));
    }
    if (parsed.event === 'media') {
      const fits = earpiece.push(Buffer.from(parsed.payload, 'base64'), nowMs);
      if (!fits) events.warning(31_930, 'too much audio is queued');
    } else if (parsed.event === 'mark') {
      for (const mark of earpiece.played(nowMs)) this.#returnMark(mark, events);
      if (earpiece.mark(parsed.name, nowMs)) {
        this.#returnMark({ name: parsed.name, played: true }, events);
      }
    } else {
      for (const mark of earpiece.played(nowMs)) this.#returnMark(mark, events);
      const before = earpiece.clearedMs;
      const waiting = earpiece.clear(nowMs);
      events.cleared(earpiece.clearedMs - before);
      for (const mark of waiting) this.#returnMark(mark, events);
    }
  }

  #returnMark(mark: PlayedMark, events: LineEvents): void {
    this.send('mark', { mark: { name: mark.name } });
    events.mark(mark);
  }

  #warnOnce(message: string): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#options.events.warning(31_951, `a message Twilio does not know: ${message}`);
  }

  #finish(end: StreamEnd, nowMs = this.#nowMs()): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#opened) this.#closedMs = nowMs;
    this.#ticking?.[Symbol.dispose]();
    // What was queued dies with the stream.
    this.#options.earpiece.clear(nowMs);
    this.#end(end);
  }

  #nowMs(): number {
    return this.#options.clock.elapsed() - this.#options.zeroMs;
  }
}

type ServerMessage =
  | { readonly event: 'media'; readonly streamSid: string; readonly payload: string }
  | { readonly event: 'mark'; readonly streamSid: string; readonly name: string }
  | { readonly event: 'clear'; readonly streamSid: string };

/** One of the three messages Twilio knows, or undefined. */
function parseServerMessage(message: Buffer): ServerMessage | undefined {
  let parsed: {
    event?: unknown;
    streamSid?: unknown;
    media?: { payload?: unknown };
    mark?: { name?: unknown };
  } | null;
  try {
    parsed = JSON.parse(message.toString()) as typeof parsed;
  } catch {
    return undefined;
  }
  const streamSid = parsed?.streamSid;
  if (typeof streamSid !== 'string') return undefined;
  if (parsed?.event === 'clear') return { event: 'clear', streamSid };
  const payload = parsed?.media?.payload;
  if (parsed?.event === 'media' && typeof payload === 'string') {
    return { event: 'media', streamSid, payload };
  }
  const name = parsed?.mark?.name;
  if (parsed?.event === 'mark' && typeof name === 'string')
    return { event: 'mark', streamSid, name };
  return undefined;
}

function signatureHeader({ authToken, url, faults }: LineOptions): Record<string, string> {
  if (faults?.signature === 'missing') return {};
  const token = faults?.signature === 'wrong' ? `${authToken}x` : authToken;
  return { 'X-Twilio-Signature': signRequest(token, url) };
}
