// One context of a voice: texts are spoken one after the other, each while the next is being made.

import type { Clock } from '../../../src/lib/clock.ts';
import type { Speaker, Spoken, Voice } from '../../speech/speaking.ts';

/** Audio in one message. */
const PIECE_MS = 100;
/** Texts waiting in one context. */
const TEXTS_MAX = 256;

/** A piece of audio, where it stands in the context's audio, and the words that begin in it. */
export interface Piece {
  readonly samples: Int16Array;
  readonly startMs: number;
  /** Times from the start of the context. */
  readonly words: Spoken['words'];
}

export interface SpeechQueueParts {
  readonly speaker: Speaker;
  readonly voice: Voice;
  /** Hz */
  readonly sampleRate: number;
  readonly clock: Clock;
  /** How many times faster than real time audio is sent; read for each piece. */
  readonly pace: () => number;
  readonly piece: (piece: Piece) => void;
  readonly failed: (error: unknown) => void;
}

export class SpeechQueue {
  readonly #parts: SpeechQueueParts;
  readonly #cancelled = new AbortController();
  #last: Promise<void> = Promise.resolve();
  #made: Promise<unknown> = Promise.resolve();
  /** Texts of an earlier age were dropped. */
  #age = 0;
  #waiting = 0;
  #spokenMs = 0;

  constructor(parts: SpeechQueueParts) {
    this.#parts = parts;
  }

  /** Whether nothing is left to be said. */
  get idle(): boolean {
    return this.#waiting === 0;
  }

  say(text: string): void {
    if (this.#cancelled.signal.aborted || text.trim() === '') return;
    if (this.#waiting >= TEXTS_MAX) return this.#parts.failed(new Error('too much text'));
    this.#waiting += 1;
    const age = this.#age;
    const spoken = this.#make(text);
    this.afterwards(async () => {
      try {
        const made = await spoken;
        if (made && age === this.#age) await this.#send(made);
      } finally {
        this.#waiting -= 1;
      }
    });
  }

  /** Leaves unsaid what has not begun to be heard. What has goes on to its end. */
  drop(): void {
    this.#age += 1;
  }

  /** Runs `act` when everything said so far has been sent; not at all when cancelled. */
  afterwards(act: () => void | Promise<void>): void {
    this.#last = this.#last.then(async () => {
      if (this.#cancelled.signal.aborted) return;
      try {
        await act();
      } catch (error) {
        if (!this.#cancelled.signal.aborted) this.#parts.failed(error);
      }
    });
  }

  /** Nothing more comes. */
  cancel(): void {
    this.#cancelled.abort(new Error('cancelled'));
  }

  /** Made one after the other, so that whoever is cut off leaves the speaker to others. Undefined when dropped. */
  #make(text: string): Promise<Spoken | undefined> {
    const { speaker, voice, sampleRate } = this.#parts;
    const age = this.#age;
    const make = async () => {
      if (this.#cancelled.signal.aborted || age !== this.#age) return undefined;
      return speaker.speak(text, { voice, sampleRate });
    };
    const made = this.#made.then(make, make);
    // A failure is met when the text's turn comes.
    made.catch(() => {});
    this.#made = made;
    return made;
  }

  async #send({ samples, words }: Spoken): Promise<void> {
    const { sampleRate, clock, piece, pace } = this.#parts;
    const step = Math.round((sampleRate * PIECE_MS) / 1000);
    const textMs = this.#spokenMs;
    for (let at = 0; at < samples.length; at += step) {
      const startMs = textMs + (at / sampleRate) * 1000;
      const part = samples.subarray(at, at + step);
      const endMs = startMs + (part.length / sampleRate) * 1000;
      const last = at + step >= samples.length;
      piece({
        samples: part,
        startMs,
        words: words
          .map((word) => ({
            text: word.text,
            startMs: word.startMs + textMs,
            endMs: word.endMs + textMs,
          }))
          .filter((word) => word.startMs >= startMs && (last || word.startMs < endMs)),
      });
      this.#spokenMs = endMs;
      await clock.sleep(PIECE_MS / pace(), this.#cancelled.signal);
    }
  }
}
