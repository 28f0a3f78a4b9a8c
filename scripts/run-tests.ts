// Runs test files side by side: those that telephone in real time, and others, which leave them the processor.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import type { TestsStream } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sharedServer } from '../test/support/database-server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What such files import. They mostly wait, and what they wait for must come in time; a browser beside them is enough. */
const REAL_TIME =
  /support\/(frontdesk|rig|browser-ear)\.ts'|sandbox\/phone\/|\/(stream-peer|browser-(server|peer)|room-\w+|killed-calls|short-calls)\.ts'/;
/** How long each file took the last time: the longest begin first, so that no lane waits for another's last. */
const timesFile = join(root, 'node_modules/.cache/test-times.json');
/** Files that telephone at once: one for each core, of which it wants a third. The rest is for one of the others. */
const CALLING = Math.min(availableParallelism(), 4);
/** Loaded first by that one. */
const GIVE_WAY = fileURLToPath(new URL('./give-way.ts', import.meta.url));
/** That many of the slowest are named at the end. */
const SLOWEST = 10;

type Event = TestsStream extends AsyncIterable<infer Each> ? Each : never;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { timeout: { type: 'string', default: '0' } },
});
const timeout = Number(values.timeout) || Number.POSITIVE_INFINITY;
const times = lastTimes();
const sorted = positionals.toSorted((a, b) => (times[b] ?? 0) - (times[a] ?? 0));
const realTime = sorted.filter((file) => REAL_TIME.test(readFileSync(join(root, file), 'utf8')));
const others = sorted.filter((file) => !realTime.includes(file));

const startedAt = performance.now();
const totals = { tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 };
const words: Partial<Record<string, string>> = { passed: 'pass', failed: 'fail' };
const took: Record<string, number> = {};
const events = new PassThrough({ objectMode: true });
events.compose(new spec()).pipe(process.stdout, { end: false });

// Started here, the server that all share gives way to nobody.
if (realTime.length > 0 && process.env['DATABASE_URL'] === undefined) await sharedServer();
// Who has nobody left to telephone helps the others.
const calling = Array.from({ length: CALLING }, () => lane([], realTime, others));
await Promise.all([...calling, lane(['--import', GIVE_WAY], others)]);

const slowest = Object.entries(took).toSorted(([, a], [, b]) => b - a);
for (const [file, ms] of slowest.slice(0, SLOWEST)) {
  tell(`${(ms / 1000).toFixed(1).padStart(6)} s  ${file}`);
}
for (const [name, count] of Object.entries(totals)) tell(`${words[name] ?? name} ${count}`);
tell(`duration_ms ${(performance.now() - startedAt).toFixed(0)}`);
events.end();
await finished(events);
mkdirSync(dirname(timesFile), { recursive: true });
writeFileSync(timesFile, JSON.stringify({ ...times, ...took }));

/** Takes from the first list that has something left. */
async function lane(execArgv: readonly string[], ...lists: string[][]): Promise<void> {
  const next = () => lists.find(({ length }) => length > 0)?.shift();
  for (let file = next(); file !== undefined; file = next()) await runFile(file, execArgv);
}

/** What it reports is held back until it has ended: the lines of two files would mix. */
async function runFile(file: string, execArgv: readonly string[]): Promise<void> {
  const from = performance.now();
  const held: Event[] = [];
  const files = [join(root, file)];
  for await (const event of run({ files, concurrency: 1, timeout, execArgv })) {
    if (event.type === 'test:summary') {
      // One comes for the file, and one for all files.
      if (event.data.file !== undefined) continue;
      for (const name of Object.keys(totals) as (keyof typeof totals)[]) {
        totals[name] += event.data.counts[name] ?? 0;
      }
      if (!event.data.success) process.exitCode = 1;
    } else if (event.type !== 'test:diagnostic' || event.data.file !== undefined) {
      held.push(event);
    }
  }
  took[file] = performance.now() - from;
  for (const event of held) events.write(event);
}

function tell(message: string): void {
  events.write({ type: 'test:diagnostic', data: { nesting: 0, message, level: 'info' } });
}

function lastTimes(): Record<string, number> {
  try {
    return JSON.parse(readFileSync(timesFile, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}
