// A WebSocket server on a free port, for the small vendors of the tests: it keeps count, refuses and cuts on demand.

import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

export interface SocketServer {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** Those open now. */
  readonly sockets: Set<WebSocket>;
  /** Every upgrade that was asked for. */
  readonly requests: { readonly url: string; readonly headers: IncomingHttpHeaders }[];
  /** Answers upgrades with this status instead. */
  refuse: number | undefined;
  /** Cuts all connections, without a closing handshake. */
  cut(): void;
  close(): Promise<void>;
}

export async function startSocketServer(
  onSocket: (socket: WebSocket) => void,
): Promise<SocketServer> {
  const http = createServer((_request, response) => response.writeHead(404).end());
  const ws = new WebSocketServer({ noServer: true });
  const sockets = new Set<WebSocket>();
  const requests: SocketServer['requests'] = [];
  const server: SocketServer = {
    url: await listen(http),
    sockets,
    requests,
    refuse: undefined,
    cut: () => sockets.forEach((socket) => socket.terminate()),
    async close() {
      server.cut();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  http.on('upgrade', (request, socket, head) => {
    requests.push({ url: request.url ?? '', headers: request.headers });
    if (server.refuse !== undefined) {
      socket.end(
        `HTTP/1.1 ${server.refuse} No\r\ndg-error: no such thing\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    ws.handleUpgrade(request, socket, head, (each) => {
      sockets.add(each);
      each.on('close', () => sockets.delete(each));
      // A client that cuts the connection is no fault of the server.
      each.on('error', () => {});
      onSocket(each);
    });
  });
  return server;
}

/** Listens on a free port of the loopback; gives the address. */
export async function listen(http: Server): Promise<string> {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}
