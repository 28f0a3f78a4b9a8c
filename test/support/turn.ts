// A turn that is over, for tests of what is done with it.

import type { Turn, TurnTiming } from '../../src/pipeline/types.ts';

const unmeasured: TurnTiming = {
  responseMs: undefined,
  endpointMs: undefined,
  hearMs: undefined,
  thinkMs: undefined,
  speakMs: undefined,
  playMs: undefined,
};

/** A reply of which nothing is known but what is given. */
export function turnWith(given: Partial<Turn>): Turn {
  return {
    kind: 'reply',
    caller: undefined,
    heard: '',
    ending: 'completed',
    timing: unmeasured,
    usage: { inputTokens: 0, outputTokens: 0, characters: 0 },
    tools: [],
    outcomes: [],
    callerAt: undefined,
    heardAt: undefined,
    ...given,
  };
}
