// The release before the newest migration, taken from the history of this checkout.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './database-server.ts';

/** Far above what an archive of the source takes. */
const ARCHIVE_BYTES_MAX = 500_000_000;

export interface OlderRelease {
  /** The migration that it does not know. */
  readonly migration: string;
  readonly folder: string;
}

/** Unpacks it into `folder`, with the packages that are installed here. Undefined where there is no history. */
export function unpackOlderRelease(folder: string): OlderRelease | undefined {
  const migration = readdirSync(join(checkout, 'sql'))
    .filter((name) => /^\d{4}_/.test(name))
    .toSorted()
    .at(-1)!;
  const added = git(['log', '--diff-filter=A', '--format=%H', '-1', '--', `sql/${migration}`]);
  const commit = added?.toString().trim();
  // One that is being written is in no commit yet.
  const archive = git(['archive', '--format=tar', commit ? `${commit}^` : 'HEAD']);
  if (!archive) return undefined;
  mkdirSync(folder, { recursive: true });
  const unpacked = spawnSync('tar', ['-x', '-C', folder], { input: archive });
  if (unpacked.status !== 0) throw new Error(`tar: ${unpacked.stderr.toString()}`);
  symlinkSync(join(checkout, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return { migration, folder };
}

/** What it says, or undefined: there may be no git, no history, or not enough of it. */
function git(args: readonly string[]): Buffer | undefined {
  const { status, stdout } = spawnSync('git', ['-C', checkout, ...args], {
    maxBuffer: ARCHIVE_BYTES_MAX,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : undefined;
}
