// Free slots: a table of shapes, and what must hold for any hours, holidays, breaks and bookings.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { chooseSlots, freeSlots } from '../../src/calendar/availability.ts';
import type { AvailabilityQuery } from '../../src/calendar/availability.ts';
import {
  daysInterval,
  hoursOn,
  localDate,
  localTime,
  openIntervals,
} from '../../src/calendar/hours.ts';

const MINUTE_MS = 60_000;
const base = Date.parse('2027-03-02T00:00Z');
const at = (time: string) => Date.parse(`2027-03-02T${time}Z`);
const span = (from: string, to: string) => ({ startMs: at(from), endMs: at(to) });

function starts(query: Partial<AvailabilityQuery>): string[] {
  return freeSlots({
    open: [span('09:00', '12:00')],
    busy: [],
    resources: [0],
    stepMs: 60 * MINUTE_MS,
    durationMs: 60 * MINUTE_MS,
    bufferBeforeMs: 0,
    bufferAfterMs: 0,
    earliestMs: base,
    latestMs: Infinity,
    ...query,
  }).map(({ startMs, resource }) => `${new Date(startMs).toISOString().slice(11, 16)}/${resource}`);
}

describe('free slots', () => {
  const table: readonly [
    name: string,
    query: Partial<AvailabilityQuery>,
    expected: readonly string[],
  ][] = [
    ['an open morning', {}, ['09:00/0', '10:00/0', '11:00/0']],
    ['what does not fit before closing', { durationMs: 90 * MINUTE_MS }, ['09:00/0', '10:00/0']],
    ['a booking', { busy: [{ resource: 0, ...span('10:00', '11:00') }] }, ['09:00/0', '11:00/0']],
    [
      'a booking that touches two',
      { busy: [{ resource: 0, ...span('09:59', '10:01') }] },
      ['11:00/0'],
    ],
    [
      'buffers on both sides',
      {
        busy: [{ resource: 0, ...span('10:00', '11:00') }],
        bufferBeforeMs: MINUTE_MS,
        bufferAfterMs: MINUTE_MS,
      },
      [],
    ],
    [
      'a buffer may lie outside the hours',
      { bufferBeforeMs: 30 * MINUTE_MS },
      ['09:00/0', '10:00/0', '11:00/0'],
    ],
    ['the lead time', { earliestMs: at('09:01') }, ['10:00/0', '11:00/0']],
    ['the end of the search', { latestMs: at('11:00') }, ['09:00/0', '10:00/0']],
    [
      'two chairs, filled in order',
      { resources: [2, 5], busy: [{ resource: 2, ...span('10:00', '11:00') }] },
      ['09:00/2', '10:00/5', '11:00/2'],
    ],
    ['no chair', { resources: [] }, []],
    [
      'a long appointment over two ranges that touch',
      { open: [span('09:00', '10:00'), span('10:00', '12:00')], durationMs: 120 * MINUTE_MS },
      ['09:00/0', '10:00/0'],
    ],
  ];
  for (const [name, query, expected] of table) {
    test(name, () => assert.deepEqual(starts(query), expected));
  }

  test('no slot overlaps what is busy, none is outside the hours, none is left out', () => {
    const minute = fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15);
    const range = fc
      .tuple(minute, minute)
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 15] as const);
    fc.assert(
      fc.property(
        fc.record({
          zone: fc.constantFrom('America/New_York', 'Australia/Lord_Howe', 'Europe/London'),
          first: fc.constantFrom(
            '2027-03-13',
            '2027-11-06',
            '2027-04-03',
            '2027-10-02',
            '2027-06-01',
          ),
          hours: fc.array(range, { maxLength: 3 }),
          holiday: fc.boolean(),
          bookings: fc.array(
            fc.record({
              resource: fc.integer({ min: 0, max: 1 }),
              from: fc.integer({ min: 0, max: 3 * 24 * 12 }),
              length: fc.integer({ min: 1, max: 40 }),
            }),
            { maxLength: 25 },
          ),
          chairs: fc.integer({ min: 1, max: 2 }),
          step: fc.constantFrom(15, 30, 45, 60),
          duration: fc.constantFrom(15, 30, 50, 90),
          before: fc.constantFrom(0, 10),
          after: fc.constantFrom(0, 15),
          lead: fc.integer({ min: 0, max: 1440 }),
        }),
        ({
          zone,
          first,
          hours,
          holiday,
          bookings,
          chairs,
          step,
          duration,
          before,
          after,
          lead,
        }) => {
          const last = Temporal.PlainDate.from(first).add({ days: 2 }).toString();
          const middle = Temporal.PlainDate.from(first).add({ days: 1 }).toString();
          const ranges = hours.map(([opens, closes]) => ({
            opens: clock(opens),
            closes: clock(closes),
          }));
          const rules = {
            zone,
            weekly: Array.from({ length: 7 }, () => ranges),
            specialDays: holiday ? [{ date: middle, name: '', hours: [] }] : [],
          };
          const window = daysInterval(zone, first, last);
          const busy = bookings.map(({ resource, from, length }) => ({
            resource,
            startMs: window.startMs + from * 5 * MINUTE_MS,
            endMs: window.startMs + (from + length) * 5 * MINUTE_MS,
          }));
          const open = openIntervals(rules, first, last);
          const slots = freeSlots({
            open,
            busy,
            resources: Array.from({ length: chairs }, (_, index) => index),
            stepMs: step * MINUTE_MS,
            durationMs: duration * MINUTE_MS,
            bufferBeforeMs: before * MINUTE_MS,
            bufferAfterMs: after * MINUTE_MS,
            earliestMs: window.startMs + lead * MINUTE_MS,
            latestMs: window.endMs,
          });
          const isOpen = (ms: number) => {
            const time = localTime(zone, ms);
            return hoursOn(rules, localDate(zone, ms)).some(
              ({ opens, closes }) => opens <= time && time < closes,
            );
          };
          const isFree = (resource: number, startMs: number) =>
            busy.every(
              (each) =>
                each.resource !== resource ||
                each.endMs <= startMs - before * MINUTE_MS ||
                each.startMs >= startMs + (duration + after) * MINUTE_MS,
            );
          const fits = (startMs: number) => {
            for (let ms = startMs; ms < startMs + duration * MINUTE_MS; ms += 5 * MINUTE_MS) {
              if (!isOpen(ms)) return false;
            }
            return startMs + duration * MINUTE_MS <= window.endMs;
          };
          for (const slot of slots) {
            assert.equal(slot.endMs - slot.startMs, duration * MINUTE_MS);
            assert.ok(slot.startMs >= window.startMs + lead * MINUTE_MS);
            assert.ok(
              fits(slot.startMs),
              `${localDate(zone, slot.startMs)} ${localTime(zone, slot.startMs)}`,
            );
            assert.ok(isFree(slot.resource, slot.startMs));
          }
          const found = new Set(slots.map(({ startMs }) => startMs));
          assert.equal(found.size, slots.length, 'one slot for each start');
          for (const piece of open) {
            for (let ms = piece.startMs; ms < piece.endMs; ms += step * MINUTE_MS) {
              if (ms < window.startMs + lead * MINUTE_MS || !fits(ms)) continue;
              const expected = Array.from({ length: chairs }, (_, index) => index).some((r) =>
                isFree(r, ms),
              );
              assert.equal(found.has(ms), expected);
            }
          }
        },
      ),
    );
  });
});

