// Runs test files side by side: those that telephone in real time, and others, which leave them the processor.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import type { TestsStream } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sharedServer } from '../test/support/database/database-server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What such files import. They mostly wait, and what they wait for must come in time; a browser beside them is enough. */
const REAL_TIME = parts(
  'sandbox/phone',
  'test/support/product/frontdesk.ts',
  'test/support/product/rig.ts',
  'test/support/product/doors.ts',
  'test/support/product/after-call.ts',
  'test/telephony/stream-peer.ts',
  'test/telephony/browser-server.ts',
  'test/telephony/browser-peer.ts',
  'test/telephony/room-audio.ts',
  'test/telephony/room-speaker.ts',
  'test/trust/killed-calls.ts',
  'test/trust/killed-turns.ts',
  'test/trust/short-calls.ts',
);
/** How long each file took the last time: the longest begin first, so that no lane waits for another's last. */
const timesFile = join(root, 'node_modules/.cache/test-times.json');
/** Files that share a process: of those that load the product it is half of what they cost. */
const TOGETHER_MAX = 12;
/** What those take together, unless one alone takes more: a lane can't give away what it has begun. */
const TOGETHER_MS = 15_000;
/** Of a file that has never run, by how much is written in it and in what it takes from beside it. */
const MS_PER_BYTE = { slow: 2, other: 0.5 };
/** What browsers do takes as long. */
const BROWSER = parts('test/support/browser/browser.ts');
/** Waits while it is loaded: its tests may not know then to whose suite they belong. */
const WAITS = /^\S.*\bawait /m;
const TOGETHER = fileURLToPath(new URL('./run-together.ts', import.meta.url));
/** Lanes that telephone: one for each core, of which it wants a third. */
const CALLING = Math.min(availableParallelism(), 4);
/** Lanes for the others, which have the rest: one alone often waits for a browser or the database. */
const OTHERS = 2;
/** A machine that takes longer to start a process is so slow that calls beside each other would come too late: one lane of each kind. */
const START_MS_MAX = 80;
const STARTS = 3;
/** So few files are not worth the measuring. */
const FEW = 20;
/** Loaded first by those. */
const GIVE_WAY = fileURLToPath(new URL('./give-way.ts', import.meta.url));
/** A process is ended after so many times what one test may take: what a test leaves open when it has failed keeps it for ever. */
const PATIENCE = 2;
const TIMER_MS_MAX = 2 ** 31 - 1;
/** That many of the slowest are named at the end. */
const SLOWEST = 10;

type Event = TestsStream extends AsyncIterable<infer Each> ? Each : never;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { timeout: { type: 'string', default: '0' } },
});
const timeout = Number(values.timeout) || Number.POSITIVE_INFINITY;
const times = lastTimes();
const files = positionals.map(describeFile);
const realTime = together(files.filter((file) => file.realTime));
const others = together(files.filter((file) => !file.realTime));

const startedAt = performance.now();
const totals = { tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 };
const words: Partial<Record<string, string>> = { passed: 'pass', failed: 'fail' };
const took: Record<string, number> = {};
/** What ran when its process ended: a file, its test, what in it. */
const unfinished: string[] = [];
const events = new PassThrough({ objectMode: true });
events.compose(new spec()).pipe(process.stdout, { end: false });

// Started here, the server that all share gives way to nobody.
if (realTime.length > 0 && process.env['DATABASE_URL'] === undefined) await sharedServer();
// Who has nobody left to telephone helps the others.
const slow = positionals.length > FEW && startMs() > START_MS_MAX;
if (slow) tell('a slow machine: one file that telephones at a time, and one other');
const calling = Array.from({ length: slow ? 1 : CALLING }, () => lane([], realTime, others));
const giving = Array.from({ length: slow ? 1 : OTHERS }, () =>
  lane(['--import', GIVE_WAY], others),
);
await Promise.all([...calling, ...giving]);

const slowest = Object.entries(took).toSorted(([, a], [, b]) => b - a);
for (const [file, ms] of slowest.slice(0, SLOWEST)) {
  tell(`${(ms / 1000).toFixed(1).padStart(6)} s  ${file}`);
}
for (const names of unfinished) tell(`did not end: ${names}`);
for (const [name, count] of Object.entries(totals)) tell(`${words[name] ?? name} ${count}`);
tell(`duration_ms ${(performance.now() - startedAt).toFixed(0)}`);
events.end();
await finished(events);
mkdirSync(dirname(timesFile), { recursive: true });
const kept = Object.entries({ ...times, ...took }).filter(([name]) => existsSync(join(root, name)));
writeFileSync(timesFile, JSON.stringify(Object.fromEntries(kept)));

/** What it takes to start a process that does nothing: the best of some. */
function startMs(): number {
  const times = Array.from({ length: STARTS }, () => {
    const from = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    return performance.now() - from;
  });
  return Math.min(...times);
}

