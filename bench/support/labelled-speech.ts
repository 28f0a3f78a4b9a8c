// Speech on a telephone line of which is known when somebody speaks: recordings with pauses between, under office noise.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseWav } from '../../src/pipeline/audio/wav.ts';
import { frames, join, mix, randomNumbers, silence } from '../../test/support/sounds.ts';

const folder = new URL('../../../shared/speech/', import.meta.url);
const RATE = 8000;

export interface LabelledSpeech {
  /** 8 kHz. */
  readonly samples: Int16Array;
  /** For each 20 ms frame; undefined where it is not clear: the edges of words and short gaps between them. */
  readonly voiced: readonly (boolean | undefined)[];
}

/** Whether the recordings are on this machine. */
export function haveRecordings(): boolean {
  return existsSync(folder);
}

/**
 * Minutes of prompts and digits with pauses of 0.4 to 2 s. A frame is labelled on the clean recording: voiced where it is
 * within 30 dB of the recording's loudest frame, unvoiced in the pauses. `noiseDb`: office noise below the speech.
 */
export function labelledSpeech(noiseDb: number): LabelledSpeech {
  const random = randomNumbers(7);
  const parts: Int16Array[] = [];
  const voiced: (boolean | undefined)[] = [];
  for (const file of files()) {
    const { samples, sampleRate } = parseWav(readFileSync(file));
    if (sampleRate !== RATE) continue;
    // Whole frames, so that labels stay in step.
    const clip = join(samples, new Int16Array((160 - (samples.length % 160)) % 160));
    const pause = silence(RATE, 400 + 20 * Math.floor(random() * 80));
    parts.push(clip, pause);
    voiced.push(...label(clip), ...unclear(pause.length / 160));
  }
  const clean = join(...parts);
  const noise = repeat(readNoise(), clean.length);
  const gain = 10 ** ((loudness(clean, voiced) - noiseDb - loudness(noise)) / 20);
  return {
    samples: mix(
      clean,
      noise.map((sample) => sample * gain),
    ),
    voiced,
  };
}

function files(): URL[] {
  const prompts = readdirSync(new URL('asterisk-en/', folder)).toSorted();
  const digits = readdirSync(new URL('fsdd/', folder)).toSorted();
  return [
    ...prompts.filter((_, i) => i % 4 === 0).map((name) => `asterisk-en/${name}`),
    ...digits.filter((_, i) => i % 4 === 0).map((name) => `fsdd/${name}`),
  ]
    .filter((name) => name.endsWith('.wav'))
    .map((name) => new URL(name, folder));
}

function label(clip: Int16Array): (boolean | undefined)[] {
  const levels = frames(clip, RATE).map((frame) => loudness(frame));
  const loudest = Math.max(...levels);
  const loud = levels.map((level) => level > loudest - 30);
  return loud.map((each, i) => {
    if (!each) return undefined;
    // A single loud frame may be a click or a breath.
    return loud[i - 1] || loud[i + 1] ? true : undefined;
  });
}

/** The first 100 ms of a pause belong to the word before it: reverberation, and every detector's hang-over. */
function unclear(length: number): (boolean | undefined)[] {
  return Array.from({ length }, (_, i) => (i < 5 ? undefined : false));
}

function readNoise(): Int16Array {
  return parseWav(readFileSync(new URL('noise/dograh_office_ambience_8k.wav', folder))).samples;
}

function repeat(samples: Int16Array, length: number): Int16Array {
  return Int16Array.from({ length }, (_, i) => samples[i % samples.length]!);
}

/** Decibels; of the frames labelled as voiced where labels are given. */
function loudness(samples: Int16Array, voiced?: readonly (boolean | undefined)[]): number {
  let squares = 0;
  let count = 0;
  for (let i = 0; i < samples.length; i += 1) {
    if (voiced && !voiced[Math.floor(i / 160)]) continue;
    squares += samples[i]! ** 2;
    count += 1;
  }
  return 10 * Math.log10(squares / Math.max(1, count) + 1e-3);
}
