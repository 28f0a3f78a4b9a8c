// Our own voice come back, and callers who speak over it: what stops us, what the recogniser gets, and when a caller is
// heard, for our rule, for one by loudness alone, and without any: `node bench/echo.ts`; `node bench/echo.ts 8` for a quick look
// at every eighth line. The voice model hears each line once.

import { setImmediate } from 'node:timers/promises';
import { Channel } from '../src/lib/channel.ts';
import type { Clock } from '../src/lib/clock.ts';
import type { Floor } from '../src/pipeline/hearing/caller-event.ts';
import { listen } from '../src/pipeline/hearing/ear.ts';
import { EchoGuard } from '../src/pipeline/hearing/echo-guard.ts';
import { EndpointWait } from '../src/pipeline/hearing/endpoint-wait.ts';
import { FLUSH } from '../src/pipeline/types.ts';
import type { Samples, SpeechToText, Transcript, Transport } from '../src/pipeline/types.ts';
import { frames, join } from '../test/support/sounds.ts';
import { EchoByLoudness } from './support/echo-by-loudness.ts';
import { echoLines, haveRecordings } from './support/echo-lines.ts';
import type { EchoLine } from './support/echo-lines.ts';
import { cpuMs, percentile, printMachine } from './support/measure.ts';
import { detectorOf, hearAll } from './support/voice-answers.ts';
import type { Answers } from './support/voice-answers.ts';

const RATE = 8000;
const EVERY = Number(process.argv[2] ?? 1);
const FRAME_MS = 20;
/** A caller who has not stopped us by now has not been heard. */
const HEARD_MS_MAX = 2000;
/** Words begin in this time: what the recogniser misses of it is missed for good. */
const ONSET_MS = 800;
/** What stops us later than this after an echo was not the echo. */
const AFTER_ECHO_FRAMES = 10;
const COST_ROUNDS = 9;
/** Before the late callers speak. */
const COST_FRAMES = 450;

interface Outcome {
  readonly line: EchoLine;
  /** Frames of echo alone, and of these the ones that the recogniser heard. */
  readonly echoed: number;
  readonly echoHeard: number;
  /** Frames of the caller's first words, and of these the ones that it did not hear. */
  readonly spoken: number;
  readonly spokenLost: number;
  /** How often our own voice stopped us. */
  readonly stops: number;
  /** From the caller's onset until we stop; undefined when we do not. */
  readonly heardMs: number | undefined;
}

const nothing = { wary: false, onPlay() {}, judge: () => 'not-ours', isOurs: () => false };
const rules: readonly (readonly [name: string, make: () => EchoGuard])[] = [
  ['no guard', () => nothing as unknown as EchoGuard],
  ['loudness', () => new EchoByLoudness(RATE) as unknown as EchoGuard],
  ['ours', () => new EchoGuard(RATE)],
];

if (!haveRecordings()) throw new Error('the recordings are not beside the project');
printMachine();
for (const half of [0, 1] as const) {
  const lines = (await echoLines(half)).filter((_, index) => index % EVERY === 0);
  const answers = await hearAll(lines.map(({ line }) => line));
  const judged = await Promise.all(
    rules.map(async ([name, make]) => {
      const outcomes: Outcome[] = [];
      for (const [i, line] of lines.entries()) {
        outcomes.push(await play(line, answers[i]!, make()));
      }
      return [name, outcomes] as const;
    }),
  );
  console.log(`\n${half === 0 ? 'Tuned on' : 'Held out'}: ${lines.length} lines`);
  printEchoes(judged);
  printCallers(judged);
  if (half === 1) for (const [name, make] of rules.slice(1)) printCost(name, make, lines, answers);
}
process.exit(0);

/** We speak all the time, whatever is heard. */
async function play(line: EchoLine, answers: Answers, echoGuard: EchoGuard): Promise<Outcome> {
  let index = 0;
  const incoming = new Channel<Samples>(1);
  const heard: Samples[] = [];
  let hearing: Promise<void> | undefined;
  const speechToText: SpeechToText = {
    endpointing: 'local',
    transcribe(audio) {
      hearing = (async () => {
        for await (const portion of audio) if (portion !== FLUSH) heard.push(portion);
      })();
      return new Channel<Transcript>(1);
    },
  };
  const floor: Floor = {
    agent: 'speaking',
    asking: false,
    waiting: false,
    ending: false,
    saying: '',
    expected: {},
  };
  const { events } = listen(
    {
      transport: {
        sampleRate: RATE,
        incoming,
        heardMs: () => line.heardMs[index],
      } as unknown as Transport,
      clock: { elapsed: () => (index + 1) * FRAME_MS } as unknown as Clock,
      language: 'en-US',
      // The guard alone is measured: not what is made of a call's first second.
      callerRang: false,
      speechToText: Promise.resolve(speechToText),
      wait: new EndpointWait(),
      echoGuard,
      voiceDetector: detectorOf(answers, () => index),
    },
    floor,
    new AbortController().signal,
  );
  const stops: number[] = [];
  const reading = (async () => {
    for await (const event of events) {
      if (event.type === 'caller' && event.event.type === 'interrupts') stops.push(event.atMs);
    }
  })();
  echoGuard.onPlay(line.ours);
  const given = frames(line.line, RATE);
  for (; index < given.length; index += 1) {
    incoming.push(given[index]!);
    if (index % 10 === 0) await setImmediate();
  }
  index = given.length - 1;
  incoming.end();
  await Promise.all([reading, hearing]);
  return judge(line, frames(join(...heard), RATE), stops);
}

