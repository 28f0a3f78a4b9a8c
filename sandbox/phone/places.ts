// Where a caller is: what the telephone hears of the place, 8 kHz, made by arithmetic or read from a recording.

import { readFile } from 'node:fs/promises';
import { parseWav } from '../../src/pipeline/audio/wav.ts';
import { noise } from './caller-speech.ts';

/** Of a place that is made; it is repeated. */
const PLACE_MS = 30_000;
/** The noise of a line is the same all the time. */
const LINE_MS = 1000;
/** Something drives by so often, on average. */
const PASS_MS = 5000;
/** Of a recording, as much as is used. */
const RECORDING_MAX = 8000 * 300;

type Random = () => number;

export const places: readonly string[] = ['line', 'car', 'street'];

/**
 * The sound of `place`, one of `places` or the path of a WAV file of 8 kHz. `rms`: how loud, in steps of 16-bit audio. Throws an
 * Error with a sentence for the user.
 */
export async function placeSound(place: string, rms: number): Promise<Int16Array> {
  if (place === 'line') return noise(LINE_MS, rms);
  const sound = await soundOf(place);
  const squares = sound.reduce((sum, sample) => sum + sample ** 2, 0);
  const gain = rms / Math.sqrt(squares / sound.length + 1e-9);
  return sound.map((sample) => Math.max(-32_768, Math.min(32_767, sample * gain)));
}

async function soundOf(place: string): Promise<Int16Array> {
  if (place === 'car') return car(PLACE_MS, openRandom());
  if (place === 'street') return street(PLACE_MS, openRandom());
  const { samples, sampleRate } = parseWav(await readFile(place));
  if (sampleRate !== 8000 || samples.length === 0) {
    throw new Error(`${place} is not a recording of 8 kHz`);
  }
  return samples.subarray(0, RECORDING_MAX);
}

/** Tyres and engine: low, and steady but for the road. */
export function car(ms: number, random: Random): Int16Array {
  let [low, road] = [0, 0];
  return Int16Array.from({ length: ms * 8 }, () => {
    low += 0.03 * (2 * random() - 1 - low);
    road += 0.0002 * (2 * random() - 1 - road);
    return 30_000 * low * (1 + 20 * road) + 300 * (2 * random() - 1);
  });
}

/** A murmur of traffic, and something that drives by every few seconds, 12 dB louder. */
export function street(ms: number, random: Random): Int16Array {
  const pink = pinkNoise(random);
  const passes = Array.from({ length: Math.ceil(ms / PASS_MS) }, () => ({
    at: random() * ms * 8,
    width: (0.6 + random()) * 8000,
  }));
  return Int16Array.from({ length: ms * 8 }, (_, i) => {
    const near = passes.reduce(
      (sum, { at, width }) => sum + 3 * Math.exp(-(((i - at) / width) ** 2)),
      1,
    );
    return 1200 * near * pink();
  });
}

/** Equal power in each octave, about. */
function pinkNoise(random: Random): () => number {
  const rows = new Float64Array(8);
  let count = 0;
  return () => {
    count += 1;
    for (let row = 0; row < rows.length; row += 1) {
      if (count % 2 ** row === 0) rows[row] = 2 * random() - 1;
    }
    return rows.reduce((sum, each) => sum + each, 0) / 3;
  };
}

/** The same numbers for every call. */
function openRandom(): Random {
  let state = 0x2545_f491;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
