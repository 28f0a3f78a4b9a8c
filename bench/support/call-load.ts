// What benchmarks of calls run against: the server on a core of its own, with phone, vendors of fixed delay and database on the others.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Call } from '../../sandbox/phone/call.ts';
import { encodeSpeech } from '../../sandbox/phone/caller-speech.ts';
import type { CallerSpeech } from '../../sandbox/phone/caller-speech.ts';
import { Phone } from '../../sandbox/phone/phone.ts';
import { openSpeaker } from '../../sandbox/speech/speaking.ts';
import { startTwilio } from '../../sandbox/vendors/twilio/twilio.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { testDatabase } from '../../test/support/database/database.ts';
import { freePort } from '../../test/support/free-port.ts';
import { saveTestClient } from '../../test/support/product/test-client.ts';
import type { ProbeAnswer } from './server-probe.ts';

/** In the question. */
const WORDS = 6;
/** Every so manieth answer is interrupted, this long into it. */
const INTERRUPT_EVERY = 3;
const INTERRUPT_MS = 1500;
const ACCOUNT_SID = `AC${'0'.repeat(32)}`;
const AUTH_TOKEN = 'bench';

export interface CallLoadOptions {
  /** What answers: the server under Node or Deno, or a relay that does the least that can answer. */
  readonly answeredBy: 'node' | 'deno' | 'relay';
  readonly thinksAhead: boolean;
  /** The server's processor profile is written there when it is stopped. */
  readonly profileDir?: string | undefined;
  /** The library that takes the place of the C library's allocator in the server. */
  readonly allocator?: string | undefined;
}

/** Milliseconds of processor since the server began. */
export interface CpuMs {
  readonly user: number;
  readonly system: number;
  /** Of both, on the main thread. */
  readonly main: number;
}

export interface CallLoad {
  /** With a caller of their own who goes on talking until it is over. */
  placeCall(index: number): Call;
  /** Asks the server itself; collects its garbage. */
  probe(): Promise<ProbeAnswer>;
  /** Begins the server's event-loop figures anew. */
  resetLag(): void;
  residentKb(): number;
  cpuMs(): CpuMs;
  /** What the server has warned of, and how often. */
  readonly warned: ReadonlyMap<string, number>;
  /** Ends the server properly, so that it writes its profile. */
  stopServer(): Promise<void>;
}

/** All of it ends with `stack`. */
export async function openCallLoad(
  stack: AsyncDisposableStack,
  options: CallLoadOptions,
): Promise<CallLoad> {
  const phone = new Phone({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN });
  const twilio = await startTwilio({ phone });
  stack.defer(() => twilio.close());
  const database = await testDatabase();
  stack.defer(() => database.close());
  const client = await saveTestClient(database.database.general, newId(Date.now()), {
    seconds: 10_000_000,
    concurrencyMax: 1000,
  });
  if (!options.thinksAhead) await database.database.general`UPDATE clients SET speculation = false`;
  const speaker = openSpeaker();
  const question = await speech('what are your opening hours please');
  const vendors = await startVendors();
  const warned = new Map<string, number>();
  const server = await startServer();
  const interruptions = await Promise.all(
    ['wait a moment', 'actually no', 'excuse me', 'sorry what about sunday', 'hang on'].map(speech),
  );
  await speaker.close();
  return {
    placeCall,
    probe: () =>
      new Promise((resolve, reject) => {
        server.once('message', (answer) => resolve(answer as ProbeAnswer));
        server.send('figures', (error) => error && reject(error));
      }),
    resetLag: () => void server.send('reset'),
    residentKb: () => residentKb(server.pid!),
    cpuMs: () => cpuMsOf(server.pid!),
    warned,
    stopServer: () =>
      new Promise((resolve) => {
        server.once('exit', () => resolve());
        server.kill('SIGTERM');
      }),
  };

  function placeCall(index: number): Call {
    const call = phone.placeCall({
      publicUrl: server.url,
      from: `+1202556${String(index).padStart(4, '0')}`,
      to: client.number,
      eventsMax: 64,
    });
    void converse(call, index).catch((error: unknown) => {
      if (!call.over) console.error(String(error));
    });
    return call;
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

  async function speech(text: string): Promise<CallerSpeech> {
    const { samples } = await speaker.speak(text, { voice: 'rms', sampleRate: 8000 });
    return encodeSpeech(samples, text);
  }

  async function startVendors(): Promise<
    Record<'key' | 'deepgram' | 'openai' | 'cartesia', string>
  > {
    const wordMs = ((question.lastVoiced - question.firstVoiced) * 20 + 150) / WORDS;
    const child = start(['bench/support/calls-vendors.ts', String(wordMs)], {});
    const line = await firstLine(child);
    return JSON.parse(line) as Awaited<ReturnType<typeof startVendors>>;
  }

  async function startServer(): Promise<ChildProcess & { url: string }> {
    const { answeredBy, allocator } = options;
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const dataDir = mkdtempSync(path.join(tmpdir(), 'frontdesk-bench-'));
    stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
    const main = answeredBy === 'relay' ? 'bench/support/thin-relay.ts' : 'src/main.ts';
    const child = start(
      [...runtimeFlags(options), './bench/support/server-probe.ts', main],
      {
        PORT: String(port),
        INTERNAL_PORT: String(await freePort()),
        PUBLIC_URL: url,
        SANDBOX: 'off',
        JWT_SECRET: 'bench'.padEnd(32, '.'),
        SEALING_KEY: 'bench'.padEnd(32, '.'),
        DATA_DIR: dataDir,
        DATABASE_URL: database.url,
        LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
        CALLS_MAX: '2000',
        TWILIO_ACCOUNT_SID: ACCOUNT_SID,
        TWILIO_AUTH_TOKEN: AUTH_TOKEN,
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
      answeredBy === 'deno' ? 'deno' : process.execPath,
    );
    // Unread it would fill up, and the server wait for somebody to read it.
    createInterface({ input: child.stdout! }).on('line', noteLine);
    for (let tries = 0; tries < 100 && child.exitCode === null; tries += 1) {
      const ready = await fetch(`${url}/ready`).catch(() => undefined);
      if (ready?.ok) return Object.assign(child, { url });
      await systemClock.sleep(100);
    }
    throw new Error('the server did not start');
  }

  function noteLine(line: string): void {
    if (!line.startsWith('{')) return;
    const { msg } = JSON.parse(line) as { msg: string };
    warned.set(msg, (warned.get(msg) ?? 0) + 1);
  }

  /** A process on `core`, or on all others; it ends with this one. */
  function start(
    args: string[],
    env: Record<string, string>,
    core = '1-63',
    runtime = process.execPath,
  ): ChildProcess {
    const root = fileURLToPath(new URL('../..', import.meta.url));
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
}

/** The last of them names what is loaded before the program. */
function runtimeFlags({ answeredBy, profileDir }: CallLoadOptions): string[] {
  // Helpers of the collector would only take turns with the one core.
  const memory = ['--single-threaded-gc', '--heap-growing-percent=50', '--max-semi-space-size=8'];
  if (answeredBy === 'deno')
    return ['run', '-A', '--no-check', `--v8-flags=${memory.join()}`, '--preload'];
  const profile = profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : [];
  return [...memory, ...profile, '--import'];
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`exit code ${code}`)));
    createInterface({ input: child.stdout! }).once('line', resolve);
  });
}

/** Milliseconds that a process has used, and its main thread alone. The kernel's clock ticks 100 times a second. */
function cpuMsOf(pid: number): CpuMs {
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
