// The queue: order, bounds, ends, and a reader or writer that leaves; and reading ahead of someone slow.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { Channel, readAhead } from '../../src/lib/channel.ts';
import { settle } from '../support/clock.ts';

const never = new AbortController().signal;

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

test('gives what was pushed, in order, then ends', async () => {
  const channel = new Channel<number>(3);
  channel.push(1);
  channel.push(2);
  channel.end();
  channel.push(3);
  assert.equal(channel.size, 2);
  assert.deepEqual(await all(channel), [1, 2]);
  assert.ok(channel.ended);
});

test('hands an item to a reader that waits', async () => {
  const channel = new Channel<number>(1);
  const items = channel[Symbol.asyncIterator]();
  const next = items.next();
  channel.push(1);
  channel.push(2);
  assert.deepEqual(await next, { done: false, value: 1 });
  assert.deepEqual(await items.next(), { done: false, value: 2 });
  const last = items.next();
  channel.end();
  assert.equal((await last).done, true);
  assert.equal((await items.next()).done, true);
});

test('push drops the oldest of a full channel and counts it', async () => {
  const channel = new Channel<number>(2);
  for (const item of [1, 2, 3, 4]) channel.push(item);
  assert.equal(channel.dropped, 2);
  channel.end();
  assert.deepEqual(await all(channel), [3, 4]);
});

