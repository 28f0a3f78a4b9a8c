// The connections' streams: a server that says nothing is given up, and one that is known to be down is not waited for.

import net from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError, toError } from '../../lib/errors.ts';
import { AnswersDue, startupMessage } from './answers-due.ts';
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
 * Makes the streams of one pool. It never rejects, because postgres.js would lose the connection for ever: a failure
 * is a stream that emits it.
 */
export function socketOpener({
  connection,
  clock,
  silenceMs,
}: SocketOptions): () => Promise<Duplex> {
  let downUntil = -Infinity;
  const health: Health = {
    silent: () => {
      downUntil = clock.elapsed() + DOWN_MS;
    },
    answered: () => {
      downUntil = -Infinity;
    },
  };
  return async () => {
    try {
      if (clock.elapsed() < downUntil) throw down('the database is known to be down');
      const socket = await within(clock, CONNECT_MS, connect(connection, clock), () => {
        health.silent();
        return down('the database does not accept connections');
      });
      return new PostgresStream(socket, { clock, silenceMs, health });
    } catch (error) {
      return new FailedStream(toError(error));
    }
  };
}

interface Health {
  silent(): void;
  answered(): void;
}

/**
 * A connection as postgres.js uses it. It ends by an error of its own where the server says that it ends: told by the
 * server, postgres.js keeps the error for a statement it has given up already, or for the first one after that.
 */
class PostgresStream extends Duplex {
  readonly #socket: net.Socket;
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #health: Health;
  readonly #answers = new AnswersDue();
  #opened = false;
  #limitMs = CONNECT_MS;
  #due: Disposable | undefined;

  constructor(
    socket: net.Socket,
    { clock, silenceMs, health }: { clock: Clock; silenceMs: number; health: Health },
  ) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#health = health;
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
    this.#wait();
  }

  /** As net.Socket has it. */
  get readyState(): string {
    return this.destroyed ? 'closed' : 'open';
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const message = this.#opened ? bytes : startupMessage(bytes);
    this.#opened = true;
    this.#answers.sent(message);
    this.#wait();
    this.#socket.write(message, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#rest();
    this.#socket.destroy();
    done(error);
  }

  #receive(bytes: Buffer): void {
    this.#rest();
    const { completed, fatal } = this.#answers.received(bytes);
    if (completed) {
      this.#limitMs = this.#silenceMs;
      this.#health.answered();
    }
    if (fatal !== undefined) this.destroy(down(`the database refuses: ${fatal}`));
    else this.push(bytes);
    if (this.#answers.due) this.#wait();
  }

  /** From a write until the answer is complete the server may not be silent for long. */
  #wait(): void {
    if (this.destroyed) return;
    this.#due ??= this.#clock.after(this.#limitMs, () => {
      this.#health.silent();
      this.destroy(down(`the database said nothing for ${this.#limitMs} ms`));
    });
  }

  #rest(): void {
    this.#due?.[Symbol.dispose]();
    this.#due = undefined;
  }
}

/** A connection that could not be made. It fails at its first bytes: postgres.js forgets nothing it has not sent. */
class FailedStream extends Duplex {
  readonly #error: Error;

  constructor(error: Error) {
    super();
    this.#error = error;
  }

  get readyState(): string {
    return 'closed';
  }

  override _read(): void {}

  override _write(_bytes: Buffer, _encoding: string, done: (error: Error) => void): void {
    done(this.#error);
  }
}

function down(message: string): AppError {
  return new AppError('unavailable', message);
}

/** A connected socket, encrypted if so wished. Its clock runs outside: the caller stops waiting, not the attempt. */
async function connect(connection: Connection, clock: Clock): Promise<net.Socket> {
  const raw = net.connect(connection.address);
  // Nobody takes a socket that comes too late.
  const late = clock.after(CONNECT_MS, () => raw.destroy());
  try {
    raw.setNoDelay(true);
    raw.setKeepAlive(true, 30_000);
    await once(raw, 'connect');
    if (!connection.tls) return raw;
    raw.write(SSL_REQUEST);
    const answer = await once<Buffer>(raw, 'data');
    if (answer.toString('latin1') !== 'S') throw down('the database does not offer encryption');
    const encrypted = tls.connect({ ...connection.tls, socket: raw });
    await once(encrypted, 'secureConnect');
    return encrypted;
  } catch (error) {
    raw.destroy();
    throw error;
  } finally {
    late[Symbol.dispose]();
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
