// What the benchmarks share: timing, percentiles, and how figures are printed.

import { availableParallelism, cpus } from 'node:os';

/** The value below which `share` (0 to 1) of the values lie. NaN where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The machine and the runtime, for the head of a report. */
export function printMachine(): void {
  const deno = (globalThis as { Deno?: { version: { deno: string } } }).Deno;
  const runtime = deno ? `Deno ${deno.version.deno}` : `Node ${process.versions.node}`;
  console.log(`${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${runtime}\n`);
}

/** One line: a name, the median and the 99th percentile. */
export function printFigures(name: string, values: readonly number[], unit: string): void {
  const [p50, p99] = [percentile(values, 0.5), percentile(values, 0.99)];
  console.log(`${name.padEnd(52)} ${figure(p50)} ${unit} median  ${figure(p99)} ${unit} p99`);
}

/** One line: a name and one number. */
export function printFigure(name: string, value: number, unit: string): void {
  console.log(`${name.padEnd(52)} ${figure(value)} ${unit}`);
}

/**
 * Microseconds that one run of `act` takes, once for each round of `perRound` runs, after two rounds to warm up. What
 * `act` returns is kept until the next run, so that no work is left out.
 */
export function time(
  act: () => unknown,
  { rounds = 200, perRound = 100 }: { rounds?: number; perRound?: number } = {},
): number[] {
  const times: number[] = [];
  let kept: unknown;
  for (let round = -2; round < rounds; round += 1) {
    const startedAt = performance.now();
    for (let i = 0; i < perRound; i += 1) kept = act();
    if (round >= 0) times.push(((performance.now() - startedAt) / perRound) * 1000);
  }
  if (kept === time) throw new Error('never, but the engine does not know');
  return times;
}

/** Runs `act` for each item, `atOnce` at a time; how many a second, and how long each took. */
export async function race<Item>(
  items: readonly Item[],
  atOnce: number,
  act: (item: Item, i: number) => Promise<unknown>,
): Promise<{ perSecond: number; ms: number[] }> {
  const ms: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  const worker = async () => {
    while (next < items.length) {
      const i = next;
      next += 1;
      const askedAt = performance.now();
      await act(items[i]!, i);
      ms.push(performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { perSecond: items.length / ((performance.now() - startedAt) / 1000), ms };
}

/** Milliseconds of processor time this process has used since `start`; without it since its beginning. */
export function cpuMs(start?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function figure(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits).padStart(8);
}
