// Greetings in loud places, before anything is known of the caller: how often others stop them and for how long, and whether and how
// soon callers who speak into them do: `node bench/greetings.ts`; a number looks at every so-many-th turn, a 0 or 1 behind it at
// one half only, and names behind that at these places only.

import { setImmediate } from 'node:timers/promises';
import { EndpointWait } from '../src/pipeline/hearing/endpoint-wait.ts';
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
/** How long our greeting is, and what is heard of the line behind it. */
const GREETING_MS = 8000;
const AFTER_MS = 12_000;
/** Greetings to nobody. */
const ALONE = 32;
/** When callers begin to speak into it. */
const ONSETS_MS = [600, 1100, 1900, 2900, 4300, 5900];
/** Who has not stopped us in time was not heard. */
const HEARD_MS_MAX = 2000;
/** How loud telephones are, of one line after the other. */
const GAINS_DB = [0, -10, 5, -5];
/** A recogniser tells what it has so often. */
const INTERIM_MS = 1040;
/** An answer of ours to what nobody has asked. */
const REPLY_MS = 340;
const ANSWER_MS = 3000;

interface Line {
  readonly turn: SpokenTurn | undefined;
  readonly atMs: number;
  readonly samples: Int16Array;
  /** What the recogniser hears of others. */
  readonly others: readonly TimedWord[];
}

interface Heard {
  readonly type: string;
  readonly atMs: number;
  /** In our greeting, not behind it. */
  readonly greeting: boolean;
}

await printLoudTables({
  heads: [
    'greetings: stops a minute',
    'silent',
    'longest',
    'given up',
    'later, turns of nobody a minute',
    'callers: heard',
    'median',
    'p95',
    'played over',
  ],
  every: 3,
  always: ({ kind }) => kind === 'brief',
  figures,
});
process.exit(0);

async function figures(turns: readonly SpokenTurn[], noise: Noise): Promise<string[]> {
  const alone = Array.from({ length: ALONE }, (_, i) => line(undefined, noise, i));
  const callers = turns.map((turn, i) => line(turn, noise, i));
  const answers = await hearAll([...alone, ...callers].map(({ samples }) => samples));
  const heard: Heard[][] = [];
  for (const [i, each] of [...alone, ...callers].entries()) {
    heard.push(await play(each, answers[i]!));
  }
  return [...stops(heard.slice(0, ALONE)), ...barges(callers, heard.slice(ALONE))];
}

/** A greeting with `turn` said into it, and what follows. */
function line(turn: SpokenTurn | undefined, { sound, wordsOf }: Noise, index: number): Line {
  const atMs = ONSETS_MS[index % ONSETS_MS.length]!;
  const samples = turn
    ? join(silence(RATE, atMs), asCaller(turn.samples), silence(RATE, 3000))
    : silence(RATE, GREETING_MS + AFTER_MS);
  const from = 37_000 * index;
  const gain = 10 ** (GAINS_DB[index % GAINS_DB.length]! / 20);
  const all = inPlace(samples, sound, from).map((sample) =>
    Math.max(-32_768, Math.min(32_767, sample * gain)),
  );
  const others = wordsOf(from, samples.length / 8);
  return { turn, atMs, samples: coded(all), others };
}

async function play(line: Line, answers: Answers): Promise<Heard[]> {
  const clock = new VirtualClock();
  let index = 0;
  const { incoming, stop, floor, script, events } = openBenchEar(
    clock,
    new EndpointWait(),
    detectorOf(answers, () => index),
    INTERIM_MS,
  );
  const heard: Heard[] = [];
  let greeting = true;
  let held = false;
  const quiet = () => {
    greeting = false;
    floor.agent = 'quiet';
  };
  const reading = (async () => {
    for await (const event of events) {
      if (event.type !== 'caller') continue;
      const { type } = event.event;
      heard.push({ type, atMs: event.atMs, greeting });
      if (type === 'interrupts') held = true;
      if (type === 'retracts') held = false;
      if (type === 'confirms') quiet();
      if (type !== 'finished') continue;
      greeting = held = false;
      floor.agent = 'thinking';
      clock.after(REPLY_MS, () => {
        if (floor.agent === 'thinking') floor.agent = 'speaking';
      });
      clock.after(REPLY_MS + ANSWER_MS, quiet);
    }
  })();
  floor.agent = 'speaking';
  script.overhears(line.others);
  if (line.turn) script.begin(line.turn, line.atMs);
  const given = frames(line.samples, RATE);
  let leftMs = GREETING_MS;
  for (; index < given.length; index += 1) {
    if (greeting && !held && (leftMs -= FRAME_MS) <= 0) quiet();
    incoming.push(given[index]!);
    await clock.advance(FRAME_MS);
    await setImmediate();
  }
  index = given.length - 1;
  stop.abort(new Error('done'));
  await reading.catch(() => {});
  return heard;
}

/** How often greetings were stopped by others, a minute of greeting, and for how long; and how often others got an answer. */
function stops(heard: readonly (readonly Heard[])[]): string[] {
  let [count, lost, nobody] = [0, 0, 0];
  const gaps: number[] = [];
  for (const events of heard) {
    let since: number | undefined;
    for (const { type, atMs, greeting } of events) {
      if (type === 'finished') nobody += 1;
      if (!greeting) continue;
      if (type === 'interrupts') {
        count += 1;
        since = atMs;
      } else if (type === 'confirms' || type === 'finished') lost += 1;
      if (type !== 'retracts' || since === undefined) continue;
      gaps.push(atMs - since);
      since = undefined;
    }
  }
  const minutes = (GREETING_MS * heard.length) / 60_000;
  const silentMs = gaps.reduce((sum, each) => sum + each, 0);
  const share = silentMs / (silentMs + GREETING_MS * heard.length);
  const all = (heard.length * (GREETING_MS + AFTER_MS)) / 60_000;
  return [
    (count / minutes).toFixed(1),
    `${(100 * share).toFixed(0)} %`,
    `${Math.max(0, ...gaps)} ms`,
    `${lost} of ${heard.length}`,
    (nobody / all).toFixed(1),
  ];
}

/** Callers who speak into the greeting: how many stop it in time, how soon, and over how many we go on while they speak. */
function barges(lines: readonly Line[], heard: readonly (readonly Heard[])[]): string[] {
  let [over, gone] = [0, 0];
  const waits = lines.flatMap(({ turn, atMs }, i) => {
    const endMs = atMs + turn!.endMs;
    const changes = heard[i]!.filter(({ type }) =>
      /^(interrupts|retracts|confirms|finished)$/.test(type),
    );
    const resumed = changes.some(
      (each) => each.type === 'retracts' && each.atMs > atMs + 200 && each.atMs < endMs,
    );
    const before = changes.findLast((each) => each.atMs <= atMs);
    const first = changes.find((each) => each.type !== 'retracts' && each.atMs > atMs);
    if (resumed) over += 1;
    if (before && before.type !== 'retracts') return [0];
    return first && first.atMs - atMs <= HEARD_MS_MAX ? [first.atMs - atMs] : [];
  });
  const [p50, p95] = [percentile(waits, 0.5), percentile(waits, 0.95)];
  return [`${waits.length} of ${lines.length - gone}`, `${p50} ms`, `${p95} ms`, String(over)];
}
