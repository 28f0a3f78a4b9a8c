// How long we wait in quiet before we answer: by how finished the words sound, by this caller's habits, by the client's wish.

import type { Completeness } from './completeness.ts';

/** What a client may choose. */
export type Patience = 'quick' | 'normal' | 'patient';

/** Quiet from the last voiced frame that ends a turn, in milliseconds. */
const baseMs: Readonly<Record<Completeness, number>> = {
  complete: 240,
  likely: 340,
  unclear: 480,
  unfinished: 1500,
  spelling: 600,
  dictating: 2000,
};

const patienceFactor: Readonly<Record<Patience, number>> = { quick: 0.8, normal: 1, patient: 1.4 };

/** Shorter quiet is between words, not a pause. */
const PAUSE_MS = 250;
/** Share of what was known that stays when a pause is noted. */
const MEMORY = 0.7;
/** What a caller's own pauses may make of the unclear wait. */
const UNCLEAR_MS_MIN = 420;
const UNCLEAR_MS_MAX = 640;
/** Who spells keeps a rhythm: the end is when it is broken. */
const SPELLING_RHYTHM = 1.6;
const SPELLING_MS_MAX = 1600;
/** Nobody waits longer for a caller who thinks. */
const LONG_MS_MAX = 3000;
/** A wait covers the usual pause and some more. */
const MARGIN = 1.1;
/** Each time the caller went on after we took the turn for finished, short waits grow, up to this. */
const CUT_OFF_MS = 80;
const CUT_OFF_MS_MAX = 240;
/** And shrink again with each turn that went well. */
const GOOD_TURN_MS = 40;

/** Says how long quiet must last, and learns from what happened. */
export interface EndpointRules {
  /** No wait is shorter. */
  readonly shortestMs: number;
  ms(completeness: Completeness): number;
  /** The caller went on after so much quiet inside a turn. */
  notePause(ms: number): void;
  /** The caller went on after we had taken the turn for finished, `ms` after the last voiced frame. */
  noteCutOff(ms: number): void;
  /** A turn was finished. */
  noteTurn(): void;
}

/** One caller's. Pure. */
export class EndpointWait implements EndpointRules {
  readonly #patience: Patience;
  /** Average of the caller's pauses inside turns; undefined before the first. */
  #pauseMs: number | undefined;
  /** The longest in this turn. */
  #turnPauseMs = 0;
  #extraMs = 0;

  constructor(patience: Patience = 'normal') {
    this.#patience = patience;
  }

  get shortestMs(): number {
    return this.ms('complete');
  }

  ms(completeness: Completeness): number {
    const factor = patienceFactor[this.#patience];
    if (completeness === 'complete') return baseMs.complete * Math.max(1, factor) + this.#extraMs;
    if (completeness === 'likely') return baseMs.likely * factor + this.#extraMs;
    if (completeness === 'spelling') {
      const wantedMs = Math.min(SPELLING_MS_MAX, this.#turnPauseMs * SPELLING_RHYTHM);
      return Math.max(baseMs.spelling, wantedMs) * factor;
    }
    const base = baseMs[completeness];
    if (this.#pauseMs === undefined) return base * factor;
    const wantedMs = Math.min(UNCLEAR_MS_MAX, Math.max(UNCLEAR_MS_MIN, this.#pauseMs * MARGIN));
    if (completeness === 'unclear') return wantedMs * factor;
    // The long waits follow only upward: they are for those who think.
    return Math.min(LONG_MS_MAX, Math.max(base, this.#pauseMs * 2) * factor);
  }

  notePause(ms: number): void {
    this.#turnPauseMs = Math.max(this.#turnPauseMs, ms);
    if (ms < PAUSE_MS) return;
    this.#pauseMs = this.#pauseMs === undefined ? ms : MEMORY * this.#pauseMs + (1 - MEMORY) * ms;
  }

  noteCutOff(ms: number): void {
    this.notePause(ms);
    this.#extraMs = Math.min(CUT_OFF_MS_MAX, this.#extraMs + CUT_OFF_MS);
  }

  noteTurn(): void {
    this.#turnPauseMs = 0;
    this.#extraMs = Math.max(0, this.#extraMs - GOOD_TURN_MS);
  }
}
