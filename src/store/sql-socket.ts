// The connections' sockets: a server that says nothing is given up, and one that is known to be down is not waited for.

import net from 'node:net';
import tls from 'node:tls';
import { within } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError, toError } from '../lib/errors.ts';
import { AnswersDue } from './answers-due.ts';
import type { Connection } from './connection.ts';

export interface SocketOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Longest silence while an answer is due, in milliseconds. */
  readonly silenceMs: number;
}

/** A server accepts and greets a new connection within this time, or counts as down. */
const CONNECT_MS = 2000;
/** After silence others do not wait for the same server again: new connections fail at once for this time. */
const DOWN_MS = 500;

/** Postgres protocol 3, SSLRequest: length 8, code 80877103. The server answers 'S' or 'N'. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
/**
 * Makes the sockets of one pool. It never rejects, because the pool would lose the connection for ever: a failure is
 * a socket that emits it.
 */
export function socketOpener(options: SocketOptions): () => Promise<net.Socket> {
  const { clock, silenceMs } = options;
  let downUntil = -Infinity;
  return async () => {
    if (clock.elapsed() < downUntil) return failing(down('the database is known to be down'));
    try {
      const socket = await connect(options);
      watch(socket);
      return socket;
    } catch (error) {
      if (error instanceof AppError) silent();
      return failing(toError(error));
    }
  };

  function silent(): void {
    downUntil = clock.elapsed() + DOWN_MS;
  }

  /** From a write until the answer is complete the server may not be silent for long. */
  function watch(socket: net.Socket): void {
    const answers = new AnswersDue();
    let due: Disposable | undefined;
    let limitMs = CONNECT_MS;
    const rest = () => {
      due?.[Symbol.dispose]();
      due = undefined;
    };
    const wait = () => {
      due ??= clock.after(limitMs, () => {
        silent();
        socket.destroy(down(`the database said nothing for ${limitMs} ms`));
      });
    };
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (...args: unknown[]) => {
      answers.sent(args[0] as Buffer);
      wait();
      return write(...args);
    };
    socket.on('data', (bytes: Buffer) => {
      rest();
      if (answers.received(bytes)) {
        limitMs = silenceMs;
        downUntil = -Infinity;
      }
      if (answers.due) wait();
    });
    socket.once('close', rest);
  }
}

function down(message: string): AppError {
  return new AppError('unavailable', message);
}

function failing(error: Error): net.Socket {
  const socket = new net.Socket();
  setImmediate(() => socket.destroy(error));
  return socket;
}

/** A connected socket, encrypted if so wished. */
async function connect({ connection, clock }: SocketOptions): Promise<net.Socket> {
  const raw = net.connect(connection.address);
  raw.setNoDelay(true);
  raw.setKeepAlive(true, 30_000);
  let socket = raw;
  try {
    const opened = open();
    await within(clock, CONNECT_MS, opened, () => down('the database does not accept connections'));
    return socket;
  } catch (error) {
    socket.destroy();
    raw.destroy();
    throw error;
  }

  async function open(): Promise<void> {
    await once(raw, 'connect');
    if (!connection.tls) return;
    raw.write(SSL_REQUEST);
    const answer = await once<Buffer>(raw, 'data');
    if (answer.toString('latin1') !== 'S') throw down('the database does not offer encryption');
    socket = tls.connect({ ...connection.tls, socket: raw });
    await once(socket, 'secureConnect');
  }
}

/** The first value of an event; rejects with the socket's error. */
function once<T>(socket: net.Socket, event: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const done = (act: () => void) => {
      socket.off('error', onError);
      socket.off('close', onClose);
      socket.off(event, onEvent);
      act();
    };
    const onError = (error: Error) => done(() => reject(error));
    const onClose = () => done(() => reject(down('the database closed the connection')));
    const onEvent = (value: T) => done(() => resolve(value));
    socket.on('error', onError);
    socket.on('close', onClose);
    socket.on(event, onEvent);
  });
}
