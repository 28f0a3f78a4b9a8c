// What the stand-ins for voices share: who speaks, how fast, what tests may ask, and the form of the audio.

import { encodeMulaw } from '../../../src/pipeline/audio/mulaw.ts';
import type { Speaker } from '../../speech/speaking.ts';
import type { StandIn, StandInOptions } from '../../stand-in-server.ts';

/** How many times faster than real time audio comes when nothing else is said. */
export const PACE = 10;

export interface VoiceOptions extends StandInOptions {
  /** Speaks; `toneSpeaker` sounds, which is exact and next to no work. Whoever opened it closes it. */
  readonly speaker: Speaker;
  /** How many times faster than real time audio comes, 10 by default. Tests may change it on the stand-in while it runs. */
  readonly pace?: number;
}

/** What tests may ask of a voice, beside what all stand-ins have. */
export interface VoiceStandIn extends StandIn {
  pace: number;
  /** Characters asked to be spoken so far. */
  readonly characters: number;
  /** Contexts open now, over all sockets. */
  readonly contexts: number;
}

/** Base64 of samples: mu-law, or 16-bit little-endian. */
export function encode(samples: Int16Array, mulaw: boolean): string {
  const { buffer, byteOffset, byteLength } = mulaw ? encodeMulaw(samples) : samples;
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');
}
