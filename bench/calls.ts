// Calls at once on one core: our share of the wait, barge-in, late audio, CPU and memory. `node bench/calls.ts 100 60`.
// With `plain` as third argument nothing is thought ahead, with `relay` the least that can answer stands in for the
// server, with `deno` the server runs under Deno; with a directory as fourth its processor profile is written there. The server has core 0 to itself; phone, vendors and database share the others.
// ALLOCATOR names the library that takes the place of the C library's allocator in the server, as in the Dockerfile.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Call } from '../sandbox/phone/call.ts';
import { encodeSpeech } from '../sandbox/phone/caller-speech.ts';
import type { CallerSpeech } from '../sandbox/phone/caller-speech.ts';
import { Phone } from '../sandbox/phone/phone.ts';
import { openSpeaker } from '../sandbox/speech/speaking.ts';
import { startTwilio } from '../sandbox/vendors/twilio.ts';
import { systemClock } from '../src/lib/clock.ts';
import { newId } from '../src/lib/ids.ts';
import { testDatabase } from '../test/support/database.ts';
import { freePort } from '../test/support/free-port.ts';
import { saveTestClient } from '../test/support/test-client.ts';
import { percentile, printFigure, printMachine } from './measure.ts';
import type { ProbeAnswer } from './server-probe.ts';

/** After the caller's last sound the recogniser takes 150 ms, the model 250, the voice 90: those are not ours. */
const VENDOR_MS = 150 + 250 + 90;
/** In the question. */
const WORDS = 6;
const RAMP_PER_SECOND = 15;
const SETTLE_MS = 5000;
/** Calls that are over before any is measured, and how long they last: what the first ones load stays, and is nobody's. */
const WARM_UP_CALLS = 20;
const WARM_UP_MS = 8000;
/** Every so manieth answer is interrupted, this long into it. */
const INTERRUPT_EVERY = 3;
const INTERRUPT_MS = 1500;
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
const accountSid = `AC${'0'.repeat(32)}`;
const authToken = 'bench';

await using stack = new AsyncDisposableStack();
const phone = new Phone({ accountSid, authToken });
const twilio = await startTwilio({ phone });
stack.defer(() => twilio.close());
const database = await testDatabase();
stack.defer(() => database.close());
const client = await saveTestClient(database.database.general, newId(Date.now()), {
  seconds: 10_000_000,
  concurrencyMax: 1000,
});
if (how === 'plain') {
  await database.database.general`UPDATE clients SET speculation = false`;
}
const speaker = openSpeaker();
const question = await speech('what are your opening hours please');
const vendors = await startVendors();
const server = await startServer();
const interruptions = await Promise.all(
  ['wait a moment', 'actually no', 'excuse me', 'sorry what about sunday', 'hang on'].map(speech),
);
await speaker.close();

printMachine();
console.log(
  `${calls} calls for ${seconds} s each, ${RAMP_PER_SECOND} more a second, ${said[how] ?? how}, allocator ${allocator ?? 'of the C library'}\n`,
);
await probe();
const coldKb = residentKb(server.pid!);
const first = await placeCalls(WARM_UP_CALLS);
await systemClock.sleep(WARM_UP_MS);
for (const call of first) call.hangUp();
await Promise.all(first.map((call) => call.ended));
const idle = await probe();
const idleKb = residentKb(server.pid!);
const running = await placeCalls(calls);
await systemClock.sleep(SETTLE_MS);
server.send('reset');
const before = { cpu: cpuMsOf(server.pid!), at: performance.now(), lag: process.cpuUsage() };
await systemClock.sleep(Math.max(10, seconds - calls / RAMP_PER_SECOND - SETTLE_MS / 1000) * 1000);
const cpu = cpuMsOf(server.pid!);
const spentMs = cpu.user + cpu.system - before.cpu.user - before.cpu.system;
const spanMs = performance.now() - before.at;
const phoneCpu = process.cpuUsage(before.lag);
const liveCalls = running.filter((call) => !call.over).length;
const residentAtEnd = residentKb(server.pid!);
const gaps = running.map(gapMsOf);
const heardMs = running.reduce((sum, call) => sum + soundMsOf(call), 0);
const busy = await probe();
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
if (profileDir) await stopped(server);
await stack.disposeAsync();
process.exit(0);

/** The calls, each with a caller who goes on talking until it is over. */
async function placeCalls(count: number): Promise<Call[]> {
  const placed: Call[] = [];
  for (let index = 0; index < count; index += 1) {
    const from = `+1202556${String(index).padStart(4, '0')}`;
    const call = phone.placeCall({
      publicUrl: server.url,
      from,
      to: client.number,
      eventsMax: 64,
    });
    placed.push(call);
    void converse(call, index).catch((error: unknown) => {
      if (!call.over) console.error(String(error));
    });
    await systemClock.sleep(1000 / RAMP_PER_SECOND);
  }
  return placed;
}

