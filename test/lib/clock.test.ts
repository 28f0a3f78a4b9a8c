// Time: the system's clock for once in real time, and everything built on a clock in virtual time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tick, systemClock, within } from '../../src/lib/clock.ts';
import { VirtualClock } from '../support/clock.ts';

const reason = new Error('enough');

test('the system clock runs', async () => {
  const startedAt = systemClock.elapsed();
  await systemClock.sleep(2);
  assert.ok(systemClock.elapsed() > startedAt);
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 60_000);
  let ticks = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  using _timer = systemClock.every(1, () => {
    ticks += 1;
    if (ticks === 3) resolve();
  });
  using _never = systemClock.after(1, () => assert.fail('it was disposed'));
  _never[Symbol.dispose]();
  await promise;
});

test('sleep ends after its time, and not before', async () => {
  const clock = new VirtualClock();
  let awake = false;
  const sleep = clock.sleep(100).then(() => (awake = true));
  await clock.advance(99);
  assert.ok(!awake);
  await clock.advance(1);
  await sleep;
});

test('sleep rejects with the reason of its signal and leaves no timer', async () => {
  const clock = new VirtualClock();
  await assert.rejects(clock.sleep(100, AbortSignal.abort(reason)), reason);
  const abort = new AbortController();
  const sleep = clock.sleep(100, abort.signal);
  assert.equal(clock.pending, 1);
  abort.abort(reason);
  await assert.rejects(sleep, reason);
  assert.equal(clock.pending, 0);
});

test('within is the promise when it is in time', async () => {
  const clock = new VirtualClock();
  const late = () => new Error('late');
  assert.equal(await within(clock, 100, Promise.resolve(7), late), 7);
  await assert.rejects(within(clock, 100, Promise.reject(reason), late), reason);
  assert.equal(clock.pending, 0);
});

test('within is an error when the time is over', async () => {
  const clock = new VirtualClock();
  const waiting = within(clock, 100, new Promise(() => {}), () => new Error('late'));
  const failed = assert.rejects(waiting, /late/);
  await clock.advance(100);
  await failed;
});

test('one timer ticks for many and rests when nobody listens', async () => {
  const clock = new VirtualClock();
  const tick = new Tick(clock, 20);
  assert.equal(clock.pending, 0);
  const counts = [0, 0];
  const first = tick.add(() => (counts[0]! += 1));
  await clock.advance(40);
  const second = tick.add(() => (counts[1]! += 1));
  assert.equal(clock.pending, 1);
  await clock.advance(40);
  first[Symbol.dispose]();
  await clock.advance(20);
  assert.deepEqual(counts, [4, 3]);
  second[Symbol.dispose]();
  assert.equal(clock.pending, 0);
});

test('a listener may leave while it is told', async () => {
  const clock = new VirtualClock();
  const tick = new Tick(clock, 20);
  let count = 0;
  const once = tick.add(() => {
    count += 1;
    once[Symbol.dispose]();
  });
  await clock.advance(100);
  assert.equal(count, 1);
  assert.equal(clock.pending, 0);
});
