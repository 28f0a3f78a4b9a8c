// The Postgres server process: created, started, stopped, and found again when an earlier crash of ours left it running.

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../../lib/clock.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Log } from '../../../lib/log.ts';
import { retry } from '../../../lib/retry.ts';
import type { Binaries } from './binaries.ts';
import { isAlive } from './lock.ts';
import { SUPERUSER } from './socket.ts';
import type { Listening } from './socket.ts';
import type { OsUser } from './user.ts';

export interface ServerPlace {
  readonly binaries: Binaries;
  readonly user: OsUser | undefined;
  /** The cluster's own folder (PGDATA). */
  readonly cluster: string;
  readonly logFile: string;
}

/** Recovery after a crash replays up to `max_wal_size`. */
const READY_WITHIN_MS = 60_000;
const POLL_MS = 20;
const LOG_BYTES_MAX = 1_000_000;

/** Postgres answers signals in steps: fast (roll back, checkpoint), immediate (recover at the next start), none at all. */
const stopSteps = [
  { signal: 'SIGINT', waitMs: 8000 },
  { signal: 'SIGQUIT', waitMs: 3000 },
  { signal: 'SIGKILL', waitMs: 2000 },
] as const;

/** Small, because it shares a machine with the calls; never at the price of a lost commit. */
const settings = {
  shared_buffers: '64MB',
  max_connections: '100',
  fsync: 'on',
  synchronous_commit: 'on',
  max_wal_size: '512MB',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  unix_socket_permissions: '0700',
  // Errors of statements would put what callers said into the file.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

/** A new, empty cluster whose superuser has `password`. Leaves nothing half made when it is interrupted. */
export function createCluster(place: ServerPlace, password: string): void {
  const fresh = `${place.cluster}.new`;
  const passwordFile = `${place.cluster}.password`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.user) {
    chownSync(fresh, place.user.uid, place.user.gid);
    chownSync(passwordFile, place.user.uid, place.user.gid);
  }
  const options = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'];
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const run = spawnSync(
    place.binaries.initdb,
    ['-D', fresh, '-U', SUPERUSER, `--pwfile=${passwordFile}`, ...options, ...locale],
    { cwd: '/', env: environment(), encoding: 'utf8', ...place.user },
  );
  rmSync(passwordFile, { force: true });
  if (run.status !== 0) {
    const why = run.error?.message ?? run.stderr.trim();
    throw new AppError('internal', `Postgres could not create its files: ${why}`);
  }
  renameSync(fresh, place.cluster);
}

/** A running server. `exited` resolves when it ends, for whatever reason. */
export interface Postmaster {
  readonly pid: number;
  readonly exited: Promise<void>;
}

/** Starts the server and waits until it takes connections. Throws `unavailable` with the end of its log. */
export async function startPostmaster(
  place: ServerPlace,
  listening: Listening,
  clock: Clock,
  extra: Readonly<Record<string, string>> = {},
): Promise<Postmaster> {
  const child = launch(place, listening, extra);
  let failure: string | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      failure = error.message;
      resolve();
    });
    child.once('exit', (code, signal) => {
      failure ??= `it ended with ${signal ?? code}`;
      resolve();
    });
  });
  const until = clock.elapsed() + READY_WITHIN_MS;
  while (failure === undefined) {
    const found = readPidFile(place.cluster);
    if (found && found.pid === child.pid && found.ready) return { pid: found.pid, exited };
    if (clock.elapsed() > until) {
      failure = `it was not ready after ${READY_WITHIN_MS / 1000} s`;
      await stopPostmaster(child.pid!, clock);
    }
    await clock.sleep(POLL_MS);
  }
  throw new AppError('unavailable', `Postgres did not start: ${failure}\n${tail(place.logFile)}`);
}

