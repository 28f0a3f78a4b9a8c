// Callers in loud places, and which part of us is at fault there: how often noise silences us, whether callers who speak over us
// are heard, and when we take turns for over, with a recogniser without fault: `node bench/loud.ts`; a number looks at every
// so-many-th turn, a 0 or 1 behind it at one half only, and names behind that at these places only.

import { setImmediate } from 'node:timers/promises';
import { EndpointWait } from '../src/pipeline/hearing/endpoint-wait.ts';
import { expectationAfter } from '../src/pipeline/hearing/expectation.ts';
import { VirtualClock } from '../test/support/clock.ts';
import { frames, join, silence } from '../test/support/sounds.ts';
import { asCaller, coded, inPlace } from './support/loud-lines.ts';
import { printLoudTables } from './support/loud-tables.ts';
import type { Noise } from './support/loud-tables.ts';
import { openBenchEar } from './support/bench-ear.ts';
import { percentile } from './support/measure.ts';
import { RATE } from './support/spoken-turns.ts';
import type { SpokenTurn, TimedWord } from './support/spoken-turns.ts';
import { detectorOf, hearAll } from './support/voice-answers.ts';
import type { Answers } from './support/voice-answers.ts';

const FRAME_MS = 20;
/** Noise alone before the first turn, after which we are asked for nothing yet. */
const LEAD_MS = 2000;
/** Nobody waits longer for an answer. */
const MISSED_MS = 3000;
const REPLY_MS = 340;
const TURNS_A_CALLER = 8;
/** We speak for so long before the caller speaks over us; who has not stopped us in time was not heard. */
const OVER_MS = 5000;
const HEARD_MS_MAX = 2000;
/** We greet, with nobody else speaking, for so long; later for so much longer. */
const GREETING_MS = 8000;
const GREETINGS = 8;
const ALONE_MS = 60_000;
/** The caller's own last words are told by then. */
const LATE_MS = 500;

interface Line {
  readonly turns: readonly { readonly turn: SpokenTurn; readonly atMs: number }[];
  readonly samples: Int16Array;
  /** From here on we speak, whatever is heard. */
  readonly speakMs: number;
  /** Words of others that the recogniser hears. */
  readonly others: readonly TimedWord[];
}

interface Heard {
  readonly type: string;
  readonly atMs: number;
}

await printLoudTables({
  heads: [
    'false stops a minute, greeting',
    'later',
    'silenced',
    'turns of nobody',
    'heard over us',
    'after, median',
    'p95',
    'turns cut off',
    'missed',
    'wait, median',
    'p95',
    'asks without words a minute',
  ],
  every: 1,
  figures,
});
process.exit(0);

async function figures(turns: readonly SpokenTurn[], noise: Noise): Promise<string[]> {
  const greetings = Array.from({ length: GREETINGS }, (_, i) => line([], 0, GREETING_MS, noise, i));
  const later = turns.slice(0, 2).map((turn, i) => line([turn], -1, ALONE_MS, noise, i));
  const callers = groups(turns, TURNS_A_CALLER).map((each, i) =>
    line(each, Number.POSITIVE_INFINITY, 0, noise, i),
  );
  const over = turns
    .filter((_, index) => index % 3 === 0)
    .map((turn, i) => line([turns[(3 * i + 5) % turns.length]!, turn], -1, OVER_MS, noise, i));
  const all = [greetings, later, callers, over];
  const answers = await hearAll(all.flat().map(({ samples }) => samples));
  const heard: (readonly Heard[])[][] = [];
  let next = 0;
  for (const lines of all) {
    const these: (readonly Heard[])[] = [];
    for (const each of lines) these.push(await play(each, answers[next++]!));
    heard.push(these);
  }
  const [first] = stops(greetings, heard[0]!);
  return [
    first!,
    ...stops(later, heard[1]!),
    ...barges(over, heard[3]!),
    ...ends(callers, heard[2]!),
  ];
}

function groups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/**
 * Turns of one caller, each followed by some time in which we would answer. With `speakAt` -1 we speak from behind the first for
 * `aloneMs` before the second, with 0 from the beginning.
 */
function line(
  turns: readonly SpokenTurn[],
  speakAt: number,
  aloneMs: number,
  noise: Noise,
  index: number,
): Line {
  const leadMs = turns.length > 0 ? LEAD_MS : aloneMs;
  const parts: Int16Array[] = [silence(RATE, leadMs)];
  const placed: { turn: SpokenTurn; atMs: number }[] = [];
  let atMs = leadMs;
  let speakMs = speakAt === 0 ? 0 : Number.POSITIVE_INFINITY;
  for (const [count, turn] of turns.entries()) {
    const alone = count === 0 && speakAt === -1;
    const whole = whole20(turn.endMs + MISSED_MS + (alone ? aloneMs : 0));
    if (alone) speakMs = atMs + whole20(turn.endMs + MISSED_MS);
    const part = silence(RATE, whole);
    part.set(asCaller(turn.samples).subarray(0, part.length));
    placed.push({ turn, atMs });
    parts.push(part);
    atMs += whole;
  }
  const from = 37_000 * index;
  const samples = inPlace(join(...parts), noise.sound, from);
  const others = noise.wordsOf(from, samples.length / 8);
  return { turns: placed, samples: coded(samples), speakMs, others };
}

