// Cancellation: a scope follows its parent and lets go of it; waits end the moment a signal aborts.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { Scope, abortable, forEach, orAborted } from '../../src/lib/abort.ts';
import { Channel } from '../../src/lib/channel.ts';
import { settle } from '../support/clock.ts';

const reason = new Error('enough');

test('a scope aborts with its parent and for the same reason', () => {
  const parent = new AbortController();
  using scope = new Scope(parent.signal);
  using inner = new Scope(scope.signal);
  parent.abort(reason);
  assert.equal(scope.signal.reason, reason);
  assert.equal(inner.signal.reason, reason);
});

test('a scope of an aborted parent is aborted', () => {
  using scope = new Scope(AbortSignal.abort(reason));
  assert.equal(scope.signal.reason, reason);
});

test('a scope aborts alone', () => {
  const parent = new AbortController();
  using scope = new Scope(parent.signal);
  scope.abort(reason);
  assert.ok(scope.signal.aborted);
  assert.ok(!parent.signal.aborted);
});

test('a scope that was disposed holds nothing of its parent', () => {
  const parent = new AbortController();
  const scopes = Array.from({ length: 100 }, () => new Scope(parent.signal));
  for (const scope of scopes) scope[Symbol.dispose]();
  parent.abort(reason);
  assert.ok(scopes.every((scope) => !scope.signal.aborted));
  if ('Deno' in globalThis) return; // which does not show its listeners
  assert.equal(getEventListeners(parent.signal, 'abort').length, 0);
});

test('abortable gives all items when nobody aborts', async () => {
  const items = [];
  for await (const item of abortable(count(3), new AbortController().signal)) items.push(item);
  assert.deepEqual(items, [0, 1, 2]);
});

test('abortable ends a read that is stuck, without waiting for its source', async () => {
  const abort = new AbortController();
  let returned = 0;
  const stuck: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: () => {
        returned += 1;
        return new Promise(() => {});
      },
    }),
  };
  const read = (async () => {
    for await (const _ of abortable(stuck, abort.signal));
  })();
  await settle();
  abort.abort(reason);
  await assert.rejects(read, reason);
  assert.equal(returned, 1);
});

test('abortable gives nothing after the abort, not even what is ready', async () => {
  const abort = new AbortController();
  const items: number[] = [];
  await assert.rejects(async () => {
    for await (const item of abortable(count(10), abort.signal)) {
      items.push(item);
      if (item === 2) abort.abort(reason);
    }
  }, reason);
  assert.deepEqual(items, [0, 1, 2]);
});

test('abortable stops its source when its reader leaves', async () => {
  let stopped = false;
  async function* source() {
    try {
      for (let i = 0; ; i += 1) yield i;
    } finally {
      stopped = true;
    }
  }
  const { signal } = new AbortController();
  for await (const item of abortable(source(), signal)) if (item === 3) break;
  await settle();
  assert.ok(stopped);
});

test('forEach gives what any source has, until the signal aborts or what takes throws', async () => {
  const abort = new AbortController();
  const taken: number[] = [];
  await forEach(count(3), (item) => taken.push(item), abort.signal);
  const channel = new Channel<number>(3);
  const over = forEach(channel, (item) => taken.push(item), abort.signal);
  channel.push(3);
  assert.deepEqual(taken, [0, 1, 2, 3]);
  channel.end();
  await over;
  const fails = () => {
    throw new Error('cannot');
  };
  await assert.rejects(forEach(count(3), fails, abort.signal), /cannot/);
  const stopping = forEach(
    count(10),
    (item) => {
      if (item === 2) abort.abort(reason);
      else taken.push(item);
    },
    abort.signal,
  );
  await assert.rejects(stopping, reason);
  assert.deepEqual(taken, [0, 1, 2, 3, 0, 1]);
});

test('orAborted is the promise, or the reason of the signal', async () => {
  const abort = new AbortController();
  assert.equal(await orAborted(Promise.resolve(7), abort.signal), 7);
  await assert.rejects(orAborted(Promise.reject(new Error('own')), abort.signal), /own/);
  const waiting = orAborted(new Promise(() => {}), abort.signal);
  abort.abort(reason);
  await assert.rejects(waiting, reason);
  await assert.rejects(orAborted(new Promise(() => {}), abort.signal), reason);
});

async function* count(to: number) {
  for (let i = 0; i < to; i += 1) yield i;
}
