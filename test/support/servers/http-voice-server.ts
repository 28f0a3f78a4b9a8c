// Deepgram's and OpenAI's voices for tests: raw audio whose every sample is the letter it says, and what goes wrong.

import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { listen } from './socket-server.ts';

/** Milliseconds of audio for a letter. */
export const LETTER_MS = 40;

export interface HttpVoiceServer {
  readonly url: string;
  readonly requests: {
    readonly url: string;
    readonly headers: IncomingHttpHeaders;
    body: string;
  }[];
  /** Answers that are being given. */
  readonly answering: Set<ServerResponse>;
  /** Answers with this status instead. */
  refuse: number | undefined;
  /** Answers with this in place of sound. */
  instead:
    | { readonly status: number; readonly headers: Record<string, string>; readonly body: string }
    | undefined;
  /** Begins and says no more. */
  stalled: boolean;
  /** Cuts the connection where it would say this letter. */
  cutAt: string | undefined;
  /** The text of a request's body. */
  cut(): void;
  close(): Promise<void>;
}

/** `rate` in Hz; mu-law bytes are the letters themselves, samples their codes times 200. */
export async function startHttpVoice({
  rate,
  mulaw,
  textOf,
}: {
  rate: number;
  mulaw: boolean;
  textOf: (body: Record<string, string>) => string;
}): Promise<HttpVoiceServer> {
  const http = createServer((request, response) => {
    if (request.method === 'OPTIONS') return response.writeHead(204).end();
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      server.requests.push({ url: request.url ?? '', headers: request.headers, body });
      answer(response, textOf(JSON.parse(body) as Record<string, string>));
    });
    return undefined;
  });
  const server: HttpVoiceServer = {
    url: await listen(http),
    requests: [],
    answering: new Set(),
    refuse: undefined,
    instead: undefined,
    stalled: false,
    cutAt: undefined,
    cut: () => http.closeAllConnections(),
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;

  function answer(response: ServerResponse, text: string): void {
    if (server.refuse !== undefined) {
      const headers = { 'content-type': 'application/json', 'retry-after': '3' };
      response.writeHead(server.refuse, headers).end('{"error":"no such thing"}');
      return;
    }
    if (server.instead) {
      const { status, headers, body } = server.instead;
      response.writeHead(status, headers).end(body);
      return;
    }
    server.answering.add(response);
    response.on('close', () => server.answering.delete(response));
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.flushHeaders();
    if (server.stalled) return;
    for (const letter of text) {
      if (letter === server.cutAt) {
        server.cutAt = undefined;
        setImmediate(() => response.destroy());
        return;
      }
      response.write(audio(letter));
    }
    response.end();
  }

  function audio(letter: string): Buffer {
    const samples = (rate * LETTER_MS) / 1000;
    if (mulaw) return Buffer.alloc(samples, letter);
    const bytes = Buffer.alloc(2 * samples);
    for (let at = 0; at < samples; at += 1) bytes.writeInt16LE(letter.charCodeAt(0) * 200, 2 * at);
    return bytes;
  }
}
