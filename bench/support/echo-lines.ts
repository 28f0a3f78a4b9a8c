// Lines on which we speak: our own voice comes back on some, a caller speaks up on some, and what is which is known.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { openSpeaker } from '../../sandbox/speech/speaking.ts';
import { decodeMulaw, encodeMulaw } from '../../src/pipeline/audio/mulaw.ts';
import { loadResampler } from '../../src/pipeline/audio/resample.ts';
import { parseWav } from '../../src/pipeline/audio/wav.ts';
import { frames, join, mix, noise, randomNumbers, silence } from '../../test/support/sounds.ts';

const folder = new URL('../../../shared/speech/', import.meta.url);
const RATE = 8000;
/** Our voice in its words, decibels of full scale; callers and echoes are so much fainter than it. */
const OURS_DB = -18;
const LINE_NOISE_DB = -68;
/** To the carrier and back, and when its first mark is due. */
const WAY_MS_MAX = 80;
const FIRST_MARK_MS = 200;
/** Echoes of a room after the first, and how long they take to die away. */
const WALLS = 12;
const ROOM_MS = 80;
/** Frames within so many decibels of the loudest are words. */
const WORDS_DB = 25;
/** After the caller's onset a line goes on for so long. */
const AFTER_MS = 2500;
const LINE_MS = 12_000;

export interface LineEcho {
  readonly delayMs: number;
  readonly fainterDb: number;
  /** The telephone lies on a table and speaks aloud: the walls answer too. */
  readonly room: boolean;
}

export interface LineCaller {
  readonly onsetMs: number;
  readonly fainterDb: number;
}

export interface EchoLine {
  readonly echo: LineEcho | undefined;
  readonly caller: LineCaller | undefined;
  /** Office noise, decibels of full scale. */
  readonly officeDb: number | undefined;
  /** What we play, and what comes in meanwhile. */
  readonly ours: Int16Array;
  readonly line: Int16Array;
  /** `Transport.heardMs` as each frame comes. */
  readonly heardMs: readonly number[];
  /** Frames in which our echo, or the caller, is loud enough to be taken for somebody. */
  readonly echoed: readonly boolean[];
  readonly spoken: readonly boolean[];
}

interface Voices {
  readonly ours: readonly Int16Array[];
  readonly callers: readonly Int16Array[];
  readonly office: Int16Array;
}

type Random = () => number;

const openResampler = await loadResampler();

/** The same lines on every run. `half`: rules are tuned on the recordings of the first and judged on those of the second. */
export async function echoLines(half: 0 | 1): Promise<EchoLine[]> {
  const random = randomNumbers(17 + half);
  const voices = await readVoices(half);
  const noises = [undefined, -50];
  const lines: EchoLine[] = [];
  const add = (echo: LineEcho | undefined, caller: LineCaller | undefined, officeDb?: number) =>
    lines.push(makeLine(voices, { echo, caller, officeDb }, random));
  const delayMs = () => 40 + 460 * random();
  for (const officeDb of noises) {
    for (const fainterDb of [6, 10, 15, 20, 25, 30, 40]) {
      for (let i = 0; i < 8; i += 1)
        add({ delayMs: delayMs(), fainterDb, room: i % 2 === 1 }, undefined, officeDb);
    }
    for (const onsetMs of [500, 1500, 9500]) {
      for (const fainterDb of [0, 6, 12, 18, 24]) {
        for (let i = 0; i < 5; i += 1) add(undefined, { onsetMs, fainterDb }, officeDb);
        for (const echoDb of [10, 15, 20, 25, 30]) {
          if (echoDb < fainterDb + 6) continue;
          for (const room of [false, true]) {
            add({ delayMs: delayMs(), fainterDb: echoDb, room }, { onsetMs, fainterDb }, officeDb);
          }
        }
      }
    }
  }
  return lines;
}

