// The week view's geometry: what stands on which day, which hours are shown, what stands side by side.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  daysFrom,
  hoursAround,
  intoLanes,
  placeOn,
} from '../../src/dashboard/pages/calendar/week.ts';

const newYork = 'America/New_York';
const span = (starts_at: string, ends_at: string) => ({ starts_at, ends_at });

test('a span stands on the days of the zone that it touches', () => {
  const night = span('2026-02-07T04:00:00Z', '2026-02-07T06:30:00Z');
  assert.deepEqual(placeOn('2026-02-06', night, newYork), { from: 23 * 60, until: 24 * 60 });
  assert.deepEqual(placeOn('2026-02-07', night, newYork), { from: 0, until: 90 });
  assert.equal(placeOn('2026-02-05', night, newYork), undefined);
  assert.equal(placeOn('2026-02-08', night, newYork), undefined);
  const evening = span('2026-02-07T03:00:00Z', '2026-02-07T05:00:00Z');
  assert.equal(placeOn('2026-02-07', evening, newYork), undefined, 'it ends at midnight');
});

test('the hours hold everything, and nine to five', () => {
  assert.deepEqual(hoursAround([]), { first: 9, last: 17 });
  assert.deepEqual(hoursAround([{ from: 7 * 60 + 30, until: 18 * 60 + 1 }]), {
    first: 7,
    last: 19,
  });
  assert.deepEqual(daysFrom('2026-02-27', 3), ['2026-02-27', '2026-02-28', '2026-03-01']);
});

test('what overlaps stands side by side, and no more', () => {
  const lanes = intoLanes(
    [
      [540, 600],
      [570, 630],
      [600, 660],
      [700, 730],
    ].map(([from = 0, until = 0], item) => ({ from, until, item })),
  );
  assert.deepEqual(
    lanes.map(({ item, lane, lanes: count }) => [item, lane, count]),
    [
      [0, 0, 2],
      [1, 1, 2],
      [2, 0, 2],
      [3, 0, 1],
    ],
  );
});
