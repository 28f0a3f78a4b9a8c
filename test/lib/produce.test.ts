// A loop that runs ahead of its reader: order, bound, errors, and that it ends with its reader and with its parent.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { produce } from '../../src/lib/produce.ts';
import { settle } from '../support/clock.ts';

const never = new AbortController().signal;

test('gives what is put, then the end, and runs so far ahead and no further', async () => {
  let made = 0;
  const items = produce<number>(3, never, async (put) => {
    while (made < 6) await put((made += 1));
  });
  await settle();
  assert.equal(made, 4, 'three wait and one is in hand');
  const read: number[] = [];
  for await (const item of items) read.push(item);
  assert.deepEqual(read, [1, 2, 3, 4, 5, 6]);
});

test('what it throws comes after what it has put', async () => {
  const items = produce<number>(3, never, async (put) => {
    await put(1);
    throw new Error('broken');
  })[Symbol.asyncIterator]();
  await settle();
  assert.deepEqual(await items.next(), { done: false, value: 1 });
  await assert.rejects(items.next(), /broken/);
});

test('its signal aborts when the reader stops, with its parent, and at its end', async () => {
  let given: AbortSignal | undefined;
  const fill = async (put: (item: number) => Promise<void>, signal: AbortSignal) => {
    given = signal;
    for (let item = 0; ; item += 1) await put(item);
  };
  for await (const item of produce(2, never, fill)) if (item === 3) break;
  assert.equal(given?.aborted, true);

  const parent = new AbortController();
  const items = produce(2, parent.signal, fill)[Symbol.asyncIterator]();
  await settle();
  parent.abort(new Error('the call is over'));
  assert.match(String(given?.reason), /the call is over/);
  await settle();
  await items.next();
  await items.next();
  await assert.rejects(items.next(), /the call is over/);

  const over = produce<number>(2, never, async (_put, signal) => void (given = signal));
  await settle();
  assert.ok(over.ended && given?.aborted);
});
