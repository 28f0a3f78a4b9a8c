// The rule that bench/echo.ts compares ours with: what is far fainter than we were a moment ago is suspected, by loudness alone.

import type { Heard } from '../../src/pipeline/hearing/echo-guard.ts';
import { FRAME_MS } from '../../src/pipeline/types.ts';
import type { Samples } from '../../src/pipeline/types.ts';

/** An echo takes so long at most: the carrier, the air, the carrier again. */
const LAG_FRAMES_MAX = 30;
/** How much of what we gave to the line is remembered: a minute, a whole clip and more. */
const PLAYED_FRAMES_MAX = 3000;
/** What has been heard is forgotten in bites of this. */
const FORGOTTEN_FRAMES = 250;
/** How much each frame counts in what is known: some 2 s. */
const LEARN = 0.02;
/** Frames learned from, one in two, before anything is believed: callers' syllables follow ours by chance for a second. */
const LEARNED_FRAMES = 50;
/** The line follows our loudness so closely that it must be our voice. */
const COUPLED = 0.7;
/** And an echo is fainter than what it is of. */
const FAINTER_DB = 6;
/** Sound that is always as loud, such as a tone, follows nothing. */
const LIVELY_DB = 2;
/** Only while we are louder than this there is anything to follow: pauses of ours say nothing. */
const AUDIBLE_DB = -55;
/**
 * Before it is known whether the line echoes, what is so much fainter than we were a moment ago may be an echo: a call that
 * stopped for it would never speak long enough to learn better.
 */
const SUSPECT_DB = 9;
/** What is faint within a word is the word all the same: its loudness fades so much a frame. */
const FADE_DB = 1;
/**
 * Where we have been loud for some frames, an echo that could matter would be less far below us, or at least loud enough to
 * be taken for voice while we are nearly as loud as ever; so many frames, one in two, that are neither rule an echo of that
 * lag out. A caller who listens to our first second is believed after it.
 */
const LOUD_DB = -45;
const FAR_BELOW_DB = 30;
const NO_VOICE_DB = -54;
const NEARLY_DB = 6;
const NEAR_FRAMES = 2;
const AGAINST_FRAMES = 8;
/** Frames, one in two, without any sign of an echo before a line that had one is believed to have none. */
const FORGIVEN_FRAMES = 150;
/** A caller who speaks over our echo is louder than it by so many decibels. */
const MARGIN_DB = 6;
/** Nothing is quieter. */
const SILENT_DB = -75;

/**
 * Of each lag: the weighted means of our level, of the line's, of their squares and of their product, and how many frames
 * are in them. Side by side in one piece of memory: each frame of each call that we speak in goes through all of them.
 */
const LAG_FIELDS = 6;
const [OURS, LINE, OURS_SQUARED, LINE_SQUARED, PRODUCT, FRAMES] = [0, 1, 2, 3, 4, 5] as const;

/** One call's. Pure: frames go in, an opinion comes out. */
export class EchoByLoudness {
  readonly #frameSamples: number;
  /** Our loudness frame by frame, on the clock of `Transport.heardMs`; the first is at `#firstFrame`. */
  #played: number[] = [];
  #firstFrame = 0;
  /** The frame that is being filled. */
  #partSquares = 0;
  #partSamples = 0;
  /** Our loudness as it was heard: a ring, the newest at `#newest`, older ones behind it. */
  readonly #recent = new Float64Array(LAG_FRAMES_MAX + 1).fill(SILENT_DB);
  #newest = 0;
  /** How many of them could be heard. */
  #audibleFrames = 0;
  #heardMs = 0;
  /** Frames since we were last heard. */
  #silentFrames = Number.POSITIVE_INFINITY;
  readonly #lags = new Float64Array((LAG_FRAMES_MAX + 1) * LAG_FIELDS);
  /** Of each lag, the frames that speak against it; until all lags are ruled out. */
  readonly #against = new Uint8Array(LAG_FRAMES_MAX + 1);
  #ruledOut = false;
  /** The loudest we have ever been. */
  #loudestDb = SILENT_DB;
  #lag: number | undefined;
  /** How much fainter the echo is. */
  #fainterBy = 0;
  #forgivenFrames = 0;
  /** The line's loudness, which rises at once and fades slowly. */
  #peak = SILENT_DB;
  #odd = false;

