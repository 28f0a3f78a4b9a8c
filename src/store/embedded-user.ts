// Postgres refuses to run as root: whom it runs as instead, and which folders that user can reach.

import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../lib/errors.ts';

/** An account of the operating system. */
export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

const USER_NAME = 'postgres';
const EXECUTE = 0o1;

/** The user to run Postgres as: `postgres`, made if absent, when we are root; undefined (ourselves) otherwise. */
export function postgresUser(): OsUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
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

/** The first folder on the way to `file` (an absolute path; what is missing does not block) that `user` cannot pass. */
export function blockingFolder(file: string, user: OsUser): string | undefined {
  const parts = path.resolve(file).split(path.sep).slice(1);
  let folder: string = path.sep;
  for (const part of ['', ...parts]) {
    folder = path.join(folder, part);
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (!stats?.isDirectory()) return undefined;
    let shift = 0;
    if (stats.uid === user.uid) shift = 6;
    else if (stats.gid === user.gid) shift = 3;
    if (((stats.mode >> shift) & EXECUTE) === 0) return folder;
  }
  return undefined;
}
