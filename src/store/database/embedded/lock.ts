// One process owns a data directory: a lock that the kernel lets go of when its owner dies, however it dies.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../../lib/clock.ts';
import { AppError } from '../../../lib/errors.ts';

/** How long the winner may take from the lock to its written pid. */
const PID_WAIT_MS = 500;

/**
 * Takes the directory for this process until disposed. Throws `data_dir_in_use` naming the owner's pid.
 *
 * An SQLite file held in an exclusive transaction: Node has no file locks of its own, and a pid in a file says nothing
 * after a restart in a container, where pids come round again.
 */
export async function lockDataDir(dataDir: string, clock: Clock): Promise<Disposable> {
  const pidFile = path.join(dataDir, 'owner.pid');
  const file = openLock(path.join(dataDir, 'owner.lock'));
  try {
    file.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
  } catch (cause) {
    file.close();
    const pid = await ownerPid(pidFile, clock);
    const message = `the data directory ${dataDir} is in use by process ${pid}`;
    throw new AppError('data_dir_in_use', message, { cause });
  }
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  return {
    [Symbol.dispose]: () => {
      rmSync(pidFile, { force: true });
      file.close();
    },
  };
}

function openLock(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 0 });
  } catch (cause) {
    throw new AppError('config_invalid', `cannot write ${file}`, { cause });
  }
}

/** The pid its owner wrote; waits a moment for one that has only just taken the lock. */
async function ownerPid(pidFile: string, clock: Clock): Promise<number | 'unknown'> {
  const until = clock.elapsed() + PID_WAIT_MS;
  for (;;) {
    const pid = readPid(pidFile);
    if (pid !== undefined && isAlive(pid)) return pid;
    // Alive in another container: its pid means nothing here, but it is what its owner wrote.
    if (clock.elapsed() > until) return pid ?? 'unknown';
    await clock.sleep(20);
  }
}

function readPid(pidFile: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process with this pid runs, ours or somebody else's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Dead, but nobody has asked how it ended: containers without an init process keep such. Linux only. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
