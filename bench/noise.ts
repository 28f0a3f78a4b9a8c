// What taking noise out does for a recogniser: numbers dictated on a telephone line under office noise, heard with and without
// RNNoise before it. The recogniser is the sandbox's, which knows what callers say and no more: `node bench/noise.ts`.

import { readdirSync, readFileSync } from 'node:fs';
import { openGrammarHearing } from '../sandbox/speech/grammar-hearing.ts';
import { openSpeaker } from '../sandbox/speech/speaking.ts';
import type { Hearing } from '../sandbox/speech/hearing.ts';
import { quietLog } from '../src/lib/log.ts';
import { systemClock } from '../src/lib/clock.ts';
import { openNoiseSuppressor } from '../src/pipeline/audio/noise-suppressor.ts';
import { parseWav } from '../src/pipeline/audio/wav.ts';
import { bare, callerPhrases } from '../test/sandbox/support/caller-phrases.ts';
import { frames, join, mix, randomNumbers, silence } from '../test/support/sounds.ts';
import { haveRecordings } from './support/labelled-speech.ts';
import { printMachine } from './support/measure.ts';

const folder = new URL('../../shared/speech/', import.meta.url);
const RATE = 8000;
const FRAME = 160;
/** Digits in a number, and numbers of each speaker. */
const DIGITS = 7;
const NUMBERS = 4;
const names = 'zero one two three four five six seven eight nine'.split(' ');
/** Noise alone before the first word: the suppressor learns what it is. */
const LEAD_MS = 1000;
/** Read when it is first needed. */
let office: Int16Array | undefined;

interface Dictation {
  readonly words: readonly string[];
  readonly samples: Int16Array;
}

printMachine();
if (haveRecordings()) await measure();
else console.log('no recordings beside the project: nothing is measured');

async function measure(): Promise<void> {
  const hearing = await openGrammarHearing();
  const sets: readonly (readonly [string, readonly Dictation[]])[] = [
    ['numbers, digits as six people said each', dictations()],
    ['sentences of callers, four made voices', await sentences()],
  ];
  await suppressed(silence(RATE, 100));
  for (const [what, said] of sets) await compare(hearing, what, said);
  await hearing.close();
}

async function compare(hearing: Hearing, what: string, said: readonly Dictation[]): Promise<void> {
  const words = said.reduce((sum, each) => sum + each.words.length, 0);
  console.log(`\n${what}: ${said.length}, ${words} words`);
  for (const noiseDb of [Number.POSITIVE_INFINITY, 40, 20, 10, 5]) {
    const plain = await accuracy(hearing, said, noiseDb, (each) => Promise.resolve(each));
    const clean = await accuracy(hearing, said, noiseDb, suppressed);
    const name = Number.isFinite(noiseDb) ? `noise ${noiseDb} dB below speech` : 'no noise';
    console.log(`${name}: ${plain} as it is, ${clean} with suppression`);
  }
}

/** Words heard in their place, and sentences heard whole. */
async function accuracy(
  hearing: Hearing,
  said: readonly Dictation[],
  noiseDb: number,
  treated: (samples: Int16Array) => Promise<Int16Array>,
): Promise<string> {
  let errors = 0;
  let count = 0;
  let whole = 0;
  for (const [index, { words, samples }] of said.entries()) {
    const stream = hearing.listen(RATE)!;
    const line = await treated(noisy(samples, noiseDb, index));
    stream.add(line.subarray((RATE * (LEAD_MS - 300)) / 1000));
    const heard = (await stream.finish()).flatMap(({ text }) => wordsOf(text));
    stream.close();
    const wrong = distance(words.map(digit), heard.map(digit));
    errors += wrong;
    count += words.length;
    if (wrong === 0) whole += 1;
  }
  const share = Math.max(0, 1 - errors / count);
  return `${(share * 100).toFixed(1)} % of words (${whole} of ${said.length} whole)`;
}

function speakers(): string[] {
  return readdirSync(new URL('fsdd/', folder))
    .filter((name) => name.endsWith('.wav'))
    .map((name) => name.split('_')[1]!);
}

/** Each digit as its speaker has said it, some 120 ms between two. */
function dictations(): Dictation[] {
  const random = randomNumbers(11);
  return [...new Set(speakers())].toSorted().flatMap((speaker) =>
    Array.from({ length: NUMBERS }, () => {
      const digits = Array.from({ length: DIGITS }, () => Math.floor(random() * 10));
      const sounds = digits.flatMap((digit) => {
        const take = Math.floor(random() * 3);
        const file = new URL(`fsdd/${digit}_${speaker}_${take}.wav`, folder);
        return [parseWav(readFileSync(file)).samples, silence(RATE, 120)];
      });
      return { words: digits.map((digit) => names[digit]!), samples: join(...sounds) };
    }),
  );
}

/** What the recogniser's grammar fits, each said by one of four voices in turn. */
async function sentences(): Promise<Dictation[]> {
  const speaker = openSpeaker();
  const voices = ['kal', 'slt', 'rms', 'awb'] as const;
  const made = callerPhrases.map(async (phrase, index) => {
    const voice = voices[index % voices.length]!;
    const { samples } = await speaker.speak(phrase, { voice, sampleRate: RATE });
    return { words: wordsOf(phrase), samples };
  });
  const said = await Promise.all(made);
  await speaker.close();
  return said;
}

/** As the recogniser spells them. */
function wordsOf(text: string): string[] {
  return bare(text)
    .replaceAll(/\b([ap])m\b/g, '$1 m')
    .split(' ');
}

/** The office, from another moment each time, so many decibels below the speech; a second of it before and a bit after. */
function noisy(samples: Int16Array, noiseDb: number, index: number): Int16Array {
  const whole = join(silence(RATE, LEAD_MS), samples, silence(RATE, 300));
  const padded = join(whole, silence(RATE, 20)).subarray(
    0,
    Math.ceil(whole.length / FRAME) * FRAME,
  );
  if (!Number.isFinite(noiseDb)) return padded;
  office ??= parseWav(readFileSync(new URL('noise/dograh_office_ambience_8k.wav', folder))).samples;
  const from = (index * 37_000) % (office.length - padded.length);
  const piece = office.subarray(from, from + padded.length);
  const gain = 10 ** ((level(samples) - noiseDb - level(piece)) / 20);
  return mix(
    padded,
    piece.map((sample) => sample * gain),
  );
}

/** Decibels. */
function level(samples: Int16Array): number {
  const squares = samples.reduce((sum, sample) => sum + sample ** 2, 0);
  return 10 * Math.log10(squares / samples.length + 1e-3);
}

async function suppressed(samples: Int16Array): Promise<Int16Array> {
  using suppressor = openNoiseSuppressor(RATE, quietLog);
  // Loaded once for the process; until then audio goes by as it is.
  await systemClock.sleep(50);
  return join(...frames(samples, RATE).map((frame) => suppressor.push(frame).slice()));
}

/** "Oh" is zero. */
function digit(word: string): string {
  return word === 'oh' ? 'zero' : word;
}

/** Insertions, deletions and replacements between two texts. */
function distance(wanted: readonly string[], got: readonly string[]): number {
  let row = Array.from({ length: got.length + 1 }, (_, i) => i);
  for (const [i, word] of wanted.entries()) {
    const next = [i + 1];
    for (const [j, other] of got.entries()) {
      const replaced = row[j]! + (word === other ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
