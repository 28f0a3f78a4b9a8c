// The door of a call over a plain WebSocket: a fresh socket is held to the protocol and, once admitted, becomes a line.

import type { RawData, WebSocket } from 'ws';
import type { Clock, Tick } from '../lib/clock.ts';
import { AppError, toError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { TokenBucket } from '../lib/token-bucket.ts';
import { Doubler, Halver } from '../pipeline/audio/half-band.ts';
import type { Samples, TransferTarget } from '../pipeline/types.ts';
import { openBrowserLine } from './browser-line.ts';
import type { Line } from './line.ts';
import { parseBrowserMessage } from './browser-messages.ts';
import type { BrowserRate, BrowserStart } from './browser-messages.ts';

/** Audio comes every 20 to 100 ms, marks five times a second. The burst is what a stalled network lets loose. */
const MESSAGES_PER_SECOND = 100;
const MESSAGES_BURST = 400;
const REJECTED_MAX = 20;
const BYTES_PER_SAMPLE = 2;
/** One binary message: a second at 16 kHz. */
const AUDIO_BYTES_MAX = 16_000 * BYTES_PER_SAMPLE;

/** WebSocket close codes: RFC 6455 7.4.1, and ours, which are 4000 and the HTTP status that would say the same. */
const NORMAL = 1000;
const NOT_ALLOWED = 1008;
const ABNORMAL = 1006;
const STATUS_BASE = 4000;

export interface BrowserCallTimers {
  /** A socket without `start` is closed after this many milliseconds. */
  readonly startMs: number;
  /** A line without caller audio is lost after this many. */
  readonly mediaSilenceMs: number;
}

export interface BrowserCallParts {
  readonly clock: Clock;
  /** Shared by all calls, every 20 ms. */
  readonly tick: Tick;
  readonly log: Log;
  readonly timers: BrowserCallTimers;
  /** Lets the call in; throws an AppError, whose public message the browser gets. Called once. Must bound its own time. */
  admit(start: BrowserStart): Promise<{ readonly callId: string }>;
  /** Whether a caller may be handed over: rejects with `vendor_failed` where not. Always, where it is left out. */
  transfer?(target: TransferTarget): Promise<void>;
}

/** A line over a socket, which stays open after the call for what the browser is still to be told. */
export interface BrowserCall {
  readonly line: Line;
  /** Ignored once the socket is closed. */
  send(message: object): void;
  close(): void;
}

/**
 * Listens from the first moment, so call it before anything is awaited after the upgrade. Resolves with the call once
 * admitted, with undefined when there is none. Never rejects. Wire: docs/GATEWAY.md "Test calls".
 */
export function acceptBrowserCall(
  socket: WebSocket,
  parts: BrowserCallParts,
): Promise<BrowserCall | undefined> {
  const { clock, tick, log, timers } = parts;
  const { promise, resolve } = Promise.withResolvers<BrowserCall | undefined>();
  const rate = new TokenBucket(clock, { perSecond: MESSAGES_PER_SECOND, burst: MESSAGES_BURST });
  let line: Line | undefined;
  let hear: (bytes: Buffer) => void = () => {};
  let rejected = 0;
  let over = false;

  const startTimer = clock.after(timers.startMs, () => {
    refuse(
      new AppError('unauthorized', 'no start in time', { publicMessage: 'No start in time.' }),
    );
  });
  socket.on('message', receive);
  // The library has sent the fitting close code: 1002, 1007, 1008 or 1009.
  socket.on('error', () => line?.refuse());
  socket.on('close', (code) => {
    if (code === ABNORMAL) line?.lost();
    else line?.left();
    end();
  });
  return promise;

  function receive(raw: RawData, isBinary: boolean): void {
    if (over) return;
    if (!rate.take()) return breach('Too many messages.');
    // Node's default binary type: always one Buffer.
    if (isBinary) return receiveAudio(raw as Buffer);
    const message = parseBrowserMessage((raw as Buffer).toString('utf8'));
    switch (message.type) {
      case 'start':
        if (line) return reject('The call has started already.');
        return begin(message.start);
      case 'mark':
        return line?.receiveMark(message.name);
      case 'key':
        line?.receiveKey(message.key);
        return undefined;
      case 'stop':
        line?.left();
        if (!line) socket.close(NORMAL);
        return undefined;
      case 'rejected':
        return reject(message.reason);
    }
  }

  function receiveAudio(bytes: Buffer): void {
    if (bytes.length > AUDIO_BYTES_MAX) return breach('At most a second of audio in one message.');
    if (bytes.length % BYTES_PER_SAMPLE > 0) return reject('Audio has two bytes a sample.');
    if (!line) return reject('Audio before start.');
    hear(bytes);
  }

  function begin(start: BrowserStart): void {
    startTimer[Symbol.dispose]();
    const begun = openLine(start.sampleRate);
    line = begun;
    const ticking = tick.add((now) => begun.tick(now));
    void begun.ended.then(() => ticking[Symbol.dispose]());
    parts.admit(start).then(
      ({ callId }) => {
        send({ type: 'started', call_id: callId, sample_rate: start.sampleRate });
        const logged = begun.ended.then((reason) => {
          const connectedMs = Math.round(begun.connectedMs());
          log.info('browser call ended', { callId, reason, connectedMs, ...begun.counts });
        });
        logged.catch(() => {});
        resolve({ line: begun, send, close: () => socket.close(NORMAL) });
      },
      (error: unknown) => {
        begun.refuse();
        resolve(undefined);
        refuse(error);
      },
    );
  }

  function openLine(sampleRate: BrowserRate): Line {
    const twice = sampleRate === 16_000;
    const doubler = new Doubler();
    const halver = new Halver();
    const begun = openBrowserLine({
      clock,
      mediaSilenceMs: timers.mediaSilenceMs,
      carrier: {
        audio: (samples) => sendAudio(twice ? doubler.push(samples) : samples),
        mark: (name) => send({ type: 'mark', name }),
        clear: () => send({ type: 'clear' }),
        queuedBytes: () => (socket.bufferedAmount * 8000) / (sampleRate * BYTES_PER_SAMPLE),
        hangUp: () => send({ type: 'hung_up' }),
        terminate: () => socket.terminate(),
      },
      // There is no telephone to hand over: whoever tries the receptionist out sees where callers would go.
      async transfer(target) {
        await parts.transfer?.(target);
        send({ type: 'transfer', phone_number: target.phoneNumber });
      },
    });
    hear = (bytes) => {
      const samples = samplesOf(bytes);
      begun.receiveAudio(twice ? halver.push(samples) : samples);
    };
    return begun.line;
  }

  function reject(reason: string): void {
    rejected += 1;
    if (rejected >= REJECTED_MAX) return breach(reason);
    send({ type: 'error', code: 'invalid', detail: reason });
  }

  /** Ends the socket for breaking a rule. */
  function breach(reason: string): void {
    send({ type: 'error', code: 'invalid', detail: reason });
    line?.refuse();
    end();
    socket.close(NOT_ALLOWED);
  }

  /** Ends the socket of a call that is not let in. */
  function refuse(error: unknown): void {
    const known = error instanceof AppError ? error : undefined;
    if (!known || known.status >= 500) {
      log.error('a browser call was not let in', { error: toError(error) });
    }
    const { code, publicMessage, status } =
      known ?? new AppError('internal', 'admission failed', { cause: error });
    send({ type: 'error', code, detail: publicMessage });
    end();
    socket.close(STATUS_BASE + status);
  }

  function end(): void {
    over = true;
    startTimer[Symbol.dispose]();
    if (!line) resolve(undefined);
  }

  function send(message: object): void {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  }

  function sendAudio(samples: Samples): void {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  }
}

/** PCM, 16 bits, little-endian: as every machine we run on has it. Copied, since a message may begin at an odd address. */
function samplesOf(bytes: Buffer): Samples {
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
