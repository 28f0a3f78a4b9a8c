// Cartesia and ElevenLabs for tests: audio whose every byte is the letter it says, so that a test can read what it hears.

import type { WebSocket } from 'ws';
import { encodeMulaw } from '../../../src/pipeline/audio/mulaw.ts';
import { startSocketServer } from './socket-server.ts';
import type { SocketServer } from './socket-server.ts';

/** Bytes of audio for a letter: 40 ms. */
const LETTER_BYTES = 320;

export interface VoiceServer extends SocketServer {
  /** Messages as they came, over all connections. */
  readonly received: Readonly<Record<string, unknown>>[];
  /** Ids of contexts that were begun and neither finished nor cancelled, or still have something to say. */
  readonly contexts: Set<string>;
  /** Takes text and says nothing. */
  stalled: boolean;
  /** Cuts the connection where it would say this letter. */
  cutAt: string | undefined;
  /** Sends this to all, as it is. */
  say(message: object | string | Buffer): void;
}

/** The text that audio says. */
export function readAloud(samples: Iterable<Int16Array>): string {
  const bytes = Buffer.concat([...samples].map((each) => encodeMulaw(each)));
  let text = '';
  for (let at = 0; at < bytes.length; at += LETTER_BYTES) text += String.fromCharCode(bytes[at]!);
  return text;
}

interface Input {
  readonly context_id: string;
  readonly transcript?: string;
  readonly continue?: boolean;
  readonly cancel?: boolean;
  readonly text?: string;
  readonly close_context?: boolean;
}

/** What is said for a piece of text of a context, letter by letter. */
type Speak = (context: string, text: string, startMs: number) => object[];

export function startCartesia(): Promise<VoiceServer> {
  return start((server, socket, input, speak) => {
    const { context_id: id, transcript = '' } = input;
    if (input.cancel) return void server.contexts.delete(id);
    server.contexts.add(id);
    const words: Speak = (context_id, text, startMs) => [
      timestamps(context_id, text, startMs),
      ...text.split('').map((letter) => ({
        type: 'chunk',
        context_id,
        data: audio(letter),
        done: false,
      })),
    ];
    speak(socket, id, transcript, words);
    if (input.continue === false)
      speak(socket, id, undefined, () => [{ type: 'done', context_id: id, done: true }]);
  });
}

export function startElevenLabs(): Promise<VoiceServer> {
  return start((server, socket, input, speak) => {
    const { context_id: id, text = '' } = input;
    if (!server.contexts.has(id)) {
      if (server.contexts.size === 5) return socket.close(1008, 'max_active_conversations');
      server.contexts.add(id);
    }
    // Two letters a message: words are cut between messages.
    const pairs: Speak = (contextId, text) =>
      (text.match(/.{1,2}/g) ?? []).map((pair) => letters(contextId, pair));
    if (text.trim() !== '') speak(socket, id, text, pairs);
    if (input.close_context) {
      speak(socket, id, undefined, () => [{ contextId: id, isFinal: true, audio: null }]);
    }
  });
}

async function start(
  take: (
    server: VoiceServer,
    socket: WebSocket,
    input: Input,
    speak: (socket: WebSocket, id: string, text: string | undefined, make: Speak) => void,
  ) => void,
): Promise<VoiceServer> {
  const saidMs = new Map<string, number>();
  const cutting = new WeakSet<WebSocket>();
  const base = await startSocketServer((socket) => {
    socket.on('message', (message: Buffer) => {
      const input = JSON.parse(message.toString()) as Input;
      server.received.push({ ...input });
      take(server, socket, input, speak);
    });
    socket.on('close', () => {
      server.contexts.clear();
      saidMs.clear();
    });
  });
  const server: VoiceServer = Object.assign(base, {
    received: [],
    contexts: new Set<string>(),
    stalled: false,
    cutAt: undefined,
    say(message: object | string | Buffer) {
      const raw = typeof message === 'string' || Buffer.isBuffer(message);
      for (const socket of base.sockets) socket.send(raw ? message : JSON.stringify(message));
    },
  });
  return server;

  function speak(socket: WebSocket, id: string, text: string | undefined, make: Speak): void {
    if (server.stalled || cutting.has(socket)) return;
    const startMs = saidMs.get(id) ?? 0;
    saidMs.set(id, startMs + (text ?? '').length * (LETTER_BYTES / 8));
    if (server.cutAt !== undefined && text?.includes(server.cutAt)) {
      const before = text.slice(0, text.indexOf(server.cutAt));
      server.cutAt = undefined;
      cutting.add(socket);
      for (const message of make(id, before, startMs)) socket.send(JSON.stringify(message));
      // The rest of what is on its way comes first.
      return void setImmediate(() => socket.terminate());
    }
    for (const message of make(id, text ?? '', startMs)) socket.send(JSON.stringify(message));
    if (text === undefined) server.contexts.delete(id);
  }
}

function timestamps(context_id: string, text: string, startMs: number): object {
  const words: string[] = [];
  const start: number[] = [];
  const end: number[] = [];
  for (const match of text.matchAll(/\S+/g)) {
    words.push(match[0]);
    start.push((startMs + match.index * (LETTER_BYTES / 8)) / 1000);
    end.push((startMs + (match.index + match[0].length) * (LETTER_BYTES / 8)) / 1000);
  }
  return { type: 'timestamps', context_id, done: false, word_timestamps: { words, start, end } };
}

function letters(contextId: string, text: string): object {
  const alignment = {
    chars: text.split(''),
    charStartTimesMs: text.split('').map((_, i) => i * (LETTER_BYTES / 8)),
    charDurationsMs: text.split('').map(() => LETTER_BYTES / 8),
  };
  return { contextId, audio: audio(text), isFinal: null, alignment, normalizedAlignment: null };
}

function audio(text: string): string {
  return Buffer.concat(text.split('').map((letter) => Buffer.alloc(LETTER_BYTES, letter))).toString(
    'base64',
  );
}
