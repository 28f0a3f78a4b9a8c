// What differs between recognisers that hear raw audio over a socket, and how that audio is written.

import { pooledBytes, pooledSamples } from '../../lib/pool.ts';
import { encodeMulaw, MULAW_SILENCE } from '../audio/mulaw.ts';
import type { Samples, SpeechToText, Transcript } from '../types.ts';

/** Nobody says more in one go. */
export const WORDS_CHARACTERS_MAX = 10_000;

export interface Line {
  /** Hz */
  readonly sampleRate: number;
  /** BCP 47 */
  readonly language: string;
}

/** What the raw audio is called in Deepgram's settings. */
export function encodingOf(line: Line): 'mulaw' | 'linear16' {
  return line.sampleRate === 8000 ? 'mulaw' : 'linear16';
}

/** What one message says. Times count from the first audio of its socket. */
export interface Report {
  readonly transcripts: readonly Transcript[];
  /** It answers the `finalize` message. */
  readonly finalized?: boolean;
  /** All audio up to here has been heard. */
  readonly heardMs?: number;
}

/** What differs between recognisers: how they are addressed, and what their messages say. */
export interface Recogniser {
  readonly name: string;
  /** Stands in the headers, and in no error. */
  readonly key: string;
  readonly endpointing: SpeechToText['endpointing'];
  readonly headers: Readonly<Record<string, string>>;
  url(line: Line): string;
  /** Audio in one message, in milliseconds. */
  readonly batchMs: number;
  /** Asks for final words; undefined where the vendor cannot be asked. */
  readonly finalize: string | undefined;
  /** Sent when there has been no audio for `keepAliveMs`; 'silence' is a batch of it. */
  readonly keepAlive: string;
  readonly keepAliveMs: number;
  readonly closeStream: string;
  /** Throws a TypeError on what is no message of this protocol, `vendor_failed` on what ends the service. */
  read(message: string | Uint8Array): Report;
}

/** Raw audio as the vendor is told it comes. */
export function encode(batch: readonly Samples[], line: Line): Uint8Array {
  const length = batch.reduce((sum, each) => sum + each.length, 0);
  let at = 0;
  if (encodingOf(line) === 'mulaw') {
    const bytes = pooledBytes(length);
    for (const each of batch) {
      encodeMulaw(each, bytes.subarray(at, at + each.length));
      at += each.length;
    }
    return bytes;
  }
  // Little-endian, as every machine we run on.
  const samples = pooledSamples(length);
  for (const each of batch) {
    samples.set(each, at);
    at += each.length;
  }
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

export function silence(ms: number, line: Line): Uint8Array {
  const samples = Math.round((ms * line.sampleRate) / 1000);
  return encodingOf(line) === 'mulaw'
    ? new Uint8Array(samples).fill(MULAW_SILENCE)
    : new Uint8Array(2 * samples);
}