function launch(
  place: ServerPlace,
  listening: Listening,
  extra: Readonly<Record<string, string>>,
): ChildProcess {
  const all: Record<string, string> = {
    ...settings,
    ...extra,
    listen_addresses: listening.socketDir === undefined ? '127.0.0.1' : '',
    unix_socket_directories: listening.socketDir ?? '',
    port: String(listening.port),
  };
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A file of its own: the server may outlive us, and a pipe would not.
  const tooLong = (statSync(place.logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES_MAX;
  const log = openSync(place.logFile, tooLong ? 'w' : 'a', 0o600);
  try {
    // A process group of its own: Ctrl-C in a terminal is for us, and calls settle before the database goes.
    return spawn(place.binaries.postgres, ['-D', place.cluster, ...options], {
      cwd: '/',
      env: environment(),
      detached: true,
      stdio: ['ignore', log, log],
      ...place.user,
    });
  } finally {
    closeSync(log);
  }
}

/** Nothing of ours, which may hold secrets. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };
}

/** Starts the server again after it died, and tries until it runs or the signal aborts. */
export async function restartPostmaster(
  start: () => Promise<Postmaster>,
  { clock, log, signal }: { clock: Clock; log: Log; signal: AbortSignal },
): Promise<Postmaster> {
  return retry(
    clock,
    { attempts: Infinity, waitMs: 250, waitMsMax: 10_000, retryable: () => true, signal },
    async (attempt) => {
      signal.throwIfAborted();
      try {
        return await start();
      } catch (error) {
        log.error('the embedded database does not start', { attempt, error });
        throw error;
      }
    },
  );
}

/** Ends a server, politely first. Resolves when it is gone. */
export async function stopPostmaster(pid: number, clock: Clock): Promise<void> {
  for (const { signal, waitMs } of stopSteps) {
    if (!isAlive(pid)) return;
    const family = [pid, ...childrenOf(pid)];
    process.kill(pid, signal);
    // Processes that somebody has paused hear nothing else; backends would stay when their server has gone.
    for (const each of family) signalIfAlive(each, 'SIGCONT');
    const until = clock.elapsed() + waitMs;
    while (clock.elapsed() < until) {
      if (!isAlive(pid)) return;
      await clock.sleep(POLL_MS);
    }
  }
  throw new AppError('unavailable', `Postgres (process ${pid}) does not stop`);
}

/** A server's processes besides the one that began it, each of which has a process group of its own; none where nobody tells. */
export function childrenOf(pid: number): number[] {
  try {
    const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return listed.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

export function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended by itself.
  }
}

interface PidFile {
  readonly pid: number;
  readonly socketDir: string;
  readonly ready: boolean;
}

/** `postmaster.pid`: pid, data directory, start time, port, socket directory, address, shared memory key, state. */
function readPidFile(cluster: string): PidFile | undefined {
  let text: string;
  try {
    text = readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8');
  } catch {
    return undefined;
  }
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, socketDir: lines[4]?.trim() ?? '', ready: lines[7]?.trim() === 'ready' };
}

/**
 * Stops the server that a process of ours left behind when it was killed, and clears up after it. The caller owns the
 * data directory, so that whoever runs there is nobody else's. Returns the folder of its socket, if there was one.
 */
export async function stopLeftover(cluster: string, clock: Clock): Promise<string | undefined> {
  const left = readPidFile(cluster);
  if (!left) return undefined;
  if (isAlive(left.pid) && isServerOf(left.pid, cluster)) await stopPostmaster(left.pid, clock);
  // Its pid may have come round to another process, and Postgres would refuse to start because of that. Backends that
  // outlive their server are found by the shared memory they hold, not by this file.
  rmSync(path.join(cluster, 'postmaster.pid'), { force: true });
  return left.socketDir || undefined;
}

/** Whether that process is a Postgres server on these files. */
function isServerOf(pid: number, cluster: string): boolean {
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
    } catch {
      return false;
    }
  }
  const run = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return run.stdout.includes(cluster);
}

function tail(logFile: string): string {
  const text = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
  return text.trimEnd().split('\n').slice(-5).join('\n');
}
