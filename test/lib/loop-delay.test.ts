// How late the event loop comes: in the figures of what is known, and with the loop of the runtime that runs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { LoopDelay } from '../../src/lib/loop-delay.ts';
import { VirtualClock } from '../support/clock.ts';
import { until } from '../support/until.ts';

/** Looks come as late as `lateMs` says, one after the other, the last for ever. */
class LateClock extends VirtualClock {
  lateMs: number[] = [0];
  #late = 0;

  override elapsed(): number {
    return super.elapsed() + this.#late;
  }

  override every(ms: number, act: () => void): Disposable {
    return super.every(ms, () => {
      this.#late += this.lateMs.length > 1 ? this.lateMs.shift()! : this.lateMs[0]!;
      act();
    });
  }
}

test('mean, 99 in a hundred and most of the last minute', async () => {
  const clock = new LateClock();
  const delay = new LoopDelay(clock);
  assert.deepEqual(delay.read(), { mean: 0, p99: 0, max: 0 });
  clock.lateMs = [500, ...Array.from({ length: 98 }, () => 1), 10, 0];
  await clock.advance(100 * 20);
  assert.deepEqual(delay.read(), { mean: 6.08, p99: 10, max: 500 });
  await clock.advance(60_000);
  assert.deepEqual(delay.read(), { mean: 0, p99: 0, max: 0 });
  delay[Symbol.dispose]();
  assert.equal(clock.pending, 0);
});

test('a loop that is held up is seen by the runtime that runs', async () => {
  using delay = new LoopDelay(systemClock);
  const untilMs = systemClock.elapsed() + 100;
  while (systemClock.elapsed() < untilMs);
  await until('the delay is seen', () => delay.read().max > 0);
  assert.ok(delay.read().max >= 70, String(delay.read().max));
});
