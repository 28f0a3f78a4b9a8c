// When a process takes no more calls because it gets to those it has too late.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Strain } from '../../../src/reception/calls/strain.ts';
import { VirtualClock } from '../../support/clock.ts';

/** Every look comes `lateMs` late. */
class LateClock extends VirtualClock {
  lateMs = 0;
  #late = 0;

  override elapsed(): number {
    return super.elapsed() + this.#late;
  }

  override every(ms: number, act: () => void): Disposable {
    return super.every(ms, () => {
      this.#late += this.lateMs;
      act();
    });
  }
}

function open(t: { after(act: () => void): void }): { clock: LateClock; strain: Strain } {
  const clock = new LateClock();
  const strain = new Strain(clock);
  t.after(() => {
    strain[Symbol.dispose]();
    assert.equal(clock.pending, 0);
  });
  return { clock, strain };
}

test('late again and again with many calls: no more; in time again: as before', async (t) => {
  const { clock, strain } = open(t);
  await clock.advance(3000);
  assert.equal(strain.tooMuchFor(100), false);
  clock.lateMs = 40;
  await clock.advance(500);
  assert.equal(strain.tooMuchFor(100), false, 'ten looks make no trend');
  await clock.advance(500);
  assert.equal(strain.tooMuchFor(100), true);
  assert.equal(strain.tooMuchFor(7), false, 'it is not the calls');
  clock.lateMs = 0;
  await clock.advance(3000);
  assert.equal(strain.tooMuchFor(100), false);
});

test('one long pause turns nobody away', async (t) => {
  const { clock, strain } = open(t);
  await clock.advance(1000);
  clock.lateMs = 5000;
  await clock.advance(50);
  clock.lateMs = 0;
  await clock.advance(50);
  assert.equal(strain.tooMuchFor(100), false);
});
