// What a call knows of turns that are not over: of the one that runs, and of what the caller says meanwhile.

import type { TurnUnderWay } from './types.ts';

/** `next`: the caller's words that no turn answers yet. */
export function underWay(current: TurnUnderWay | undefined, next: string): TurnUnderWay[] {
  const both = current ? [current] : [];
  if (next === '') return both;
  const nothing = { heard: '', tools: [], callerAt: undefined, heardAt: undefined };
  return [...both, { kind: 'reply', caller: next, ...nothing }];
}
