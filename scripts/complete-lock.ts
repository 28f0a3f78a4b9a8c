// Adds to the lock file the binaries for other platforms that the registry at hand did not offer, so that `npm ci` accepts it.

import { readFileSync, writeFileSync } from 'node:fs';
import { missingFromLock } from './lock-file.ts';
import type { LockFile, LockedPackage } from './lock-file.ts';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8')) as LockFile;

for (const { name, version, of } of missingFromLock(lock)) {
  lock.packages[`node_modules/${name}`] = entry(name, version, lock.packages[of]?.dev === true);
  console.log(`${name} ${version}`);
}
const sorted = Object.keys(lock.packages).toSorted((a, b) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(sorted.map((path) => [path, lock.packages[path]!]));
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);

/** What npm would write, but for the checksum, which only the package itself can tell. */
function entry(name: string, version: string, dev: boolean): LockedPackage {
  const words = name
    .split('/')
    .at(-1)!
    .replace(/^binding-/, '')
    .split('-');
  const [os = '', cpu = '', abi = ''] = words;
  const libc = abi.startsWith('musl') ? 'musl' : /^(gnu|glibc)/.test(abi) ? 'glibc' : undefined;
  return {
    version,
    cpu: [cpu],
    ...(dev && { dev }),
    ...(libc && { libc: [libc] }),
    optional: true,
    os: [os],
  };
}
