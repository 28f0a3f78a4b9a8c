// What `npm test`, `npm run check` and `npm run test:long` run: types, lint, format, dead code, tests; first failure ends it.

import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');

/** For a whole file of tests, in milliseconds. */
const TIMEOUT_MS = 300_000;
const TIMEOUT_LONG_MS = 3_600_000;

/** Left out of `npm run check`: they start databases, processes, browsers or calls in real time. */
const slow = [
  /^test\/(store|billing|http|sandbox|process|reception|start|trust)\//,
  /^test\/dashboard\/[^/]+$/,
];
const long = /^test\/long\//;

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const mode = process.argv.includes('--quick')
  ? 'quick'
  : process.argv.includes('--long')
    ? 'long'
    : 'all';

const steps: readonly Step[] = [
  { name: 'types', command: 'tsc', args: ['--noEmit'] },
  { name: 'types of the dashboard', command: 'tsc', args: ['--noEmit', '-p', 'src/dashboard'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware'] },
  { name: 'format', command: 'oxfmt', args: ['--check', '.'] },
  { name: 'dead code', command: 'knip', args: [] },
  // Once, before the tests that open it do so side by side.
  { name: 'dashboard', command: process.execPath, args: ['src/start/build-dashboard.ts'] },
  {
    name: 'tests',
    command: process.execPath,
    args: [
      'scripts/run-tests.ts',
      `--timeout=${mode === 'long' ? TIMEOUT_LONG_MS : TIMEOUT_MS}`,
      ...testFiles(),
    ],
  },
];

const times: string[] = [];
for (const step of steps) {
  console.log(`\n── ${step.name}`);
  const startedAt = performance.now();
  const failure = await run(step);
  times.push(`${step.name} ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  if (failure) {
    console.error(`\n${times.join(', ')}\nFAILED: ${step.name} ${failure}`);
    process.exit(1);
  }
}
console.log(`\n${times.join(', ')}\nall good`);

function testFiles(): string[] {
  const files = globSync('test/**/*.test.ts', { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .toSorted();
  if (mode === 'long') return files;
  return files.filter(
    (file) => !long.test(file) && !(mode === 'quick' && slow.some((each) => each.test(file))),
  );
}

/** Resolves with what went wrong, or undefined. */
function run({ command, args }: Step): Promise<string | undefined> {
  const child = spawn(command, args, {
    cwd: root,
    // Nothing may wait for an answer.
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      // Hundreds of processes load the same files: each is stripped of its types and compiled once.
      NODE_COMPILE_CACHE:
        process.env['NODE_COMPILE_CACHE'] ?? join(root, 'node_modules/.cache/node'),
    },
    // On Windows the tools are .cmd files, which only its shell starts.
    shell: process.platform === 'win32',
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(`could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(signal ? `ended by ${signal}` : `ended with ${code}`);
    });
  });
}