function makeLine(
  { ours: voices, callers, office }: Voices,
  { echo, caller, officeDb }: Pick<EchoLine, 'echo' | 'caller' | 'officeDb'>,
  random: Random,
): EchoLine {
  const lastMs = caller ? caller.onsetMs + AFTER_MS : LINE_MS;
  const voice = voices[Math.floor(random() * voices.length)]!;
  const from = Math.floor(random() * Math.max(0, voice.length - lastMs * 8));
  const ours = coded(fit(startOfWords(voice, from), lastMs));
  const wayMs = WAY_MS_MAX * random();
  const back = echo ? echoOf(ours, echo, wayMs, random) : silence(RATE, lastMs);
  const clip = callers[Math.floor(random() * callers.length)]!;
  const said = caller
    ? fit(join(silence(RATE, caller.onsetMs), amplified(clip, -caller.fainterDb)), lastMs)
    : silence(RATE, lastMs);
  const start = Math.floor(random() * (office.length - lastMs * 8));
  const hiss = noise(RATE, lastMs, LINE_NOISE_DB, 1 + Math.floor(random() * 1000));
  const behind =
    officeDb === undefined ? hiss : mix(hiss, levelled(office.subarray(start), officeDb));
  return {
    echo,
    caller,
    officeDb,
    ours,
    line: coded(mix(mix(behind, back), said)),
    heardMs: heardTimes(lastMs / 20, wayMs, random),
    echoed: loudFrames(back),
    spoken: loudFrames(said),
  };
}

/** Later, fainter, through a small loudspeaker and microphone that lose the high notes; in a room many times. */
function echoOf(
  ours: Int16Array,
  { delayMs, fainterDb, room }: LineEcho,
  wayMs: number,
  random: Random,
): Int16Array {
  const late = join(silence(RATE, wayMs + delayMs), ours).subarray(0, ours.length);
  const taps = room ? WALLS : 0;
  const walls = Array.from({ length: taps }, () => {
    const after = 20 + Math.floor(random() * ROOM_MS * 8);
    const size = Math.exp((-3 * after) / (ROOM_MS * 8)) * (random() < 0.5 ? 1 : -1);
    return { after, size };
  });
  const energy = 1 + walls.reduce((sum, { size }) => sum + size ** 2, 0);
  const gain = 10 ** (-fainterDb / 20) / Math.sqrt(energy);
  let low = 0;
  return late.map((sample, at) => {
    let sum = sample;
    for (const { after, size } of walls) sum += size * (late[at - after] ?? 0);
    low += 0.75 * (sum - low);
    return low * gain;
  });
}

/**
 * Frames are looked at some milliseconds early or late, now and then many at once. Until the first mark has come back the
 * line takes what it has sent for heard, which is too much by the way there and back.
 */
function heardTimes(count: number, wayMs: number, random: Random): number[] {
  let [lateMs, before] = [0, 0];
  return Array.from({ length: count }, (_, index) => {
    lateMs = random() < 0.01 ? 80 * random() : Math.max(0, lateMs - 20);
    const atMs = (index + 1) * 20 + lateMs + 6 * random() - 3;
    before = Math.max(before, atMs < FIRST_MARK_MS + wayMs ? atMs : atMs - wayMs);
    return before;
  });
}

async function readVoices(half: 0 | 1): Promise<Voices> {
  const speaker = openSpeaker();
  const texts = [
    'Thank you for calling the dental practice of Doctor Brown. My name is Emily. How can I help you today?',
    'We are open from nine in the morning until six in the evening from Monday to Friday, and on Saturday until one.',
    'I have Tuesday at ten thirty, Wednesday at two, and Friday at a quarter past four. Which one would you like?',
    'Of course. Let me look that up for you, one moment please. May I have your name and a number to call you back?',
  ];
  const made = await Promise.all(
    (half === 0 ? (['kal', 'rms'] as const) : (['slt', 'awb'] as const)).map(async (voice) => {
      const spoken = await Promise.all(
        texts.map((text) => speaker.speak(text, { voice, sampleRate: RATE })),
      );
      return join(...spoken.flatMap(({ samples }) => [samples, silence(RATE, 300)]));
    }),
  );
  await speaker.close();
  const prompts = ['demo-instruct', 'priv-callee-options', 'demo-congrats', 'basic-pbx-ivr-main'];
  const recorded = prompts
    .filter((_, index) => index % 2 === half)
    .map((name) => read(`asterisk-en/${name}.wav`));
  const agent = halfOf(read('phone/aws_lca_Auto_Repairs_40_UTC_agent.wav'), half);
  const all = [...made, ...recorded, join(...stretches(agent, 600))];
  return {
    ours: all.map((each) => levelled(each, OURS_DB)),
    callers: callers(half).map((each) => levelled(each, OURS_DB)),
    office: read('noise/dograh_office_ambience_8k.wav'),
  };
}

