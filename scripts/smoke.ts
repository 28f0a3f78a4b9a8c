// Starts the server on free ports, makes one whole call, stops it, and once more: `npm run smoke -- node` or `-- deno`.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The first start makes a database. */
const READY_MS = 60_000;
const CALL_MS = 180_000;
const TESTS_MS = 120_000;
const STOP_MS = 30_000;

interface Runtime {
  /** As the README says. */
  readonly first: readonly string[];
  /** Another way, upon what the first has left. */
  readonly again: readonly string[];
  readonly call: readonly string[];
  /** What `npm test` does not run under this runtime, and what differed there or would do harm if it did. */
  readonly tests?: readonly string[];
}

const denoRun = ['deno', 'run', '-A', '--no-check'];
const denoTest = ['deno', 'test', '-A', '--no-check', '--parallel', '--quiet'];

const runtimes: Readonly<Record<string, Runtime>> = {
  node: {
    first: ['npm', 'start'],
    again: ['node', 'start.cjs'],
    call: ['node', 'scripts/call.ts'],
  },
  deno: {
    first: ['npm', 'run', 'start:deno'],
    again: ['deno', 'task', 'start'],
    call: [...denoRun, 'scripts/call.ts'],
    tests: [
      ...denoTest,
      'test/lib/guarded-fetch.test.ts',
      'test/lib/loop-delay.test.ts',
      'test/lib/passwords.test.ts',
      'test/lib/sealing.test.ts',
      'test/lib/socket.test.ts',
      'test/pipeline/audio/noise-suppressor.test.ts',
      'test/pipeline/audio/silero-model.test.ts',
      'test/recording/s3.test.ts',
      'test/store/database/embedded/embedded.test.ts',
      'test/trust/ssrf.test.ts',
    ],
  },
};

const name = process.argv[2] ?? 'node';
const runtime = runtimes[name];
if (!runtime) {
  console.error(`usage: npm run smoke -- ${Object.keys(runtimes).join(' | ')}`);
  process.exit(2);
}

const dataDir = mkdtempSync(join(tmpdir(), 'frontdesk-smoke-'));
// Postgres runs as a user of its own where we are root, and must be able to pass through.
chmodSync(dataDir, 0o755);
const [port, internalPort] = await freePorts(2);
const PATH = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
const environment = {
  PORT: String(port),
  INTERNAL_PORT: String(internalPort),
  PUBLIC_URL: `http://localhost:${port}`,
  DATA_DIR: dataDir,
};

/** Our children, and the servers that they started. */
const children: ChildProcess[] = [];
const servers: number[] = [];
let failure: string | undefined;
try {
  failure = await run(runtime);
} finally {
  for (const child of children) child.kill('SIGKILL');
  for (const pid of servers) signal(pid, 'SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
}
if (failure) {
  console.error(`FAILED under ${name}: ${failure}`);
  process.exit(1);
}
console.log(`a whole call under ${name}, started and ended in two ways: good`);

/** Resolves with what went wrong, or undefined. */
async function run({ first, again, call, tests }: Runtime): Promise<string | undefined> {
  const npm = start(first);
  let wrong = await untilReady(exit(npm));
  if (wrong === undefined) {
    const calling = within(CALL_MS, 'the call', exit(start(call)));
    // A call is waiting, for the most part.
    const testing = tests && within(TESTS_MS, 'the tests', exit(start(tests, {})));
    wrong = (await calling) ?? (await testing);
  }
  // Also after a failure: it has a database to stop. Whoever ends npm means the server.
  npm.kill('SIGTERM');
  const still = await untilGone('the server after the end of npm');
  wrong ??= still;
  if (wrong !== undefined) return wrong;
  const second = start(again);
  const ended = exit(second);
  wrong = await untilReady(ended);
  second.kill('SIGTERM');
  const stop = await within(STOP_MS, 'the server after SIGTERM', ended);
  return wrong ?? stop ?? (await untilGone('the server after SIGTERM'));
}

function start(
  [command, ...args]: readonly string[],
  env: Partial<typeof environment> = environment,
): ChildProcess {
  const child = spawn(command!, args, {
    cwd: root,
    env: { ...process.env, PATH, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  children.push(child);
  return child;
}

/** False when there is no such process. */
function signal(pid: number, which: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, which);
  } catch {
    return false;
  }
}

/** Resolves with what was wrong about the end of a process, or undefined. */
function exit(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, by) => {
      resolve(code === 0 ? undefined : `${child.spawnargs.join(' ')} ended with ${by ?? code}`);
    });
  });
}

async function untilReady(ended: Promise<string | undefined>): Promise<string | undefined> {
  let gone = false;
  void ended.then(() => (gone = true));
  const until = performance.now() + READY_MS;
  while (performance.now() < until) {
    if (gone) return (await ended) ?? 'the server ended by itself';
    try {
      const response = await fetch(`http://localhost:${port}/ready`);
      await response.body?.cancel();
      const pid = response.ok ? serverPid() : 0;
      // The file of the server before may still be there.
      if (pid !== 0 && !servers.includes(pid)) {
        servers.push(pid);
        return undefined;
      }
    } catch {
      // It does not listen yet.
    }
    await sleep(100);
  }
  return `not ready within ${READY_MS / 1000} s`;
}

/** Of the server itself: npm and Deno's tasks stand between it and us. */
function serverPid(): number {
  const told = readFileSync(join(dataDir, 'server.json'), 'utf8');
  return (JSON.parse(told) as { pid: number }).pid;
}

async function untilGone(what: string): Promise<string | undefined> {
  const until = performance.now() + STOP_MS;
  while (servers.some((pid) => signal(pid, 0))) {
    if (performance.now() > until) return `${what} was there for ${STOP_MS / 1000} s`;
    await sleep(100);
  }
  return undefined;
}

async function within(
  ms: number,
  what: string,
  end: Promise<string | undefined>,
): Promise<string | undefined> {
  const late = new AbortController();
  const timer = sleep(ms, `${what} took more than ${ms / 1000} s`, { signal: late.signal });
  try {
    return await Promise.race([end, timer]);
  } finally {
    late.abort();
    timer.catch(() => {});
  }
}

/** Held all at once, so that no two are the same. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((each) => (each.address() as AddressInfo).port);
  await Promise.all(servers.map((each) => new Promise((resolve) => each.close(resolve))));
  return ports;
}
