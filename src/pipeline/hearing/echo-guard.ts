// Is what comes in our own voice, come back? Known by its waves, and from then on by how loud it is.

import { plainWords } from '../languages/language.ts';
import { FRAME_MS } from '../types.ts';
import type { Samples } from '../types.ts';
import { SLOW_HZ, SlowSound, findEcho } from './echo-search.ts';
import type { Likeness } from './echo-search.ts';
import { OurLoudness, SILENT_DB, decibels } from './our-loudness.ts';
import { PlayedSound } from './played-sound.ts';

/** What a frame is: our echo, anything else, or part of a sound that has not lasted long enough to tell. */
export type Heard = 'ours' | 'not-ours' | 'unsure';

/** An echo takes so long at most: the carrier, the air, the carrier again. */
const LAG_FRAMES_MAX = 30;
const SLOW_FRAME = (SLOW_HZ * FRAME_MS) / 1000;
const LAG_MAX = LAG_FRAMES_MAX * SLOW_FRAME;

/**
 * A sound is compared with our voice when it has lasted for so many frames, and again as long as it is neither like it
 * nor unlike. An echo is like us by 0.93 in the middle, in a room by 0.66; a caller by 0.24, one of twenty by more than
 * 0.55; over 160 ms and more they are farther apart. The same lag twice is no chance.
 */
const TRIES: readonly Try[] = [
  { frames: 6, unlike: 0.3, like: 0.65, sameLag: 0.65 },
  { frames: 8, unlike: 0.35, like: 0.55, sameLag: 0.5 },
  { frames: 11, unlike: 0.35, like: 0.5, sameLag: 0.42 },
  { frames: 14, unlike: 0.45, like: 0.45, sameLag: 0.33 },
];
const SAME_LAGS = 3;
const LIKE = 0.55;
/** The most that is compared, and the least, frames. */
const COMPARED_MAX = 10;
const COMPARED_MIN = 6;
/** A sound that was not our echo is compared again after so many frames, then after twice as many, and so on. */
const AGAIN_FRAMES = 16;
/** Sounds with so much quiet between them are two, frames. */
const GAP_FRAMES = 10;
/** No echo is as loud as we were a moment before, less this. */
const FAINTER_DB = 3;
/** What is faint within a word is the word all the same: its loudness fades so much a frame. */
const FADE_DB = 1;
/**
 * A line that has been quiet for as long as an echo takes, after so many frames of us that were nearly as loud as any, has
 * none: sounds are believed at once, and compared all the same, as one may begin.
 */
const CLEAN_FRAMES = 10;
const NEARLY_DB = 6;
/** Only while we are louder than this there is anything to come back. */
const AUDIBLE_DB = -55;

/** A known echo is looked for again, near where it was, after so many frames of it, and less often once it is certain. */
const CHECKED_FRAMES = 12;
const CERTAIN_FRAMES = 36;
const CERTAIN = 3;
const NEAR_LAGS = SLOW_FRAME / 2;
/** So much like us it is still there, and so little it is not; in between a caller speaks over it. */
const STILL_LIKE = 0.4;
const NOT_LIKE = 0.25;
/** Like enough to be nothing else: how loud the line is then says how loud the echo is. */
const PURE = 0.7;
const LEARN = 0.3;
/** Looked for in vain so often it is gone; one that was found only once, at the first time. */
const MISSES_MAX = 3;
/** How far off the lag may be: a frame, and more where we have lost step with the line since it was found. */
const NEAR_FRAMES = 1;
const STEP_FRAMES = 4;
/** A caller who speaks over our echo is louder than it by so many decibels. */
const MARGIN_DB = 6;

interface Try {
  /** Since the sound began. */
  readonly frames: number;
  readonly unlike: number;
  readonly like: number;
  /** As `like`, where the first try found the same lag. */
  readonly sameLag: number;
}

interface Echo {
  /** Samples at `SLOW_HZ`. */
  lag: number;
  /** Decibels. */
  fainterBy: number;
  /** How often it was found, and not, since it was found last. */
  found: number;
  missed: number;
  /** Frames of it since it was looked for. */
  unchecked: number;
  /** `PlayedSound.steps` when it was found last. */
  steps: number;
}

