// A media stream over real sockets in virtual time: the server's side under test, and a carrier that keeps to the protocol.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { Tick } from '../../src/lib/clock.ts';
import { AppError } from '../../src/lib/errors.ts';
import { quietLog } from '../../src/lib/log.ts';
import { encodeMulaw } from '../../src/pipeline/audio/mulaw.ts';
import type { CarrierCalls } from '../../src/telephony/twilio-rest.ts';
import {
  acceptMediaStream,
  mediaSocketOptions,
  streamTimers,
} from '../../src/telephony/twilio-stream.ts';
import type { MediaStream } from '../../src/telephony/twilio-line.ts';
import type { StreamParts } from '../../src/telephony/twilio-stream.ts';
import { VirtualClock } from '../support/clock.ts';
import { CarrierQueue } from './carrier-queue.ts';

export const streamSid = 'MZ0123456789abcdef0123456789abcdef';
export const callSid = 'CA0123456789abcdef0123456789abcdef';
const accountSid = 'AC0123456789abcdef0123456789abcdef';

/** The media stream's server on a free port, every socket accepted with the same parts. */
export interface StreamServer {
  readonly clock: VirtualClock;
  readonly port: number;
  readonly calls: TestCalls;
  /** What became of each socket, in order of arrival. */
  readonly accepted: Promise<MediaStream | undefined>[];
  /** Our ends of the sockets. */
  readonly sockets: WebSocket[];
  close(): Promise<void>;
}

/** The carrier's REST side: keeps what it was asked, and can refuse or fall silent. */
export class TestCalls implements CarrierCalls {
  readonly asked: string[] = [];
  answer: 'agrees' | 'refuses' | 'is silent' = 'agrees';
  /** What the carrier does to the stream of a call it was told to leave. */
  onAgreed: () => void = () => {};

  complete(sid: string): Promise<void> {
    return this.#ask(`complete ${sid}`);
  }

  update(sid: string, twiml: string): Promise<void> {
    return this.#ask(`update ${sid} ${twiml}`);
  }

  #ask(what: string): Promise<void> {
    this.asked.push(what);
    if (this.answer === 'is silent') return new Promise(() => {});
    if (this.answer === 'refuses') {
      return Promise.reject(new AppError('vendor_failed', 'twilio: 401 20003 Authenticate'));
    }
    this.onAgreed();
    return Promise.resolve();
  }
}

