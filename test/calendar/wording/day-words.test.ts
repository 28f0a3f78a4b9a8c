// Days as people say them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseDays } from '../../../src/calendar/wording/day-words.ts';

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
    ['yesterday at three', '2027-03-01'],
    ['last Friday', '2027-02-26'],
    ['last Tuesday', '2027-02-23'],
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
