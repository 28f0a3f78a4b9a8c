// Callers whose loudness is known, in places where others speak: how often others get an answer or stop ours, and what it costs
// callers who are fainter all at once, as they walk away, switch the loudspeaker on or hand the telephone on: `node
// bench/known-callers.ts`; a number looks at every so-many-th turn, a 0 or 1 behind it at one half only, and names behind that at
// these places only.

import { setImmediate } from 'node:timers/promises';
import { EndpointWait } from '../src/pipeline/hearing/endpoint-wait.ts';
import { expectationAfter } from '../src/pipeline/hearing/expectation.ts';
import { VirtualClock } from '../test/support/clock.ts';
import { frames, join, silence } from '../test/support/sounds.ts';
import { openBenchEar } from './support/bench-ear.ts';
import { asCaller, coded, inPlace } from './support/loud-lines.ts';
import { printLoudTables } from './support/loud-tables.ts';
import type { Noise } from './support/loud-tables.ts';
import { percentile } from './support/measure.ts';
import { RATE } from './support/spoken-turns.ts';
import type { SpokenTurn, TimedWord } from './support/spoken-turns.ts';
import { detectorOf, hearAll } from './support/voice-answers.ts';
import type { Answers } from './support/voice-answers.ts';

const FRAME_MS = 20;
const GREETING_MS = 3000;
/** So many turns, and the caller is known. */
const KNOWN = 3;
/** And so many follow, all so much fainter than these. */
const CHANGED = 3;
const FAINTER_DB = [0, 6, 10, 14];
/** Or the caller listens for so long. */
const LISTENS_MS = 40_000;
const REPLY_MS = 340;
const ANSWER_MS = 3000;
const PROMPT_MS = 1500;
/** From the end of one turn to the beginning of the next; who got no answer in time was not heard. */
const GAP_MS = 7000;
const MISSED_MS = 5000;

interface Line {
  readonly turns: readonly { readonly turn: SpokenTurn; readonly atMs: number }[];
  readonly samples: Int16Array;
  /** Words of others that the recogniser hears. */
  readonly others: readonly TimedWord[];
}

interface Heard {
  readonly type: string;
  readonly atMs: number;
  readonly text: string;
}

await printLoudTables({
  heads: [
    'listening: turns of nobody a minute',
    'stops a minute',
    'known: heard',
    'median',
    'p95',
    ...FAINTER_DB.flatMap((db) => [`${db} dB fainter: the first heard`, 'all', 'median', 'p95']),
    'between: turns of nobody',
  ],
  every: 2,
  figures,
});
process.exit(0);

async function figures(turns: readonly SpokenTurn[], noise: Noise): Promise<string[]> {
  const size = KNOWN + CHANGED;
  const callers = Array.from({ length: Math.floor(turns.length / size) }, (_, i) =>
    turns.slice(i * size, (i + 1) * size),
  );
  const listening = callers.map((each, i) => line(each.slice(0, KNOWN), 0, noise, i));
  const changing = FAINTER_DB.map((db) => callers.map((each, i) => line(each, db, noise, i)));
  const lines = [listening, ...changing];
  const answers = await hearAll(lines.flat().map(({ samples }) => samples));
  const heard: Heard[][] = [];
  for (const each of lines.flat()) heard.push(await play(each, answers[heard.length]!));
  const of = (group: number) =>
    lines[group]!.map((each, i) => ({ line: each, heard: heard[group * callers.length + i]! }));
  const all = FAINTER_DB.flatMap((_, i) => of(i + 1));
  return [
    ...nobody(of(0)),
    ...waits(of(1), 0, KNOWN),
    ...FAINTER_DB.flatMap((_, i) => [
      waits(of(i + 1), KNOWN, KNOWN + 1)[0]!,
      ...waits(of(i + 1), KNOWN, size),
    ]),
    between(all),
  ];
}

/** A greeting, and turns that are each answered; those behind the first few are fainter. */
function line(
  turns: readonly SpokenTurn[],
  fainterDb: number,
  { sound, wordsOf }: Noise,
  index: number,
): Line {
  const parts: Int16Array[] = [silence(RATE, GREETING_MS + 1000)];
  const placed: { turn: SpokenTurn; atMs: number }[] = [];
  let atMs = GREETING_MS + 1000;
  for (const [count, turn] of turns.entries()) {
    const gain = count < KNOWN ? 1 : 10 ** (-fainterDb / 20);
    const part = silence(RATE, Math.ceil((turn.endMs + GAP_MS) / FRAME_MS) * FRAME_MS);
    part.set(asCaller(turn.samples).subarray(0, part.length));
    placed.push({ turn, atMs });
    parts.push(part.map((sample) => sample * gain));
    atMs += part.length / 8;
  }
  if (turns.length === KNOWN) parts.push(silence(RATE, LISTENS_MS));
  const from = 37_000 * index;
  const samples = inPlace(join(...parts), sound, from);
  return { turns: placed, samples: coded(samples), others: wordsOf(from, samples.length / 8) };
}

