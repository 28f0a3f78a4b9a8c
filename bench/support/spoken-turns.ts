// Turns of callers of which the true end is known: recordings with pauses cut into them, numbers and names put together.

import { readdirSync, readFileSync } from 'node:fs';
import { loadResampler } from '../../src/pipeline/audio/resample.ts';
import { parseWav } from '../../src/pipeline/audio/wav.ts';
import { frames, join, mix, randomNumbers, silence, vowels } from '../../test/support/sounds.ts';

const folder = new URL('../../../shared/speech/', import.meta.url);
export const RATE = 8000;
const FRAME = RATE / 50;
/** Frames within so many decibels of the loudest are speech. */
const SPEECH_DB = 30;
/** Sentences of people on the telephone are not longer. */
const WORDS_MAX = 22;
const WORDS_MIN = 3;
/** How often the recogniser leaves out a full stop at the end, and puts one where there is only a pause. */
const STOP_MISSED = 0.1;
const STOP_INVENTED = 0.05;

/** Prompts that others are put behind or before, and notes on prompts: nobody ends a turn so. */
const fragment = /^[^A-Z]|\(|\.\.\.|\b(as|is|at|for|the|are|to|of)[.…]*$/;

export interface TimedWord {
  readonly text: string;
  /** From the start of the turn. */
  readonly endMs: number;
}

export interface SpokenTurn {
  readonly kind: 'sentence' | 'number' | 'spelling' | 'brief' | 'recorded stream';
  /** What we said before. */
  readonly question: string;
  readonly samples: Int16Array;
  /** As the recogniser writes them when asked right after the word. */
  readonly words: readonly TimedWord[];
  readonly pauses: number;
  /** Where speech ends, for good. */
  readonly endMs: number;
}

interface Clip {
  readonly text: string;
  readonly samples: Int16Array;
}

type Random = () => number;

const openResampler = await loadResampler();

/** The same turns on every run. `half`: the rules were tuned on the first and are judged on the second. */
export function spokenTurns(half: 0 | 1): SpokenTurn[] {
  const random = randomNumbers(11 + half);
  const turns: SpokenTurn[] = [];
  const prompts = readPrompts().filter((_, index) => index % 2 === half);
  const habits = [0.7, 0.9, 1.1, 1.5];
  for (const [index, prompt] of prompts.entries()) {
    // Some callers think longer than others; eight turns in a row are of one caller.
    const habit = habits[Math.floor(index / 8) % habits.length]!;
    turns.push(sentence(prompt, habit, random));
  }
  for (let index = 0; index < 24; index += 1) turns.push(phoneNumber(half, index, random));
  for (let index = 0; index < 4; index += 1) turns.push(spelledName(half, index, random));
  turns.push(...briefAnswers().filter((_, index) => index % 2 === half));
  turns.push(...recordedStreams().filter((_, index) => index % 2 === half));
  return turns;
}

/** Noise of the office under everything, 25 dB below. */
export function noisy(samples: Int16Array): Int16Array {
  const noise = officeNoise();
  const gain = 10 ** ((level(samples) - 25 - level(noise)) / 20);
  return mix(
    samples,
    samples.map((_, i) => noise[i % noise.length]! * gain),
  );
}

let office: Int16Array | undefined;
let promptTexts: ReadonlyMap<string, string> | undefined;

function officeNoise(): Int16Array {
  office ??= parseWav(read('noise/dograh_office_ambience_8k.wav')).samples;
  return office;
}

function readPrompts(): Clip[] {
  const lines = new TextDecoder().decode(read('asterisk-en/TRANSCRIPTS.txt')).split('\n');
  const known = new Set(readdirSync(new URL('asterisk-en/', folder)));
  return lines.flatMap((line) => {
    const match = /^([\w-]+): (.+)$/.exec(line.trim());
    if (!match || !known.has(`${match[1]}.wav`) || match[2]!.includes('[')) return [];
    const text = match[2]!.replaceAll(/\s+/g, ' ').trim();
    const count = text.split(' ').length;
    if (count < WORDS_MIN || count > WORDS_MAX || fragment.test(text)) return [];
    return [{ text, samples: trimmed(load(`asterisk-en/${match[1]}.wav`)) }];
  });
}

/** The words of a prompt, where they are known; `name` is its file's. */
export function spokenWords(name: string, samples: Int16Array): TimedWord[] {
  promptTexts ??= new Map(
    new TextDecoder()
      .decode(read('asterisk-en/TRANSCRIPTS.txt'))
      .split('\n')
      .flatMap((line) => {
        const match = /^([\w-]+): (.+)$/.exec(line.trim());
        return match ? [[`${match[1]}.wav`, match[2]!.trim()] as const] : [];
      }),
  );
  const texts = promptTexts.get(name)?.split(/\s+/) ?? [];
  const bounds = texts.length > 0 ? boundaries(samples, texts) : [];
  return texts.map((text, index) => ({ text, endMs: bounds[index]! / 8 }));
}

/** A prompt as a caller's turn, with one or two pauses between its words in four of five. */
function sentence(clip: Clip, habit: number, random: Random): SpokenTurn {
  const texts = clip.text.split(' ');
  const wanted = texts.length < 5 || random() < 0.2 ? 0 : random() < 0.25 ? 2 : 1;
  const at = new Set<number>();
  for (let tries = 0; at.size < wanted && tries < 10; tries += 1) {
    at.add(1 + Math.floor(random() * (texts.length - 1)));
  }
  const bounds = boundaries(clip.samples, texts);
  const parts: Int16Array[] = [];
  const words: TimedWord[] = [];
  let from = 0;
  let shift = 0;
  for (const [index, text] of texts.entries()) {
    const end = bounds[index]!;
    const last = index === texts.length - 1;
    words.push({ text: written(text, last, at.has(index + 1), random), endMs: (end + shift) / 8 });
    if (!at.has(index + 1)) continue;
    const pause = silence(RATE, habit * pauseMs(random));
    parts.push(clip.samples.subarray(from, end), pause);
    from = end;
    shift += pause.length;
  }
  parts.push(clip.samples.subarray(from));
  return turn('sentence', '', join(...parts), words, at.size);
}

/** Most pauses inside a turn are half a second; some are a second and more. */
function pauseMs(random: Random): number {
  const gauss = random() + random() + random() - 1.5;
  return Math.min(2000, Math.max(250, 600 * Math.exp(0.9 * gauss)));
}

/** Recorded streams end with a full stop and pause without one, but for a few. */
function written(text: string, last: boolean, pause: boolean, random: Random): string {
  const bare = text.replace(/[.,;:!?…]+$/, '');
  if (last) return random() < STOP_MISSED ? bare : `${bare}${text.endsWith('?') ? '?' : '.'}`;
  if (/[.!?]$/.test(text)) return `${bare}.`;
  if (pause) return random() < STOP_INVENTED ? `${bare}.` : bare;
  return text;
}

function phoneNumber(half: 0 | 1, index: number, random: Random): SpokenTurn {
  const speakers = half === 0 ? ['george', 'lucas', 'theo'] : ['jackson', 'nicolas', 'yweweler'];
  const speaker = speakers[index % speakers.length]!;
  const clips = Array.from({ length: 10 }, () => {
    const digit = Math.floor(random() * 10);
    const take = Math.floor(random() * 3);
    return { text: String(digit), samples: trimmed(load(`fsdd/${digit}_${speaker}_${take}.wav`)) };
  });
  const gaps = clips.map((_, at) => {
    if (at === 9) return 0;
    return at === 2 || at === 5 ? 350 + 700 * random() : 60 + 90 * random();
  });
  return strung('number', 'What is your phone number?', clips, gaps, 2);
}

function spelledName(half: 0 | 1, index: number, random: Random): SpokenTurn {
  const speaker = half === 0 ? 'petewarden' : 'evmaki';
  const takes = half === 0 ? 4 : 2;
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const clips = Array.from({ length: 5 }, (_, at) => {
    const text = letters[(index * 5 + at * 7) % letters.length]!;
    const take = Math.floor(random() * takes);
    const samples = load(`alphanumeric/${text}/${speaker}_nohash_${take}.wav`);
    return { text, samples: trimmed(samples) };
  });
  const gaps = clips.map((_, at) => (at === 4 ? 0 : 120 + 450 * random()));
  return strung('spelling', 'Could you spell your last name for me?', clips, gaps, 1);
}

function strung(
  kind: SpokenTurn['kind'],
  question: string,
  clips: readonly Clip[],
  gapsMs: readonly number[],
  pauses: number,
): SpokenTurn {
  const words: TimedWord[] = [];
  const parts: Int16Array[] = [];
  let length = 0;
  for (const [index, clip] of clips.entries()) {
    length += clip.samples.length;
    words.push({ text: clip.text, endMs: length / 8 });
    const gap = silence(RATE, gapsMs[index]!);
    parts.push(clip.samples, gap);
    length += gap.length;
  }
  return turn(kind, question, join(...parts), words, pauses);
}

function briefAnswers(): SpokenTurn[] {
  const asked: readonly (readonly [file: string, question: string, text: string])[] = [
    ['230pm', 'What time would you like?', '2:30 PM'],
    ['book_a_room', 'How can I help you?', 'Book a room.'],
    ['half_an_hour', 'For how long?', 'Half an hour'],
    ['mountain_view', 'Which office is it?', 'Mountain View'],
    ['today', 'Which day would you like?', 'Today'],
    ['two_people', 'For how many people?', 'Two people'],
  ];
  return asked.map(([file, question, text]) => {
    const samples = trimmed(load(`dialogflow/${file}.wav`));
    const texts = text.split(' ');
    const bounds = boundaries(samples, texts);
    const words = texts.map((each, index) => ({ text: each, endMs: bounds[index]! / 8 }));
    return turn('brief', question, samples, words, 0);
  });
}

interface RecordedEvent {
  readonly data: {
    readonly type: string;
    readonly is_final?: boolean;
    readonly channel?: {
      readonly alternatives: readonly [
        {
          readonly words: readonly {
            readonly punctuated_word: string;
            readonly start: number;
            readonly end: number;
          }[];
        },
      ];
    };
  };
}

/** Streams that were recorded with a recogniser: its words, its punctuation, its times; the sound stands in for the speaker. */
function recordedStreams(): SpokenTurn[] {
  const files = readdirSync(new URL('deepgram-events/', folder)).toSorted();
  return files.flatMap((file): SpokenTurn[] => {
    if (file.includes('flux')) return [];
    const { events } = JSON.parse(new TextDecoder().decode(read(`deepgram-events/${file}`))) as {
      events: RecordedEvent[];
    };
    const heard = events
      .filter(({ data }) => data.type === 'Results' && data.is_final)
      .flatMap(({ data }) => data.channel!.alternatives[0].words);
    if (heard.length === 0) return [];
    const startMs = heard[0]!.start * 1000;
    const endMs = heard.at(-1)!.end * 1000 - startMs;
    const samples = silence(RATE, endMs);
    for (const word of heard) {
      const from = Math.round((word.start * 1000 - startMs) * 8);
      const to = Math.min(samples.length, Math.round((word.end * 1000 - startMs) * 8));
      samples.set(vowels(RATE, (to - from) / 8).subarray(0, to - from), from);
    }
    const words = heard.map((word) => ({
      text: word.punctuated_word,
      endMs: word.end * 1000 - startMs,
    }));
    const pauses = heard.filter((word, i) => i > 0 && word.start - heard[i - 1]!.end > 0.25).length;
    return [turn('recorded stream', '', samples, words, pauses)];
  });
}

function turn(
  kind: SpokenTurn['kind'],
  question: string,
  samples: Int16Array,
  words: readonly TimedWord[],
  pauses: number,
): SpokenTurn {
  const speech = loud(samples);
  const endMs = (speech.lastIndexOf(true) + 1) * 20;
  return { kind, question, samples, words, pauses, endMs };
}

/** Where each word ends, in samples: by its share of the letters, moved to the quietest place near by. */
function boundaries(samples: Int16Array, texts: readonly string[]): number[] {
  const levels = frames(samples, RATE).map((frame) => level(frame));
  const letters = texts.map((text) => text.length + 1);
  const all = letters.reduce((sum, count) => sum + count, 0);
  let before = 0;
  return texts.map((_, index) => {
    before += letters[index]!;
    if (index === texts.length - 1) return samples.length;
    const guess = Math.round((before / all) * levels.length);
    let best = guess;
    for (let at = guess - 6; at <= guess + 6; at += 1) {
      if ((levels[at] ?? 0) < (levels[best] ?? 0)) best = at;
    }
    return best * FRAME;
  });
}

function loud(samples: Int16Array): boolean[] {
  const levels = frames(samples, RATE).map((frame) => level(frame));
  const loudest = Math.max(...levels);
  return levels.map((each) => each > loudest - SPEECH_DB);
}

/** Without the quiet around it, in whole frames. */
function trimmed(samples: Int16Array): Int16Array {
  const speech = loud(samples);
  return samples.slice(speech.indexOf(true) * FRAME, (speech.lastIndexOf(true) + 1) * FRAME);
}

function load(file: string): Int16Array {
  const { samples, sampleRate } = parseWav(read(file));
  if (sampleRate === RATE) return samples;
  using resampler = openResampler(sampleRate, RATE);
  return resampler.push(samples);
}

function read(file: string): Uint8Array {
  return readFileSync(new URL(file, folder));
}

/** Decibels. */
function level(samples: Int16Array): number {
  const squares = samples.reduce((sum, sample) => sum + sample ** 2, 0);
  return 10 * Math.log10(squares / Math.max(1, samples.length) + 1e-3);
}
