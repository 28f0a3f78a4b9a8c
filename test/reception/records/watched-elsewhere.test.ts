// Calls watched in other processes: believed while it is said again, forgotten afterwards, and never too many.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WatchedElsewhere } from '../../../src/reception/records/watched-elsewhere.ts';
import { VirtualClock } from '../../support/clock.ts';

test('a call is believed to be watched for 25 s after it was last said', async () => {
  const clock = new VirtualClock();
  const watched = new WatchedElsewhere(clock);
  watched.hear(['a']);
  assert.deepEqual([watched.has('a'), watched.has('b')], [true, false]);
  await clock.advance(20_000);
  watched.hear(['a']);
  await clock.advance(24_999);
  assert.equal(watched.has('a'), true);
  await clock.advance(1);
  assert.equal(watched.has('a'), false);
});

test('calls of other processes that nobody asks about are forgotten when others are named', async () => {
  const clock = new VirtualClock();
  const watched = new WatchedElsewhere(clock);
  for (let hour = 0; hour < 24; hour += 1) {
    watched.hear([`call ${hour}`, `another ${hour}`]);
    await clock.advance(3_600_000);
  }
  watched.hear(['now']);
  assert.equal(watched.size, 1);
});

test('of more than 2000 at once the one named longest ago is let go of', () => {
  const watched = new WatchedElsewhere(new VirtualClock());
  watched.hear(['kept']);
  for (let call = 0; call < 2500; call += 1) {
    if (call === 1500) watched.hear(['kept']);
    watched.hear([`call ${call}`]);
  }
  assert.deepEqual([watched.size, watched.has('kept'), watched.has('call 0')], [2000, true, false]);
});
