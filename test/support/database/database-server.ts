// Finds the database server that the test files of a run share, or starts the process that keeps it.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, closeSync, openSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../src/lib/clock.ts';

const START_WITHIN_MS = 60_000;
const POLL_MS = 100;
const FAILURES_MAX = 3;
/** How a keeper ends when another one has the folder. */
export const KEEPER_IN_USE = 75;

/** The project's folder, which has a shared server of its own. */
export const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const keeper = fileURLToPath(new URL('./database-keeper.ts', import.meta.url));

/** Arguments that make the running program run a TypeScript file. */
export const runArguments: readonly string[] =
  'Deno' in globalThis ? ['run', '-A', '--no-check'] : [];

/** Where the shared server of this checkout and user lives. Kept between runs: the next one starts faster. */
function sharedFolder(): string {
  const id = createHash('sha256')
    .update(`${checkout}\0${process.getuid?.() ?? ''}`)
    .digest('hex');
  const parent = process.getuid?.() === 0 ? '/var/tmp' : tmpdir();
  return path.join(parent, `frontdesk-test-${id.slice(0, 12)}`);
}

let shared: Promise<string> | undefined;
let claim: net.Socket | undefined;

/** The URL of the shared server. It lives as long as a process that asked for it, and a few seconds more. */
export function sharedServer(): Promise<string> {
  return (shared ??= findOrStart());
}

/**
 * Has a folder with a test's own server looked after: the keeper stops the server and removes the folder when this
 * process has ended and left it behind.
 */
export async function guardFolder(folder: string): Promise<void> {
  await sharedServer();
  claim?.write(`${folder}\n`);
}

async function findOrStart(): Promise<string> {
  const folder = sharedFolder();
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o711);
  const until = systemClock.elapsed() + START_WITHIN_MS;
  let running = false;
  const failures: (number | null)[] = [];
  while (failures.length < FAILURES_MAX && systemClock.elapsed() < until) {
    const url = await ask(folder);
    if (url) return url;
    if (!running) {
      running = true;
      startKeeper(folder).once('exit', (code) => {
        running = false;
        // Somebody else's keeper is starting or just ending: ask again.
        if (code !== KEEPER_IN_USE) failures.push(code);
      });
    }
    await systemClock.sleep(POLL_MS);
  }
  const said = readFileSync(path.join(folder, 'keeper.log'), 'utf8').slice(-2000);
  throw new Error(`the shared test database did not start:\n${said}`);
}

function startKeeper(folder: string): ReturnType<typeof spawn> {
  const log = openSync(path.join(folder, 'keeper.log'), 'w');
  const child = spawn(process.execPath, [...runArguments, keeper, folder], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  return child;
}

/**
 * Asks the keeper for the server's URL. The connection stays open as our claim on the server: it ends with this
 * process, however it ends.
 */
function ask(folder: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect(keeperSocket(folder));
    let said = '';
    socket.on('error', () => {});
    socket.once('close', () => resolve(undefined));
    socket.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (!said.endsWith('\n')) return;
      socket.unref();
      claim = socket;
      resolve(said.trim());
    });
  });
}

/** Where the keeper listens. */
export function keeperSocket(folder: string): string {
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\${path.basename(folder)}`
    : path.join(folder, 'keeper.sock');
}
