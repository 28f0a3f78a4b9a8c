// An hour of calls: what a call costs in memory, minute by minute, where some last all the time and others come and go.
// `node bench/soak.ts 60 10 10`: minutes, calls that last, and places in which one call follows the other.

import { systemClock } from '../src/lib/clock.ts';
import { openCallLoad } from './support/call-load.ts';
import { printMachine } from './support/measure.ts';

/** A call of those that come and go lasts this long, and up to half as long again. */
const SHORT_MS = 40_000;
/** Between two that come up: a hundred at once would be another question. */
const RAMP_MS = 300;
/** Rows that are left out of the slope: until all that the first calls load is there. */
const SETTLING_MINUTES = 5;
const MINUTE_MS = 60_000;

const [minutes = 60, lasting = 10, places = 10] = process.argv.slice(2).map(Number);

await using stack = new AsyncDisposableStack();
const load = await openCallLoad(stack, {
  answeredBy: 'node',
  thinksAhead: true,
  allocator: process.env['ALLOCATOR'],
});
printMachine();
console.log(
  `${minutes} minutes, ${lasting} calls that last, ${places} at a time that come and go\n`,
);
const idle = await load.probe();
const idleMb = load.residentKb() / 1024;
console.log(`at rest: ${idleMb.toFixed(0)} MB, of it live ${liveMb(idle.memory).toFixed(1)} MB`);

const over = new AbortController();
let ended = 0;
let failed = 0;
const long = [];
for (let index = 0; index < lasting; index += 1) {
  long.push(load.placeCall(index));
  await systemClock.sleep(RAMP_MS);
}
for (let place = 0; place < places; place += 1) {
  void comeAndGo(lasting + place);
  await systemClock.sleep(RAMP_MS);
}
console.log('minute   RSS MB   live MB   alive   ended   failed   CPU ms of a second of call');
const live: number[] = [];
let before = { cpu: load.cpuMs(), at: performance.now() };
for (let minute = 1; minute <= minutes; minute += 1) {
  await systemClock.sleep(MINUTE_MS);
  const now = { cpu: load.cpuMs(), at: performance.now() };
  const spent = now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system;
  const perSecond = (1000 * spent) / (now.at - before.at) / (lasting + places);
  const residentMb = load.residentKb() / 1024;
  const { memory } = await load.probe();
  live.push(liveMb(memory));
  const alive = long.filter((call) => !call.over).length;
  console.log(
    [minute, residentMb.toFixed(0), liveMb(memory).toFixed(1), alive, ended, failed]
      .map((figure, column) => String(figure).padStart([6, 9, 10, 8, 8, 9][column]!))
      .join('') + perSecond.toFixed(2).padStart(9),
  );
  before = { cpu: load.cpuMs(), at: performance.now() };
}
over.abort();
for (const call of long) call.hangUp();
await Promise.all(long.map((call) => call.ended));
const settled = live.slice(SETTLING_MINUTES);
console.log(
  `live memory grows by ${(slope(settled) * 60).toFixed(2)} MB an hour after the first ${SETTLING_MINUTES} minutes`,
);
for (const [what, times] of load.warned) console.log(`warned of ${times} times: ${what}`);
await stack.disposeAsync();
process.exit(0);

/** One call after the other, each from a number of its own. */
async function comeAndGo(place: number): Promise<void> {
  for (let round = 0; !over.signal.aborted; round += 1) {
    const call = load.placeCall((place + round * (lasting + places)) % 10_000);
    await systemClock.sleep(SHORT_MS + ((place * 7919 + round * 104_729) % (SHORT_MS / 2)));
    call.hangUp();
    const { status } = await call.ended;
    ended += 1;
    if (status !== 'completed') failed += 1;
  }
}

function liveMb({ heapUsed, external }: NodeJS.MemoryUsage): number {
  return (heapUsed + external) / 2 ** 20;
}

/** Of the line of least squares through the figures, for each step. */
function slope(figures: readonly number[]): number {
  const middle = (figures.length - 1) / 2;
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
  let rise = 0;
  let run = 0;
  for (const [at, figure] of figures.entries()) {
    rise += (at - middle) * (figure - mean);
    run += (at - middle) ** 2;
  }
  return rise / run;
}