  constructor(sampleRate: number) {
    this.#frameSamples = (sampleRate * FRAME_MS) / 1000;
  }

  /** Whether this line brings our voice back. */
  get coupled(): boolean {
    return this.#lag !== undefined;
  }

  /** Whether it may: it does, or is not known well enough yet. */
  get wary(): boolean {
    return this.coupled || !this.#learned;
  }

  /** Our audio, in the order in which the line gets it. */
  onPlay(samples: Samples): void {
    let squares = this.#partSquares;
    for (let i = 0; i < samples.length; i += 1) {
      squares += samples[i]! * samples[i]!;
      this.#partSamples += 1;
      if (this.#partSamples < this.#frameSamples) continue;
      this.#played.push(decibels(squares / this.#frameSamples));
      squares = 0;
      this.#partSamples = 0;
    }
    this.#partSquares = squares;
    this.#forget(this.#played.length - PLAYED_FRAMES_MAX);
  }

  judge(frame: Samples, heardMs: number): Heard {
    return this.#isEcho(frame, heardMs) ? 'ours' : 'not-ours';
  }

  /** One frame of the caller; `heardMs`: of the line, now. Whether it may be nothing but our echo. */
  #isEcho(frame: Samples, heardMs: number): boolean {
    const speaking = heardMs > this.#heardMs;
    this.#heardMs = heardMs;
    this.#silentFrames = speaking ? 0 : this.#silentFrames + 1;
    // Who only listens costs nothing.
    if (this.#silentFrames > LAG_FRAMES_MAX) return false;
    const index = Math.floor(heardMs / FRAME_MS) - 1 - this.#firstFrame;
    // Not asked for outside of the list, which is slow.
    const known = index >= 0 && index < this.#played.length;
    const ours = known ? this.#played[index] : undefined;
    if (index > FORGOTTEN_FRAMES) this.#forget(FORGOTTEN_FRAMES);
    this.#remember(speaking ? (ours ?? SILENT_DB) : SILENT_DB);
    const level = levelOf(frame);
    // Every other frame: syllables are long, and this is the dearest part.
    this.#odd = !this.#odd;
    if (this.#odd) {
      this.#learn(level);
      if (!this.#learned) this.#ruleOut(level);
    }
    this.#peak = Math.max(level, this.#peak - FADE_DB);
    if (this.#lag === undefined) {
      return !this.#learned && this.#audibleFrames > 0 && this.#peak < this.#loudest() - SUSPECT_DB;
    }
    return level < this.#loudestNear(this.#lag) - this.#fainterBy + MARGIN_DB;
  }

  /** The longest lag is known last. */
  get #learned(): boolean {
    return this.#ruledOut || this.#lags[LAG_FRAMES_MAX * LAG_FIELDS + FRAMES]! >= LEARNED_FRAMES;
  }

  #remember(ours: number): void {
    this.#newest = (this.#newest + 1) % this.#recent.length;
    if (this.#recent[this.#newest]! >= AUDIBLE_DB) this.#audibleFrames -= 1;
    if (ours >= AUDIBLE_DB) this.#audibleFrames += 1;
    this.#recent[this.#newest] = ours;
    this.#loudestDb = Math.max(this.#loudestDb, ours);
  }

  /** Our loudness so many frames ago, not more than are remembered. */
  #recentAt(frames: number): number {
    const at = this.#newest - frames;
    return this.#recent[at < 0 ? at + this.#recent.length : at]!;
  }

