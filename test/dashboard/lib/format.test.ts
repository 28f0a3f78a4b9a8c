// Numbers, times and phone numbers as people read them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatMoney,
  formatAgo,
  formatCost,
  formatDay,
  formatDuration,
  formatHour,
  formatLatency,
  formatMinutes,
  formatMoment,
  formatPhone,
  formatShortDay,
  formatTime,
  formatWeekday,
} from '../../../src/dashboard/lib/format.ts';

/** Newer language data puts a narrow space before AM and PM. */
const plain = (text: string) => text.replaceAll(' ', ' ');

test('lengths of time', () => {
  assert.deepEqual([0, 5, 65, 3600, 3725].map(formatDuration), [
    '0:00',
    '0:05',
    '1:05',
    '1:00:00',
    '1:02:05',
  ]);
  assert.deepEqual([-5, 0, 59, 125, 600, 3599, 35_999, 45_000, 72_000].map(formatMinutes), [
    '0 min',
    '0 min',
    '59 s',
    '2 min 05 s',
    '10 min',
    '59 min',
    '599 min',
    '12 h 30 min',
    '20 h',
  ]);
  assert.deepEqual([null, 0, 820.4, 1449].map(formatLatency), ['–', '0 ms', '820 ms', '1.4 s']);
});

test('moments are those of the zone', () => {
  const at = '2026-02-07T03:05:00Z';
  const nowMs = Date.parse('2026-06-01T00:00:00Z');
  assert.equal(plain(formatTime(at, 'America/New_York')), '10:05 PM');
  assert.equal(plain(formatMoment(at, 'America/New_York', nowMs)), 'Feb 6, 10:05 PM');
  assert.equal(plain(formatMoment('2025-02-07T03:05:00Z', 'UTC', nowMs)), 'Feb 7, 2025, 3:05 AM');
  // The year, too: in New York it is still the old one.
  assert.equal(
    plain(formatMoment('2026-01-01T03:05:00Z', 'America/New_York', nowMs)),
    'Dec 31, 2025, 10:05 PM',
  );
  assert.deepEqual(
    [0, 9, 15].map((hour) => plain(formatHour(hour))),
    ['12 AM', '9 AM', '3 PM'],
  );
  assert.equal(formatDay('2026-02-06'), 'Friday, February 6');
  assert.equal(formatShortDay('2026-02-06'), 'Feb 6');
  assert.equal(formatWeekday('2026-02-06'), 'Fri');
});

test('how long ago', () => {
  const nowMs = Date.parse('2026-02-06T12:00:00Z');
  const ago = (minutes: number) => formatAgo(nowMs - minutes * 60_000, nowMs);
  assert.deepEqual([0, 5, 125, 1500, 4400].map(ago), [
    'just now',
    '5 min ago',
    '2 h ago',
    '1 day ago',
    '3 days ago',
  ]);
});

test('phone numbers and money', () => {
  assert.equal(formatPhone('+12025550123'), '(202) 555-0123');
  assert.equal(formatPhone('+4930123456'), '+49 301 234 56');
  assert.equal(formatPhone('+493012345678'), '+49 301 234 5678');
  assert.equal(formatPhone('anonymous'), 'anonymous');
  assert.deepEqual([0, 1234, 12_345_678].map(formatCost), ['$0.00', '$0.0012', '$12.35']);
});

test('money is of its currency, of which some have no cents', () => {
  assert.deepEqual(
    [formatMoney(1250, 'usd'), formatMoney(5, 'eur'), formatMoney(1250, 'jpy')],
    ['$12.50', '€0.05', '¥1,250'],
  );
});
