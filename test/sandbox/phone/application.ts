// A tiny application for the phone to call: answers TwiML, records what the carrier posts, speaks on the stream.

import formbody from '@fastify/formbody';
import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import type { AddressInfo } from 'node:net';
import type { WebSocket } from 'ws';

export interface Post {
  readonly path: string;
  readonly fields: Record<string, string>;
  readonly signature: string | undefined;
}

/** One stream as the application sees it. */
export interface AppStream {
  readonly socket: WebSocket;
  /** All messages so far, parsed. */
  readonly messages: Message[];
  readonly path: string;
  readonly signature: string | undefined;
  closed: { code: number } | undefined;
  /** `audio` is mu-law. */
  play(audio: Uint8Array): void;
  mark(name: string): void;
  clear(): void;
}

export interface Message {
  readonly event: string;
  readonly sequenceNumber?: string;
  readonly streamSid: string;
  readonly start: {
    readonly callSid: string;
    readonly accountSid: string;
    readonly customParameters: Record<string, string>;
  };
  readonly media: { readonly chunk: string; readonly timestamp: string; readonly payload: string };
  readonly mark: { readonly name: string };
  readonly dtmf: { readonly digit: string };
}

export interface Application {
  readonly publicUrl: string;
  readonly socketUrl: string;
  readonly posts: readonly Post[];
  readonly streams: readonly AppStream[];
  close(): Promise<void>;
}

/** `answers`: path to document, or to a function of the request. `onStart` runs when a stream says `start`. */
export async function startApplication(
  answers: (application: Application) => Record<string, string | number>,
  onStart: (stream: AppStream) => void = () => {},
): Promise<Application> {
  const app = Fastify({ forceCloseConnections: true });
  await app.register(formbody);
  await app.register(websocket);
  const posts: Post[] = [];
  const streams: AppStream[] = [];
  const application = { publicUrl: '', socketUrl: '', posts, streams, close: () => app.close() };
  app.get(
    '/refused',
    { websocket: true, preValidation: async (_, reply) => reply.code(403).send() },
    () => {},
  );
  app.get('/ws/*', { websocket: true }, (socket, request) => {
    const signature = request.headers['x-twilio-signature'] as string | undefined;
    const stream: AppStream = {
      socket,
      messages: [],
      path: request.url,
      signature,
      closed: undefined,
      play: (audio) =>
        send({ event: 'media', media: { payload: Buffer.from(audio).toString('base64') } }),
      mark: (name) => send({ event: 'mark', mark: { name } }),
      clear: () => send({ event: 'clear' }),
    };
    const send = (message: object) => {
      const streamSid = stream.messages.find(({ event }) => event === 'start')?.streamSid;
      socket.send(JSON.stringify({ streamSid, ...message }));
    };
    streams.push(stream);
    socket.on('close', (code) => {
      stream.closed = { code };
    });
    socket.on('message', (data: Buffer) => {
      let message: Message;
      try {
        message = JSON.parse(data.toString()) as Message;
      } catch {
        return;
      }
      stream.messages.push(message);
      if (message.event === 'start') onStart(stream);
    });
  });
  app.post('/*', (request, reply) => {
    const signature = request.headers['x-twilio-signature'] as string | undefined;
    posts.push({
      path: request.url,
      fields: { ...(request.body as Record<string, string>) },
      signature,
    });
    const found = answers(application)[request.url];
    if (found === undefined) return reply.code(204).send();
    if (typeof found === 'number') return reply.code(found).send();
    return reply.type('text/xml').send(found);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  application.publicUrl = `http://127.0.0.1:${port}`;
  application.socketUrl = `ws://127.0.0.1:${port}`;
  return application;
}

/** Only what fails takes this long. */
const PATIENCE_MS = 30_000;

/** Resolves when `condition` holds; fails after half a minute. */
export async function until(condition: () => boolean): Promise<void> {
  const lateAt = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > lateAt) throw new Error('it never came to that');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
