// Voice activity by loudness over an adaptive noise floor: used where the neural detector cannot run, and in tests.

import type { Samples } from '../types.ts';
import type { VoiceDetection, VoiceDetector } from './voice-detector.ts';

/** Decibels over the noise floor at which voice is assumed, and below which it has ended. */
const RISE_DB = 12;
const FALL_DB = 8;
/** Below this, in decibels of full scale, nothing is voice: comfort noise and idle lines lie here. */
const QUIETEST_VOICE_DB = -52;
/** The first frame is taken for the floor, up to this: callers seldom speak in the first 20 ms of a call. */
const FLOOR_START_MAX_DB = -40;
const FLOOR_MIN_DB = -75;
const FLOOR_MAX_DB = -30;
/** How fast the floor follows: down almost at once, up slowly, and in voice so slowly that it does not become the floor. */
const FLOOR_FALL_PER_MS = 0.02;
const FLOOR_RISE_DB_PER_MS = 0.004;
const FLOOR_RISE_IN_VOICE_DB_PER_MS = 0.001;
/** Loud sound must last this long to be voice: clicks are shorter. */
const PROOF_MS = 40;
/** Voice goes on this long after the last loud sound: stops and fricatives within words are quiet. */
const HANGOVER_MS = 100;
/** Quiet within one stretch of sound. */
const STRETCH_GAP_MS = 60;
/** Words fade out below the loudest of their stretch; within them nothing is so faint for long. */
const FAINT_DB = 26;
/** Nothing is quieter. */
const QUIETEST_DB = -120;

/** Synchronous and exact: the same frames always give the same answers. */
export class EnergyDetector implements VoiceDetector {
  readonly #sampleRate: number;
  /** Not a number before the first frame. */
  #floorDb = Number.NaN;
  #overDb = 0;
  #loudMs = 0;
  #quietMs = Number.POSITIVE_INFINITY;
  #faintMs = Number.POSITIVE_INFINITY;
  #stretchMs = 0;
  #loudestDb = 0;
  #voiced = false;
  #levelDb = QUIETEST_DB;

  /** `sampleRate` in Hz. */
  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  get voiced(): boolean {
    return this.#voiced;
  }

  get quietMs(): number {
    return this.#quietMs;
  }

  get faintMs(): number {
    return Math.max(this.#quietMs, this.#faintMs);
  }

  get lastedMs(): number {
    return this.#quietMs > STRETCH_GAP_MS ? 0 : this.#stretchMs;
  }

  get levelDb(): number {
    return this.#levelDb;
  }

  /** A half where voice begins; not calibrated. */
  get probability(): number {
    return 1 / (1 + Math.exp((RISE_DB - this.#overDb) / 3));
  }

  push(frame: Samples): void {
    if (frame.length === 0) return;
    const ms = (frame.length / this.#sampleRate) * 1000;
    const db = loudness(frame);
    this.#levelDb = db;
    const floorDb = this.#follow(db, ms);
    this.#overDb = db < QUIETEST_VOICE_DB ? 0 : db - floorDb;
    const loud = this.#overDb >= (this.#voiced || this.#quietMs < HANGOVER_MS ? FALL_DB : RISE_DB);
    this.#loudMs = loud ? this.#loudMs + ms : 0;
    if (loud) {
      const gapMs = this.#quietMs > STRETCH_GAP_MS ? undefined : this.#quietMs;
      this.#stretchMs = gapMs === undefined ? ms : this.#stretchMs + gapMs + ms;
      this.#loudestDb = gapMs === undefined ? db : Math.max(this.#loudestDb, db);
    }
    this.#faintMs = loud && db >= this.#loudestDb - FAINT_DB ? 0 : this.#faintMs + ms;
    this.#quietMs = loud ? 0 : this.#quietMs + ms;
    if (this.#voiced) this.#voiced = this.#quietMs < HANGOVER_MS;
    else this.#voiced = this.#loudMs >= PROOF_MS;
  }

  #follow(db: number, ms: number): number {
    const floor = Number.isNaN(this.#floorDb) ? Math.min(FLOOR_START_MAX_DB, db) : this.#floorDb;
    const rise = this.#voiced ? FLOOR_RISE_IN_VOICE_DB_PER_MS : FLOOR_RISE_DB_PER_MS;
    const next =
      db < floor
        ? floor + (db - floor) * Math.min(1, FLOOR_FALL_PER_MS * ms)
        : Math.min(db, floor + rise * ms);
    this.#floorDb = Math.min(FLOOR_MAX_DB, Math.max(FLOOR_MIN_DB, next));
    return this.#floorDb;
  }

  [Symbol.dispose](): void {}
}

/** Energy detectors for a process; they share nothing. */
export const energyDetection: VoiceDetection = {
  open: (sampleRate) => new EnergyDetector(sampleRate),
  [Symbol.dispose]() {},
};

/** Decibels of full scale, without the direct current some lines carry. */
function loudness(frame: Samples): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < frame.length; i += 1) {
    const sample = frame[i]!;
    sum += sample;
    squares += sample * sample;
  }
  const mean = sum / frame.length;
  const power = Math.max(1e-3, squares / frame.length - mean * mean);
  return 10 * Math.log10(power / 32_768 ** 2);
}
