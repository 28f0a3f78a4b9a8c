// Is the voice on the line the caller's, or somebody's behind? Who holds the telephone is the loudest. Pure, frame by frame.

import { FRAME_MS } from '../types.ts';
import { OpeningTalk } from './opening-talk.ts';
import { FAINTER_DB, TalkBeside } from './talk-beside.ts';

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
/** Callers begin to speak no fainter than their turns by more than this, and who speaks over us even less. */
const SAME_CALLER_DB = 17;
const SAME_VOICE_DB = 14;
/** And go on however faintly, with pauses no longer than this. */
const GOING_ON_MS = 2000;
/** And louder by so much than whoever spoke when the line was opened: to stop us, to be waited for, and for words when we are silent. */
const OVER_OPENING_DB = 5;
const WAITED_OPENING_DB = 3;
const WORDS_OPENING_DB = 1;
/** What a new turn says of how loud the caller is: a fainter one may be somebody else's. */
const LEARN_LOUDER = 0.8;
const LEARN_FAINTER = 0.3;
/** Or is, where others speak. */
const LEARN_DOUBTFUL = 0.1;
/** Within words it is fainter than the bar for so long. */
const HANG_MS = 160;
/** Voice that has silenced us so often for nothing needs words to do it again, for some time. */
const STRIKES_MAX = 2;
const STRUCK_MS = 20_000;
/** Words come so long after the voice in which they were said. */
const WORDS_LATE_MS = 3000;
/** Where there was voice within this time, and none of it the caller's, the words are not either. */
const REFUSED_MS = 2000;
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
  /** What they were before nobody answered us. */
  #formerDb: number | undefined;
  #worded = false;
  /** How often we were silent for nothing, the last time so long ago. */
  #strikes = 0;
  #struckMs = 0;
  /** Since the last frame that was loud enough, to be voice and to have words in it, and the last that was not. */
  #sinceMs = Number.POSITIVE_INFINITY;
  #sinceWordsMs = Number.POSITIVE_INFINITY;
  #sinceRefusedMs = Number.POSITIVE_INFINITY;
  /** Since the last frame that was as loud as the caller begins. */
  #sinceBegunMs = Number.POSITIVE_INFINITY;
  /** How long we have had the floor. */
  #overMs = 0;
  readonly #openingTalk: OpeningTalk | undefined;
  readonly #beside = new TalkBeside();
  /** Who is fainter than the caller was has waited for our answer, and gets it. */
  #waited = false;

  /** `callerRang`: and is silent until we have said something. */
  constructor(callerRang = true) {
    if (callerRang) this.#openingTalk = new OpeningTalk();
  }

  /** Whether others are known to speak behind the caller: then the detector's own counts say nothing about the caller. */
  get crowded(): boolean {
    const opening = this.#openingTalk?.known ?? false;
    return (
      opening || this.#beside.known || this.#lastingDb > NEVER_DB || this.#wordlessDb > NEVER_DB
    );
  }

  /** Milliseconds since the caller's voice, as far as it stood out. */
  get quietMs(): number {
    return this.#sinceMs;
  }

  /** Whoever is fainter than the caller's turns may be somebody else. */
  get #doubts(): boolean {
    const known = this.#openingTalk?.known ?? false;
    return this.#callerDb !== undefined && (known || this.#beside.known);
  }

  get #surelyDb(): number {
    return this.#doubts ? FAINTER_DB : SURELY_DB;
  }

  /** Whoever spoke last and was not believed waits for an answer. */
  get waits(): boolean {
    return this.#beside.waits;
  }

  /** Whether the voice in a frame is the caller's. `over`: it is heard over ours. */
  judge(voiced: boolean, levelDb: number, over: boolean): boolean {
    this.#follow(voiced ? levelDb : NEVER_DB);
    this.#openingTalk?.push(levelDb, voiced);
    this.#beside.push(voiced, levelDb, over, this.#callerDb);
    this.#followAnswered();
    this.#overMs = over ? this.#overMs + FRAME_MS : 0;
    const loud = voiced && levelDb >= this.#bar(over);
    const stands = loud && this.#overOpening(levelDb, over ? OVER_OPENING_DB : WAITED_OPENING_DB);
    const worded = stands || (loud && !over && this.#overOpening(levelDb, WORDS_OPENING_DB));
    if (stands) this.#openingTalk?.noteCaller();
    this.#sinceMs = stands ? 0 : this.#sinceMs + FRAME_MS;
    const begins = stands && levelDb >= (this.#callerDb ?? levelDb) - SAME_CALLER_DB;
    this.#sinceBegunMs = begins ? 0 : this.#sinceBegunMs + FRAME_MS;
    this.#sinceWordsMs = worded ? 0 : this.#sinceWordsMs + FRAME_MS;
    const refused = voiced && this.#sinceMs > HANG_MS;
    this.#sinceRefusedMs = refused ? 0 : this.#sinceRefusedMs + FRAME_MS;
    if (this.#strikes > 0) this.#struckMs += FRAME_MS;
    if (over && this.#strikes >= STRIKES_MAX && this.#struckMs < STRUCK_MS) return false;
    return voiced && this.#sinceMs <= HANG_MS;
  }

  /** Whose words are that come now: not the caller's where others speak, and the caller has not been heard. */
  whose(): 'callers' | 'doubtful' | 'others' {
    if (this.#waited || this.#isHeard()) return 'callers';
    return this.#beside.addressed ? 'doubtful' : 'others';
  }

  #isHeard(): boolean {
    // What the caller says over our speech is heard over it.
    const lateMs = this.#overMs > 0 ? Math.min(this.#overMs, WORDS_LATE_MS) : WORDS_LATE_MS;
    if (this.#sinceWordsMs < lateMs) return true;
    if (this.#callerDb === undefined) return !this.#openingTalk?.certain;
    return !this.crowded && this.#sinceRefusedMs > REFUSED_MS;
  }

  /** The caller is silent for long, or will be: the next to speak may be somebody else, or hold the telephone farther away. */
  noteSilence(): void {
    if (!this.#doubts) this.#callerDb = undefined;
  }

  /** However often we ask, nobody answers whom we take for the caller: so it may be anybody. */
  noteLongSilence(): void {
    // That has been tried: who was answered spoke on over our answer.
    if (this.#doubts && this.#beside.speaksOn) return;
    this.#formerDb = this.#doubts ? this.#callerDb : undefined;
    this.#callerDb = undefined;
    this.#openingTalk?.forget();
  }

  /** Words that were doubtful are the caller's. */
  noteWaited(): void {
    this.#waited = true;
    this.#beside.noteAnswer();
    this.noteWords();
  }

  /** Words came. */
  noteWords(): void {
    this.#worded = true;
    // They are somebody's whose voice was not believed.
    if (this.#sinceMs > WORDS_LATE_MS) this.#wordlessDb = NEVER_DB;
    const talk = this.#openingTalk;
    if (talk?.known && !talk.certain) talk.forget();
  }

  /** A turn of the caller is over. */
  noteTurn(): void {
    const heardDb = this.#loudestDb;
    if (this.#worded && heardDb > NEVER_DB) {
      const anybody = this.#callerDb === undefined && this.#formerDb !== undefined;
      if (anybody) this.#beside.noteAnswer(heardDb);
      const louderDb = heardDb - (this.#callerDb ?? heardDb);
      const learned = louderDb > 0 ? LEARN_LOUDER : this.#learnFainter();
      this.#callerDb = heardDb - (1 - learned) * louderDb;
    }
    this.#waited = false;
    this.#beside.noteTurn();
    // The next words need a voice of their own.
    this.#sinceWordsMs = Number.POSITIVE_INFINITY;
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

  /** Who is answered and listens is the caller; who speaks on over our answer is not. */
  #followAnswered(): void {
    const { listenerDb, speaksOn } = this.#beside;
    if (listenerDb !== undefined) [this.#callerDb, this.#formerDb] = [listenerDb, undefined];
    if (!speaksOn || this.#formerDb === undefined || this.#callerDb === undefined) return;
    this.#callerDb = Math.max(this.#callerDb, this.#formerDb);
    this.#formerDb = undefined;
  }

  #learnFainter(): number {
    if (this.#waited) return 0;
    return this.#doubts ? LEARN_DOUBTFUL : LEARN_FAINTER;
  }

  #forgetStretch(): void {
    this.#worded = false;
    this.#loudestDb = NEVER_DB;
  }

  #bar(over: boolean): number {
    const behindDb = Math.max(
      this.#lastingDb + LIVELY_DB,
      this.#wordlessDb + ABOVE_DB,
      (this.#callerDb === undefined ? NEVER_DB : this.#beside.levelDb) + ABOVE_DB,
    );
    const caller = this.#callerDb;
    if (caller !== undefined) {
      const barDb = Math.min(behindDb, caller - this.#surelyDb);
      if (over) return Math.max(barDb, caller - SAME_VOICE_DB);
      return this.#sinceBegunMs < GOING_ON_MS ? barDb : Math.max(barDb, caller - SAME_CALLER_DB);
    }
    if (this.#openingTalk?.opening) return this.#openingTalk.surelyDb;
    // Nobody speaks over our first words without taking a breath: what does is behind, however loud.
    const lasts = over && this.#lastingDb > NEVER_DB;
    return lasts ? behindDb : Math.min(behindDb, UNKNOWN_MAX_DB);
  }

  #overOpening(levelDb: number, aboveDb: number): boolean {
    const talk = this.#openingTalk;
    if (!talk || talk.standsOut(aboveDb)) return true;
    return this.#callerDb !== undefined && levelDb >= this.#callerDb - this.#surelyDb;
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
