// Starts the server on free ports, makes one whole call, and stops it: `npm run smoke -- node` or `-- deno`.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
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
const STOP_MS = 30_000;

const runtimes: Readonly<Record<string, readonly string[]>> = {
  node: ['node'],
  deno: ['deno', 'run', '-A', '--no-check'],
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
const environment = {
  ...process.env,
  PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
  PORT: String(port),
  INTERNAL_PORT: String(internalPort),
  PUBLIC_URL: `http://localhost:${port}`,
  DATA_DIR: dataDir,
};

let server: ChildProcess | undefined;
let failure: string | undefined;
try {
  server = start('src/main.ts');
  const ended = exit(server);
  failure = await untilReady(ended);
  failure ??= await within(CALL_MS, 'the call', exit(start('scripts/call.ts')));
  server.kill('SIGTERM');
  // Also after a failure: it has a database to stop.
  const stop = await within(STOP_MS, 'the server after SIGTERM', ended);
  failure ??= stop;
} finally {
  server?.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
}
if (failure) {
  console.error(`FAILED under ${name}: ${failure}`);
  process.exit(1);
}
console.log(`one whole call under ${name}: good`);

function start(script: string): ChildProcess {
  const [command, ...args] = [...runtime!, script];
  return spawn(command, args, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** Resolves with what was wrong about the end of a process, or undefined. */
function exit(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => {
      resolve(code === 0 ? undefined : `${child.spawnargs.at(-1)} ended with ${signal ?? code}`);
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
      if (response.ok) return undefined;
    } catch {
      // It does not listen yet.
    }
    await sleep(100);
  }
  return `not ready within ${READY_MS / 1000} s`;
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