test('each gives what waits and then every item in the moment it comes, in order', async () => {
  const channel = new Channel<number>(3);
  channel.push(1);
  channel.push(2);
  const taken: number[] = [];
  const take = (item: number) => {
    taken.push(item);
    // What comes of an item comes after those that wait already.
    if (item === 1) channel.push(3);
  };
  const shown: number[] = [];
  channel.tap((item) => shown.push(item));
  const over = channel.each(take, never);
  assert.deepEqual(taken, [1, 2, 3]);
  channel.push(4);
  assert.deepEqual(taken, [1, 2, 3, 4]);
  for (const item of [5, 6, 7, 8, 9]) await channel.put(item, never);
  channel.end();
  channel.push(10);
  await over;
  assert.deepEqual(taken, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(shown, taken);
  assert.equal(channel.dropped, 0);
});

test('each of a channel that has ended gives what is left, then its error', async () => {
  const ended = new Channel<number>(3);
  ended.push(1);
  ended.end();
  const taken: number[] = [];
  await ended.each((item) => taken.push(item), never);
  assert.deepEqual(taken, [1]);

  const broken = new Channel<number>(3);
  const over = broken.each((item) => taken.push(item), never);
  broken.push(2);
  broken.end(new Error('lost'));
  await assert.rejects(over, /lost/);
  assert.deepEqual(taken, [1, 2]);
});

test('each ends by its signal or by what takes, and the channel is told that it is read no more', async () => {
  const stop = new AbortController();
  let left = 0;
  const aborted = new Channel<number>(3, () => (left += 1));
  const taken: number[] = [];
  const over = aborted.each((item) => taken.push(item), stop.signal);
  aborted.push(1);
  stop.abort(new Error('stopped'));
  aborted.push(2);
  await assert.rejects(over, /stopped/);
  assert.deepEqual(taken, [1]);
  assert.equal(left, 1);
  assert.ok(aborted.ended);
  await assert.rejects(
    new Channel<number>(1).each(() => {}, stop.signal),
    /stopped/,
  );

  const fails = new Channel<number>(3, () => (left += 1));
  const throws = () => {
    throw new Error('cannot');
  };
  fails.push(1);
  fails.push(2);
  await assert.rejects(fails.each(throws, never), /cannot/);
  assert.equal(left, 2);
  assert.ok(fails.ended);
  assert.equal(getEventListeners(never, 'abort').length, 0);
});

test('a channel has one reader, whichever way it reads', async () => {
  const channel = new Channel<number>(1);
  const over = channel.each(() => {}, never);
  assert.throws(() => channel.each(() => {}, never), /one reader/);
  await assert.rejects(async () => channel[Symbol.asyncIterator]().next(), /one reader/);
  channel.end();
  await over;
});

test('put waits for room and loses nothing', async () => {
  const channel = new Channel<number>(2);
  let written = 0;
  const writers = [1, 2, 3, 4, 5, 6].map(async (item) => {
    await channel.put(item, never);
    written += 1;
  });
  await settle();
  assert.equal(written, 2);
  const items = channel[Symbol.asyncIterator]();
  assert.equal((await items.next()).value, 1);
  await settle();
  assert.equal(written, 3);
  const rest = [];
  for (let i = 0; i < 5; i += 1) rest.push((await items.next()).value);
  assert.deepEqual(rest, [2, 3, 4, 5, 6]);
  await Promise.all(writers);
  assert.equal(channel.dropped, 0);
});

test('put rejects with the reason of its signal, before and while it waits', async () => {
  const channel = new Channel<number>(1);
  const reason = new Error('no longer wanted');
  await assert.rejects(channel.put(1, AbortSignal.abort(reason)), reason);
  await channel.put(1, never);
  const abort = new AbortController();
  const waiting = channel.put(2, abort.signal);
  abort.abort(reason);
  await assert.rejects(waiting, reason);
  channel.end();
  assert.deepEqual(await all(channel), [1]);
});

test('an error comes after what was queued, once', async () => {
  const channel = new Channel<number>(2);
  channel.push(1);
  channel.end(new Error('broken'));
  channel.end();
  const items = channel[Symbol.asyncIterator]();
  assert.equal((await items.next()).value, 1);
  await assert.rejects(items.next(), /broken/);
  assert.equal((await items.next()).done, true);
});

test('an error reaches a reader that waits', async () => {
  const channel = new Channel<number>(2);
  const next = channel[Symbol.asyncIterator]().next();
  channel.end(new Error('broken'));
  await assert.rejects(next, /broken/);
});

test('a reader that leaves lets the writers go', async () => {
  const channel = new Channel<number>(1);
  await channel.put(1, never);
  const waiting = channel.put(2, never);
  for await (const item of channel) {
    assert.equal(item, 1);
    break;
  }
  await waiting;
  assert.ok(channel.ended);
  assert.equal(channel.size, 0);
});

test('a second reader is refused', async () => {
  const channel = new Channel<number>(1);
  const items = channel[Symbol.asyncIterator]();
  const first = items.next();
  assert.throws(() => items.next(), /one reader/);
  channel.end();
  await first;
});

test('a read under a signal gives all there is, then lets go of the signal', async () => {
  const abort = new AbortController();
  const channel = new Channel<number>(3);
  channel.push(1);
  const read = all(channel.read(abort.signal));
  await settle();
  channel.push(2);
  channel.end();
  assert.deepEqual(await read, [1, 2]);
  if ('Deno' in globalThis) return; // which does not show its listeners
  assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
});

test('an abort ends a read that waits, and one that has not looked yet, and the channel with it', async () => {
  const reason = new Error('no longer wanted');
  for (const waits of [true, false]) {
    const abort = new AbortController();
    const channel = new Channel<number>(3);
    const items = channel.read(abort.signal);
    if (!waits) channel.push(1);
    const next = waits ? items.next() : undefined;
    abort.abort(reason);
    await assert.rejects(next ?? items.next(), reason);
    assert.ok(channel.ended);
    assert.equal((await items.next()).done, true);
  }
});

test('a reader under a signal that leaves lets go of it', async () => {
  const abort = new AbortController();
  const channel = new Channel<number>(3);
  channel.push(1);
  for await (const item of channel.read(abort.signal)) if (item === 1) break;
  assert.ok(channel.ended);
  if ('Deno' in globalThis) return;
  assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
});

test('a tap sees each item when the reader gets it, not before', async () => {
  const seen: number[] = [];
  const channel = new Channel<number>(3).tap((item) => seen.push(item));
  channel.push(1);
  channel.push(2);
  assert.deepEqual(seen, []);
  const items = channel[Symbol.asyncIterator]();
  await items.next();
  assert.deepEqual(seen, [1]);
  await items.next();
  const waiting = items.next();
  channel.push(3);
  assert.deepEqual(seen, [1, 2, 3]);
  await waiting;
});

test('readAhead reads so many items before anybody asks for the second', async () => {
  let made = 0;
  async function* source() {
    while (made < 10) yield (made += 1);
  }
  const ahead = readAhead(source(), 3)[Symbol.asyncIterator]();
  assert.deepEqual(await ahead.next(), { done: false, value: 1 });
  await settle();
  assert.equal(made, 5, 'three wait and one is in hand');
  assert.deepEqual(await all(ahead), [2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('readAhead passes an error on in its place', async () => {
  async function* source() {
    yield 1;
    throw new Error('broken');
  }
  const ahead = readAhead(source(), 3)[Symbol.asyncIterator]();
  assert.equal((await ahead.next()).value, 1);
  await assert.rejects(ahead.next(), /broken/);
});

test('readAhead stops its source when it is stopped', async () => {
  let stopped = false;
  async function* source() {
    try {
      for (let i = 0; ; i += 1) yield i;
    } finally {
      stopped = true;
    }
  }
  for await (const item of readAhead(source(), 2)) if (item === 1) break;
  await settle();
  assert.ok(stopped);
});