/** What people say on the telephone, each from its first sound on. */
function callers(half: 0 | 1): Int16Array[] {
  const person = halfOf(read('phone/aws_lca_Auto_Repairs_40_UTC_caller.wav'), half);
  const shop = halfOf(read('phone/google_commercial_mono.wav'), half);
  const speakers = half === 0 ? ['george', 'lucas', 'theo'] : ['jackson', 'nicolas', 'yweweler'];
  const numbers = speakers.flatMap((name, at) =>
    [0, 3, 6].map((first) =>
      join(
        ...[0, 1, 2].map((next) => read(`fsdd/${(first + next + at) % 10}_${name}_${next}.wav`)),
      ),
    ),
  );
  const names = ['230pm', 'book_a_room', 'half_an_hour', 'mountain_view', 'today', 'two_people'];
  const short = names
    .filter((_, index) => index % 2 === half)
    .map((name) => read(`dialogflow/${name}.wav`));
  const others =
    half === 0
      ? ['phone/watson_Us_English_Narrowband_Sample_1.wav', 'digits/vosk_test.wav']
      : ['phone/jambonz_speak_to_customer_support.wav', 'misc/moonshine_beckett.wav'];
  const prompts = readdirSync(new URL('asterisk-en/', folder))
    .filter((name) => /^(vm|conf|privacy|queue)-.*\.wav$/.test(name))
    .toSorted()
    .filter((_, index) => index % 8 === half * 4)
    .map((name) => read(`asterisk-en/${name}`));
  const long = [person, shop, ...others.map(read)].flatMap((each) => stretches(each, 500));
  return [...long, ...numbers, ...short, ...prompts]
    .flatMap((each) => stretches(each, 400))
    .filter((each) => each.length >= 0.4 * RATE)
    .map((each) => each.subarray(0, 2 * RATE));
}

/** Speech between pauses of `pauseMs` and more. */
function stretches(samples: Int16Array, pauseMs: number): Int16Array[] {
  const loud = loudFrames(levelled(samples, OURS_DB));
  const found: Int16Array[] = [];
  let [start, quiet] = [-1, 0];
  for (const [index, each] of loud.entries()) {
    if (each && start < 0) start = index;
    quiet = each ? 0 : quiet + 20;
    const ends = quiet >= pauseMs || index === loud.length - 1;
    if (start < 0 || !ends) continue;
    found.push(samples.subarray(start * 160, (index + 1) * 160 - quiet * 8));
    start = -1;
  }
  return found;
}

function startOfWords(samples: Int16Array, from: number): Int16Array {
  const rest = samples.subarray(from);
  const first = loudFrames(rest).indexOf(true);
  return rest.subarray(Math.max(0, first) * 160);
}

/** Again from the beginning where it is too short. */
function fit(samples: Int16Array, ms: number): Int16Array {
  const length = ms * 8;
  if (samples.length >= length) return samples.slice(0, length);
  return join(samples, silence(RATE, ms)).slice(0, length);
}

function halfOf(samples: Int16Array, half: 0 | 1): Int16Array {
  const middle = Math.floor(samples.length / 2);
  return half === 0 ? samples.subarray(0, middle) : samples.subarray(middle);
}

/** As a telephone line carries it. */
function coded(samples: Int16Array): Int16Array {
  return Int16Array.from(decodeMulaw(encodeMulaw(samples)));
}

function loudFrames(samples: Int16Array): boolean[] {
  return frames(samples, RATE).map((frame) => decibels(frame) > -50);
}

/** So loud in its words. */
function levelled(samples: Int16Array, db: number): Int16Array {
  const levels = frames(samples, RATE).map(decibels);
  const loudest = levels.reduce((max, each) => Math.max(max, each), -100);
  const words = levels.filter((each) => each > loudest - WORDS_DB);
  const power = words.reduce((sum, each) => sum + 10 ** (each / 10), 0) / words.length;
  return amplified(samples, db - 10 * Math.log10(power));
}

function amplified(samples: Int16Array, db: number): Int16Array {
  const gain = 10 ** (db / 20);
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, sample * gain)));
}

function decibels(samples: Int16Array): number {
  let squares = 0;
  for (const sample of samples) squares += sample ** 2;
  return 10 * Math.log10(squares / samples.length / 32_768 ** 2 + 1e-9);
}

function read(name: string): Int16Array {
  const { samples, sampleRate } = parseWav(readFileSync(new URL(name, folder)));
  if (sampleRate === RATE) return samples;
  using resampler = openResampler(sampleRate, RATE);
  return Int16Array.from(resampler.push(samples));
}

export function haveRecordings(): boolean {
  return existsSync(folder);
}
