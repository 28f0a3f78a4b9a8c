// When do we answer? Callers' turns through ear and turn-taking: how often they are cut off, how long they wait.

import { quietLog } from '../src/lib/log.ts';
import { loadResampler } from '../src/pipeline/audio/resample.ts';
import { loadSileroModel } from '../src/pipeline/audio/silero-model.ts';
import { SileroDetection } from '../src/pipeline/audio/silero.ts';
import { EndpointWait } from '../src/pipeline/hearing/endpoint-wait.ts';
import type { EndpointRules } from '../src/pipeline/hearing/endpoint-wait.ts';
import { expectationAfter } from '../src/pipeline/hearing/expectation.ts';
import { VirtualClock, settle } from '../test/support/clock.ts';
import { frames, silence } from '../test/support/sounds.ts';
import { openBenchEar } from './support/bench-ear.ts';
import { asCaller } from './support/loud-lines.ts';
import { haveRecordings } from './support/labelled-speech.ts';
import { percentile, printMachine } from './support/measure.ts';
import { noisy, RATE, spokenTurns } from './support/spoken-turns.ts';
import type { SpokenTurn } from './support/spoken-turns.ts';

/** After the decision until the caller would hear us. */
const REPLY_MS = 340;
/** Nobody waits longer for an answer. */
const MISSED_MS = 3500;
const VERBOSE = process.argv.includes('--verbose');

interface Outcome {
  readonly turn: SpokenTurn;
  /** Decisions before the true end, and those after which the caller would have heard us over their own words. */
  readonly cutOffs: number;
  readonly talkedOver: number;
  /** From the true end to the decision; undefined when there was none. */
  readonly waitMs: number | undefined;
}

const fixed = (ms: number) => (): EndpointRules => ({
  shortestMs: ms,
  ms: () => ms,
  notePause() {},
  noteCutOff() {},
  noteTurn() {},
});

const rules: readonly (readonly [name: string, make: () => EndpointRules])[] = [
  ['ours', () => new EndpointWait()],
  ['fixed 500 ms', fixed(500)],
  ['fixed 800 ms', fixed(800)],
];

if (!haveRecordings()) throw new Error('the recordings are not beside the project');
printMachine();
const openResampler = await loadResampler();
for (const half of [0, 1] as const) {
  const turns = spokenTurns(half);
  const pauses = turns.reduce((sum, turn) => sum + turn.pauses, 0);
  console.log(
    `\n${half === 0 ? 'Tuned on' : 'Held out'}: ${turns.length} turns, ${pauses} pauses in them`,
  );
  console.log('| rules | turns cut off | talked over | missed ends | wait, median | p95 |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const [name, make] of rules) {
    const outcomes = await play(turns, make);
    console.log(row(name, outcomes));
    if (name === 'ours') for (const line of byKind(outcomes)) console.log(line);
    if (VERBOSE && name === 'ours') for (const line of details(outcomes)) console.log(line);
  }
}
process.exit(0);

/** All turns, eight to a caller. */
async function play(turns: readonly SpokenTurn[], make: () => EndpointRules): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let at = 0; at < turns.length; at += 8) {
    outcomes.push(...(await playCaller(turns.slice(at, at + 8), make())));
  }
  return outcomes;
}

async function playCaller(turns: readonly SpokenTurn[], wait: EndpointRules): Promise<Outcome[]> {
  const clock = new VirtualClock();
  const model = await loadSileroModel();
  using detection = new SileroDetection({ clock, log: quietLog, model, openResampler });
  using voiceDetector = detection.open(RATE);
  const { incoming, stop, floor, script, events } = openBenchEar(clock, wait, voiceDetector);
  const finishedAt: number[] = [];
  const reading = (async () => {
    for await (const event of events) {
      if (event.type === 'caller' && event.event.type === 'finished') {
        finishedAt.push(clock.elapsed());
        floor.agent = 'thinking';
        clock.after(REPLY_MS, () => (floor.agent = 'quiet'));
      }
    }
  })();
  const hear = async (samples: Int16Array): Promise<void> => {
    for (const frame of frames(samples, RATE)) {
      incoming.push(frame);
      await clock.advance(20);
      await settle();
    }
  };
  await hear(noisy(silence(RATE, 1000)));
  const outcomes: Outcome[] = [];
  for (const turn of turns) {
    floor.expected = expectationAfter(turn.question, 'en-US');
    const startMs = clock.elapsed();
    const endMs = startMs + turn.endMs;
    script.begin(turn, startMs);
    finishedAt.length = 0;
    const tail = silence(RATE, MISSED_MS + turn.samples.length / 8 - turn.endMs);
    const whole = new Int16Array(turn.samples.length + tail.length);
    // Recordings of several people stand for one caller: no caller is 24 dB fainter from one turn to the next.
    whole.set(asCaller(turn.samples));
    await hear(noisy(whole));
    const early = finishedAt.filter((ms) => ms < endMs);
    const late = finishedAt.find((ms) => ms >= endMs);
    outcomes.push({
      turn,
      cutOffs: early.length,
      talkedOver: early.filter((ms) => !speaksWithin(turn, ms - startMs)).length,
      waitMs: late === undefined ? undefined : late - endMs,
    });
  }
  stop.abort(new Error('done'));
  await reading.catch(() => {});
  return outcomes;
}

/** Whether the caller goes on before we would be heard: then nothing is said. */
function speaksWithin(turn: SpokenTurn, atMs: number): boolean {
  const from = Math.round(atMs * 8);
  const part = turn.samples.subarray(from, from + REPLY_MS * 8);
  return part.some((sample) => Math.abs(sample) > 1000);
}

function row(name: string, outcomes: readonly Outcome[]): string {
  const waits = outcomes.flatMap(({ waitMs }) => (waitMs === undefined ? [] : [waitMs]));
  const cut = outcomes.filter(({ cutOffs }) => cutOffs > 0).length;
  const over = outcomes.filter(({ talkedOver }) => talkedOver > 0).length;
  const share = (count: number) => `${count} (${((100 * count) / outcomes.length).toFixed(1)} %)`;
  const [p50, p95] = [percentile(waits, 0.5), percentile(waits, 0.95)];
  const missed = outcomes.length - waits.length;
  return `| ${name} | ${share(cut)} | ${share(over)} | ${share(missed)} | ${p50} ms | ${p95} ms |`;
}

function byKind(outcomes: readonly Outcome[]): string[] {
  const kinds = [...new Set(outcomes.map(({ turn }) => turn.kind))];
  return kinds.map((kind) =>
    row(
      `  of it ${kind}`,
      outcomes.filter(({ turn }) => turn.kind === kind),
    ),
  );
}

function details(outcomes: readonly Outcome[]): string[] {
  return outcomes
    .filter(({ cutOffs, waitMs }) => cutOffs > 0 || waitMs === undefined || waitMs > 500)
    .map(({ turn, cutOffs, talkedOver, waitMs }) => {
      const words = turn.words.map(({ text, endMs }, i) => {
        const next = turn.words[i + 1];
        const gap = next ? next.endMs - endMs : 0;
        return gap > 700 ? `${text} [${Math.round(gap)}]` : text;
      });
      return `    ${cutOffs}/${talkedOver} ${waitMs ?? '-'} ms ${turn.kind}: ${words.join(' ')}`;
    });
}
