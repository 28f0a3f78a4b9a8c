// How a process gives up its calls: they may end by themselves, then another process takes them, then they are told to end.

import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { ActiveCalls } from '../reception/calls/active-calls.ts';
import { anotherIsReady } from './another-process.ts';

/** Of the time after SIGTERM, kept for what comes after the last call. */
export const AFTER_CALLS_MS = 20_000;

export interface DrainParts {
  readonly activeCalls: ActiveCalls;
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Within `ms`, which includes the time for what comes after; no new call may be let in any more. */
export async function drainCalls(parts: DrainParts, ms: number): Promise<void> {
  const { activeCalls, publicUrl, clock, log } = parts;
  if (await activeCalls.emptyWithin(clock, Math.max(0, ms - AFTER_CALLS_MS))) return;
  const type = (await anotherIsReady(publicUrl, clock)) ? 'hand-over' : 'wrap-up';
  log.warn('calls outlive the process', { calls: activeCalls.size, type });
  activeCalls.tell({ type });
  await activeCalls.emptyWithin(clock, Math.min(ms, AFTER_CALLS_MS) / 2);
  activeCalls.tell({ type: 'end', reason: 'drained' });
  await activeCalls.emptyWithin(clock, Math.min(ms, AFTER_CALLS_MS) / 4);
}
