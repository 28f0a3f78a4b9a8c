// Lines of callers in loud places: office, car, street, other people's talk, sudden sounds, at several distances from speech.

import { readdirSync, readFileSync } from 'node:fs';
import { car, street } from '../../sandbox/phone/places.ts';
import { encodeMulaw, decodeMulaw } from '../../src/pipeline/audio/mulaw.ts';
import { loadResampler } from '../../src/pipeline/audio/resample.ts';
import { parseWav } from '../../src/pipeline/audio/wav.ts';
import { frames, join, mix, randomNumbers, silence } from '../../test/support/sounds.ts';
import { spokenWords } from './spoken-turns.ts';
import type { TimedWord } from './spoken-turns.ts';

const folder = new URL('../../../shared/speech/', import.meta.url);
export const RATE = 8000;
const FRAME = RATE / 50;
/** Callers in their words, decibels of full scale. */
export const CALLER_DB = -22;
/** Frames within so many decibels of the loudest are words. */
const WORDS_DB = 30;
const PLACES_MS = 70_000;
/** People who talk in the background of a bar; on a television it is one at a time. */
const TALKERS = 5;

export type Place = 'office' | 'car' | 'street' | 'bar' | 'television' | 'sudden';
export const places: readonly Place[] = ['office', 'car', 'street', 'bar', 'television', 'sudden'];

type Random = () => number;

const openResampler = await loadResampler();
const made = new Map<string, Int16Array>();
const television: [TimedWord[], TimedWord[]] = [[], []];

/**
 * More than a minute of a place, `belowDb` under a caller: by its mean power, sudden sounds by their loudest. `half`: each has moments and
 * voices of its own.
 */
export function placeNoise(place: Place, belowDb: number, half: 0 | 1): Int16Array {
  const name = `${place} ${half}`;
  const sound = made.get(name) ?? makePlace(place, half);
  made.set(name, sound);
  const gain = 10 ** ((CALLER_DB - belowDb - loudness(sound, place === 'sudden' ? 12 : 200)) / 20);
  return sound.map((sample) => Math.max(-32_768, Math.min(32_767, sample * gain)));
}

/**
 * What is said in a place where one person at a time speaks, for `ms` from the sample `from` of its sound on, which goes round; nothing
 * is understood elsewhere.
 */
export function overheard(place: Place, half: 0 | 1, from: number, ms: number): TimedWord[] {
  if (place !== 'television') return [];
  const roundMs = placeNoise(place, 0, half).length / 8;
  const words = television[half].flatMap(({ text, endMs }) => {
    const first = (((endMs - from / 8) % roundMs) + roundMs) % roundMs;
    const rounds = Math.max(0, Math.ceil((ms - first) / roundMs));
    return Array.from({ length: rounds }, (_, round) => ({ text, endMs: first + round * roundMs }));
  });
  return words.toSorted((one, other) => one.endMs - other.endMs);
}

/** As the carrier codes it. */
export function coded(samples: Int16Array): Int16Array {
  return decodeMulaw(encodeMulaw(samples));
}

/** `samples` with the place under them, from some moment on. */
export function inPlace(samples: Int16Array, noise: Int16Array, from: number): Int16Array {
  return mix(
    samples,
    samples.map((_, i) => noise[(from + i) % noise.length]!),
  );
}

/** As loud in its words as callers are. */
export function asCaller(samples: Int16Array): Int16Array {
  const gain = 10 ** ((CALLER_DB - loudness(samples, WORDS_DB)) / 20);
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, sample * gain)));
}

function makePlace(place: Place, half: 0 | 1): Int16Array {
  const random = randomNumbers(31 + half);
  switch (place) {
    case 'office':
      return officeOf(half);
    case 'car':
      return car(PLACES_MS, random);
    case 'street':
      return street(PLACES_MS, random);
    case 'bar':
      return talk(TALKERS, half, random);
    case 'television':
      return talk(1, half, random);
    case 'sudden':
      return sudden(random);
  }
}

function officeOf(half: 0 | 1): Int16Array {
  const office = read('noise/dograh_office_ambience_8k.wav');
  const middle = Math.floor(office.length / 2);
  return half === 0 ? office.slice(0, middle) : office.slice(middle);
}

