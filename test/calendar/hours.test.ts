// Local clock times as instants, with the days on which clocks change.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  hoursOn,
  localDate,
  localInstants,
  localTime,
  openIntervals,
} from '../../src/calendar/hours.ts';
import type { OpenRange } from '../../src/store/clients/opening-hours.ts';

const HOUR_MS = 3_600_000;

function everyDay(...hours: OpenRange[]) {
  return { weekly: Array.from({ length: 7 }, () => hours), specialDays: [] };
}

function shown(intervals: readonly { startMs: number; endMs: number }[]): string[] {
  return intervals.map(
    ({ startMs, endMs }) =>
      `${new Date(startMs).toISOString().slice(5, 16)} ${new Date(endMs).toISOString().slice(5, 16)}`,
  );
}

describe('local times where clocks change', () => {
  const vectors: readonly [
    zone: string,
    date: string,
    time: string,
    instants: readonly string[],
  ][] = [
    ['America/New_York', '2027-03-14', '02:30', []],
    ['America/New_York', '2027-11-07', '01:30', ['2027-11-07T05:30Z', '2027-11-07T06:30Z']],
    ['Europe/London', '2027-03-28', '01:30', []],
    ['Europe/London', '2027-10-31', '01:30', ['2027-10-31T00:30Z', '2027-10-31T01:30Z']],
    ['Australia/Lord_Howe', '2027-10-03', '02:15', []],
    ['Australia/Lord_Howe', '2027-04-04', '01:45', ['2027-04-03T14:45Z', '2027-04-03T15:15Z']],
    ['Asia/Kathmandu', '2027-05-01', '09:00', ['2027-05-01T03:15Z']],
    ['America/Phoenix', '2027-03-14', '02:30', ['2027-03-14T09:30Z']],
  ];
  for (const [zone, date, time, instants] of vectors) {
    test(`${zone} ${date} ${time}`, () => {
      assert.deepEqual(
        localInstants(zone, date, time),
        instants.map((instant) => Date.parse(instant)),
      );
    });
  }

  const lengths: readonly [zone: string, date: string, hours: number][] = [
    ['America/New_York', '2027-03-14', 23],
    ['America/New_York', '2027-11-07', 25],
    ['Australia/Lord_Howe', '2027-10-03', 23.5],
    ['Australia/Lord_Howe', '2027-04-04', 24.5],
    ['America/Phoenix', '2027-03-14', 24],
  ];
  for (const [zone, date, hours] of lengths) {
    test(`${date} has ${hours} hours in ${zone}`, () => {
      const open = openIntervals(
        { zone, ...everyDay({ opens: '00:00', closes: '24:00' }) },
        date,
        date,
      );
      const total = open.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
      assert.equal(total / HOUR_MS, hours);
    });
  }

  test('hours that begin in the gap begin when the clocks jump', () => {
    const rules = { zone: 'America/New_York', ...everyDay({ opens: '02:30', closes: '05:00' }) };
    assert.deepEqual(shown(openIntervals(rules, '2027-03-14', '2027-03-14')), [
      '03-14T07:00 03-14T09:00',
    ]);
  });

  test('hours within the gap do not exist', () => {
    const rules = { zone: 'America/New_York', ...everyDay({ opens: '02:00', closes: '03:00' }) };
    assert.deepEqual(openIntervals(rules, '2027-03-14', '2027-03-14'), []);
  });

  test('hours within the fold come twice', () => {
    const rules = { zone: 'America/New_York', ...everyDay({ opens: '01:15', closes: '01:45' }) };
    assert.deepEqual(shown(openIntervals(rules, '2027-11-07', '2027-11-07')), [
      '11-07T05:15 11-07T05:45',
      '11-07T06:15 11-07T06:45',
    ]);
  });
});

describe('opening hours', () => {
  test('a break is a gap, a special day replaces the weekday, a day without hours is closed', () => {
    const office = [
      { opens: '09:00', closes: '12:00' },
      { opens: '13:00', closes: '17:00' },
    ];
    const rules = {
      zone: 'Europe/London',
      weekly: [office, office, office, office, office, [], []],
      specialDays: [
        { date: '2027-03-02', name: 'Founders day', hours: [] },
        { date: '2027-03-06', name: 'Open Saturday', hours: [{ opens: '10:00', closes: '11:00' }] },
      ],
    };
    assert.deepEqual(shown(openIntervals(rules, '2027-03-01', '2027-03-03')), [
      '03-01T09:00 03-01T12:00',
      '03-01T13:00 03-01T17:00',
      '03-03T09:00 03-03T12:00',
      '03-03T13:00 03-03T17:00',
    ]);
    assert.deepEqual(shown(openIntervals(rules, '2027-03-06', '2027-03-07')), [
      '03-06T10:00 03-06T11:00',
    ]);
    assert.deepEqual(hoursOn(rules, '2027-03-02'), []);
  });

  test('an instant is open exactly when the clock on the wall shows a time within the hours', () => {
    const zones = ['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
    const dates = [
      '2027-03-13',
      '2027-11-06',
      '2027-03-27',
      '2027-10-30',
      '2027-10-02',
      '2027-04-03',
    ];
    const minutes = fc.integer({ min: 0, max: 1440 });
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...dates),
        fc.array(fc.tuple(minutes, minutes), { maxLength: 3 }),
        fc.array(fc.integer({ min: 0, max: 3 * 1440 }), { minLength: 20, maxLength: 20 }),
        (zone, date, pairs, probes) => {
          const ranges = pairs
            .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
            .filter(([opens, closes]) => opens < closes)
            .map(([opens, closes]) => ({ opens: clock(opens), closes: clock(closes) }));
          const last = Temporal.PlainDate.from(date).add({ days: 2 }).toString();
          const open = openIntervals({ zone, ...everyDay(...ranges) }, date, last);
          const startMs = Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
          for (const probe of probes) {
            const ms = startMs + probe * 60_000;
            if (localDate(zone, ms) > last) continue;
            const time = localTime(zone, ms);
            const expected = ranges.some(({ opens, closes }) => opens <= time && time < closes);
            const actual = open.some((each) => each.startMs <= ms && ms < each.endMs);
            assert.equal(actual, expected, `${zone} ${new Date(ms).toISOString()} ${time}`);
          }
        },
      ),
    );
  });
});

function clock(minutes: number): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
