// Hears what a script says: for exact tests, and for benchmarks with hundreds of callers.

import type { Clock } from '../../src/lib/clock.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Hearing, HeardWord, HearingStream } from './hearing.ts';

/** How fast the script's words come out while the caller still speaks, unless told otherwise. */
const WORD_MS = 300;

export interface HearingScript {
  /** What each utterance says, in order. After the last there are no words. */
  readonly texts: readonly string[];
  /** From the request for the final words to the words; 150 by default. With 0 they come before more audio does. */
  readonly delayMs?: number;
  /** Each stream hears the script from its start (for benchmarks), or all streams go through it together, so that a reconnection goes on. */
  readonly eachStream?: boolean;
  /** After the last text the first follows again. */
  readonly repeat?: boolean;
  /** Milliseconds of audio for each word that is told while the caller still speaks; 300 by default. */
  readonly wordMs?: number;
  readonly clock?: Clock;
}

/** `texts` is read when an utterance ends: a test may go on adding to it. */
export function scriptedHearing({
  texts,
  delayMs = 150,
  eachStream = false,
  repeat = false,
  wordMs = WORD_MS,
  clock = systemClock,
}: HearingScript): Hearing {
  const shared = { next: 0 };
  return {
    listen: (sampleRate) => listen(sampleRate, eachStream ? { next: 0 } : shared),
    close: () => Promise.resolve(),
  };

  function listen(sampleRate: number, place: { next: number }): HearingStream {
    let samples = 0;
    let closed = false;
    const spokenMs = () => (samples * 1000) / sampleRate;
    const text = () => texts[repeat ? place.next % texts.length : place.next] ?? '';
    return {
      add: (more) => (samples += more.length),
      words: () =>
        Promise.resolve(
          spread(text(), spokenMs()).filter((_, index) => (index + 1) * wordMs <= spokenMs()),
        ),
      async finish() {
        if (samples === 0) return [];
        const words = spread(text(), spokenMs());
        // Beyond the script there are no words; what is added to it later is still to be said.
        if (repeat || place.next < texts.length) place.next += 1;
        samples = 0;
        if (delayMs > 0) await clock.sleep(delayMs);
        return closed ? [] : words;
      },
      close: () => (closed = true),
    };
  }
}

/** The words of `text`, evenly over the utterance. */
function spread(text: string, spokenMs: number): HeardWord[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const each = Math.max(1, spokenMs / Math.max(1, words.length));
  return words.map((word, index) => ({
    text: word,
    startMs: Math.round(index * each),
    endMs: Math.round((index + 1) * each),
  }));
}
