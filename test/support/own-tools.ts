// What tools of owners need besides a database: a way to addresses on loopback, a seal, and a call that asks.

import { systemClock } from '../../src/lib/clock.ts';
import { openGuardedFetch } from '../../src/lib/guarded-fetch.ts';
import { newId } from '../../src/lib/ids.ts';
import { openSealer } from '../../src/lib/sealing.ts';
import type { ToolContext } from '../../src/pipeline/types.ts';
import type { OwnerToolParts } from '../../src/reception/tools/http-tool.ts';

export const sealer = openSealer(['the-sealing-key-of-the-tests-0123456789']);

/** Addresses of these origins are reached although they are on loopback. */
export function ownToolParts(...loopbackOrigins: string[]): OwnerToolParts {
  return {
    clock: systemClock,
    fetch: openGuardedFetch({ clock: systemClock, loopbackOrigins }),
    sealer,
  };
}

export function toolContext(given: Partial<ToolContext> = {}): ToolContext {
  return {
    signal: new AbortController().signal,
    callId: newId(0),
    clientId: newId(0),
    callerPhone: '+12025550123',
    hangUp() {},
    transfer() {},
    press() {},
    stay() {},
    said: () => [],
    typed: false,
    ...given,
  };
}
