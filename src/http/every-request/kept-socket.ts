// Sockets that stay open for long: let go when their peer has vanished, or may not be there any more.

import type { WebSocket } from 'ws';
import type { Clock } from '../../lib/clock.ts';

/** This often it is looked after each of them. */
const LOOK_MS = 10_000;

/**
 * Until the socket closes: cuts it when a ping stays without an answer until the next look, and calls `leave` when
 * `mayStay` says no: who has logged out or been blocked hears nothing more. When it cannot be asked, the next look counts.
 */
export function keepSocket(
  socket: WebSocket,
  parts: { readonly clock: Clock; mayStay(): Promise<boolean>; leave(): void },
): void {
  let answered = true;
  socket.on('pong', () => (answered = true));
  const looking = parts.clock.every(LOOK_MS, () => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
    parts.mayStay().then(
      (may) => {
        if (!may) parts.leave();
      },
      () => {},
    );
  });
  socket.on('close', () => looking[Symbol.dispose]());
}
