// Who speaks already when the line is opened speaks to nobody here: how loud that place is, until it is quiet. Pure, frame by frame.

import { FRAME_MS } from '../types.ts';

/** Nobody has heard a word of ours before, nor could have begun to answer it. */
const OPENING_FRAMES = 25;
/** Who begins a moment later may have heard us: then words tell. */
const EARLY_FRAMES = 50;
/** Louder than this, who holds the telephone speaks, to whomever: decibels of full scale. */
const SURELY_CALLER_DB = -18;
/** And who was silent until we spoke, and speaks then, need not be so loud. */
const EARLY_CALLER_DB = -26;
/** Fainter than this nothing on a telephone line is taken for voice. */
const QUIETEST_DB = -55;
/** Talk is as loud as so many of the latest frames are at least: single ones say little. */
const LATEST_FRAMES = 6;
const LOUD_FRAMES = 3;
/** And over so long it is more even: who adds to it by so much speaks as well. */
const LONG_FRAMES = 20;
const LONG_ABOVE_DB = 3;
/** Sound in which no voice is found is a noise, which voice stands out of sooner, until so much voice was no louder. */
const NOISE_SHARE = 0.4;
const VOICE_MS = 100;
/** Voice is found a moment after it began. */
const VOICE_FRAMES = OPENING_FRAMES + 5;
const VOICED_DB = 5;
/** It may grow from one of these to the next, as long as nobody has stood out. */
const WINDOW_FRAMES = 15;
/** It has ceased when it was far fainter for so long: who listens to us is silent, and talk behind goes on. */
const CEASED_MS = 3000;
const CEASED_DB = 15;
const NEVER_DB = -90;

/** One call's. Levels are decibels of full scale. */
export class OpeningTalk {
  #frames = 0;
  readonly #latest = new Float64Array(LATEST_FRAMES).fill(NEVER_DB);
  readonly #powers = new Float64Array(LONG_FRAMES);
  #power = 0;
  /** Of the sound at the moment, and the loudest of the present window: briefly, and over long. */
  #briefDb = NEVER_DB;
  #longDb = NEVER_DB;
  #windowBriefDb = NEVER_DB;
  #windowLongDb = NEVER_DB;
  #stood = false;
  /** Of the talk. */
  #talkBriefDb = NEVER_DB;
  #talkLongDb = NEVER_DB;
  #early = false;
  /** Voice no louder than the talk. */
  #voicedMs = 0;
  #fainterMs = 0;

  /** There is some, and it goes on. */
  get known(): boolean {
    return this.#sounds && this.#voicedMs >= VOICE_MS;
  }

  /** It began so soon that it can be no answer to us. */
  get certain(): boolean {
    return this.known && !this.#early;
  }

  /** The line has been open for so short a time that voice may be no answer to us. */
  get opening(): boolean {
    return this.#frames <= EARLY_FRAMES;
  }

  /** As loud is who speaks into the telephone: decibels of full scale. */
  get surelyDb(): number {
    const silent = !this.#sounds || this.#early;
    return silent && this.#frames > OPENING_FRAMES ? EARLY_CALLER_DB : SURELY_CALLER_DB;
  }

  get #sounds(): boolean {
    return this.#talkBriefDb > NEVER_DB;
  }

  /** One frame, whatever is in it. */
  push(levelDb: number, voiced: boolean): void {
    if (!this.opening && !this.#sounds) return;
    this.#measure(levelDb);
    this.#frames += 1;
    const first = this.#frames <= VOICE_FRAMES;
    if (voiced && (first || !this.standsOut(VOICED_DB))) this.#voicedMs += FRAME_MS;
    if (this.opening) return this.#begin();
    this.#fainterMs = levelDb < this.#talkBriefDb - CEASED_DB ? this.#fainterMs + FRAME_MS : 0;
    if (this.#fainterMs > CEASED_MS) return this.forget();
    if (this.#frames % WINDOW_FRAMES === 0) this.#grow();
  }

  /** Whether the sound is by `aboveDb` louder than the talk, so that it is somebody else's. */
  standsOut(aboveDb: number): boolean {
    if (!this.#sounds) return true;
    if (this.opening && this.#briefDb >= this.surelyDb) return true;
    const share = this.known ? 1 : NOISE_SHARE;
    return (
      this.#briefDb >= this.#talkBriefDb + share * aboveDb ||
      this.#longDb >= this.#talkLongDb + share * LONG_ABOVE_DB
    );
  }

  /** The caller was heard in this frame: it says nothing about the talk. */
  noteCaller(): void {
    this.#stood = true;
  }

  /** It is not known any more to be anybody else's than the caller's. */
  forget(): void {
    this.#talkBriefDb = NEVER_DB;
    this.#talkLongDb = NEVER_DB;
    this.#frames = Math.max(this.#frames, EARLY_FRAMES + 1);
  }

  #begin(): void {
    const soon = this.#frames <= OPENING_FRAMES;
    if (!soon && this.#sounds && !this.#early) return;
    if (this.#briefDb <= QUIETEST_DB || this.#briefDb >= this.surelyDb) return;
    this.#early = !soon;
    this.#talkBriefDb = Math.max(this.#talkBriefDb, this.#briefDb);
    this.#talkLongDb = Math.max(this.#talkLongDb, this.#longDb);
  }

  #grow(): void {
    if (!this.#stood) {
      this.#talkBriefDb = Math.max(this.#talkBriefDb, this.#windowBriefDb);
      this.#talkLongDb = Math.max(this.#talkLongDb, this.#windowLongDb);
    }
    this.#stood = false;
    this.#windowBriefDb = NEVER_DB;
    this.#windowLongDb = NEVER_DB;
  }

  #measure(levelDb: number): void {
    this.#latest[this.#frames % LATEST_FRAMES] = levelDb;
    this.#briefDb = loudest(this.#latest, LOUD_FRAMES);
    const at = this.#frames % LONG_FRAMES;
    const power = 10 ** (levelDb / 10);
    this.#power += power - this.#powers[at]!;
    this.#powers[at] = power;
    this.#longDb = 10 * Math.log10(Math.max(1e-9, this.#power / LONG_FRAMES));
    this.#windowBriefDb = Math.max(this.#windowBriefDb, this.#briefDb);
    this.#windowLongDb = Math.max(this.#windowLongDb, this.#longDb);
  }
}

/** What so many of them reach. */
function loudest(levels: Float64Array, count: number): number {
  return levels.toSorted()[levels.length - count]!;
}
