// The calls of a process: found, told, superseded by newer streams, and waited for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Channel } from '../../../src/lib/channel.ts';
import type { CallControl } from '../../../src/pipeline/types.ts';
import { ActiveCalls } from '../../../src/reception/calls/active-calls.ts';
import { VirtualClock } from '../../support/clock.ts';

function call(callId: string, callSid: string) {
  const control = new Channel<CallControl>(4);
  const { promise: done, resolve: end } = Promise.withResolvers<void>();
  const active = {
    callId,
    callSid,
    clientId: 'client',
    control,
    superseded: 0,
    supersede: () => void (active.superseded += 1),
  };
  return { active, done, end };
}

test('a newer stream of the same call supersedes the older one, and only that', () => {
  const calls = new ActiveCalls();
  const [old, other, newer] = [call('a', 'CA1'), call('b', 'CA2'), call('a', 'CA1')];
  for (const { active, done } of [old, other, newer]) calls.add(active, done);
  assert.deepEqual(
    [old.active.superseded, other.active.superseded, newer.active.superseded],
    [1, 0, 0],
  );
  assert.equal(calls.size, 3);
});

test('calls that are over are gone, failed ones too', async () => {
  const calls = new ActiveCalls();
  const [first, second] = [call('a', 'CA1'), call('b', 'CA2')];
  calls.add(first.active, first.done);
  calls.add(second.active, Promise.reject(new Error('failed')));
  assert.equal(calls.find('a'), first.active);
  assert.equal(calls.find('x'), undefined);
  first.end();
  assert.equal(await calls.emptyWithin(new VirtualClock(), 1000), true);
  assert.equal(calls.size, 0);
});

test('all are told the same', async () => {
  const calls = new ActiveCalls();
  const both = [call('a', 'CA1'), call('b', 'CA2')];
  for (const { active, done } of both) calls.add(active, done);
  calls.tell({ type: 'wrap-up' });
  for (const { active } of both) {
    active.control.end();
    assert.deepEqual(await Array.fromAsync(active.control), [{ type: 'wrap-up' }]);
  }
});

test('the wait for the last call is bounded', async () => {
  const calls = new ActiveCalls();
  const clock = new VirtualClock();
  const { active, done } = call('a', 'CA1');
  calls.add(active, done);
  const empty = calls.emptyWithin(clock, 1000);
  await clock.advance(1001);
  assert.equal(await empty, false);
  assert.equal(clock.pending, 0);
});
