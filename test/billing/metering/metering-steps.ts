// What may happen to clients and calls, in random order.

import * as fc from 'fast-check';
import type { PaymentTurn } from '../payments/payment-model.ts';

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
  order: { amount: number; seconds: number };
  money: { turn: PaymentTurn; share: number };
  message: { which: number; times: number };
}

/** One step. `pick` chooses among the clients or streams that are there at that moment. */
export type Step = {
  [Name in keyof Steps]: { readonly do: Name; readonly pick: number } & Readonly<Steps[Name]>;
}[keyof Steps];

/** Low, so that steps often meet the same client or stream; counted from the newest. */
const PICK_MAX = 4;

const seconds = fc.integer({ min: 1, max: 90 });
const times = fc.integer({ min: 1, max: 3 });

/** Histories of calls, of up to `max` steps. */
export function histories(max: number): fc.Arbitrary<Step[]> {
  return historiesOf(max, [
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
  ]);
}

/** Histories of payments and the messages about them, with some calls between. */
export function moneyHistories(max: number): fc.Arbitrary<Step[]> {
  return historiesOf(max, [
    stepOf(3, 'order', { amount: fc.integer({ min: 1, max: 2000 }), seconds }),
    stepOf(8, 'money', {
      turn: fc.constantFrom(
        'paid',
        'paid',
        'wrong',
        'refund',
        'refund-fails',
        'dispute',
        'reinstate',
      ),
      share: fc.integer({ min: 1, max: 100 }),
    }),
    stepOf(12, 'message', { which: fc.nat(12), times }),
    stepOf(1, 'clawback', { seconds, times }),
    stepOf(1, 'open', { how: fc.constant('new') }),
    stepOf(1, 'talk', { ms: fc.integer({ min: 0, max: 20_000 }), outage: fc.boolean() }),
    stepOf(1, 'beat', { how: fc.constantFrom('now', 'stale') }),
    stepOf(1, 'settle', { times }),
  ]);
}

function historiesOf(
  max: number,
  steps: readonly { weight: number; arbitrary: fc.Arbitrary<Step> }[],
): fc.Arbitrary<Step[]> {
  return fc.array(fc.oneof(...steps), { minLength: 1, maxLength: max, size: 'max' });
}

function stepOf<Name extends keyof Steps>(
  weight: number,
  name: Name,
  fields: { [Field in keyof Steps[Name]]: fc.Arbitrary<Steps[Name][Field]> },
): { weight: number; arbitrary: fc.Arbitrary<Step> } {
  const shape = { do: fc.constant(name), pick: fc.nat(PICK_MAX), ...fields };
  return { weight, arbitrary: fc.record(shape) as unknown as fc.Arbitrary<Step> };
}
