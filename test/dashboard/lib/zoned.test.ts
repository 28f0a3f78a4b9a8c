// Days and clock times of a zone, over the changes of its clock.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addDays,
  clockText,
  dayAt,
  isDay,
  minuteOfDay,
  momentOf,
  weekdayOf,
  weekOf,
} from '../../../src/dashboard/lib/zoned.ts';

const newYork = 'America/New_York';

test('a moment has a day and a time in each zone', () => {
  const at = Date.parse('2026-02-07T03:30:00Z');
  assert.equal(dayAt(at, newYork), '2026-02-06');
  assert.equal(minuteOfDay(at, newYork), 22 * 60 + 30);
  assert.equal(dayAt(at, 'Asia/Tokyo'), '2026-02-07');
  assert.equal(minuteOfDay(at, 'Asia/Kolkata'), 9 * 60);
});

test('a local time is one moment, also where the clock changes', () => {
  const cases = [
    ['2026-02-06', 9 * 60, newYork, '2026-02-06T14:00:00.000Z'],
    ['2026-07-06', 9 * 60, newYork, '2026-07-06T13:00:00.000Z'],
    // Skipped in spring: an hour later by the clock.
    ['2026-03-08', 2 * 60 + 30, newYork, '2026-03-08T07:30:00.000Z'],
    // Twice in autumn: the first.
    ['2026-11-01', 60 + 30, newYork, '2026-11-01T05:30:00.000Z'],
    ['2026-11-01', 0, newYork, '2026-11-01T04:00:00.000Z'],
    ['2026-02-06', 0, 'Pacific/Auckland', '2026-02-05T11:00:00.000Z'],
    ['2026-02-06', 24 * 60, 'UTC', '2026-02-07T00:00:00.000Z'],
  ] as const;
  for (const [day, minutes, zone, expected] of cases) {
    assert.equal(new Date(momentOf(day, minutes, zone)).toISOString(), expected, `${day} ${zone}`);
  }
});

test('days and weeks are counted without a clock', () => {
  assert.equal(addDays('2026-02-28', 1), '2026-03-01');
  assert.equal(addDays('2026-01-01', -1), '2025-12-31');
  assert.equal(weekdayOf('2026-02-08'), 7);
  assert.equal(weekOf('2026-02-08'), '2026-02-02');
  assert.equal(weekOf('2026-02-02'), '2026-02-02');
  assert.equal(clockText(9 * 60 + 5), '09:05');
});

test('only days of the calendar are days', () => {
  for (const day of ['2026-02-06', '2028-02-29', '0001-01-01']) assert.ok(isDay(day), day);
  for (const none of ['2026-02-30', '2026-13-01', '2026-99-99', '2026-2-6', 'today', '']) {
    assert.ok(!isDay(none), none);
  }
});
