// A browser in a call over a plain WebSocket, as docs/GATEWAY.md tells its programmer to be: sends audio, plays, returns marks.

import { once } from 'node:events';
import { WebSocket } from 'ws';
import { systemClock } from '../../src/lib/clock.ts';
import { encodeMulaw } from '../../src/pipeline/audio/mulaw.ts';
import { CarrierQueue } from './carrier-queue.ts';

const FRAME_MS = 20;

export interface BrowserPeerOptions {
  readonly sampleRate?: 8000 | 16_000;
  readonly ticket?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ToldMessage {
  readonly type: string;
  readonly [field: string]: unknown;
}

export class BrowserPeer {
  readonly socket: WebSocket;
  readonly sampleRate: 8000 | 16_000;
  /** What has been played, at 8 kHz. */
  readonly speaker: CarrierQueue;
  readonly told: ToldMessage[] = [];
  /** The code the server closed with. */
  closeCode: number | undefined;
  #ticket: string | undefined;
  /** Voice that is still to be said, at 8 kHz. */
  #voice: Int16Array = new Int16Array(0);
  #running: Disposable | undefined;

  constructor(url: string, options: BrowserPeerOptions = {}) {
    this.sampleRate = options.sampleRate ?? 16_000;
    this.#ticket = options.ticket;
    this.speaker = new CarrierQueue((name) => this.send({ type: 'mark', name }));
    this.socket = new WebSocket(url, { perMessageDeflate: false, headers: { ...options.headers } });
    this.socket.on('message', (raw, isBinary) => this.#receive(raw as Buffer, isBinary));
    this.socket.on('close', (code) => {
      this.closeCode = code;
      this.#running?.[Symbol.dispose]();
    });
    // What is refused is what some tests are about.
    this.socket.on('error', () => {});
  }

  /** Says what it wants, once connected. */
  async start(): Promise<void> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open');
    this.send({ type: 'start', sample_rate: this.sampleRate, ticket: this.#ticket ?? null });
  }

  /** In real time from now on: quiet, or what it is given to say; and plays what it gets. */
  run(): void {
    this.#running = systemClock.every(FRAME_MS, () => {
      this.speaker.play(FRAME_MS);
      const frame = new Int16Array(FRAME_MS * 8);
      frame.set(this.#voice.subarray(0, frame.length));
      this.#voice = this.#voice.subarray(frame.length);
      this.audio(frame);
    });
  }

  /** `voice`: at 8 kHz. */
  say(voice: Int16Array): void {
    const all = new Int16Array(this.#voice.length + voice.length);
    all.set(this.#voice);
    all.set(voice, this.#voice.length);
    this.#voice = all;
  }

  /** One message of audio, given at 8 kHz. */
  audio(samples: Int16Array): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const twice = this.sampleRate === 16_000;
    const sent = twice
      ? Int16Array.from({ length: samples.length * 2 }, (_, n) => samples[n >> 1]!)
      : samples;
    this.socket.send(Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength));
  }

  send(message: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** The first message of this type, when it has come; undefined when the socket has closed without. */
  async message(type: string): Promise<ToldMessage | undefined> {
    for (;;) {
      const found = this.told.find((each) => each.type === type);
      if (found || this.closeCode !== undefined) return found;
      await Promise.race([once(this.socket, 'message'), once(this.socket, 'close')]);
    }
  }

  /** The status that the upgrade was refused with. */
  async refusal(): Promise<number> {
    const [, response] = (await once(this.socket, 'unexpected-response')) as [
      unknown,
      { statusCode: number; destroy(): void },
    ];
    response.destroy();
    return response.statusCode;
  }

  async closed(): Promise<number> {
    if (this.closeCode === undefined) await once(this.socket, 'close');
    return this.closeCode!;
  }

  #receive(bytes: Buffer, isBinary: boolean): void {
    if (!isBinary) {
      const message = JSON.parse(bytes.toString()) as ToldMessage;
      this.told.push(message);
      if (message.type === 'mark') this.speaker.mark(message['name'] as string);
      if (message.type === 'clear') this.speaker.clear();
      return;
    }
    const step = this.sampleRate / 8000;
    const samples = Int16Array.from({ length: bytes.length / 2 / step }, (_, n) =>
      bytes.readInt16LE(n * 2 * step),
    );
    this.speaker.media(encodeMulaw(samples));
  }
}
