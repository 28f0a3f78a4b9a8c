// Which words the caller heard: what the sandbox's voices have spoken, found again in the sound of the line.

import { AUDIBLE_LEVEL } from './caller-speech.ts';
import { decodeMulaw } from './g711.ts';
import type { Earpiece } from './earpiece.ts';

/** Texts remembered, newest first to be looked for. */
const SPOKEN_MAX = 100;
/** Loudness is compared in steps of this length: fine enough to tell texts apart, coarse enough for resampling. */
const STEP_MS = 20;
/** Less than this of a text does not tell it from others. */
const STEPS_MIN = 12;
/** A text that was cut off must have been heard for longer. */
const CUT_STEPS_MIN = 25;
/** The last steps of a text are faint; without them it still counts as whole. */
const TAIL_STEPS = 8;
/** Texts in one reply. */
const PIECES_MAX = 12;
/** Likeness (correlation of loudness) from which a text counts as heard. */
const LIKENESS_MIN = 0.88;
/** The line's samples a second. */
const LINE_RATE = 8000;

/** A text as a voice of the sandbox spoke it. */
export interface SpokenText {
  readonly text: string;
  readonly samples: Int16Array;
  /** Hz */
  readonly sampleRate: number;
  readonly words: readonly { readonly text: string; readonly endMs: number }[];
}

/** A text and how it sounds, as JSON. */
export interface KnownSpeech {
  readonly text: string;
  readonly words: SpokenText['words'];
  readonly loudness: readonly number[];
  readonly leadMs: number;
}

interface Known {
  readonly text: string;
  readonly words: SpokenText['words'];
  readonly loudness: Float32Array;
  /** Silence before the first word. */
  readonly leadMs: number;
}

interface Match {
  readonly known: Known;
  readonly at: number;
  readonly steps: number;
  readonly whole: boolean;
  /** Likeness times length: a long text that fits beats a short one that fits by chance. */
  readonly score: number;
}

export class AgentWords {
  readonly #spoken: Known[] = [];

  /** What a sandbox before this one knew: speech stored by the server is heard after a restart, too. */
  constructor(kept: readonly KnownSpeech[] = []) {
    for (const { text, words, loudness, leadMs } of kept.slice(0, SPOKEN_MAX)) {
      this.#spoken.push({ text, words, loudness: Float32Array.from(loudness), leadMs });
    }
  }

  /** For the constructor of the next. */
  get known(): readonly KnownSpeech[] {
    return this.#spoken.map((each) => ({
      ...each,
      loudness: Array.from(each.loudness, Math.round),
    }));
  }

  /** To be told of everything a voice of the sandbox says. */
  add({ text: piece, samples, sampleRate, words }: SpokenText): void {
    const text = piece.trim();
    if (this.#spoken.some((known) => known.text === text)) return;
    const { loudness, leadMs } = trim(loudnessOf(samples, sampleRate));
    this.#spoken.unshift({ text, words, loudness, leadMs });
    if (this.#spoken.length > SPOKEN_MAX) this.#spoken.pop();
  }

  /**
   * What was heard from `fromMs` to `toMs`, cut off where the sound was; undefined when it is none of the texts known.
   * The earpiece must keep its audio.
   */
  heard(earpiece: Earpiece, fromMs: number, toMs: number): string | undefined {
    const line = lineLoudness(earpiece, fromMs, toMs);
    const taken = new Uint8Array(line.length);
    const found: Match[] = [];
    for (let piece = 0; piece < PIECES_MAX; piece += 1) {
      const best = this.#best(line, taken);
      if (!best) break;
      found.push(best);
      taken.fill(1, best.at, best.at + best.steps);
    }
    if (found.length === 0) return undefined;
    return found
      .toSorted((one, other) => one.at - other.at)
      .map(textOf)
      .join(' ');
  }

  /** The text that explains the most of what is not yet explained. */
  #best(line: Float32Array, taken: Uint8Array): Match | undefined {
    let best: Match | undefined;
    for (const known of this.#spoken) {
      const match = find(known, line, taken);
      if (match && match.score > (best?.score ?? 0)) best = match;
    }
    return best;
  }
}