async function converse(call: Call, index: number): Promise<void> {
  await call.reply(300);
  for (let turn = index; !call.over; turn += 1) {
    await call.quiet(1000 + ((index * 37) % 700));
    await call.say(question);
    if (turn % INTERRUPT_EVERY === 0) {
      await call.speaking(INTERRUPT_MS, 15_000);
      await call.say(interruptions[turn % interruptions.length]!);
    }
    await call.reply(700, 30_000);
  }
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

async function speech(text: string): Promise<CallerSpeech> {
  const { samples } = await speaker.speak(text, { voice: 'rms', sampleRate: 8000 });
  return encodeSpeech(samples, text);
}

async function startVendors(): Promise<Record<'key' | 'deepgram' | 'openai' | 'cartesia', string>> {
  const wordMs = ((question.lastVoiced - question.firstVoiced) * 20 + 150) / WORDS;
  const child = start(['bench/calls-vendors.ts', String(wordMs)], {});
  const line = await firstLine(child);
  return JSON.parse(line) as Awaited<ReturnType<typeof startVendors>>;
}

async function startServer(): Promise<ChildProcess & { url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const dataDir = mkdtempSync(path.join(tmpdir(), 'frontdesk-bench-'));
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const main = how === 'relay' ? 'bench/thin-relay.ts' : 'src/main.ts';
  const child = start(
    [...runtimeFlags(), './bench/server-probe.ts', main],
    {
      PORT: String(port),
      PUBLIC_URL: url,
      SANDBOX: 'off',
      JWT_SECRET: 'bench'.padEnd(32, '.'),
      SEALING_KEY: 'bench'.padEnd(32, '.'),
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
      CALLS_MAX: '2000',
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_BASE_URL: twilio.url,
      DEEPGRAM_API_KEY: vendors.key,
      DEEPGRAM_BASE_URL: vendors.deepgram,
      OPENAI_API_KEY: vendors.key,
      OPENAI_BASE_URL: vendors.openai,
      CARTESIA_API_KEY: vendors.key,
      CARTESIA_BASE_URL: vendors.cartesia,
      ...(allocator && { LD_PRELOAD: allocator }),
    },
    '0',
    how === 'deno' ? 'deno' : process.execPath,
  );
  for (let tries = 0; tries < 100 && child.exitCode === null; tries += 1) {
    const ready = await fetch(`${url}/ready`).catch(() => undefined);
    if (ready?.ok) return Object.assign(child, { url });
    await systemClock.sleep(100);
  }
  throw new Error('the server did not start');
}

/** The last of them names what is loaded before the program. */
function runtimeFlags(): string[] {
  // Helpers of the collector would only take turns with the one core.
  const memory = ['--single-threaded-gc', '--heap-growing-percent=50', '--max-semi-space-size=8'];
  if (how === 'deno')
    return ['run', '-A', '--no-check', `--v8-flags=${memory.join()}`, '--preload'];
  const profile = profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : [];
  return [...memory, ...profile, '--import'];
}

/** A process on `core`, or on all others; it ends with this one. */
function start(
  args: string[],
  env: Record<string, string>,
  core = '1-63',
  runtime = process.execPath,
): ChildProcess {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const child = spawn('taskset', ['-c', core, runtime, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  });
  stack.defer(async () => {
    if (child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  });
  return child;
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`exit code ${code}`)));
    createInterface({ input: child.stdout! }).once('line', resolve);
  });
}

function probe(): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    server.once('message', (answer) => resolve(answer as ProbeAnswer));
    server.send('figures', (error) => error && reject(error));
  });
}

/** Ends properly, so that it writes its profile. */
function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** Milliseconds that a process has used, and its main thread alone. The kernel's clock ticks 100 times a second. */
function cpuMsOf(pid: number): { user: number; system: number; main: number } {
  const [user = 0, system = 0] = ticksOf(`/proc/${pid}/stat`);
  const [mainUser = 0, mainSystem = 0] = ticksOf(`/proc/${pid}/task/${pid}/stat`);
  return { user: user * 10, system: system * 10, main: (mainUser + mainSystem) * 10 };
}

function ticksOf(file: string): number[] {
  return readFileSync(file, 'utf8').split(') ')[1]!.split(' ').slice(11, 13).map(Number);
}

function residentKb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
