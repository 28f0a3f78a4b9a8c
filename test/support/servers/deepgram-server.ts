// Deepgram for tests, both versions: keeps what it was sent, and says what the test has it say.

import { startSocketServer } from './socket-server.ts';
import type { SocketServer } from './socket-server.ts';

export interface DeepgramServer extends SocketServer {
  /** Audio messages, over all connections. */
  readonly audio: Buffer[];
  /** The types of the text messages, over all connections; 'audio' stands for each run of audio messages. */
  readonly received: string[];
  /** Called for each message, as in `received`. */
  onMessage: (type: string) => void;
  say(message: object | string): void;
  /** Version 1: words of a segment, each 500 ms long from `startMs`. */
  sayWords(text: string, flags?: { final?: boolean; finalized?: boolean; startMs?: number }): void;
  /** Flux: what it thinks of the turn. */
  sayTurn(event: string, text: string, heardMs?: number): void;
  /** Ends the stream as it does after `CloseStream`. */
  end(): void;
}

export async function startDeepgram(): Promise<DeepgramServer> {
  const audio: Buffer[] = [];
  const received: string[] = [];
  const base = await startSocketServer((socket) => {
    socket.on('message', (message: Buffer, isBinary: boolean) => {
      const type = isBinary ? 'audio' : (JSON.parse(message.toString()) as { type: string }).type;
      if (isBinary) audio.push(message);
      if (type !== 'audio' || received.at(-1) !== 'audio') received.push(type);
      server.onMessage(type);
    });
  });
  const server: DeepgramServer = Object.assign(base, {
    audio,
    received,
    onMessage: () => {},
    say(message: object | string) {
      const text = typeof message === 'string' ? message : JSON.stringify(message);
      for (const socket of base.sockets) socket.send(text);
    },
    sayWords(text: string, flags: { final?: boolean; finalized?: boolean; startMs?: number } = {}) {
      const start = (flags.startMs ?? 0) / 1000;
      const words = text.split(' ').filter((word) => word !== '');
      server.say({
        type: 'Results',
        channel_index: [0, 1],
        is_final: flags.final ?? false,
        speech_final: false,
        from_finalize: flags.finalized ?? false,
        channel: {
          alternatives: [
            {
              transcript: text,
              confidence: 0.98,
              words: words.map((word, i) => ({
                word: word.toLowerCase(),
                punctuated_word: word,
                start: start + i / 2,
                end: start + (i + 1) / 2,
                confidence: 0.99,
              })),
            },
          ],
        },
      });
    },
    sayTurn(event: string, text: string, heardMs = 0) {
      server.say({
        type: 'TurnInfo',
        event,
        turn_index: 0,
        audio_window_start: 0,
        audio_window_end: heardMs / 1000,
        transcript: text,
        words: text.split(' ').map((word) => ({ word, confidence: 0.9 })),
        end_of_turn_confidence: 0.5,
      });
    },
    end() {
      server.say({ type: 'Metadata', request_id: 'r', duration: 1, channels: 1 });
      for (const socket of base.sockets) socket.close(1000);
    },
  });
  return server;
}
