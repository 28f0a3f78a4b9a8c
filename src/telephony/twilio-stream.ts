// The door of a media stream: a fresh socket is held to the protocol and, once admitted, becomes a `Transport`.

import type { RawData, WebSocket } from 'ws';
import type { Clock, Tick } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { TokenBucket } from '../lib/token-bucket.ts';
import type { TransferTarget } from '../pipeline/types.ts';
import type { LineOutput } from './line.ts';
import { MediaReader } from './media-reader.ts';
import { openTwilioLine } from './twilio-line.ts';
import type { MediaStream, TwilioLine } from './twilio-line.ts';
import { clearMessage, markMessage, mediaMessage, parseMessage } from './twilio-messages.ts';
import type { Rejection, StreamMessage, StreamStart } from './twilio-messages.ts';
import type { CarrierCalls } from './twilio-rest.ts';

/** A call sends 50 media messages a second and returns some 5 marks. The burst is what a stalled network lets loose. */
const MESSAGES_PER_SECOND = 100;
const MESSAGES_BURST = 400;
const PINGS_PER_SECOND = 10;
const PINGS_BURST = 40;
/** Malformed messages of one stream. Twilio sends none; a few may be its bugs, twenty are not. */
const REJECTED_MAX = 20;

/** WebSocket close codes, RFC 6455 7.4.1. */
const NORMAL = 1000;
const BINARY = 1003;
const NOT_ALLOWED = 1008;
const TOO_LARGE = 1009;
const OUR_FAULT = 1011;

const MESSAGE_BYTES_MAX = 64 * 1024;

/** Options of the WebSocket server that media streams arrive on. */
export const mediaSocketOptions = {
  /** Twilio's messages have some 400 bytes, the largest we accept 11 kB. Beyond this: close 1009. */
  maxPayload: MESSAGE_BYTES_MAX,
  /** Compressing audio costs more than it saves, and lets a peer inflate. */
  perMessageDeflate: false,
  /** Twilio does not fragment. Beyond these: close 1008. */
  maxFragments: 64,
  maxBufferedChunks: 1024,
  /** Milliseconds a closing peer has for its part of the handshake. */
  closeTimeout: 2000,
};

export interface StreamTimers {
  /** A socket without `start` is closed after this many milliseconds. */
  readonly startMs: number;
  /** A line without caller audio is lost after this many. */
  readonly mediaSilenceMs: number;
}

export const streamTimers: StreamTimers = { startMs: 5000, mediaSilenceMs: 10_000 };

export type AdmitVerdict =
  | { readonly admitted: true }
  /** For the log: the peer learns nothing. */
  | { readonly admitted: false; readonly reason: string };

export interface StreamParts {
  readonly clock: Clock;
  /** Shared by all calls, every 20 ms. */
  readonly tick: Tick;
  readonly log: Log;
  readonly calls: CarrierCalls;
  /** Streams of other accounts are refused; undefined admits any. */
  readonly accountSid: string | undefined;
  readonly timers: StreamTimers;
  /**
   * Whether this stream may be a call: uses up the token of `customParameters` and checks what it is bound to. Called
   * once, on the first `start`; up to 2 s of caller audio wait meanwhile. Must bound its own time.
   */
  admit(start: StreamStart): Promise<AdmitVerdict>;
  /** What the carrier is to do with a caller who is put through to a person. */
  transferTwiml(target: TransferTarget): string;
  /** What the carrier is to do with a call that another process of ours takes over. */
  handOverTwiml(keys?: string): string;
}

type MessageOfStream = Extract<StreamMessage, { type: 'media' | 'mark' | 'dtmf' | 'stop' }>;

/**
 * Listens from the first moment, so call it before anything is awaited after the upgrade. Resolves with the line once
 * admitted, even if it has ended by then (its seconds are to be settled); with undefined when there is none. The
 * upgrade's signature is the caller's affair. Never rejects. Wire: Twilio "Media Streams - WebSocket messages".
 */