function whole20(ms: number): number {
  return Math.ceil(ms / FRAME_MS) * FRAME_MS;
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
  const reading = (async () => {
    for await (const event of events) {
      if (event.type !== 'caller') continue;
      const { type } = event.event;
      heard.push({ type, atMs: event.atMs });
      if (type === 'finished' && floor.agent === 'quiet') {
        floor.agent = 'thinking';
        clock.after(REPLY_MS, () => {
          if (floor.agent === 'thinking') floor.agent = 'quiet';
        });
      }
    }
  })();
  const given = frames(line.samples, RATE);
  script.overhears(line.others);
  const begins = [...line.turns];
  for (; index < given.length; index += 1) {
    const [next] = begins;
    if (next && next.atMs <= index * FRAME_MS) {
      floor.expected = expectationAfter(next.turn.question, 'en-US');
      script.begin(next.turn, next.atMs);
      begins.shift();
    }
    if (index * FRAME_MS >= line.speakMs) floor.agent = 'speaking';
    incoming.push(given[index]!);
    await clock.advance(FRAME_MS);
    await setImmediate();
  }
  index = given.length - 1;
  stop.abort(new Error('done'));
  await reading.catch(() => {});
  return heard.concat(script.flushes.map((atMs) => ({ type: 'flush', atMs })));
}

/** How often noise alone silences us while we speak, a minute, and for how much of the time. */
function stops(lines: readonly Line[], heard: readonly (readonly Heard[])[]): string[] {
  let [count, silenced, ms] = [0, 0, 0];
  for (const [i, { speakMs, samples }] of lines.entries()) {
    const endMs = samples.length / 8;
    let since: number | undefined;
    ms += endMs - speakMs;
    for (const { type, atMs } of heard[i]!) {
      if (atMs < speakMs) continue;
      if (type === 'interrupts') count += 1;
      if (type === 'interrupts') since = atMs;
      if (type !== 'retracts' || since === undefined) continue;
      silenced += atMs - since;
      since = undefined;
    }
    if (since !== undefined) silenced += endMs - since;
  }
  const nobody = heard.flatMap((events, i) =>
    events.filter(({ type, atMs }) => type === 'finished' && atMs > lines[i]!.speakMs + LATE_MS),
  ).length;
  const aMinute = (each: number) => ((each / ms) * 60_000).toFixed(1);
  return [aMinute(count), `${((100 * silenced) / ms).toFixed(0)} %`, aMinute(nobody)];
}

/** Callers who speak over us: how many are heard in time, and when. Who was held already need not be. */
function barges(lines: readonly Line[], heard: readonly (readonly Heard[])[]): string[] {
  const waits = lines.flatMap(({ turns }, i) => {
    const onsetMs = turns[1]!.atMs;
    const changes = heard[i]!.filter(({ type }) => /^(interrupts|retracts|confirms)$/.test(type));
    const before = changes.findLast(({ atMs }) => atMs <= onsetMs);
    if (before?.type === 'interrupts') return [0];
    const first = changes.find(({ type, atMs }) => type !== 'retracts' && atMs > onsetMs);
    return first && first.atMs - onsetMs <= HEARD_MS_MAX ? [first.atMs - onsetMs] : [];
  });
  const [p50, p95] = [percentile(waits, 0.5), percentile(waits, 0.95)];
  return [`${waits.length} of ${lines.length}`, `${p50} ms`, `${p95} ms`];
}

function ends(lines: readonly Line[], heard: readonly (readonly Heard[])[]): string[] {
  let [count, cut, missed, asks, ms] = [0, 0, 0, 0, 0];
  const waits: number[] = [];
  for (const [i, { turns, samples }] of lines.entries()) {
    const finished = heard[i]!.filter(({ type }) => type === 'finished');
    for (const { turn, atMs } of turns) {
      count += 1;
      const endMs = atMs + turn.endMs;
      if (finished.some((each) => each.atMs >= atMs && each.atMs < endMs)) cut += 1;
      const late = finished.find((each) => each.atMs >= endMs && each.atMs < endMs + MISSED_MS);
      if (late) waits.push(late.atMs - endMs);
      else missed += 1;
    }
    ms += samples.length / 8;
    asks += heard[i]!.filter(({ type }) => type === 'flush').length;
  }
  const [p50, p95] = [percentile(waits, 0.5), percentile(waits, 0.95)];
  const share = (part: number) => `${part} (${((100 * part) / count).toFixed(0)} %)`;
  const more = Math.max(0, (asks - count) / ms) * 60_000;
  return [share(cut), share(missed), `${p50} ms`, `${p95} ms`, more.toFixed(0)];
}
