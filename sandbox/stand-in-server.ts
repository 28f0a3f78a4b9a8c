// What all stand-ins share: one port for HTTP and sockets, refusals, counts, and faults by script.

import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { systemClock } from '../src/lib/clock.ts';
import type { Clock } from '../src/lib/clock.ts';
import { codeOf, FaultScript, parseFaults } from './faults.ts';
import type { Fault } from './faults.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';

/** Largest body and socket message taken. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** How the vendor says no, before a socket is open or instead of an answer. */
export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object | string;
}

export interface Counts {
  /** Sockets accepted, HTTP requests answered or refused, sockets open now. */
  connections: number;
  requests: number;
  open: number;
  refused: number;
}

export interface StandIn {
  /** http base, without a path. */
  readonly url: string;
  readonly faults: FaultScript;
  readonly counts: Readonly<Counts>;
  close(): Promise<void>;
}

export interface StandInOptions {
  /** The only key that is accepted. */
  readonly key: string;
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly clock?: Clock;
}

export interface StandInParts extends StandInOptions {
  /** Undefined lets the client in. Asked for sockets and for requests. */
  refuse(request: IncomingMessage, url: URL): Refusal | undefined;
  /** The vendor's own form of an error, for faults. */
  refusal(status: number): Refusal;
  /** A socket was opened. Messages that came with the upgrade wait until this returns. */
  connect?(session: Session, url: URL, request: IncomingMessage): void;
  /** Undefined where the path is none of the vendor's. The request's fault has been applied already. */
  respond?(exchange: Exchange): Promise<void> | undefined;
}

/** One HTTP request and the way to answer it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly response: ServerResponse;
  readonly clock: Clock;
  readonly faults: FaultScript;
  readonly body: () => Promise<string>;
  readonly answer: (refusal: Refusal) => void;
  /** Lets the fault of what has been carried out strike; whether the request is still to be answered. */
  readonly stored: () => Promise<boolean>;
}

export async function startStandIn(parts: StandInParts): Promise<StandIn> {
  const { host = '127.0.0.1', port = 0, clock = systemClock, key } = parts;
  const faults = new FaultScript();
  const counts: Counts = { connections: 0, requests: 0, open: 0, refused: 0 };
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: BODY_BYTES_MAX,
  });
  const held = new Set<Duplex>();
  const closing = new AbortController();
  const server: Server = createServer();
  server.on('request', (request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    held.add(socket);
    socket.on('close', () => held.delete(socket));
    socket.on('error', () => socket.destroy());
    upgrade(request, socket, head).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;

  return {
    url: `http://${host}:${bound}`,
    faults,
    counts,
    async close() {
      closing.abort(new Error('the stand-in was closed'));
      for (const socket of held) socket.destroy();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const exchange: Exchange = {
      request,
      url,
      response,
      clock,
      faults,
      body: () => readBody(request),
      answer: (refusal) => answer(response, refusal),
      async stored() {
        const late = faults.next('stored', `${request.method} ${url.pathname}`);
        return late === undefined || survives(late, exchange);
      },
    };
    if (url.pathname === '/_sandbox/faults') return control(exchange);
    counts.requests += 1;
    const fault = faults.next('request', `${request.method} ${url.pathname}`);
    if (fault && !(await survives(fault, exchange))) return undefined;
    const refusal = parts.refuse(request, url);
    if (refusal) {
      counts.refused += 1;
      return answer(response, refusal);
    }
    const responding = parts.respond?.(exchange);
    return responding ?? answer(response, parts.refusal(404));
  }

  /** Whether the request is still to be answered. */
  async function survives(fault: Fault, { response }: Exchange): Promise<boolean> {
    await clock.sleep(fault.afterMs ?? 0, closing.signal);
    if (fault.do === 'slow') return true;
    const status = codeOf(fault);
    if (fault.do.startsWith('status') && status !== undefined) {
      const { headers, body } = parts.refusal(status);
      answer(response, {
        status,
        headers: { ...headers, ...fault.headers },
        body: fault.body ?? body,
      });
    } else if (fault.do !== 'stall') response.destroy();
    return false;
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const fault = faults.next('connect');
    if (fault) await clock.sleep(fault.afterMs ?? 0, closing.signal);
    if (fault?.do === 'stall') return;
    if (fault?.do === 'reset') {
      socket.destroy();
      return;
    }
    const status = fault?.do.startsWith('status') ? codeOf(fault) : undefined;
    const refusal =
      status === undefined
        ? parts.refuse(request, url)
        : { ...parts.refusal(status), ...(fault?.headers ? { headers: fault.headers } : {}) };
    if (refusal || !parts.connect) {
      counts.refused += 1;
      refuseUpgrade(socket, refusal ?? parts.refusal(404));
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      counts.connections += 1;
      counts.open += 1;
      opened.on('close', () => (counts.open -= 1));
      const session = openSession(opened, { clock, faults });
      if (fault?.do.startsWith('close')) session.close(codeOf(fault) ?? 1011, 'fault');
      else parts.connect?.(session, url, request);
    });
  }

  /** `POST` adds a script, `DELETE` clears it, `GET` shows it with the counts. Guarded by the stand-in's key. */
  async function control({ request, response, body }: Exchange): Promise<void> {
    if (request.headers.authorization !== `Bearer ${key}`) {
      return answer(response, { status: 401, body: { error: 'the key, as bearer' } });
    }
    try {
      if (request.method === 'POST') faults.add(...parseFaults(await body()));
      else if (request.method === 'DELETE') faults.clear();
    } catch (error) {
      return answer(response, { status: 400, body: { error: String(error) } });
    }
    return answer(response, { status: 200, body: { faults: faults.faults, counts } });
  }
}

function answer(response: ServerResponse, { status, headers, body }: Refusal): void {
  const json = typeof body !== 'string';
  response.writeHead(status, {
    'content-type': json ? 'application/json' : 'text/plain',
    ...headers,
  });
  response.end(json ? JSON.stringify(body) : body);
}

function refuseUpgrade(socket: Duplex, { status, headers, body }: Refusal): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const lines = Object.entries({
    ...headers,
    'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${text}`);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) throw new RangeError('the body is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