async function play(line: Line, answers: Answers): Promise<Heard[]> {
  const clock = new VirtualClock();
  let index = 0;
  const { incoming, stop, floor, script, events } = openBenchEar(
    clock,
    new EndpointWait(),
    detectorOf(answers, () => index),
  );
  const heard: Heard[] = [];
  let leftMs = GREETING_MS;
  let held = false;
  let turn = 0;
  const speak = (ms: number) => {
    [floor.agent, leftMs, held] = ['speaking', ms, false];
  };
  const quiet = () => {
    [floor.agent, floor.waiting, held] = ['quiet', true, false];
  };
  const reading = (async () => {
    for await (const event of events) {
      if (event.type !== 'caller') continue;
      const { type } = event.event;
      heard.push({ type, atMs: event.atMs, text: type === 'finished' ? event.event.text : '' });
      if (type === 'interrupts') held = true;
      if (type === 'retracts') held = false;
      if (type === 'confirms') quiet();
      if (type === 'silent' && floor.agent === 'quiet') speak(PROMPT_MS);
      if (type !== 'finished') continue;
      [floor.agent, floor.waiting] = ['thinking', false];
      const mine = (turn += 1);
      clock.after(REPLY_MS, () => {
        if (floor.agent === 'thinking' && mine === turn) speak(ANSWER_MS);
      });
    }
  })();
  speak(GREETING_MS);
  script.overhears(line.others);
  const begins = [...line.turns];
  const given = frames(line.samples, RATE);
  for (; index < given.length; index += 1) {
    const [next] = begins;
    if (next && next.atMs <= index * FRAME_MS) {
      floor.expected = expectationAfter(next.turn.question, 'en-US');
      script.begin(next.turn, next.atMs);
      begins.shift();
    }
    if (floor.agent === 'speaking' && !held && (leftMs -= FRAME_MS) <= 0) quiet();
    incoming.push(given[index]!);
    await clock.advance(FRAME_MS);
    await setImmediate();
  }
  index = given.length - 1;
  stop.abort(new Error('done'));
  await reading.catch(() => {});
  return heard;
}

interface Played {
  readonly line: Line;
  readonly heard: readonly Heard[];
}

/** While the caller listens: how often others get an answer, and how often they stop ours. */
function nobody(played: readonly Played[]): string[] {
  let [turns, stops] = [0, 0];
  for (const { line, heard } of played) {
    const fromMs = line.samples.length / 8 - LISTENS_MS;
    const these = heard.filter(({ atMs }) => atMs > fromMs);
    turns += these.filter(({ type }) => type === 'finished').length;
    stops += these.filter(({ type }) => type === 'interrupts').length;
  }
  const minutes = (played.length * LISTENS_MS) / 60_000;
  return [(turns / minutes).toFixed(1), (stops / minutes).toFixed(1)];
}

/** The turns from one to before another: how many got an answer to half of their words, and when to the last of them. */
function waits(played: readonly Played[], from: number, to: number): string[] {
  let count = 0;
  const found = played.flatMap(({ line, heard }) =>
    line.turns.slice(from, to).flatMap(({ turn, atMs }) => {
      count += 1;
      const endMs = atMs + turn.endMs;
      const own = new Set(wordsOf(turn.words.map(({ text }) => text).join(' ')));
      const within = heard.filter((each) => each.atMs >= atMs && each.atMs < endMs + MISSED_MS);
      const answered = within.filter(({ text }) => wordsOf(text).some((word) => own.has(word)));
      const words = answered.flatMap(({ text }) => wordsOf(text)).filter((word) => own.has(word));
      const enough = new Set(words).size >= own.size / 2;
      return enough ? [Math.max(0, answered.at(-1)!.atMs - endMs)] : [];
    }),
  );
  return [
    `${found.length} of ${count}`,
    `${percentile(found, 0.5)} ms`,
    `${percentile(found, 0.95)} ms`,
  ];
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9']+/g) ?? [];
}

/** Turns in which nothing was the caller's. */
function between(played: readonly Played[]): string {
  let [count, ms] = [0, 0];
  for (const { line, heard } of played) {
    ms += line.samples.length / 8;
    count += heard.filter(
      ({ type, atMs }) =>
        type === 'finished' &&
        !line.turns.some(
          ({ turn, atMs: from }) => atMs > from && atMs < from + turn.endMs + MISSED_MS,
        ),
    ).length;
  }
  return ((count / ms) * 60_000).toFixed(1);
}
