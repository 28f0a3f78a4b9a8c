// A WebSocket client that is read as an iterable and cancelled by signal.

import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import { Channel } from './channel.ts';
import { within } from './clock.ts';
import type { Clock } from './clock.ts';
import { AppError } from './errors.ts';
import type { Upstream } from './errors.ts';
import { retryAfterMs } from './retry.ts';
import { told } from './told.ts';

/** Time to connect, including TLS and the upgrade. */
const OPEN_MS = 3000;
/** Our side of the closing handshake; then the connection is cut. */
const CLOSE_MS = 1000;
/** A longer message closes the connection with 1009. Vendors send some kilobytes at a time. */
const MESSAGE_BYTES_MAX = 1024 * 1024;
/** Unsent bytes above which `send` refuses: 8 s of telephone audio. */
const BUFFERED_BYTES_MAX = 64 * 1024;
/** Unread messages at which we stop reading the network, and go on reading it. */
const UNREAD_HIGH = 64;
const UNREAD_LOW = 16;
/** Messages kept unread: one network read may bring many more after we stopped reading. */
const UNREAD_MAX = 4096;

export interface SocketOptions {
  /** ws(s), or http(s) meaning the same. Must not carry a key: it stands in errors of the network layer. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Names the other side in errors. */
  readonly name: string;
  /** Stands in the headers, and in no error. */
  readonly key: string;
  readonly clock: Clock;
  /** Closes the socket when it aborts. */
  readonly signal: AbortSignal;
  /** Milliseconds it may take to open; 3,000 unless told. */
  readonly openMs?: number;
  /** The header of a refused upgrade that says why. */
  readonly refusalHeader?: string;
}

/** Disposing it closes with 1000. */
export interface Socket extends Disposable {
  /**
   * What the other side sends: text as strings, binary as bytes. One reader. Ends when either side closed with 1000 or
   * 1005; throws `vendor_failed` with the close code otherwise, and the signal's reason when that aborted.
   */
  readonly messages: AsyncIterable<string | Uint8Array>;
  readonly open: boolean;
  /** False, and nothing is sent, when the socket is not open or too much waits to be sent already. */
  send(message: string | Uint8Array): boolean;
}

/** Rejects with `vendor_failed` when it is refused or not open in time, and with the signal's reason. */
export async function openSocket(options: SocketOptions): Promise<Socket> {
  const { name, key, clock, signal, openMs = OPEN_MS } = options;
  signal.throwIfAborted();
  const settings: ClientOptions & { closeTimeout: number } = {
    headers: options.headers,
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES_MAX,
    closeTimeout: CLOSE_MS,
  };
  const ws = new WebSocket(options.url.replace(/^http/, 'ws'), settings);
  const unread = new Channel<string | Uint8Array>(UNREAD_MAX).tap(() => {
    if (ws.isPaused && unread.size <= UNREAD_LOW) ws.resume();
  });
  let fault: Error | undefined;

  const onAbort = () => {
    unread.end(signal.reason);
    close();
  };
  signal.addEventListener('abort', onAbort, { once: true });

  ws.on('message', (message: Buffer, isBinary: boolean) => {
    unread.push(isBinary ? message : message.toString());
    if (unread.size >= UNREAD_HIGH) ws.pause();
  });
  // Always followed by `close`.
  ws.on('error', (error) => {
    fault = error;
  });
  ws.on('close', (code: number, reason: Buffer) => {
    signal.removeEventListener('abort', onAbort);
    if (!fault && (code === 1000 || code === 1005)) return unread.end();
    const why = fault?.message ?? reason.toString();
    unread.end(vendorFailed(`closed with ${code} ${why}`));
  });

  try {
    const late = () => vendorFailed(`not open after ${openMs} ms`, { stalled: true });
    await within(clock, openMs, opened(), late);
  } catch (error) {
    close();
    throw error;
  }
  return {
    messages: unread,
    get open() {
      return ws.readyState === WebSocket.OPEN;
    },
    send(message) {
      if (ws.readyState !== WebSocket.OPEN || ws.bufferedAmount > BUFFERED_BYTES_MAX) return false;
      ws.send(message);
      return true;
    },
    [Symbol.dispose]() {
      unread.end();
      close();
    },
  };

  function opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      ws.once('open', () => resolve());
      ws.once('unexpected-response', (_request, response) => {
        const why = options.refusalHeader && response.headers[options.refusalHeader];
        const { statusCode: status, headers } = response;
        const upstream = { status, retryAfterMs: retryAfterMs(headers['retry-after']) };
        reject(vendorFailed(`refused with ${status} ${why ? String(why) : ''}`, upstream));
        response.destroy();
        ws.terminate();
      });
      ws.once('close', () => {
        if (signal.aborted) reject(signal.reason as Error);
        else reject(vendorFailed(`cannot be reached: ${fault?.message ?? 'closed'}`));
      });
    });
  }

  function close(): void {
    signal.removeEventListener('abort', onAbort);
    // A paused socket would never see the answer to its closing.
    if (ws.isPaused) ws.resume();
    if (ws.readyState === WebSocket.CONNECTING) ws.terminate();
    else ws.close(1000);
  }

  function vendorFailed(what: string, upstream: Upstream = {}): AppError {
    const message = `${name}: ${told(what, key)}`;
    return new AppError('vendor_failed', message, { cause: fault, upstream });
  }
}