/** Takes from the first list that has something left. */
async function lane(execArgv: readonly string[], ...lists: string[][][]): Promise<void> {
  const next = () => lists.find(({ length }) => length > 0)?.shift();
  for (let batch = next(); batch !== undefined; batch = next()) await runBatch(batch, execArgv);
}

/**
 * What it reports is held back until it has ended: the lines of two processes would mix. A file that ends its process, or has
 * to be ended with it, takes none of the others along, and is named: whoever has not ended has a process of its own then.
 */
async function runBatch(batch: readonly string[], execArgv: readonly string[]): Promise<void> {
  const held: Event[] = [];
  const ended = new Set<string>();
  const running = new Map<string, string>();
  const from = performance.now();
  const [only] = batch;
  const what =
    batch.length === 1 ? { files: [join(root, only!)] } : { files: [TOGETHER], argv: [...batch] };
  const ending = new AbortController();
  const options = { concurrency: 1, timeout, execArgv: [...execArgv], signal: ending.signal };
  const late = setTimeout(() => ending.abort(), Math.min(PATIENCE * timeout, TIMER_MS_MAX));
  for await (const event of run({ ...options, ...what })) {
    if (event.type === 'test:summary') {
      // One comes for the process, and one for all processes.
      if (event.data.file !== undefined) continue;
      for (const name of Object.keys(totals) as (keyof typeof totals)[]) {
        totals[name] += event.data.counts[name] ?? 0;
      }
      if (!event.data.success) process.exitCode = 1;
    } else if (event.type !== 'test:diagnostic' || event.data.file !== undefined) {
      held.push(event);
    }
    if (event.type === 'test:dequeue') running.set(placeOf(event.data), event.data.name);
    if (event.type === 'test:complete') {
      running.delete(placeOf(event.data));
      ended.add(event.data.name);
      if (batch.includes(event.data.name)) took[event.data.name] = event.data.details.duration_ms;
    }
  }
  clearTimeout(late);
  if (batch.length === 1) took[only!] = performance.now() - from;
  for (const event of held) events.write(event);
  if (running.size > 0) unfinished.push([...running.values()].join(' > '));
  if (batch.length === 1) return;
  for (const name of batch) if (!ended.has(name)) await runBatch([name], execArgv);
}

function placeOf({ file, line, column, name }: Place): string {
  return `${file} ${line} ${column} ${name}`;
}

interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly name: string;
}

interface File {
  readonly name: string;
  readonly realTime: boolean;
  readonly alone: boolean;
  readonly ms: number;
}

function describeFile(name: string): File {
  const text = readFileSync(join(root, name), 'utf8');
  const imported = [...text.matchAll(/ from '(\.[^']+)'/g)]
    .map(([, each]) => join(root, dirname(name), each!))
    .filter((file) => existsSync(file));
  const imports = (some: readonly string[]) =>
    imported.some((file) => some.some((part) => file === part || file.startsWith(part + sep)));
  const calls = imports(REAL_TIME);
  const beside = imported.filter((file) => dirname(file) === join(root, dirname(name)));
  const bytes = beside.reduce((sum, file) => sum + statSync(file).size, text.length);
  const slow = calls || imports(BROWSER);
  const guess = bytes * (slow ? MS_PER_BYTE.slow : MS_PER_BYTE.other);
  return { name, realTime: calls, alone: WAITS.test(text), ms: times[name] ?? guess };
}

/** Files or folders, from the root. One that was moved would leave its tests among the others, where they come too late. */
function parts(...names: string[]): string[] {
  const gone = names.filter((name) => !existsSync(join(root, name)));
  if (gone.length > 0)
    throw new Error(`run-tests.ts looks for what is not there: ${gone.join(', ')}`);
  return names.map((name) => join(root, name));
}

/** The longest alone, and first. Those of one folder load much the same. */
function together(some: readonly File[]): string[][] {
  const batches: { names: string[]; ms: number }[] = [];
  const folder = ({ name }: File) => name.split('/')[1]!;
  const sorted = some.toSorted((a, b) => folder(a).localeCompare(folder(b)) || b.ms - a.ms);
  const singles = sorted.filter(({ alone }) => alone);
  for (const { name, ms } of sorted.filter(({ alone }) => !alone)) {
    const last = batches.at(-1);
    if (last && last.ms + ms <= TOGETHER_MS && last.names.length < TOGETHER_MAX) {
      last.names.push(name);
      last.ms += ms;
    } else {
      batches.push({ names: [name], ms });
    }
  }
  batches.push(...singles.map(({ name, ms }) => ({ names: [name], ms })));
  return batches.toSorted((a, b) => b.ms - a.ms).map(({ names }) => names);
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
