// Calls at once on one core: our share of the wait, barge-in, late audio, CPU and memory. `node bench/calls.ts 100 60`.
// With `plain` as third argument nothing is thought ahead, with `relay` the least that can answer stands in for the
// server, with `deno` the server runs under Deno; with a directory as fourth its processor profile is written there. The server has core 0 to itself; phone, vendors and database share the others.
// ALLOCATOR names the library that takes the place of the C library's allocator in the server, as in the Dockerfile.

import type { Call } from '../sandbox/phone/call.ts';
import { systemClock } from '../src/lib/clock.ts';
import { openCallLoad } from './support/call-load.ts';
import { percentile, printFigure, printMachine } from './support/measure.ts';

/** After the caller's last sound the recogniser takes 150 ms, the model 250, the voice 90: those are not ours. */
const VENDOR_MS = 150 + 250 + 90;
const RAMP_PER_SECOND = 15;
const SETTLE_MS = 5000;
/** Calls that are over before any is measured, and how long they last: what the first ones load stays, and is nobody's. */
const WARM_UP_CALLS = 20;
const WARM_UP_MS = 8000;
/** Quiet inside an answer: the tone has none of its own. */
const GAP_MS_MAX = 300;

const allocator = process.env['ALLOCATOR'];
const [callsText = '100', secondsText = '60', how = 'ahead', profileDir] = process.argv.slice(2);
const said: Readonly<Record<string, string>> = {
  ahead: 'thinking ahead',
  plain: 'nothing thought ahead',
  relay: 'answered by a relay',
  deno: 'the server under Deno',
};
const calls = Number(callsText);
const seconds = Number(secondsText);

await using stack = new AsyncDisposableStack();
const load = await openCallLoad(stack, {
  answeredBy: how === 'deno' || how === 'relay' ? how : 'node',
  thinksAhead: how !== 'plain',
  profileDir,
  allocator,
});

printMachine();
console.log(
  `${calls} calls for ${seconds} s each, ${RAMP_PER_SECOND} more a second, ${said[how] ?? how}, allocator ${allocator ?? 'of the C library'}\n`,
);
await load.probe();
const coldKb = load.residentKb();
const first = await placeCalls(WARM_UP_CALLS);
await systemClock.sleep(WARM_UP_MS);
for (const call of first) call.hangUp();
await Promise.all(first.map((call) => call.ended));
const idle = await load.probe();
const idleKb = load.residentKb();
const running = await placeCalls(calls);
await systemClock.sleep(SETTLE_MS);
load.resetLag();
const before = { cpu: load.cpuMs(), at: performance.now(), lag: process.cpuUsage() };
await systemClock.sleep(Math.max(10, seconds - calls / RAMP_PER_SECOND - SETTLE_MS / 1000) * 1000);
const cpu = load.cpuMs();
const spentMs = cpu.user + cpu.system - before.cpu.user - before.cpu.system;
const spanMs = performance.now() - before.at;
const phoneCpu = process.cpuUsage(before.lag);
const liveCalls = running.filter((call) => !call.over).length;
const residentAtEnd = load.residentKb();
const gaps = running.map(gapMsOf);
const heardMs = running.reduce((sum, call) => sum + soundMsOf(call), 0);
const busy = await load.probe();
for (const call of running) call.hangUp();
const summaries = await Promise.all(running.map((call) => call.ended));

const responses = summaries.flatMap(({ times }) => times.responses.map((each) => each.responseMs));
const silences = summaries.flatMap(({ times }) =>
  times.bargeIns.flatMap(({ silentAfterMs }) => silentAfterMs ?? []),
);
const greetings = summaries.flatMap(({ times }) => times.greetingMs ?? []);
const added = responses.map((ms) => ms - VENDOR_MS);
const failed = summaries.filter(
  ({ status, times }) => status !== 'completed' || times.greetingMs === undefined,
);

printFigure('calls that failed', failed.length, '');
printFigure('calls alive at the end', liveCalls, '');
printFigure('answers measured', responses.length, '');
pair('added to the vendors: wait for an answer', added);
pair('silence after the caller breaks in', silences);
pair('greeting after start', greetings);
printFigure(
  'late audio',
  (100 * gaps.reduce((sum, ms) => sum + ms, 0)) / Math.max(1, heardMs),
  '%',
);
printFigure('CPU of a second of call', (spentMs / spanMs / calls) * 1000, 'ms');
printFigure(
  'of it on the main thread',
  ((cpu.main - before.cpu.main) / spanMs / calls) * 1000,
  'ms',
);
printFigure(
  'of it in the kernel',
  ((cpu.system - before.cpu.system) / spanMs / calls) * 1000,
  'ms',
);
printFigure('core used', (100 * spentMs) / spanMs, '%');
printFigure('memory of a call', (residentAtEnd - idleKb) / 1024 / calls, 'MB');
printFigure(
  'memory of a call, with all that the first loads',
  (residentAtEnd - coldKb) / 1024 / calls,
  'MB',
);
printFigure('memory of the process', residentAtEnd / 1024, 'MB');
for (const kind of ['rss', 'heapTotal', 'heapUsed', 'external', 'arrayBuffers'] as const) {
  const mb = (busy.memory[kind] - idle.memory[kind]) / 2 ** 20;
  printFigure(`memory of a call, garbage collected: ${kind}`, mb / calls, 'MB');
}
const { p50, p99, max } = busy.lagMs;
console.log(
  `event loop late: ${p50.toFixed(1)} ms median, ${p99.toFixed(1)} p99, ${max.toFixed(0)} max`,
);
printFigure(
  'the phone itself: core used',
  (100 * (phoneCpu.user + phoneCpu.system)) / 1000 / spanMs,
  '%',
);
for (const [what, times] of load.warned) console.log(`warned of ${times} times: ${what}`);
if (profileDir) await load.stopServer();
await stack.disposeAsync();
process.exit(0);

/** The calls, each with a caller who goes on talking until it is over. */
async function placeCalls(count: number): Promise<Call[]> {
  const placed: Call[] = [];
  for (let index = 0; index < count; index += 1) {
    placed.push(load.placeCall(index));
    await systemClock.sleep(1000 / RAMP_PER_SECOND);
  }
  return placed;
}

function soundMsOf(call: Call): number {
  return call.earpiece.spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}

/** Holes in answers: the tone is even, so every short gap is audio that came late. */
function gapMsOf(call: Call): number {
  let ms = 0;
  const { spans } = call.earpiece;
  for (const [index, span] of spans.entries()) {
    const next = spans[index + 1];
    const gap = next ? next.startMs - span.endMs : Number.POSITIVE_INFINITY;
    if (gap > 0 && gap < GAP_MS_MAX) ms += gap;
  }
  return ms;
}

function pair(name: string, values: readonly number[]): void {
  const [p50, p95] = [percentile(values, 0.5), percentile(values, 0.95)];
  console.log(
    `${name.padEnd(52)} ${p50.toFixed(0).padStart(8)} ms median  ${p95.toFixed(0).padStart(8)} ms p95`,
  );
}