/** Other people, each for themselves. */
function talk(count: number, half: 0 | 1, random: Random): Int16Array {
  const talkers = Array.from({ length: count }, () => {
    const prompts = promptNames().filter((_, index) => index % 2 === half);
    const parts: Int16Array[] = [];
    for (let length = 0; length < PLACES_MS * 8;) {
      const name = prompts[Math.floor(random() * prompts.length)]!;
      const said = read(`asterisk-en/${name}`);
      if (count === 1) {
        const words = spokenWords(name, said);
        for (const { text, endMs } of words) {
          television[half].push({ text, endMs: length / 8 + endMs });
        }
      }
      const pause = silence(RATE, 200 + 1200 * random());
      parts.push(asCaller(said), pause);
      length += said.length + pause.length;
    }
    const size = 0.3 + 0.7 * random();
    return join(...parts).map((sample) => sample * size);
  });
  return Int16Array.from({ length: PLACES_MS * 8 }, (_, i) =>
    talkers.reduce((sum, each) => sum + each[i]! / 3, 0),
  );
}

/** A door, a dog, a cough, a cup: one every two to four seconds, on a line that is quiet in between. */
function sudden(random: Random): Int16Array {
  const kinds = [door, bark, cough, cup];
  const sound = new Int16Array(PLACES_MS * 8);
  for (let at = RATE; at < sound.length - 2 * RATE;) {
    const kind = kinds[Math.floor(random() * kinds.length)]!;
    const event = kind(random);
    sound.set(event, Math.floor(at));
    at += event.length + (2 + 2 * random()) * RATE;
  }
  return sound.map((sample) => sample + 12 * (2 * random() - 1));
}

function door(random: Random): Int16Array {
  let low = 0;
  return burst(260, (ms) => {
    low += 0.12 * (2 * random() - 1 - low);
    return 3.5 * low * Math.exp(-ms / 60);
  });
}

/** One or two, each a fall of pitch with harmonics. */
function bark(random: Random): Int16Array {
  const once = () => {
    let phase = 0;
    const pitch = 350 + 250 * random();
    return burst(170, (ms) => {
      phase += (2 * Math.PI * pitch * (1.2 - ms / 300)) / RATE;
      const voice = Math.sin(phase) + 0.7 * Math.sin(2 * phase) + 0.5 * Math.sin(3 * phase);
      return (0.4 * voice + 0.25 * (2 * random() - 1)) * Math.sin((Math.PI * ms) / 170);
    });
  };
  return random() < 0.5 ? once() : join(once(), silence(RATE, 140), once());
}

/** Noise through a throat, two pushes. */
function cough(random: Random): Int16Array {
  const once = (length: number) => {
    let [one, two] = [0, 0];
    return burst(length, (ms) => {
      const push = 2 * random() - 1;
      const next = 1.5 * one - 0.72 * two + push;
      [two, one] = [one, next];
      return 0.22 * next * Math.exp(-ms / (length / 3));
    });
  };
  return join(once(220), silence(RATE, 60), once(160));
}

function cup(random: Random): Int16Array {
  const pitch = 1800 + 900 * random();
  return burst(120, (ms) => Math.sin((2 * Math.PI * pitch * ms) / 1000) * Math.exp(-ms / 25));
}

function burst(lengthMs: number, at: (ms: number) => number): Int16Array {
  return Int16Array.from({ length: lengthMs * 8 }, (_, i) =>
    Math.max(-32_768, Math.min(32_767, 16_000 * at(i / 8))),
  );
}

/** Decibels of full scale, of the frames within `withinDb` of the loudest. */
function loudness(samples: Int16Array, withinDb: number): number {
  const levels = frames(samples, RATE).map(
    (frame) => frame.reduce((sum, sample) => sum + sample ** 2, 0) / FRAME + 1e-3,
  );
  const loudest = Math.max(...levels);
  const loud = levels.filter((level) => level >= loudest / 10 ** (withinDb / 10));
  return 10 * Math.log10(loud.reduce((sum, level) => sum + level, 0) / loud.length / 32_768 ** 2);
}

function promptNames(): string[] {
  return readdirSync(new URL('asterisk-en/', folder))
    .filter((name) => name.endsWith('.wav'))
    .toSorted();
}

function read(file: string): Int16Array {
  const { samples, sampleRate } = parseWav(readFileSync(new URL(file, folder)));
  if (sampleRate === RATE) return samples;
  using resampler = openResampler(sampleRate, RATE);
  return resampler.push(samples);
}