/** One call's. Pure: frames go in, an opinion comes out. */
export class EchoGuard {
  readonly #played: PlayedSound;
  readonly #ours: SlowSound;
  readonly #line: SlowSound;
  readonly #loudness = new OurLoudness(LAG_FRAMES_MAX, AUDIBLE_DB);
  /** Frames since we were last heard. */
  #silentFrames = Number.POSITIVE_INFINITY;
  #echo: Echo | undefined;
  /** The sound on the line: frames since it began, and since it was last louder than the noise. */
  #soundFrames = 0;
  #quietFrames = 0;
  #judged: Heard = 'not-ours';
  #try = 0;
  #triedLag = 0;
  #againFrames = 0;
  /** Frames of us that did not come back. */
  #cleanFrames = 0;
  /** The line's loudness, which rises at once and fades slowly. */
  #peak = SILENT_DB;

  constructor(sampleRate: number) {
    this.#played = new PlayedSound(sampleRate);
    this.#ours = new SlowSound(sampleRate, (LAG_FRAMES_MAX + COMPARED_MAX) * FRAME_MS);
    this.#line = new SlowSound(sampleRate, COMPARED_MAX * FRAME_MS);
  }

  /** Whether this line brings our voice back. */
  get coupled(): boolean {
    return this.#echo !== undefined;
  }

  /** Whether it may: it does, or there is a sound that has not been told apart yet. */
  get wary(): boolean {
    return this.coupled || this.#judged !== 'not-ours';
  }

  /** Our audio, in the order in which the line gets it. It is kept, and must not change. */
  onPlay(samples: Samples): void {
    this.#played.add(samples);
  }

  /** What the line has not played by now it never will. */
  onClear(heardMs: number): void {
    this.#played.clear(heardMs);
  }

