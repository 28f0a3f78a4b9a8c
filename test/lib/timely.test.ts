// Items in time: what is late is thrown, the reader's own time does not count, and one timer serves them all.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Channel } from '../../src/lib/channel.ts';
import { timely } from '../../src/lib/timely.ts';
import { VirtualClock, settle } from '../support/clock.ts';

function watched(ms = 100) {
  const clock = new VirtualClock();
  const source = new Channel<number>(8);
  const late = () => new Error('late');
  const items = timely(source[Symbol.asyncIterator](), { clock, ms, late });
  return { clock, source, items };
}

test('an item that is late is an error, and the source is left', async () => {
  const { clock, source, items } = watched();
  const next = items.next();
  next.catch(() => {});
  await clock.advance(99);
  assert.equal(source.ended, false);
  await clock.advance(1);
  await assert.rejects(next, /late/);
  assert.ok(source.ended);
});

test('each item has its own time, whatever the reader does in between', async () => {
  const { clock, source, items } = watched();
  for (let item = 0; item < 5; item += 1) {
    const next = items.next();
    await clock.advance(90);
    source.push(item);
    assert.deepEqual(await next, { done: false, value: item });
    await clock.advance(500);
  }
  const last = items.next();
  last.catch(() => {});
  await clock.advance(99);
  source.end();
  assert.equal((await last).done, true);
});

test('after its end nothing waits for it any more', async () => {
  const { clock, source, items } = watched();
  const next = items.next();
  assert.equal(clock.pending, 1);
  source.end();
  await next;
  assert.equal(clock.pending, 0);
  const left = watched();
  void left.items.next().catch(() => {});
  await left.items.return();
  await settle();
  assert.equal(left.clock.pending, 0);
  assert.ok(left.source.ended);
});

test('an error of the source passes', async () => {
  const { source, items } = watched();
  source.end(new Error('broken'));
  await assert.rejects(items.next(), /broken/);
});
