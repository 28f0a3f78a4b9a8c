// One socket of a stand-in: messages in and out, with what the script of faults does to those going out.

import type { WebSocket } from 'ws';
import type { Clock } from '../src/lib/clock.ts';
import { codeOf, spoil } from './faults.ts';
import type { Fault, FaultScript } from './faults.ts';

/** Bytes waiting for a client that does not read: past this the vendor hangs up. */
const UNREAD_BYTES_MAX = 32 * 1024 * 1024;

const spoils = new Set<Fault['do']>(['garble', 'mutate', 'huge', 'binary', 'repeat']);

export interface Session {
  /** Ends when the socket is gone, or the stand-in pretends that it is. */
  readonly signal: AbortSignal;
  onText(act: (text: string) => void): void;
  onBinary(act: (bytes: Buffer) => void): void;
  /** Sends an object as JSON. After the end it does nothing. */
  send(message: object): void;
  close(code: number, reason: string): void;
}

export function openSession(
  socket: WebSocket,
  { clock, faults }: { clock: Clock; faults: FaultScript },
): Session {
  const gone = new AbortController();
  let onText: (text: string) => void = () => {};
  let onBinary: (bytes: Buffer) => void = () => {};
  let stalled = false;
  /** Messages spoilt so far. */
  let struck = 0;
  /** Set by a `slow` fault: from then on everything goes out so much later, in order. */
  let delayMs = 0;
  socket.on('message', (message: Buffer, isBinary: boolean) => {
    if (isBinary) onBinary(message);
    else onText(message.toString('utf8'));
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => gone.abort(new Error('the client has gone')));
  // A stalled socket still reads, so its `close` comes; a client that never reads is cut off in `write`.

  return {
    signal: gone.signal,
    onText: (act) => (onText = act),
    onBinary: (act) => (onBinary = act),
    send(message) {
      const text = JSON.stringify(message);
      const fault = faults.next('message', text);
      if (fault) strike(fault, text);
      else write(text);
    },
    close: (code, reason) => later(() => socket.close(code, reason)),
  };

  function write(text: string, binary = false): void {
    later(() => {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(text, { binary });
      if (socket.bufferedAmount > UNREAD_BYTES_MAX) socket.terminate();
    });
  }

  function later(act: () => void): void {
    if (stalled) return;
    if (delayMs === 0) act();
    else after(delayMs, act);
  }

  function strike(fault: Fault, text: string): void {
    if (fault.do === 'slow') {
      delayMs = fault.afterMs ?? 0;
      return write(text);
    }
    if (fault.do === 'drop') return undefined;
    if (spoils.has(fault.do)) {
      struck += 1;
      for (const each of spoil(fault.do, text, struck)) write(each, fault.do === 'binary');
      return undefined;
    }
    if (fault.do === 'stall') stalled = true;
    return after(fault.afterMs ?? 0, () => {
      if (fault.do === 'reset') socket.terminate();
      else if (fault.do.startsWith('close')) socket.close(codeOf(fault) ?? 1011, 'fault');
    });
  }

  function after(ms: number, act: () => void): void {
    if (ms === 0) return act();
    const timer = clock.after(ms, act);
    gone.signal.addEventListener('abort', () => timer[Symbol.dispose](), { once: true });
    return undefined;
  }
}
