// Days and times as people say them, both ways.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseClock } from '../../src/calendar/clock-words.ts';
import { parseDays } from '../../src/calendar/day-words.ts';
import { withDigits } from '../../src/calendar/number-words.ts';
import { spokenClock, spokenDate, spokenMoment } from '../../src/calendar/spoken-time.ts';

describe('days, seen from Tuesday, March 2, 2027', () => {
  const today = '2027-03-02';
  const table: readonly [text: string, first: string | undefined, last?: string][] = [
    ['2027-03-09', '2027-03-09'],
    ['2027-03-09 to 2027-03-11', '2027-03-09', '2027-03-11'],
    ['2027-02-30', undefined],
    ['today', '2027-03-02'],
    ['this afternoon', '2027-03-02'],
    ['Tomorrow morning', '2027-03-03'],
    ['the day after tomorrow', '2027-03-04'],
    ['Tuesday', '2027-03-09'],
    ['this Tuesday', '2027-03-02'],
    ['on Thursday, please', '2027-03-04'],
    ['Monday', '2027-03-08'],
    ['next Thursday', '2027-03-11'],
    ['Friday next week', '2027-03-12'],
    ['next week', '2027-03-08', '2027-03-14'],
    ['this week', '2027-03-02', '2027-03-07'],
    ['the weekend', '2027-03-06', '2027-03-07'],
    ['next month', '2027-04-01', '2027-04-30'],
    ['in three days', '2027-03-05'],
    ['in two weeks', '2027-03-16'],
    ['a week from Thursday', '2027-03-11'],
    ['March second', '2027-03-02'],
    ['March 1st', '2028-03-01'],
    ['March twenty-first', '2027-03-21'],
    ['the 21st of March', '2027-03-21'],
    ['9 April', '2027-04-09'],
    ['April', '2027-04-01', '2027-04-30'],
    ['February 29', '2028-02-29'],
    ['the fifteenth', '2027-03-15'],
    ['the first', '2027-04-01'],
    ['the thirty-first', '2027-03-31'],
    ['Monday to Wednesday', '2027-03-08', '2027-03-10'],
    ['Thursday or Friday', '2027-03-04', '2027-03-05'],
    ['between Thursday and Monday', '2027-03-04', '2027-03-08'],
    ['as soon as possible', '2027-03-02', ''],
    ['any day', '2027-03-02', ''],
    ['April 31', undefined],
    ['my birthday', undefined],
    ['', undefined],
  ];
  for (const [text, first, last = first] of table) {
    test(`"${text}"`, () => {
      const days = parseDays(text, today);
      assert.deepEqual(
        days && [days.first, days.last],
        first === undefined ? undefined : [first, last === '' ? undefined : last],
      );
    });
  }

  test('a weekday that the date is not', () => {
    assert.equal(parseDays('Tuesday, March third', today)?.wrongWeekday, 'Tuesday');
    assert.equal(parseDays('Wednesday the third', today)?.wrongWeekday, undefined);
  });
});

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

  test('numbers', () => {
    assert.equal(withDigits('March twenty-first at two oh five'), 'march 21th at 2 05');
  });
});

describe('saying it', () => {
  const us = {
    zone: 'America/New_York',
    language: 'en-US',
    nowMs: Date.parse('2027-03-01T15:00Z'),
  };
  const moments: readonly [instant: string, language: string, zone: string, expected: string][] = [
    ['2027-03-09T19:30Z', 'en-US', 'America/New_York', 'Tuesday, March ninth at 2:30 p.m.'],
    ['2027-03-01T19:00Z', 'en-US', 'America/New_York', 'today, Monday, March first, at 2 p.m.'],
    [
      '2027-03-02T05:00Z',
      'en-US',
      'America/New_York',
      'tomorrow, Tuesday, March second, at midnight',
    ],
    ['2027-03-02T05:00Z', 'en-US', 'America/Los_Angeles', 'today, Monday, March first, at 9 p.m.'],
    ['2027-03-22T17:00Z', 'en', 'America/New_York', 'Monday, March twenty-second at 1 p.m.'],
    [
      '2027-11-07T05:30Z',
      'en-US',
      'America/New_York',
      'Sunday, November seventh at 1:30 a.m., before the clocks change',
    ],
    [
      '2027-11-07T06:30Z',
      'en-US',
      'America/New_York',
      'Sunday, November seventh at 1:30 a.m., after the clocks change',
    ],
    [
      '2027-03-09T14:30Z',
      'en-GB',
      'Europe/London',
      'Tuesday the ninth of March at half past two in the afternoon',
    ],
    [
      '2027-03-09T08:45Z',
      'en-GB',
      'Europe/London',
      'Tuesday the ninth of March at quarter to nine in the morning',
    ],
    [
      '2027-05-01T03:15Z',
      'en-AU',
      'Asia/Kathmandu',
      "Saturday the first of May at nine o'clock in the morning",
    ],
    ['2027-03-09T13:30Z', 'de-DE', 'Europe/Berlin', 'Dienstag, 9. März um 14:30'],
  ];
  for (const [instant, language, zone, expected] of moments) {
    test(expected, () => {
      assert.equal(spokenMoment(Date.parse(instant), { ...us, language, zone }), expected);
    });
  }

  test('what is said is understood', () => {
    for (let day = 0; day < 366; day += 1) {
      const date = Temporal.PlainDate.from('2027-03-02').add({ days: day }).toString();
      for (const language of ['en-US', 'en-GB']) {
        assert.equal(parseDays(spokenDate(date, language), '2027-03-02')?.first, date);
      }
    }
    for (let minutes = 0; minutes < 1440; minutes += 5) {
      const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
      for (const language of ['en-US', 'en-GB']) {
        assert.deepEqual(
          parseClock(spokenClock(time, language)),
          [minutes],
          spokenClock(time, language),
        );
      }
    }
  });
});
