// The record of what a caller said and nobody answered: the line was gone.

import type { Clock } from '../lib/clock.ts';
import { Trace } from './trace.ts';
import type { ModelUsage, Turn } from './types.ts';

/** `wasted`: spent on answers that were thought ahead for it. */
export function unansweredTurn(
  clock: Clock,
  caller: string,
  wasted: readonly ModelUsage[] = [],
): Turn {
  const trace = new Trace(clock, undefined);
  for (const usage of wasted) trace.addWasted(usage);
  const { timing, usage, tools, outcomes } = trace;
  return {
    kind: 'reply',
    caller,
    heard: '',
    ending: 'interrupted',
    timing,
    usage,
    tools,
    outcomes,
    callerAt: clock.now(),
    heardAt: undefined,
  };
}
