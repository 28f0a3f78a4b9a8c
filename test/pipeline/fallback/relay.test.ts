// One stream for one reader after another.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Channel } from '../../../src/lib/channel.ts';
import { Relay } from '../../../src/pipeline/fallback/relay.ts';
import { settle } from '../../support/clock.ts';

async function read(items: AsyncIterable<number>, into: number[]): Promise<void> {
  for await (const item of items) into.push(item);
}

test('the last reader ends, the next goes on, and both end with the source', async () => {
  const source = new Channel<number>(10);
  const relay = new Relay(source, new AbortController().signal);
  const [first, second]: [number[], number[]] = [[], []];
  const one = read(relay.next(), first);
  source.push(1);
  await settle();
  const two = read(relay.next(), second);
  await one;
  source.push(2);
  source.push(3);
  await settle();
  source.end();
  await two;
  assert.deepEqual([first, second], [[1], [2, 3]]);
  const late: number[] = [];
  await read(relay.next(), late);
  assert.deepEqual(late, []);
});

test('what comes while nobody reads waits, the newest hundred of it', async () => {
  const source = new Channel<number>(1000);
  const relay = new Relay(source, new AbortController().signal);
  const items: number[] = [];
  const reading = relay.next();
  for (let count = 0; count < 150; count += 1) source.push(count);
  source.end();
  await settle();
  await read(reading, items);
  assert.deepEqual([items.length, items[0], items.at(-1)], [100, 50, 149]);
});