describe('choosing what to name', () => {
  const slots = freeSlots({
    open: [span('09:00', '18:00')],
    busy: [],
    resources: [0],
    stepMs: 30 * MINUTE_MS,
    durationMs: 30 * MINUTE_MS,
    bufferBeforeMs: 0,
    bufferAfterMs: 0,
    earliestMs: base,
    latestMs: Infinity,
  });
  const chosen = (wish: Partial<Parameters<typeof chooseSlots>[1]>) =>
    chooseSlots(slots, { zone: 'UTC', within: undefined, near: [], count: 4, ...wish }).map(
      ({ startMs }) => new Date(startMs).toISOString().slice(11, 16),
    );

  test('spread over the day', () =>
    assert.deepEqual(chosen({}), ['09:00', '12:00', '14:30', '17:30']));
  test('nearest to a time', () =>
    assert.deepEqual(chosen({ near: [14 * 60 + 10] }), ['13:30', '14:00', '14:30', '15:00']));
  test('nearest to either meaning of a time', () =>
    assert.deepEqual(chosen({ near: [150, 870], count: 2 }), ['14:00', '14:30']));
  test('within a part of the day', () =>
    assert.deepEqual(chosen({ within: { fromMinutes: 1020, toMinutes: 1440 } }), [
      '17:00',
      '17:30',
    ]));
});

function clock(minutes: number): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
