// OpenAI's transcription for tests: keeps the recordings it was sent, and answers with the next text.

import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { parseWav } from '../../../src/pipeline/audio/wav.ts';
import { listen } from './socket-server.ts';

export interface TranscriptionServer {
  readonly url: string;
  /** Lengths of the recordings in milliseconds, with the other fields. */
  readonly asked: {
    readonly ms: number;
    readonly model: string;
    readonly language: string;
    /** '' where there was none. */
    readonly prompt: string;
  }[];
  /** Asked for each recording. */
  answer: (ms: number) => string;
  refuse: number | undefined;
  stalled: boolean;
  readonly answering: Set<ServerResponse>;
  cut(): void;
  close(): Promise<void>;
}

export async function startTranscription(): Promise<TranscriptionServer> {
  const http = createServer((request, response) => {
    if (request.method === 'OPTIONS') return response.writeHead(204).end();
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => void take(Buffer.concat(parts), request.headers, response));
    return undefined;
  });
  const server: TranscriptionServer = {
    url: await listen(http),
    asked: [],
    answer: () => '',
    refuse: undefined,
    stalled: false,
    answering: new Set(),
    cut: () => http.closeAllConnections(),
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;

  async function take(
    body: Buffer,
    headers: NodeJS.Dict<string | string[]>,
    response: ServerResponse,
  ): Promise<void> {
    server.answering.add(response);
    response.on('close', () => server.answering.delete(response));
    const type = String(headers['content-type']);
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': type },
    }).formData();
    const file = form.get('file') as File;
    const { samples, sampleRate } = parseWav(new Uint8Array(await file.arrayBuffer()));
    const ms = (samples.length / sampleRate) * 1000;
    const field = (name: string) => (form.get(name) ?? '') as string;
    server.asked.push({
      ms,
      model: field('model'),
      language: field('language'),
      prompt: field('prompt'),
    });
    if (server.stalled) return;
    response.writeHead(server.refuse ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ text: server.answer(ms) }));
  }
}
