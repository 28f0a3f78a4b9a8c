// Postgres refuses to run as root: whom it runs as instead, and which folders that user can reach.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../lib/errors.ts';

/** An account of the operating system. */
export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

const USER_NAME = 'postgres';
const EXECUTE = 0o1;

/**
 * The user to run Postgres as: undefined (ourselves) when we are not root; otherwise the owner of the cluster if there
 * is one, and `postgres`, made if absent. Throws `config_invalid` when the cluster belongs to somebody else.
 */
export function postgresUser(cluster: string): OsUser | undefined {
  const uid = process.getuid?.();
  const stats = existsSync(cluster) ? statSync(cluster) : undefined;
  if (uid !== 0) {
    if (uid === undefined || !stats || stats.uid === uid) return undefined;
    throw new AppError(
      'config_invalid',
      `the database in ${cluster} belongs to another user (${stats.uid}); start as that user or as root, or choose another DATA_DIR`,
    );
  }
  if (stats && stats.uid !== 0) return { uid: stats.uid, gid: stats.gid };
  const existing = findUser(USER_NAME);
  if (existing) return existing;
  const options = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  const made = spawnSync('useradd', [...options, USER_NAME], { encoding: 'utf8' });
  const user = findUser(USER_NAME);
  if (user) return user;
  const why = made.error?.message ?? made.stderr.trim();
  throw new AppError(
    'config_invalid',
    `Postgres does not run as root, and the user ${USER_NAME} could not be made (${why}); make it, or start as another user`,
  );
}

/** The account of that name. */
export function findUser(name: string): OsUser | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/**
 * The first folder on the way to `target` (itself included) that `user` cannot pass. Links are followed; what does not
 * exist yet does not block.
 */
export function blockingFolder(target: string, user: OsUser): string | undefined {
  const existing = realPrefix(path.resolve(target));
  const parts = existing.split(path.sep).filter(Boolean);
  let folder: string = path.sep;
  for (const part of ['', ...parts]) {
    folder = path.join(folder, part);
    const stats = statSync(folder);
    if (stats.isDirectory() && !passable(stats, user)) return folder;
  }
  return undefined;
}

function passable(stats: Stats, user: OsUser): boolean {
  let shift = 0;
  if (stats.uid === user.uid) shift = 6;
  else if (stats.gid === user.gid) shift = 3;
  return ((stats.mode >> shift) & EXECUTE) !== 0;
}

/** The part of the path that exists, without links. */
function realPrefix(target: string): string {
  try {
    return realpathSync(target);
  } catch {
    return realPrefix(path.dirname(target));
  }
}
