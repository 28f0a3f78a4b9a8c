// Is the voice on the line the caller's, or somebody's behind? Who holds the telephone is the loudest. Pure, frame by frame.

import { FRAME_MS } from '../types.ts';

/** As long as a syllable and the gap behind it: talk that never ceases has voice in each, and a caller takes a breath. */
const WINDOW_FRAMES = 15;
/** So many of them are looked back on, at the beginning of a call fewer; this share may be without. */
const WINDOWS = 20;
const WINDOWS_MIN = 4;
const SHARE_WITHOUT = 0.15;
/** The loudest of many talkers is so far above what they never fall below. */
const LIVELY_DB = 8;
/** A caller stands so far above what silenced us or was listened to, and had no word in it. */
const ABOVE_DB = 4;
/** Which is forgotten by so much a frame. */
const FORGET_DB = 0.005;
/** However loud it is behind, what is so little fainter than the caller's turns is the caller; and before the first turn, what is louder than this. */
const SURELY_DB = 6;
const UNKNOWN_MAX_DB = -20;
/** Callers who speak over us are no fainter than their turns by more than this. */
const SAME_VOICE_DB = 16;
/** What is known of the caller's loudness, and what a new turn takes away of it. */
const LEARN = 0.5;
/** Within words it is fainter than the bar for so long. */
const HANG_MS = 160;
/** Voice that has silenced us so often for nothing needs words to do it again, for some time. */
const STRIKES_MAX = 2;
const STRUCK_MS = 20_000;
/** Words come so long after the voice in which they were said. */
const WORDS_LATE_MS = 3000;
const NEVER_DB = -90;
/** Fainter than this nothing on a telephone line is taken for voice. */
const FORGOTTEN_DB = -55;

/** One call's. Levels are decibels of full scale. */
export class Foreground {
  /** The loudest voice of each of the last windows, and of the present one. */
  readonly #windows: number[] = [];
  #at = 0;
  #frames = 0;
  #windowDb = NEVER_DB;
  /** What talk behind the caller never falls below; `NEVER_DB` where there is none. */
  #lastingDb = NEVER_DB;
  #wordlessDb = NEVER_DB;
  /** The loudest voice since the caller's last turn, and what the turns were. */
  #loudestDb = NEVER_DB;
  #callerDb: number | undefined;
  #worded = false;
  /** How often we were silent for nothing, the last time so long ago. */
  #strikes = 0;
  #struckMs = 0;
  /** Since the last frame that was loud enough. */
  #sinceMs = Number.POSITIVE_INFINITY;

  /** Whether others are known to speak behind the caller: then the detector's own counts say nothing about the caller. */
  get crowded(): boolean {
    return this.#lastingDb > NEVER_DB || this.#wordlessDb > NEVER_DB;
  }

  /** Milliseconds since the caller's voice, as far as it stood out. */
  get quietMs(): number {
    return this.#sinceMs;
  }

  /** Whether the voice in a frame is the caller's. `over`: it is heard over ours. */
  judge(voiced: boolean, levelDb: number, over: boolean): boolean {
    this.#follow(voiced ? levelDb : NEVER_DB);
    const stands = voiced && levelDb >= this.#bar(over);
    this.#sinceMs = stands ? 0 : this.#sinceMs + FRAME_MS;
    if (this.#strikes > 0) this.#struckMs += FRAME_MS;
    if (over && this.#strikes >= STRIKES_MAX && this.#struckMs < STRUCK_MS) return false;
    return voiced && this.#sinceMs <= HANG_MS;
  }

  /** Whether words that come now may be the caller's: not where others speak, and the caller has not been heard. */
  believes(): boolean {
    const unknown = this.#callerDb === undefined;
    return !this.crowded || unknown || this.#sinceMs < WORDS_LATE_MS;
  }

  /** Words came. */
  noteWords(): void {
    this.#worded = true;
    // They are somebody's whose voice was not believed.
    if (this.#sinceMs > WORDS_LATE_MS) this.#wordlessDb = NEVER_DB;
  }

  /** A turn of the caller is over. */
  noteTurn(): void {
    const heardDb = this.#loudestDb;
    if (this.#worded && heardDb > NEVER_DB) {
      this.#callerDb =
        this.#callerDb === undefined
          ? heardDb
          : this.#callerDb + LEARN * (heardDb - this.#callerDb);
    }
    this.#forgetStretch();
  }

  /** What silenced us, or was listened to, had no word in it. */
  noteNothing(): void {
    if (!this.#worded) {
      this.#wordlessDb = Math.max(this.#wordlessDb, this.#loudestDb);
      this.#strikes = this.#struckMs < STRUCK_MS * 2 ? this.#strikes + 1 : 1;
      this.#struckMs = 0;
    }
    this.#forgetStretch();
  }

  #forgetStretch(): void {
    this.#worded = false;
    this.#loudestDb = NEVER_DB;
  }

  #bar(over: boolean): number {
    const behindDb = Math.max(this.#lastingDb + LIVELY_DB, this.#wordlessDb + ABOVE_DB);
    const caller = this.#callerDb;
    if (caller === undefined) return Math.min(behindDb, UNKNOWN_MAX_DB);
    const barDb = Math.min(behindDb, caller - SURELY_DB);
    return over ? Math.max(barDb, caller - SAME_VOICE_DB) : barDb;
  }

  #follow(levelDb: number): void {
    if (levelDb > this.#loudestDb) this.#loudestDb = levelDb;
    if (levelDb > this.#windowDb) this.#windowDb = levelDb;
    if (this.#wordlessDb > NEVER_DB) {
      this.#wordlessDb -= FORGET_DB;
      if (this.#wordlessDb < FORGOTTEN_DB) this.#wordlessDb = NEVER_DB;
    }
    this.#frames += 1;
    if (this.#frames < WINDOW_FRAMES) return;
    this.#frames = 0;
    this.#windows[this.#at] = this.#windowDb;
    this.#at = (this.#at + 1) % WINDOWS;
    this.#windowDb = NEVER_DB;
    const count = this.#windows.length;
    const without = Math.floor(count * SHARE_WITHOUT);
    const sorted = this.#windows.toSorted((one, other) => one - other);
    this.#lastingDb = count < WINDOWS_MIN ? NEVER_DB : sorted[without]!;
  }
}
