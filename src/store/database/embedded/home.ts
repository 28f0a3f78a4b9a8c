// Which folder the data is in: the one that was asked for, or one that the postgres user can reach.

import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import { blockingFolder } from './user.ts';
import type { OsUser } from './user.ts';

export interface WantedHome {
  readonly dataDir: string;
  /** Whether somebody chose the folder. */
  readonly dataDirWasSet: boolean;
  readonly progress: (line: string) => void;
}

const HOME_FOR_ROOT = '/var/lib/frontdesk';
/** Only for us. */
const PRIVATE = 0o700;
/** Passable, not readable: the postgres user must come through to its own folder. */
const PASSABLE = 0o711;

/**
 * The data folder, made if absent, where `user` (ourselves if undefined) can work. Throws `config_invalid` naming the
 * folder that blocks.
 */
export function reachableDataDir(wanted: WantedHome, user: OsUser | undefined): string {
  const dataDir = path.resolve(wanted.dataDir);
  if (!user) return made(dataDir, PRIVATE);
  const block = blockingFolder(dataDir, user);
  if (!block) return made(dataDir, PASSABLE);
  if (wanted.dataDirWasSet) {
    throw new AppError(
      'config_invalid',
      `Postgres does not run as root, and the user postgres cannot reach DATA_DIR ${dataDir}: ${block} is closed to it; open that folder (chmod o+x) or choose another DATA_DIR`,
    );
  }
  if (block === realpathOr(dataDir)) {
    // Our own folder, made in our own way before: what is private in it has its own mode.
    chmodSync(block, PASSABLE);
    return block;
  }
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const home = made(path.join(HOME_FOR_ROOT, hash), PASSABLE);
  wanted.progress(`The data is in ${home}, because the user postgres cannot pass ${block}.`);
  return home;
}

function made(folder: string, mode: number): string {
  try {
    const first = mkdirSync(folder, { recursive: true });
    // Not by mkdir's own mode: the umask would take bits away.
    if (first) for (const each of between(first, folder)) chmodSync(each, mode);
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder');
    return realpathSync(folder);
  } catch (cause) {
    throw new AppError('config_invalid', `cannot use the data directory ${folder}`, { cause });
  }
}

/** The folders from `first` down to `last`, which is below it or the same. */
function between(first: string, last: string): string[] {
  return last.length <= first.length ? [last] : [...between(first, path.dirname(last)), last];
}

function realpathOr(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
