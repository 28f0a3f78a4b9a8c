// The server's end of calls from browsers, over real sockets in virtual time.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { Tick } from '../../src/lib/clock.ts';
import { quietLog } from '../../src/lib/log.ts';
import { acceptBrowserCall } from '../../src/telephony/browser-call.ts';
import type { BrowserCall, BrowserCallParts } from '../../src/telephony/browser-call.ts';
import { streamTimers } from '../../src/telephony/twilio-stream.ts';
import { VirtualClock } from '../support/clock.ts';
import type { BrowserPeer } from './browser-peer.ts';

/** On a free port, every socket accepted with the same parts. */
export async function startBrowserServer(parts: Partial<BrowserCallParts> = {}) {
  const clock = new VirtualClock();
  const http = createServer();
  const server = new WebSocketServer({ server: http, maxPayload: 64 * 1024 });
  const accepted: Promise<BrowserCall | undefined>[] = [];
  const sockets: WebSocket[] = [];
  server.on('connection', (socket) => {
    sockets.push(socket);
    accepted.push(
      acceptBrowserCall(socket, {
        clock,
        tick: new Tick(clock, 20),
        log: quietLog,
        timers: streamTimers,
        admit: () => Promise.resolve({ callId: 'call' }),
        ...parts,
      }),
    );
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    clock,
    accepted,
    sockets,
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    async close() {
      for (const socket of sockets) socket.terminate();
      await Promise.all(accepted);
      await new Promise((resolve) => server.close(resolve));
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

export type BrowserServer = Awaited<ReturnType<typeof startBrowserServer>>;

/** All that either side has sent has been read by the other. */
export async function settleBrowser(
  { clock, sockets }: BrowserServer,
  peer: BrowserPeer,
): Promise<void> {
  const ours = sockets.at(-1);
  if (ours?.readyState === ours?.OPEN && peer.socket.readyState === peer.socket.OPEN) {
    await new Promise<void>((resolve) => {
      const done = () => {
        ours!.off('pong', done).off('close', done);
        resolve();
      };
      ours!.on('pong', done).on('close', done).ping();
    });
  }
  await clock.advance(0);
}