export function acceptMediaStream(
  socket: WebSocket,
  parts: StreamParts,
): Promise<MediaStream | undefined> {
  const { clock, tick, log, accountSid, timers } = parts;
  const { promise, resolve } = Promise.withResolvers<MediaStream | undefined>();
  const messageRate = new TokenBucket(clock, {
    perSecond: MESSAGES_PER_SECOND,
    burst: MESSAGES_BURST,
  });
  const pingRate = new TokenBucket(clock, { perSecond: PINGS_PER_SECOND, burst: PINGS_BURST });
  const rejected: Partial<Record<Rejection, number>> = {};
  const counts = { messages: 0, rejected, beforeStart: 0, duplicateStarts: 0, unknown: 0 };
  let rejectedInAll = 0;
  let started: StreamStart | undefined;
  let twilio: TwilioLine | undefined;
  let mediaReader: MediaReader | undefined;
  let over = false;

  const startTimer = clock.after(timers.startMs, () => refuse(NOT_ALLOWED, 'no start in time'));
  socket.on('message', receive);
  socket.on('ping', () => {
    if (!pingRate.take()) refuse(NOT_ALLOWED, 'too many pings');
  });
  // The library has sent the fitting close code: 1002, 1007, 1008 or 1009.
  socket.on('error', (error) => refuse(undefined, error.message));
  socket.on('close', (code) => {
    end();
    // Without a goodbye the caller was gone when we last heard them.
    if (code === 1006) twilio?.line.lost();
    else twilio?.line.left();
  });
  return promise;

  function receive(raw: RawData, isBinary: boolean): void {
    if (over) return;
    counts.messages += 1;
    if (!messageRate.take()) return refuse(NOT_ALLOWED, 'too many messages');
    // Node's default binary type: always one Buffer.
    const bytes = raw as Buffer;
    // The server's own bound is that of its most talkative socket.
    if (bytes.length > MESSAGE_BYTES_MAX) return refuse(TOO_LARGE, 'a message that is too large');
    if (isBinary) return refuse(BINARY, 'a binary message');
    const media = mediaReader?.read(bytes);
    if (media) return twilio?.line.receiveMedia(media);
    const message = parseMessage(bytes.toString('utf8'));
    switch (message.type) {
      case 'media':
      case 'mark':
      case 'dtmf':
      case 'stop':
        return forward(message);
      case 'start':
        if (twilio) counts.duplicateStarts += 1;
        else begin(message.start);
        return undefined;
      case 'rejected':
        rejected[message.reason] = (rejected[message.reason] ?? 0) + 1;
        rejectedInAll += 1;
        if (rejectedInAll >= REJECTED_MAX) refuse(NOT_ALLOWED, 'too many malformed messages');
        return undefined;
      case 'unknown':
        counts.unknown += 1;
        return undefined;
      case 'connected':
        return undefined;
    }
  }

  function forward(message: MessageOfStream): void {
    if (!twilio) {
      counts.beforeStart += 1;
      return;
    }
    const streamSid = message.type === 'media' ? message.media.streamSid : message.streamSid;
    if (streamSid !== started?.streamSid) return refuse(NOT_ALLOWED, 'a message of another stream');
    const { line } = twilio;
    if (message.type === 'media') line.receiveMedia(message.media);
    else if (message.type === 'mark') line.receiveMark(message.name);
    else if (message.type === 'dtmf') twilio.receiveKey(message.digit, message.sequence);
    // The carrier has ended the stream, properly.
    else line.close('caller');
  }

  function begin(start: StreamStart): void {
    startTimer[Symbol.dispose]();
    if (accountSid !== undefined && start.accountSid !== accountSid) {
      return refuse(NOT_ALLOWED, 'another account');
    }
    started = start;
    twilio = openTwilioLine(
      { ...parts, ...timers, output: lineOutput(start), messageCounts: counts },
      start,
    );
    mediaReader = new MediaReader(start.streamSid);
    const begun = twilio.line;
    const ticking = tick.add((now) => begun.tick(now));
    void begun.ended.then((reason) => {
      ticking[Symbol.dispose]();
      end();
      const { streamSid, callSid } = start;
      const connectedMs = Math.round(begun.connectedMs());
      log.info('media stream ended', { streamSid, callSid, reason, connectedMs, ...begun.counts });
    });
    parts.admit(start).then(
      (verdict) => {
        if (!verdict.admitted) refuse(NOT_ALLOWED, verdict.reason);
        resolve(verdict.admitted ? begun : undefined);
      },
      (error: unknown) => {
        log.error('a media stream could not be admitted', { callSid: start.callSid, error });
        refuse(OUR_FAULT, 'admission failed');
        resolve(undefined);
      },
    );
  }

  /** Ends the socket for breaking a rule. Without a code the library has closed it already. */
  function refuse(code: number | undefined, why: string): void {
    if (!over) log.warn('media stream refused', { why, code, callSid: started?.callSid });
    end();
    twilio?.line.refuse();
    if (code !== undefined || twilio) socket.close(code ?? NORMAL);
  }

  function end(): void {
    over = true;
    startTimer[Symbol.dispose]();
    if (!twilio) resolve(undefined);
  }

  function lineOutput({ streamSid }: StreamStart): LineOutput {
    const send = (text: string) => {
      if (socket.readyState === socket.OPEN) socket.send(text);
    };
    return {
      media: (audio: Uint8Array) => send(mediaMessage(streamSid, audio)),
      mark: (name: string) => send(markMessage(streamSid, name)),
      clear: () => send(clearMessage(streamSid)),
      queuedBytes: () => socket.bufferedAmount,
      close: () => socket.close(NORMAL),
      terminate: () => socket.terminate(),
    };
  }
}
