// What differs between voices that speak several contexts over one socket, and how their audio is read.

import type { JsonObject } from '../../lib/untrusted-json.ts';
import { decodeMulaw } from '../audio/mulaw.ts';
import type { Samples, Word } from '../types.ts';

export interface VoiceLine {
  /** Hz */
  readonly sampleRate: number;
  /** BCP 47 */
  readonly language: string;
}

/** What one message brings for its context. */
export interface Reply {
  /** Raw bytes in the encoding of the line. */
  readonly audio?: Uint8Array | undefined;
  /** Times from the first sample of the context. */
  readonly words?: readonly Word[] | undefined;
}

/** One context at the vendor: messages to write, and what is read. */
export interface VoiceContext {
  say(text: string): readonly string[];
  /** No more text will come: say what you have. */
  finish(): readonly string[];
  /** Say nothing more. */
  cancel(): readonly string[];
  /** Throws a TypeError on what is no message of this protocol. */
  read(message: JsonObject): Reply;
}

export interface VoiceFailure {
  /** In the vendor's words. */
  readonly what: string;
  /** The HTTP status that means the same, where there is one. */
  readonly status?: number | undefined;
}

export interface Voice {
  readonly name: string;
  /** Stands in the headers, and in no error. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A line with another address than the open socket's gets a new socket. */
  url(line: VoiceLine): string;
  /** Contexts that one socket may have open, those included whose end has not been confirmed. */
  readonly contextsMax: number;
  /** The context a message is about; '' when it is about none. */
  contextOf(message: JsonObject): string;
  /** What went wrong; undefined when nothing did. */
  failureOf(message: JsonObject): VoiceFailure | undefined;
  /** Whether it is the last message about its context. */
  isDone(message: JsonObject): boolean;
  openContext(id: string, line: VoiceLine): VoiceContext;
}

/** Whether the vendor is asked for mu-law: on telephone lines, where it is half the bytes. Otherwise 16-bit PCM. */
export function isMulaw(line: VoiceLine): boolean {
  return line.sampleRate === 8000;
}

/** Length of raw audio in milliseconds. */
export function audioMs(bytes: number, line: VoiceLine): number {
  return (bytes / (isMulaw(line) ? 1 : 2) / line.sampleRate) * 1000;
}

/**
 * Bytes of base64; a TypeError when it is none. In memory of their own: an answer waits for seconds until it has been
 * spoken, and would keep what shares its memory for as long.
 */
export function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.fromBase64(text);
  } catch (error) {
    throw new TypeError('the audio is not base64', { cause: error });
  }
}

/** Raw audio to samples. A sample may be cut by the end of a message: its first byte waits for the next. */
export class AudioReader {
  readonly #line: VoiceLine;
  #half: number | undefined;

  constructor(line: VoiceLine) {
    this.#line = line;
  }

  read(bytes: Uint8Array): Samples {
    if (isMulaw(this.#line)) return decodeMulaw(bytes);
    const held = this.#half === undefined ? [] : [this.#half];
    const whole = Uint8Array.from([...held, ...bytes]);
    const count = Math.floor(whole.length / 2);
    this.#half = whole.length % 2 === 1 ? whole[whole.length - 1] : undefined;
    const view = new DataView(whole.buffer);
    return Int16Array.from({ length: count }, (_, i) => view.getInt16(2 * i, true));
  }
}
