// The carrier's requests made by hand, for tests that forge or repeat them: posts as raw as they must be, and a media socket.

import http from 'node:http';
import { WebSocket } from 'ws';
import { signRequest } from '../../../sandbox/phone/signature.ts';
import { callFields } from '../../../sandbox/phone/webhook-fields.ts';
import { newSid } from '../../../sandbox/phone/sids.ts';

/** The server that is called, and what its carrier signs with. */
export interface Called {
  readonly publicUrl: string;
  readonly authToken: string;
  readonly accountSid: string;
}

export interface CarrierRequest {
  /** As it stands in the request line. */
  readonly path: string;
  readonly method?: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** In place of the right signature; null leaves it out. */
  readonly signature?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CarrierAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly elapsedMs: number;
}

/** The form of a ringing call. */
export function ringFields(
  { accountSid }: Called,
  { from, to, callSid = newSid('CA') }: { from: string; to: string; callSid?: string },
): Record<string, string> {
  return { ...callFields({ callSid, accountSid, from, to, status: 'ringing', inbound: true }) };
}

/** Signed for the public URL and `path`, unless told otherwise. Nothing of the path is tidied up on the way. */
export function carrierPost(called: Called, request: CarrierRequest): Promise<CarrierAnswer> {
  const { publicUrl, authToken } = called;
  const { path, method = 'POST', fields = {}, headers } = request;
  const { hostname, port } = new URL(publicUrl);
  const { signature = signRequest(authToken, `${publicUrl}${path}`, fields) } = request;
  const body = new URLSearchParams(fields).toString();
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const sent = http.request({ hostname, port, method, path, agent: false });
    sent.setHeader('content-type', 'application/x-www-form-urlencoded');
    if (signature !== null) sent.setHeader('x-twilio-signature', signature);
    for (const [name, value] of Object.entries(headers ?? {})) sent.setHeader(name, value);
    sent.once('error', reject);
    sent.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.once('error', reject);
      response.once('end', () => {
        const elapsedMs = performance.now() - startedMs;
        const type = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode ?? 0, type, text, elapsedMs });
      });
    });
    // Node frames a body for these methods only.
    sent.end(['POST', 'PUT', 'PATCH'].includes(method) ? body : undefined);
  });
}

/** The stream that a TwiML document asks for. */
export interface StreamOffer {
  readonly url: string;
  readonly token: string;
}

export function streamOf(twiml: string): StreamOffer {
  const url = /<Stream url="([^"]+)"/.exec(twiml)?.[1];
  const token = /<Parameter name="token" value="([^"]+)"/.exec(twiml)?.[1];
  if (url === undefined || token === undefined) throw new Error(`no stream in ${twiml}`);
  return { url, token };
}

/** A media socket that does what it is told and nothing more. */
export interface MediaSocket {
  /** The status of a refused upgrade; undefined when it was accepted. */
  readonly refused: number | undefined;
  /** Messages of the server, parsed. */
  readonly received: { event: string }[];
  /** The close code, when the socket is closed. */
  readonly closed: Promise<number>;
  /** The close code so far. */
  code: number | undefined;
  send(message: object): void;
  /** `count` frames of silence. */
  media(streamSid: string, count?: number): void;
  end(): void;
}

/** Opens the socket with a signed upgrade; `signature` null leaves it out. */
export function openMediaSocket(
  { authToken }: Called,
  url: string,
  signature: string | null = signRequest(authToken, url),
  headers: Readonly<Record<string, string>> = {},
): Promise<MediaSocket> {
  const signed = signature === null ? {} : { 'x-twilio-signature': signature };
  const socket = new WebSocket(url, {
    headers: { ...headers, ...signed },
    perMessageDeflate: false,
  });
  const { promise: closed, resolve: resolveClosed } = Promise.withResolvers<number>();
  let chunk = 0;
  const opened: MediaSocket & { refused: number | undefined } = {
    refused: undefined,
    received: [],
    closed,
    code: undefined,
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    media(streamSid, count = 1) {
      for (let sent = 0; sent < count; sent += 1) {
        chunk += 1;
        const payload = Buffer.alloc(160, 0xff).toString('base64');
        const media = {
          track: 'inbound',
          chunk: String(chunk),
          timestamp: String(chunk * 20),
          payload,
        };
        opened.send({ event: 'media', sequenceNumber: String(chunk + 1), streamSid, media });
      }
    },
    end: () => socket.close(),
  };
  return new Promise((resolve) => {
    socket.on('message', (data: Buffer) => {
      opened.received.push(JSON.parse(data.toString()) as { event: string });
    });
    socket.on('error', () => {});
    socket.once('unexpected-response', (request, response) => {
      opened.refused = response.statusCode;
      response.resume();
      request.destroy();
      resolve(opened);
    });
    socket.once('open', () => resolve(opened));
    socket.once('close', (code) => {
      opened.code = code;
      resolveClosed(code);
    });
  });
}

/** The first message of a stream that counts. */
export function startMessage(
  { accountSid }: Called,
  { callSid, streamSid, token }: { callSid: string; streamSid: string; token: string },
): object {
  return {
    event: 'start',
    sequenceNumber: '1',
    streamSid,
    start: {
      streamSid,
      accountSid,
      callSid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters: { token },
    },
  };
}
