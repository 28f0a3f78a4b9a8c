// Speaks in tones: deterministic audio as long as its text, after a fixed delay. For benchmarks and exact tests.

import { systemClock } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { splitWords } from './word-times.ts';
import type { Speaker, Spoken } from './speaking.ts';

/** About how long a voice takes for a letter, spaces included. */
const LETTER_MS = 65;
const PITCH_HZ = 200;
const AMPLITUDE = 8000;
/** The longest text, in letters, that is given its full length. */
const LETTERS_MAX = 2000;

export interface ToneOptions {
  /** From the text to its first audio, 90 ms by default. */
  readonly firstByteMs?: number;
  readonly clock?: Clock;
}

export function toneSpeaker({ firstByteMs = 90, clock = systemClock }: ToneOptions = {}): Speaker {
  /** One long tone for each rate: every text gets the beginning of it. */
  const tones = new Map<number, Int16Array>();
  return {
    async speak(text, { sampleRate }): Promise<Spoken> {
      await clock.sleep(firstByteMs);
      const words = splitWords(text);
      const length = Math.min(LETTERS_MAX, words.join(' ').length);
      let at = 0;
      return {
        samples: tone(sampleRate).subarray(0, Math.round((length * LETTER_MS * sampleRate) / 1000)),
        words: words.map((word) => {
          const startMs = at * LETTER_MS;
          at += word.length + 1;
          return { text: word, startMs, endMs: (at - 1) * LETTER_MS };
        }),
      };
    },
    close: () => Promise.resolve(),
  };

  function tone(sampleRate: number): Int16Array {
    const known = tones.get(sampleRate);
    if (known) return known;
    const samples = Int16Array.from(
      { length: Math.ceil((LETTERS_MAX * LETTER_MS * sampleRate) / 1000) },
      (_, at) => AMPLITUDE * Math.sin((2 * Math.PI * PITCH_HZ * at) / sampleRate),
    );
    tones.set(sampleRate, samples);
    return samples;
  }
}
