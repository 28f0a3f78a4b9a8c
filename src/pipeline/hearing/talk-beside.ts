// Others who speak beside a caller whose loudness is known. A caller who has walked away waits for an answer and listens to it, a
// television does neither. Pure, frame by frame.

import { FRAME_MS } from '../types.ts';

/** What is so much fainter than the caller's turns may be somebody else's. */
export const FAINTER_DB = 5;
/** Unless the caller was heard so shortly before: nobody's sentences are equally loud throughout. */
const APART_MS = 1000;
/** Who listens to us is silent: so much of such voice over ours, and others speak here. */
const KNOWN_MS = 1500;
/** Also when we were silenced by it, and it goes on with pauses no longer than this. */
const GOES_ON_MS = 400;
/** It is remembered for so long; and of what is not enough, and of how loud they are while we speak, so much is forgotten in each frame. */
const REMEMBERED_MS = 60_000;
const FORGOTTEN_MS = 1;
const FORGOTTEN_DB = 0.005;
/** Nobody who speaks to us is fainter than the caller's turns by more than this. */
const FAINTEST_DB = 17;
/** Who is silent for so long waits for an answer, until it is so long that nothing was said; silent is who is so much fainter than before. */
const WAITS_MS = 2000;
const WAITED_MS = 4000;
const SILENT_DB = 12;
/** Or as faint as others are who speak beside somebody who is so much louder. */
const STANDS_OUT_DB = 3;
const BESIDE_DB = 1;
/** And listens to it for so long, with no more voice than this. */
const LISTENS_MS = 3000;
const SAYS_MS = 300;
const NEVER_DB = -90;

/** One call's. Levels are decibels of full scale. */
export class TalkBeside {
  #sinceCallerMs = Number.POSITIVE_INFINITY;
  /** Of voice over ours, and how loud it was. */
  #overMs = 0;
  #rememberedMs = 0;
  #sinceOverMs = Number.POSITIVE_INFINITY;
  #overDb = NEVER_DB;
  /** Of what is said without a pause: the loudest, and since its last voice. */
  #loudestDb = NEVER_DB;
  #silentMs = 0;
  /** As loud was who is answered, and has listened and spoken so long since. */
  #answeredDb: number | undefined;
  #listenedMs = 0;
  #spokeMs = 0;
  #callerDb = NEVER_DB;

  /** Others were heard to speak while we did. */
  get known(): boolean {
    return this.#rememberedMs > 0;
  }

  /** How loud they were; -90 where nobody was. */
  get levelDb(): number {
    return this.known ? this.#overDb : NEVER_DB;
  }

  /** Whether what was heard last may have been said to us. */
  get addressed(): boolean {
    return this.#loudestDb > NEVER_DB && this.#loudestDb >= this.#callerDb - FAINTEST_DB;
  }

  /** Whether it was, and waits for an answer. */
  get waits(): boolean {
    return this.addressed && this.#silentMs >= WAITS_MS;
  }

  /** Whether who is answered speaks over our answer all the same. */
  get speaksOn(): boolean {
    return this.#spokeMs > SAYS_MS;
  }

  /** How loud somebody is who is answered and has listened to it: the caller. */
  get listenerDb(): number | undefined {
    return this.#listenedMs >= LISTENS_MS ? this.#answeredDb : undefined;
  }

  /** One frame; `callerDb`: how loud the caller's turns are, undefined where nobody knows. */
  push(voiced: boolean, levelDb: number, over: boolean, callerDb: number | undefined): void {
    this.#overMs = Math.max(0, this.#overMs - FORGOTTEN_MS);
    this.#rememberedMs -= FRAME_MS;
    this.#silentMs += FRAME_MS;
    this.#sinceCallerMs += FRAME_MS;
    if (this.#silentMs > WAITED_MS) this.#loudestDb = NEVER_DB;
    this.#sinceOverMs = over ? 0 : this.#sinceOverMs + FRAME_MS;
    if (over) {
      this.#overDb = Math.max(NEVER_DB, this.#overDb - FORGOTTEN_DB);
      this.#listen(voiced, levelDb);
    }
    if (!voiced || callerDb === undefined) return;
    this.#callerDb = callerDb;
    if (levelDb >= callerDb - FAINTER_DB) {
      this.#sinceCallerMs = 0;
      this.noteTurn();
    }
    if (this.#sinceCallerMs < APART_MS) return;
    if (this.#sinceOverMs < GOES_ON_MS) {
      this.#sinceOverMs = 0;
      this.#overMs = Math.min(KNOWN_MS, this.#overMs + FRAME_MS);
      if (this.#overMs >= KNOWN_MS) this.#rememberedMs = REMEMBERED_MS;
      this.#overDb = Math.max(this.#overDb, levelDb);
    }
    this.#hear(levelDb);
  }

  /** Whoever was as loud as this, by itself as the last who was heard, gets an answer. */
  noteAnswer(levelDb = this.#loudestDb): void {
    this.#answeredDb = levelDb;
    this.#listenedMs = 0;
    this.#spokeMs = 0;
  }

  /** A turn is over, whosever it was. */
  noteTurn(): void {
    this.#loudestDb = NEVER_DB;
  }

  #hear(levelDb: number): void {
    const speaks = levelDb >= this.#silentDb();
    if (this.#silentMs >= WAITS_MS && speaks) this.#loudestDb = levelDb;
    this.#loudestDb = Math.max(this.#loudestDb, levelDb);
    if (speaks) this.#silentMs = 0;
  }

  #silentDb(): number {
    const silentDb = this.#loudestDb - SILENT_DB;
    if (this.#loudestDb < this.levelDb + STANDS_OUT_DB) return silentDb;
    return Math.max(silentDb, this.levelDb + BESIDE_DB);
  }

  #listen(voiced: boolean, levelDb: number): void {
    if (this.#answeredDb === undefined) return;
    if (this.speaksOn || this.#listenedMs >= LISTENS_MS) this.#answeredDb = undefined;
    else if (voiced && levelDb >= this.#answeredDb - SILENT_DB) this.#spokeMs += FRAME_MS;
    else this.#listenedMs += FRAME_MS;
  }
}
