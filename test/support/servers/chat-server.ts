// An OpenAI-compatible server for tests: each request gets the next scripted answer, chunk by chunk.

import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { listen } from './socket-server.ts';

export interface ChatRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What is sent: a chunk, a raw line of the stream, or an act such as waiting or cutting. */
export type Part = object | string | ((response: ServerResponse) => void | Promise<void>);

export interface ChatServer {
  /** Base, with the version's path. */
  readonly url: string;
  /** Chat requests; the probe at the beginning of a call is none. */
  readonly requests: ChatRequest[];
  /** Answers to come. A number is a status with an error body. */
  readonly answers: (readonly Part[] | { status: number; headers?: Record<string, string> })[];
  /** Connections open now, and made ever. */
  readonly connections: { open: number; made: number };
  close(): Promise<void>;
}

/** Ends the stream without the chunk that says so, but in good order. */
export const noMore: Part = (response) => void response.end();
/** Cuts the connection. */
export const cut: Part = (response) => void response.destroy();
/** Says nothing more. */
export const stall: Part = () => new Promise<void>(() => {});

export async function startChat(): Promise<ChatServer> {
  const http = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'OPTIONS') return void response.writeHead(404).end();
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { method = '', url = '', headers } = request;
    const body = JSON.parse(Buffer.concat(pieces).toString()) as ChatRequest['body'];
    server.requests.push({ method, url, headers, body });
    const scripted = server.answers.shift() ?? [...says('I have no answer.')];
    if ('status' in scripted) {
      const error = { error: { message: `status ${scripted.status}`, type: 'test' } };
      response.writeHead(scripted.status, {
        'content-type': 'application/json',
        ...scripted.headers,
      });
      return void response.end(JSON.stringify(error));
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of scripted) {
      if (typeof part === 'function') await part(response);
      else if (typeof part === 'string') response.write(`${part}\n\n`);
      else response.write(`data: ${JSON.stringify(part)}\n\n`);
    }
    if (!response.writableEnded) response.end('data: [DONE]\n\n');
  }
  http.on('connection', (socket) => {
    server.connections.open += 1;
    server.connections.made += 1;
    socket.on('close', () => {
      server.connections.open -= 1;
    });
  });
  const server: ChatServer = {
    url: `${await listen(http)}/v1`,
    requests: [],
    answers: [],
    connections: { open: 0, made: 0 },
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

/** A chunk with this delta. */
export function delta(fields: object, finish: string | null = null): object {
  return {
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: fields, finish_reason: finish }],
  };
}

export function finish(reason: string): object {
  return delta({}, reason);
}

export const usage: object = {
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [],
  usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
};

/** A whole answer in words. */
export function says(text: string): readonly Part[] {
  const words = text.match(/\S+\s*/g) ?? [];
  return [
    delta({ role: 'assistant', content: '' }),
    ...words.map((content) => delta({ content })),
    finish('stop'),
    usage,
  ];
}

/** A piece of a tool call. */
export function callPiece(
  index: number,
  piece: { id?: string; name?: string; args?: string },
): object {
  const { id, name, args } = piece;
  const made = { ...(name && { name }), ...(args !== undefined && { arguments: args }) };
  return delta({ tool_calls: [{ index, ...(id && { id, type: 'function' }), function: made }] });
}
