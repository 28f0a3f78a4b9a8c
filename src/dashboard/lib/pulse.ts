// What goes on now, for all clients: calls that run, and messages nobody has read. One request for all who show it.

import { useRead } from './api.ts';
import type { Answer } from './api.ts';

export const PULSE = 'GET /api/pulse';

export type RunningCall = Answer<typeof PULSE>['active_calls'][number];

/** Where calls are watched. */
export const LIVE_EVERY_MS = 5000;

export function usePulse(everyMs: number) {
  return useRead(PULSE, {}, { everyMs });
}