export async function startStreamServer(parts: Partial<StreamParts> = {}): Promise<StreamServer> {
  const clock = new VirtualClock();
  const calls = new TestCalls();
  const tick = new Tick(clock, 20);
  const http = createServer();
  const server = new WebSocketServer({ server: http, ...mediaSocketOptions });
  const accepted: Promise<MediaStream | undefined>[] = [];
  const sockets: WebSocket[] = [];
  server.on('connection', (socket) => {
    sockets.push(socket);
    accepted.push(
      acceptMediaStream(socket, {
        clock,
        tick,
        log: quietLog,
        calls,
        accountSid,
        timers: streamTimers,
        admit: () => Promise.resolve({ admitted: true }),
        transferTwiml: ({ phoneNumber }) => `<Dial>${phoneNumber}</Dial>`,
        handOverTwiml: () => '<Redirect/>',
        ...parts,
      }),
    );
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    clock,
    calls,
    port: (http.address() as AddressInfo).port,
    accepted,
    sockets,
    async close() {
      for (const socket of sockets) socket.terminate();
      await Promise.all(accepted);
      await new Promise((resolve) => server.close(resolve));
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** The carrier of one call. */
export class StreamPeer {
  readonly server: StreamServer;
  readonly socket: WebSocket;
  readonly carrier: CarrierQueue;
  /** The code the server closed with. */
  closeCode: number | undefined;
  #chunk = 0;
  #sequence = 1;
  #timestampMs = 0;

  /** Connects; nothing is sent yet. */
  static async connect(server: StreamServer): Promise<StreamPeer> {
    const before = server.sockets.length;
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`, { perMessageDeflate: false });
    const peer = new StreamPeer(server, socket);
    await once(socket, 'open');
    if (server.sockets.length <= before) await peer.#serverSide();
    return peer;
  }

  /** Connects and starts; the line is admitted. */
  static async open(server: StreamServer): Promise<{ peer: StreamPeer; line: MediaStream }> {
    const peer = await StreamPeer.connect(server);
    peer.start();
    const line = await server.accepted.at(-1);
    if (!line) throw new Error('the stream was not admitted');
    return { peer, line };
  }

  constructor(server: StreamServer, socket: WebSocket) {
    this.server = server;
    this.socket = socket;
    this.carrier = new CarrierQueue((name) =>
      this.send({ event: 'mark', sequenceNumber: this.#next(), streamSid, mark: { name } }),
    );
    socket.on('message', (text) => this.#receive((text as Buffer).toString()));
    socket.on('close', (code) => (this.closeCode = code));
    // A server that cuts the connection is what some tests are about.
    socket.on('error', () => {});
  }

  send(message: object | string | Buffer): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const isRaw = typeof message === 'string' || Buffer.isBuffer(message);
    this.socket.send(isRaw ? message : JSON.stringify(message));
  }

  start(from: { streamSid?: string; callSid?: string; accountSid?: string; token?: string } = {}) {
    const { token = 'token', ...sids } = from;
    const start = { streamSid, callSid, accountSid, ...sids };
    this.send({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    this.send({
      event: 'start',
      sequenceNumber: this.#next(),
      streamSid: start.streamSid,
      start: {
        ...start,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: { token },
      },
    });
  }

  /** One 20 ms frame of the caller at this level. */
  frame(level = 0): void {
    this.#chunk += 1;
    this.#timestampMs += 20;
    this.send({
      event: 'media',
      sequenceNumber: this.#next(),
      streamSid,
      media: {
        track: 'inbound',
        chunk: String(this.#chunk),
        timestamp: String(this.#timestampMs),
        payload: Buffer.from(encodeMulaw(new Int16Array(160).fill(level))).toString('base64'),
      },
    });
  }

  key(digit: string, sequence = this.#next()): void {
    this.send({
      event: 'dtmf',
      sequenceNumber: sequence,
      streamSid,
      dtmf: { track: 'inbound_track', digit },
    });
  }

  stop(): void {
    this.send({
      event: 'stop',
      sequenceNumber: this.#next(),
      streamSid,
      stop: { accountSid, callSid },
    });
    this.socket.close(1000);
  }

  /** Lets time pass on both sides, the caller sounding at `level`, or sending nothing. */
  async pass(ms: number, level: number | 'nothing' = 0): Promise<void> {
    for (let passed = 0; passed < ms; passed += 20) {
      await this.server.clock.advance(20);
      this.carrier.play(20);
      if (level !== 'nothing') this.frame(level);
      await this.settle();
    }
  }

  /** All that either side has sent has been read by the other. */
  async settle(): Promise<void> {
    const ours = this.server.sockets.at(-1);
    if (ours?.readyState !== WebSocket.OPEN || this.socket.readyState !== WebSocket.OPEN) {
      return this.server.clock.advance(0);
    }
    await new Promise<void>((resolve) => {
      const done = () => {
        ours.off('pong', done).off('close', done);
        resolve();
      };
      ours.on('pong', done).on('close', done).ping();
    });
    await this.server.clock.advance(0);
  }

  async closed(): Promise<number> {
    if (this.closeCode === undefined) await once(this.socket, 'close');
    return this.closeCode!;
  }

  #serverSide(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => (this.server.sockets.length > 0 ? resolve() : setImmediate(look));
      look();
    });
  }

  #receive(text: string): void {
    const message = JSON.parse(text) as {
      event: string;
      media?: { payload: string };
      mark?: { name: string };
    };
    if (message.event === 'media') {
      this.carrier.media(Buffer.from(message.media!.payload, 'base64'));
    } else if (message.event === 'mark') this.carrier.mark(message.mark!.name);
    else if (message.event === 'clear') this.carrier.clear();
    else throw new Error(`we sent ${text}`);
  }

  #next(): string {
    const sequence = String(this.#sequence);
    this.#sequence += 1;
    return sequence;
  }
}

/** A server for one test: closed with it, and nothing may be left on its clock. */
export async function serve(
  t: TestContext,
  parts: Partial<StreamParts> = {},
): Promise<StreamServer> {
  const server = await startStreamServer(parts);
  t.after(async () => {
    await server.close();
    await server.clock.advance(0);
    assert.equal(server.clock.pending, 0, 'nothing is left on the clock');
  });
  return server;
}
