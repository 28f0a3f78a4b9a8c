// Loaded into the server by bench/calls.ts: tells over its parent's channel what only the process itself knows.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface ProbeAnswer {
  /** How late the event loop came to its timers since the last answer, in milliseconds. */
  readonly lagMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Bytes, after a full garbage collection. */
  readonly memory: NodeJS.MemoryUsage;
}

const RESOLUTION_MS = 2;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

process.on('message', (what) => {
  // A full collection would itself be late audio, and answers that come late.
  if (what === 'reset') return delay.reset();
  const late = (percentile: number) =>
    Math.max(0, delay.percentile(percentile) / 1e6 - RESOLUTION_MS);
  const lagMs = { p50: late(50), p99: late(99), max: Math.max(0, delay.max / 1e6 - RESOLUTION_MS) };
  collect();
  const answer: ProbeAnswer = { lagMs, memory: process.memoryUsage() };
  return process.send?.(answer, () => delay.reset());
});
process.channel?.unref();
// A benchmark that is stopped by hand leaves no server behind.
process.on('disconnect', () => process.exit());
