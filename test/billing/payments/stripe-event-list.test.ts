// Messages in the order in which they happened, from a list that begins with the newest, a page in hand at a time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagesOfEvents } from '../../../src/billing/payments/stripe-event-list.ts';
import type { AskForEvents, EventPage } from '../../../src/billing/payments/stripe-event-list.ts';

const NOW = 1_800_000_000;
const SINCE = NOW - 4 * 86_400;

/** A list of Stripe's with messages of these times; `asked` counts its requests. */
function listOf(times: readonly number[]) {
  const all = times
    .map((created, index) => ({ id: `evt_${index}`, created }))
    .toSorted((a, b) => b.created - a.created || b.id.localeCompare(a.id));
  const list = { asked: 0, ask: undefined as unknown as AskForEvents };
  list.ask = async ({ created: { gte, lt = Infinity }, limit, starting_after: after }) => {
    list.asked += 1;
    const found = all.filter(({ created }) => created >= gte && created < lt);
    const from = after === undefined ? 0 : found.findIndex(({ id }) => id === after) + 1;
    const data = found.slice(from, from + limit);
    return { data: data as never, has_more: from + limit < found.length };
  };
  return list;
}

async function read(ask: AskForEvents, since = SINCE): Promise<EventPage[]> {
  return Array.fromAsync(pagesOfEvents(ask, { since, now: NOW }));
}

/** Pseudo-random, the same every time. */
const spread = Array.from({ length: 2500 }, (_, index) => SINCE + ((index * 7919) % 345_600));
const cases: readonly [what: string, times: readonly number[], requestsMax: number][] = [
  ['none', [], 1],
  ['as many as fit', Array.from({ length: 100 }, (_, index) => SINCE + index), 1],
  ['many, evenly', spread, 120],
  ['a rush in the last minute', Array.from({ length: 900 }, (_, index) => NOW - (index % 60)), 90],
  ['more in a second than fit', [SINCE, ...Array.from({ length: 250 }, () => NOW - 500)], 60],
  ['more in this second than fit', Array.from({ length: 250 }, () => NOW), 60],
  ['some that are ahead of our clock', Array.from({ length: 150 }, (_, at) => NOW - 75 + at), 40],
];
for (const [what, times, requestsMax] of cases) {
  test(`${what}: all once, oldest first, a page at a time`, async () => {
    const list = listOf(times);
    const pages = await read(list.ask);
    const events = pages.flatMap((page) => page.events);
    assert.equal(new Set(events.map(({ id }) => id)).size, times.length);
    assert.equal(events.length, times.length);
    assert.ok(pages.every((page) => page.events.length <= 100));
    const created = events.map((event) => event.created);
    assert.deepEqual(
      created,
      created.toSorted((a, b) => a - b),
    );
    assert.ok(list.asked <= requestsMax, `${list.asked} requests`);
  });
}

test('who stops after any page goes on behind it, and misses nothing', async () => {
  const { ask } = listOf([...spread, ...Array.from({ length: 250 }, () => NOW - 500)]);
  const pages = await read(ask);
  for (const [index, page] of pages.entries()) {
    if (index % 7 > 0 && index < pages.length - 5) continue;
    const before = pages.slice(0, index + 1).flatMap(({ events }) => events);
    const after = (await read(ask, page.before)).flatMap(({ events }) => events);
    const ids = new Set([...before, ...after].map(({ id }) => id));
    assert.equal(ids.size, spread.length + 250);
  }
});

test('a list without an end is given up', async () => {
  const endless: AskForEvents = async () => ({
    data: [{ id: 'evt_1', created: NOW }] as never,
    has_more: true,
  });
  await assert.rejects(read(endless), { code: 'vendor_failed' });
});