  /** One frame of the caller; `heardMs`: of the line, now; `sound`: whether there is more in it than the line's noise. */
  judge(frame: Samples, heardMs: number, sound: boolean): Heard {
    this.#played.advance(heardMs);
    this.#count(sound);
    if (this.#played.playing) {
      if (this.#silentFrames > LAG_FRAMES_MAX) this.#begin();
      this.#silentFrames = 0;
    } else {
      this.#silentFrames += 1;
      // Who only listens costs nothing.
      if (this.#silentFrames > LAG_FRAMES_MAX) return (this.#judged = 'not-ours');
    }
    this.#loudness.push(decibels(this.#ours.push(this.#played.read())));
    const level = decibels(this.#line.push(frame));
    this.#peak = Math.max(level, this.#peak - FADE_DB);
    this.#judged = this.#echo
      ? this.#judgeByLoudness(this.#echo, level, sound)
      : this.#judgeByWaves();
    return this.#judged;
  }

  /** Whether words heard while we speak are words of ours. */
  isOurs(text: string, ourText: string): boolean {
    if (!this.coupled) return false;
    const words = plainWords(text);
    return words !== '' && ` ${plainWords(ourText)} `.includes(` ${words} `);
  }

  /** We speak again: what was before has died away, and who speaks already is no echo. */
  #begin(): void {
    this.#ours.clear();
    this.#line.clear();
    this.#loudness.clear();
    this.#peak = SILENT_DB;
    this.#againFrames = this.#soundFrames + AGAIN_FRAMES;
  }

  #count(sound: boolean): void {
    this.#quietFrames = sound ? 0 : this.#quietFrames + 1;
    if (this.#quietFrames > GAP_FRAMES) this.#soundFrames = 0;
    if (sound || this.#soundFrames > 0) this.#soundFrames += 1;
  }

  #judgeByWaves(): Heard {
    if (this.#soundFrames === 0) this.#noteQuiet();
    if (this.#soundFrames === 0 || !this.#loudness.audible) return 'not-ours';
    if (this.#soundFrames === 1) {
      const clean = this.#cleanFrames >= CLEAN_FRAMES;
      this.#judged = clean ? 'not-ours' : 'unsure';
      this.#againFrames = clean ? TRIES[0]!.frames : AGAIN_FRAMES;
      this.#try = 0;
    }
    if (this.#judged === 'unsure') return this.#tryAgain();
    if (this.#soundFrames < this.#againFrames) return 'not-ours';
    this.#againFrames *= 2;
    const likeness = this.#compare(0, LAG_MAX);
    return likeness.like >= LIKE ? this.#found(likeness) : 'not-ours';
  }

  #noteQuiet(): void {
    if (this.#cleanFrames >= CLEAN_FRAMES || this.#quietFrames <= LAG_FRAMES_MAX) return;
    const then = this.#loudness.near(LAG_FRAMES_MAX, 0);
    if (then >= AUDIBLE_DB && then > this.#loudness.loudest - NEARLY_DB) this.#cleanFrames += 1;
  }

  #tryAgain(): Heard {
    if (this.#peak >= this.#loudness.loudest - FAINTER_DB) return 'not-ours';
    const { frames, unlike, like, sameLag } = TRIES[this.#try]!;
    if (this.#soundFrames < frames) return 'unsure';
    const likeness = this.#compare(0, LAG_MAX);
    if (this.#try === 0) this.#triedLag = likeness.lag;
    this.#try += 1;
    const same = Math.abs(likeness.lag - this.#triedLag) <= SAME_LAGS;
    if (likeness.like >= (same ? sameLag : like)) return this.#found(likeness);
    return likeness.like < unlike ? 'not-ours' : 'unsure';
  }

  #found({ lag, fainterBy }: Likeness): Heard {
    const { steps } = this.#played;
    this.#cleanFrames = 0;
    this.#echo = { lag, fainterBy, found: 1, missed: 0, unchecked: 0, steps };
    return 'ours';
  }

  #judgeByLoudness(echo: Echo, level: number, sound: boolean): Heard {
    const near = echo.steps === this.#played.steps ? NEAR_FRAMES : STEP_FRAMES;
    const ours = this.#loudness.near(Math.round(echo.lag / SLOW_FRAME), near);
    const louder = level >= ours - echo.fainterBy + MARGIN_DB;
    if (louder || this.#soundFrames === 0) echo.unchecked = 0;
    if (louder) return 'not-ours';
    if (!sound) return 'ours';
    echo.unchecked += 1;
    const certain = echo.found >= CERTAIN && echo.missed === 0;
    const due = echo.unchecked >= (certain ? CERTAIN_FRAMES : CHECKED_FRAMES);
    if (!due || this.#played.steadyFrames <= LAG_FRAMES_MAX) return 'ours';
    echo.unchecked = 0;
    if (this.#isStillThere(echo)) return 'ours';
    this.#echo = undefined;
    this.#againFrames = this.#soundFrames + AGAIN_FRAMES;
    return 'not-ours';
  }

  #isStillThere(echo: Echo): boolean {
    const last = Math.min(LAG_MAX, echo.lag + NEAR_LAGS);
    let likeness = this.#compare(Math.max(0, echo.lag - NEAR_LAGS), last);
    if (likeness.like < STILL_LIKE) {
      const here = likeness.like;
      likeness = this.#compare(0, LAG_MAX);
      // Elsewhere it must be more than chance.
      if (likeness.like < LIKE) {
        if (here < NOT_LIKE) echo.missed += 1;
        return echo.missed < (echo.found > 1 ? MISSES_MAX : 1);
      }
    }
    echo.found += 1;
    echo.missed = 0;
    echo.lag = likeness.lag;
    echo.steps = this.#played.steps;
    if (likeness.like >= PURE) echo.fainterBy += LEARN * (likeness.fainterBy - echo.fainterBy);
    return true;
  }

  /** The sound that is on the line with what we played so many samples before. */
  #compare(from: number, to: number): Likeness {
    const frames = Math.min(COMPARED_MAX, Math.max(COMPARED_MIN, this.#soundFrames));
    return findEcho(this.#line.last(frames * SLOW_FRAME), this.#ours, from, to);
  }
}