/** The best place for a text in what is left of the line. A text may be cut off where the sound ends. */
function find(known: Known, line: Float32Array, taken: Uint8Array): Match | undefined {
  const { loudness } = known;
  let best: Match | undefined;
  for (let at = 0; at + STEPS_MIN <= line.length; at += 1) {
    if (taken[at] === 1 || line[at] === 0) continue;
    const steps = Math.min(loudness.length, soundUntil(line, taken, at, loudness.length) - at);
    const whole = steps >= loudness.length - TAIL_STEPS;
    if (steps < (whole ? STEPS_MIN : CUT_STEPS_MIN)) continue;
    const likeness = correlation(loudness, line, at, steps);
    const score = likeness * steps;
    if (likeness > LIKENESS_MIN && score > (best?.score ?? 0)) {
      best = { known, at, steps, whole, score };
    }
  }
  return best;
}

function textOf({ known: { text, words, leadMs }, steps, whole }: Match): string {
  if (whole) return text;
  const cut = words.filter(({ endMs }) => endMs - leadMs <= (steps + 1) * STEP_MS);
  return `${cut.map((word) => word.text).join(' ')} –`;
}

/** Where the line falls silent for good within `max` steps from `at`, or what is explained already begins. */
function soundUntil(line: Float32Array, taken: Uint8Array, at: number, max: number): number {
  const next = taken.indexOf(1, at);
  let end = Math.min(next < 0 ? line.length : next, at + max);
  while (end > at && line[end - 1] === 0) end -= 1;
  return end;
}

function correlation(a: Float32Array, b: Float32Array, at: number, steps: number): number {
  let sumA = 0;
  let sumB = 0;
  for (let step = 0; step < steps; step += 1) {
    sumA += a[step]!;
    sumB += b[at + step]!;
  }
  const meanA = sumA / steps;
  const meanB = sumB / steps;
  let both = 0;
  let ofA = 0;
  let ofB = 0;
  for (let step = 0; step < steps; step += 1) {
    const x = a[step]! - meanA;
    const y = b[at + step]! - meanB;
    both += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return both / Math.sqrt(ofA * ofB || 1);
}

function lineLoudness(earpiece: Earpiece, fromMs: number, toMs: number): Float32Array {
  const length = Math.max(0, Math.ceil(toMs - fromMs)) * (LINE_RATE / 1000);
  const samples = new Int16Array(length);
  for (const { startMs, bytes } of earpiece.pieces) {
    const offset = Math.round((startMs - fromMs) * (LINE_RATE / 1000));
    if (offset >= length || offset + bytes.length <= 0) continue;
    const inside = bytes.subarray(Math.max(0, -offset), length - offset);
    samples.set(decodeMulaw(inside), Math.max(0, offset));
  }
  return loudnessOf(samples, LINE_RATE);
}

/** Mean absolute value of each step; what is too quiet to hear is 0. */
function loudnessOf(samples: Int16Array, sampleRate: number): Float32Array {
  const size = Math.round((sampleRate * STEP_MS) / 1000);
  return Float32Array.from({ length: Math.floor(samples.length / size) }, (_, step) => {
    let sum = 0;
    for (let at = step * size; at < (step + 1) * size; at += 1) sum += Math.abs(samples[at]!);
    const mean = sum / size;
    return mean < 40 ? 0 : mean;
  });
}

/** Without the silence before and after, and without the soft beginning that stored speech may have lost. */
function trim(loudness: Float32Array): { loudness: Float32Array; leadMs: number } {
  const first = Math.max(
    0,
    loudness.findIndex((each) => each >= AUDIBLE_LEVEL),
  );
  const last = loudness.findLastIndex((each) => each > 0);
  return { loudness: loudness.subarray(first, last + 1), leadMs: first * STEP_MS };
}
