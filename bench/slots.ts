// How long does a caller wait for free times when Google has 2,000 events? And what does Google's package cost? `node bench/slots.ts`

import { execFileSync } from 'node:child_process';
import { startLinkedClient } from '../test/support/bookings/linked-client.ts';
import { startCalendarCall } from '../test/support/bookings/calendar-call.ts';
import { VirtualClock } from '../test/support/clock.ts';
import { cpuMs, percentile, printFigure, printMachine } from './support/measure.ts';

const EVENTS = 2000;
const ASKED = 300;
const WARM_UP = 30;
const MINUTE = 60_000;
const asked = [
  {},
  { date: 'tomorrow' },
  { date: 'next Tuesday', time: 'half past two' },
  { date: 'next week', part_of_day: 'afternoon' },
  { date: 'April 12th', time: '10:00' },
];

const stack = new AsyncDisposableStack();
const clock = new VirtualClock();
const client = await startLinkedClient({ after: (act) => stack.defer(act) }, { clock });
const diary = client.google.diary('owner@example.com');
for (let index = 0; index < EVENTS; index += 1) {
  // Over 60 days, in every hour of day and night: more than any practice has.
  const startMs = clock.now() + Math.floor((index * 60 * 24 * 60) / EVENTS) * MINUTE;
  const at = (ms: number) => ({ dateTime: new Date(ms).toISOString() });
  diary.insert({ summary: 'Taken', start: at(startMs), end: at(startMs + 20 * MINUTE) });
}
const startedMs = performance.now();
await client.sync();
const copiedMs = performance.now() - startedMs;
const changedMs = performance.now();
await client.sync();
const changesMs = performance.now() - changedMs;

const call = await startCalendarCall(client.sql, client.clientId, {
  clock,
  open: (parts, id) => client.openFor(parts, id),
});
const requests = client.google.counts.requests;
const times: number[] = [];
let usage: NodeJS.CpuUsage | undefined;
for (let index = 0; index < ASKED + WARM_UP; index += 1) {
  if (index === WARM_UP) usage = process.cpuUsage();
  const atMs = performance.now();
  const { slots } = await call.slots(asked[index % asked.length]);
  if (index >= WARM_UP) times.push(performance.now() - atMs);
  if (!slots?.length) throw new Error('nothing is free');
}
const ownMs = cpuMs(usage) / ASKED;
if (client.google.counts.requests !== requests) throw new Error('Google was asked');
await stack.disposeAsync();

printMachine();
printFigure(`copying ${EVENTS} events`, copiedMs, 'ms');
printFigure('reading what has changed since', changesMs, 'ms');
printFigure('get_available_slots, median', percentile(times, 0.5), 'ms');
printFigure('get_available_slots, p95', percentile(times, 0.95), 'ms');
printFigure('get_available_slots, p99', percentile(times, 0.99), 'ms');
printFigure('our own processor time for each', ownMs, 'ms');

const program = `
  const before = process.memoryUsage().rss;
  const startedMs = performance.now();
  await import('@googleapis/calendar');
  globalThis.gc?.();
  console.log(JSON.stringify([performance.now() - startedMs, process.memoryUsage().rss - before]));
`;
const costs = Array.from({ length: 5 }, () => {
  const text = execFileSync(process.execPath, [
    '--expose-gc',
    '--input-type=module',
    '-e',
    program,
  ]);
  return JSON.parse(text.toString()) as [ms: number, bytes: number];
});
const [ms, bytes] = costs.toSorted((a, b) => a[1] - b[1])[2]!;
printFigure('importing @googleapis/calendar', ms, 'ms');
printFigure('and what it keeps of memory', bytes / 1e6, 'MB');