  #forget(frames: number): void {
    if (frames <= 0) return;
    this.#played.splice(0, frames);
    this.#firstFrame += frames;
  }

  #learn(level: number): void {
    if (this.#audibleFrames === 0) return;
    const lags = this.#lags;
    let best = COUPLED;
    let found: number | undefined;
    for (let lag = 0; lag <= LAG_FRAMES_MAX; lag += 1) {
      const at = lag * LAG_FIELDS;
      const ours = this.#recentAt(lag);
      if (ours >= AUDIBLE_DB) add(lags, at, ours, level);
      if (lags[at + FRAMES]! < LEARNED_FRAMES) continue;
      const oursMean = lags[at + OURS]!;
      const lineMean = lags[at + LINE]!;
      const oursSpread = lags[at + OURS_SQUARED]! - oursMean ** 2;
      const lineSpread = lags[at + LINE_SQUARED]! - lineMean ** 2;
      if (oursSpread < LIVELY_DB ** 2 || lineSpread < LIVELY_DB ** 2) continue;
      const together = lags[at + PRODUCT]! - oursMean * lineMean;
      const follows = together / Math.sqrt(oursSpread * lineSpread);
      if (follows <= best || lineMean > oursMean - FAINTER_DB) continue;
      best = follows;
      found = lag;
    }
    // A caller who speaks over us hides the echo, and does not end it.
    this.#forgivenFrames = found === undefined ? this.#forgivenFrames + 1 : 0;
    if (found === undefined && this.#forgivenFrames < FORGIVEN_FRAMES) return;
    this.#lag = found;
    if (found === undefined) return;
    const at = found * LAG_FIELDS;
    this.#fainterBy = lags[at + OURS]! - lags[at + LINE]!;
  }

  #ruleOut(level: number): void {
    let least = AGAINST_FRAMES;
    for (let lag = 0; lag <= LAG_FRAMES_MAX; lag += 1) {
      const ours = this.#faintestNear(lag);
      const absent = level < NO_VOICE_DB && ours >= this.#loudestDb - NEARLY_DB;
      if (absent || level < ours - FAR_BELOW_DB) this.#against[lag]! += 1;
      least = Math.min(least, this.#against[lag]!);
    }
    this.#ruledOut = least >= AGAINST_FRAMES;
  }

  /** How loud we were for some frames at least; infinitely faint where we were not loud, which rules out nothing. */
  #faintestNear(lag: number): number {
    let faintest = 0;
    const last = Math.min(LAG_FRAMES_MAX, lag + NEAR_FRAMES);
    for (let near = Math.max(0, lag - NEAR_FRAMES); near <= last; near += 1) {
      faintest = Math.min(faintest, this.#recentAt(near));
    }
    return faintest < LOUD_DB ? Number.NEGATIVE_INFINITY : faintest;
  }

  #loudest(): number {
    let loudest = SILENT_DB;
    for (const each of this.#recent) if (each > loudest) loudest = each;
    return loudest;
  }

  /** The lag is known to a frame: our loudest there counts. */
  #loudestNear(lag: number): number {
    return Math.max(
      lag > 0 ? this.#recentAt(lag - 1) : SILENT_DB,
      this.#recentAt(lag),
      lag < LAG_FRAMES_MAX ? this.#recentAt(lag + 1) : SILENT_DB,
    );
  }
}

function add(lags: Float64Array, at: number, ours: number, line: number): void {
  const frames = lags[at + FRAMES]!;
  const weight = Math.max(LEARN, 1 / (frames + 1));
  lags[at + FRAMES] = frames + 1;
  lags[at + OURS]! += weight * (ours - lags[at + OURS]!);
  lags[at + LINE]! += weight * (line - lags[at + LINE]!);
  lags[at + OURS_SQUARED]! += weight * (ours * ours - lags[at + OURS_SQUARED]!);
  lags[at + LINE_SQUARED]! += weight * (line * line - lags[at + LINE_SQUARED]!);
  lags[at + PRODUCT]! += weight * (ours * line - lags[at + PRODUCT]!);
}

function levelOf(frame: Samples): number {
  let squares = 0;
  for (let i = 0; i < frame.length; i += 1) squares += frame[i]! * frame[i]!;
  return decibels(squares / Math.max(1, frame.length));
}

function decibels(power: number): number {
  return Math.max(SILENT_DB, 10 * Math.log10(power / 32_768 ** 2 + 1e-9));
}
