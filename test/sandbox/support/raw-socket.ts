// A plain socket client for tests of stand-ins: keeps what came, and waits for what must come.

import { once } from 'node:events';
import { WebSocket } from 'ws';
import { systemClock, within } from '../../../src/lib/clock.ts';

/** Nothing in these tests takes longer, on a busy machine either. */
const PATIENCE_MS = 20_000;

export type Json = Record<string, any>;

export interface RawSocket {
  /** Parsed JSON messages; what is no JSON is kept as `{ text }`. */
  readonly messages: Json[];
  readonly socket: WebSocket;
  /** The close code, once closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
  send(message: object | string | Uint8Array): void;
  /** The first message at or after index `from` that fits. */
  next(fits: (message: Json) => boolean, from?: number): Promise<Json>;
  close(): Promise<void>;
}

export async function openRaw(
  url: string,
  headers: Record<string, string> = {},
): Promise<RawSocket> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers });
  const messages: Json[] = [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  socket.on('message', (data: Buffer) => {
    try {
      messages.push(JSON.parse(data.toString()) as Json);
    } catch {
      messages.push({ text: data.toString() });
    }
    socket.emit('kept');
  });
  await once(socket, 'open');
  socket.on('error', () => {});
  return {
    messages,
    socket,
    closed,
    send(message) {
      const raw = typeof message === 'string' || message instanceof Uint8Array;
      socket.send(raw ? message : JSON.stringify(message));
    },
    async next(fits, from = 0) {
      const found = new Promise<Json>((resolve) => {
        const look = () => {
          const message = messages.slice(from).find(fits);
          if (!message) return;
          socket.off('kept', look);
          resolve(message);
        };
        socket.on('kept', look);
        look();
      });
      const ended = closed.then(({ code }) => {
        const message = messages.slice(from).find(fits);
        if (message) return message;
        throw new Error(`closed with ${code}; got ${JSON.stringify(messages).slice(0, 2000)}`);
      });
      return within(
        systemClock,
        PATIENCE_MS,
        Promise.race([found, ended]),
        () => new Error(`not among ${JSON.stringify(messages).slice(0, 2000)}`),
      );
    },
    async close() {
      socket.close();
      await closed;
    },
  };
}

/** How an upgrade was refused. */
export async function refusalOf(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers });
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    AsyncIterable<Buffer> & { statusCode: number; headers: Record<string, unknown> },
  ];
  let body = '';
  for await (const part of response) body += part.toString();
  return { status: response.statusCode, headers: response.headers, body };
}

/** Sends audio in pieces of 20 ms, as fast as it goes, at one byte a sample. */
export function sendAudio(socket: RawSocket, bytes: Uint8Array, pieceBytes = 160): void {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    socket.send(bytes.subarray(at, at + pieceBytes));
  }
}

/** Mu-law silence. */
export const quiet = (ms: number): Uint8Array => new Uint8Array(ms * 8).fill(0xff);

/** Mu-law of a loud 200 Hz tone: voice, for whoever only measures loudness. */
export function tone(ms: number): Uint8Array {
  return Uint8Array.from({ length: ms * 8 }, (_, at) => (at % 40 < 20 ? 0x10 : 0x90));
}
