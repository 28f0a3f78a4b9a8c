// Hears: the stream of one caller's speech turned into words, really or by a script.

import type { NoiseSuppressor } from '../../src/pipeline/audio/noise-suppressor.ts';

/** A word as it was spoken, in milliseconds from the first sample of its utterance. */
export interface HeardWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** How sure it is, 0 to 1; undefined where it is certain. */
  readonly confidence?: number;
}

/** Of words that are certain. */
const CERTAIN = 0.97;

/** `words` from a line on which so much of the speech stands out of the noise, 0 to 1. */
export function weighed(words: readonly HeardWord[], clearness: number): HeardWord[] {
  return words.map((word) => ({
    ...word,
    confidence: Math.round((word.confidence ?? CERTAIN) * clearness * 1000) / 1000,
  }));
}

/** Of all the words together; 0 where there are none. */
export function confidenceIn(words: readonly HeardWord[]): number {
  const sum = words.reduce((total, { confidence = CERTAIN }) => total + confidence, 0);
  return words.length === 0 ? 0 : Math.round((sum / words.length) * 1000) / 1000;
}

/** One caller. Calls take effect in the order they are made. */
export interface HearingStream {
  /** More of the utterance, silence inside it included. The first samples after `finish` begin a new one. */
  add(samples: Int16Array): void;
  /** The words so far. */
  words(): Promise<readonly HeardWord[]>;
  /** All words; the utterance is over. Without samples there are none. */
  finish(): Promise<readonly HeardWord[]>;
  /** Tells voice from noise before anything is added; undefined where nothing but words is on the line. */
  readonly suppressor?: NoiseSuppressor;
  close(): void;
}

export interface Hearing {
  /** `sampleRate` in Hz. Undefined when no more callers can be heard at once. */
  listen(sampleRate: number): HearingStream | undefined;
  close(): Promise<void>;
}
