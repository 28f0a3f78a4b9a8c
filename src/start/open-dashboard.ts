// The dashboard as files: those of the last build, or of a new one when its source has changed since.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { dashboardPlaces } from './dashboard-places.ts';
import { runtimeFlags } from './runtime-flags.ts';

/** Of the output of a build that failed. */
const OUTPUT_MAX = 4000;

export interface DashboardParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: (line: string) => void;
}

/** The folder to serve. Undefined, and said so, when it cannot be built: callers are answered all the same. */
export async function openDashboard({
  clock,
  log,
  progress,
}: DashboardParts): Promise<string | undefined> {
  const { directory } = dashboardPlaces();
  if (existsSync(directory)) return directory;
  const startedMs = clock.elapsed();
  progress('Building the dashboard, once …');
  const failure = await build();
  if (failure === undefined) {
    progress(`Built the dashboard in ${((clock.elapsed() - startedMs) / 1000).toFixed(1)} s`);
    return directory;
  }
  progress('The dashboard could not be built; the server starts without it.');
  log.error('dashboard not built', { output: failure });
  return undefined;
}

/** Resolves with what went wrong, or undefined. */
function build(): Promise<string | undefined> {
  const program = fileURLToPath(new URL('build-dashboard.ts', import.meta.url));
  const child = spawn(process.execPath, [...runtimeFlags(), program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT_MAX);
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => {
      resolve(code === 0 ? undefined : `ended with ${signal ?? code}\n${output}`);
    });
  });
}