function judge(line: EchoLine, heard: readonly Samples[], stops: readonly number[]): Outcome {
  const first = line.caller ? line.spoken.indexOf(true) : Number.POSITIVE_INFINITY;
  const onsetMs = first * FRAME_MS;
  const isHeard = heard.map((frame) => frame.some((sample) => sample !== 0));
  let [echoed, echoHeard, spoken, spokenLost] = [0, 0, 0, 0];
  for (const [at, isEcho] of line.echoed.entries()) {
    if (isEcho && at < first) {
      echoed += 1;
      if (isHeard[at]) echoHeard += 1;
    } else if (line.spoken[at] && at * FRAME_MS < onsetMs + ONSET_MS) {
      spoken += 1;
      if (!isHeard[at]) spokenLost += 1;
    }
  }
  const byEcho = stops.filter((ms) => {
    const end = ms / FRAME_MS;
    return ms <= onsetMs && line.echoed.slice(end - AFTER_ECHO_FRAMES, end).includes(true);
  });
  const stopped = stops.find((ms) => ms > onsetMs);
  const heardMs =
    stopped === undefined || stopped - onsetMs > HEARD_MS_MAX ? undefined : stopped - onsetMs;
  return { line, echoed, echoHeard, spoken, spokenLost, stops: byEcho.length, heardMs };
}

type Judged = readonly (readonly [name: string, outcomes: readonly Outcome[]])[];

function printEchoes(judged: Judged): void {
  console.log(
    '\n| our echo, no caller | rule | calls it stopped | times | of it heard by the recogniser |',
  );
  console.log('| --- | --- | --- | --- | --- |');
  for (const officeDb of [undefined, -50]) {
    for (const room of [false, true]) {
      for (const [name, outcomes] of judged) {
        const these = outcomes.filter(
          ({ line }) => line.echo?.room === room && !line.caller && line.officeDb === officeDb,
        );
        const where = `${room ? 'loudspeaker in a room' : 'earpiece'}, ${noiseName(officeDb)}`;
        const stopped = these.filter(({ stops }) => stops > 0).length;
        const times = sum(these, ({ stops }) => stops);
        const share = percent(
          sum(these, (each) => each.echoHeard),
          sum(these, (each) => each.echoed),
        );
        console.log(`| ${where} | ${name} | ${stopped} of ${these.length} | ${times} | ${share} |`);
      }
    }
  }
}

function printCallers(judged: Judged): void {
  console.log(
    '\n| callers | rule | heard | after, median | p95 | first words lost | stopped before by our echo |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  const groups: [name: string, is: (line: EchoLine) => boolean][] = [
    ['no echo', (line) => !line.echo],
    ['over an echo', (line) => line.echo !== undefined],
    ...[500, 1500, 9500].map((onsetMs): [string, (line: EchoLine) => boolean] => [
      `${onsetMs / 1000} s into our speech`,
      ({ caller }) => caller?.onsetMs === onsetMs,
    ]),
    ...[0, 6, 12, 18, 24].map((fainterDb): [string, (line: EchoLine) => boolean] => [
      fainterDb === 0 ? 'as loud as we are' : `${fainterDb} dB fainter than we are`,
      ({ caller }) => caller?.fainterDb === fainterDb,
    ]),
    ...[undefined, -50].map((officeDb): [string, (line: EchoLine) => boolean] => [
      noiseName(officeDb),
      (line) => line.officeDb === officeDb,
    ]),
  ];
  for (const [group, is] of groups) {
    for (const [name, outcomes] of judged) {
      const these = outcomes.filter(({ line }) => line.caller && is(line));
      const waits = these.flatMap(({ heardMs }) => (heardMs === undefined ? [] : [heardMs]));
      const lost = percent(
        sum(these, (each) => each.spokenLost),
        sum(these, (each) => each.spoken),
      );
      const stopped = these.filter(({ stops }) => stops > 0).length;
      const times = `${percentile(waits, 0.5)} ms | ${percentile(waits, 0.95)} ms`;
      console.log(
        `| ${group} | ${name} | ${waits.length} of ${these.length} | ${times} | ${lost} | ${stopped} |`,
      );
    }
  }
}

/** Microseconds for each frame in which we speak. */
function printCost(
  name: string,
  make: () => EchoGuard,
  lines: readonly EchoLine[],
  answers: readonly Answers[],
): void {
  const kinds: readonly (readonly [string, (line: EchoLine) => boolean])[] = [
    ['who listens', ({ echo, caller }) => !echo && caller?.onsetMs === 9500],
    ['whose line echoes', ({ echo, caller }) => echo !== undefined && caller?.onsetMs === 9500],
    ['who speaks over us', ({ echo, caller }) => !echo && caller?.onsetMs === 500],
  ];
  for (const [kind, is] of kinds) {
    const these = [...lines.entries()].filter(([, line]) => is(line)).slice(0, 24);
    const times = Array.from({ length: COST_ROUNDS }, () => {
      let count = 0;
      const start = process.cpuUsage();
      for (const [i, { ours, line, heardMs }] of these) {
        const guard = make();
        guard.onPlay(ours);
        const given = frames(line, RATE).slice(0, COST_FRAMES);
        for (const [at, frame] of given.entries()) {
          guard.judge(frame, heardMs[at]!, answers[i]![at]!.quietMs < 2 * FRAME_MS);
        }
        count += given.length;
      }
      return (cpuMs(start) * 1000) / count;
    });
    console.log(`a frame of a caller ${kind}, ${name}: ${percentile(times, 0.5).toFixed(2)} µs`);
  }
}

function noiseName(officeDb: number | undefined): string {
  return officeDb === undefined ? 'no noise' : `office at ${officeDb} dB`;
}

function sum(outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number {
  return outcomes.reduce((total, outcome) => total + of(outcome), 0);
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
}
