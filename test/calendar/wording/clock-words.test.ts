// Times of day as people say them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseClock } from '../../../src/calendar/wording/clock-words.ts';

describe('times', () => {
  const table: readonly [text: string, ...clocks: string[]][] = [
    ['14:30', '14:30'],
    ['09:00', '09:00'],
    ['2:30 pm', '14:30'],
    ['2:30 p.m.', '14:30'],
    ['2 p m', '14:00'],
    ['12 am', '00:00'],
    ['12:15 pm', '12:15'],
    ['half past two', '02:30', '14:30'],
    ['half two', '02:30', '14:30'],
    ['half ten in the morning', '10:30'],
    ['half past two in the afternoon', '14:30'],
    ['quarter to three', '02:45', '14:45'],
    ['a quarter past nine in the morning', '09:15'],
    ['ten to twelve', '11:50', '23:50'],
    ['two thirty', '02:30', '14:30'],
    ['nine forty-five', '09:45', '21:45'],
    ["three o'clock", '03:00', '15:00'],
    ['around four', '04:00', '16:00'],
    ['seven at night', '19:00'],
    ['noon', '12:00'],
    ['midnight', '00:00'],
    ['whenever'],
    ['99:99'],
  ];
  for (const [text, ...clocks] of table) {
    test(`"${text}"`, () => {
      assert.deepEqual(
        parseClock(text),
        clocks.map((clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))),
      );
    });
  }
});
