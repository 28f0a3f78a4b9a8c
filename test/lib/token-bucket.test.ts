// A rate and a burst, in virtual time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenBucket } from '../../src/lib/token-bucket.ts';
import { VirtualClock } from '../support/clock.ts';

const takeAll = (bucket: TokenBucket) => {
  let taken = 0;
  while (taken < 1000 && bucket.take()) taken += 1;
  return taken;
};

test('starts full, refills at its rate, and never holds more than its burst', async () => {
  const clock = new VirtualClock();
  const bucket = new TokenBucket(clock, { perSecond: 10, burst: 5 });
  assert.equal(takeAll(bucket), 5);
  await clock.advance(99);
  assert.equal(takeAll(bucket), 0);
  await clock.advance(1);
  assert.equal(takeAll(bucket), 1);
  await clock.advance(250);
  assert.equal(takeAll(bucket), 2);
  await clock.advance(50);
  assert.equal(takeAll(bucket), 1, 'the half that was left counts');
  await clock.advance(3_600_000);
  assert.equal(takeAll(bucket), 5);
});
