// Where the dashboard's source is and where its build goes: a folder named after everything that it is made from.

import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A change to any of these asks for a new build; the versions of packages are in package.json. */
const made = [
  'src/dashboard/**/*',
  'clients/typescript/*.ts',
  'src/start/build-dashboard.ts',
  'package.json',
];

export interface DashboardPlaces {
  readonly source: string;
  /** Is there only if it is complete and of this very source. */
  readonly directory: string;
}

export function dashboardPlaces(): DashboardPlaces {
  const files = globSync(made, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
  const hash = createHash('sha256');
  for (const file of files) {
    const bytes = readFileSync(file);
    hash.update(`${path.relative(root, file).replaceAll('\\', '/')} ${bytes.length}\n`);
    hash.update(bytes);
  }
  const name = hash.digest('hex').slice(0, 16);
  return {
    source: path.join(root, 'src/dashboard'),
    directory: path.join(root, 'dist/dashboard', name),
  };
}
