// What may happen to clients and calls, in random order.

import * as fc from 'fast-check';

interface Steps {
  topup: { seconds: number; times: number };
  clawback: { seconds: number; times: number };
  switch: { active: boolean };
  open: { how: 'new' | 'same-call' | 'same-stream' };
  talk: { ms: number; outage: boolean };
  beat: { how: 'now' | 'twice' | 'stale' };
  settle: { times: number };
  crash: object;
  reap: object;
  late: object;
  abort: { seconds: number };
}

/** One step. `pick` chooses among the clients or streams that are there at that moment. */
export type Step = {
  [Name in keyof Steps]: { readonly do: Name; readonly pick: number } & Readonly<Steps[Name]>;
}[keyof Steps];

/** Low, so that steps often meet the same client or stream; counted from the newest. */
const PICK_MAX = 4;

/** Histories of up to `max` steps. */
export function histories(max: number): fc.Arbitrary<Step[]> {
  const seconds = fc.integer({ min: 1, max: 90 });
  const times = fc.integer({ min: 1, max: 3 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    stepOf(2, 'topup', { seconds, times }),
    stepOf(1, 'clawback', { seconds, times }),
    stepOf(1, 'switch', { active: fc.boolean() }),
    stepOf(5, 'open', { how: fc.constantFrom('new', 'new', 'same-call', 'same-stream') }),
    stepOf(6, 'talk', { ms: fc.integer({ min: 0, max: 20_000 }), outage: fc.boolean() }),
    stepOf(6, 'beat', { how: fc.constantFrom('now', 'now', 'twice', 'stale') }),
    stepOf(3, 'settle', { times }),
    stepOf(1, 'crash', {}),
    stepOf(2, 'reap', {}),
    stepOf(1, 'late', {}),
    stepOf(1, 'abort', { seconds }),
  );
  return fc.array(step, { minLength: 1, maxLength: max, size: 'max' });
}

function stepOf<Name extends keyof Steps>(
  weight: number,
  name: Name,
  fields: { [Field in keyof Steps[Name]]: fc.Arbitrary<Steps[Name][Field]> },
): { weight: number; arbitrary: fc.Arbitrary<Step> } {
  const shape = { do: fc.constant(name), pick: fc.nat(PICK_MAX), ...fields };
  return { weight, arbitrary: fc.record(shape) as unknown as fc.Arbitrary<Step> };
}
