// What the model is told about time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datesBlock, weeklyInWords } from '../../../src/calendar/wording/dates-block.ts';
import { defaultHours } from '../../../src/store/clients/opening-hours.ts';

const rules = {
  ...defaultHours,
  zone: 'America/New_York',
  specialDays: [
    { date: '2027-04-02', name: 'Good Friday', hours: [] },
    { date: '2027-03-05', name: '', hours: [{ opens: '10:00', closes: '12:00' }] },
    { date: '2027-02-01', name: 'over', hours: [] },
    { date: '2027-12-25', name: 'far away', hours: [] },
  ],
};

test('today, the next two weeks by name, hours and exceptions, in the zone of the business', () => {
  // Still Monday in New York, already Tuesday in UTC.
  const block = datesBlock(rules, { nowMs: Date.parse('2027-03-02T03:05Z'), language: 'en-US' });
  assert.deepEqual(block.split('\n'), [
    'Opening hours: Monday to Friday 9 a.m. to noon and 1 p.m. to 5 p.m.; closed on Saturday and Sunday.',
    'Exceptions: Friday, March fifth (2027-03-05) 10 a.m. to noon; Friday, April second (2027-04-02) closed (Good Friday).',
    'Dates: today Monday 2027-03-01, tomorrow Tuesday 2027-03-02, Wednesday 2027-03-03, Thursday 2027-03-04, ' +
      'Friday 2027-03-05, Saturday 2027-03-06, Sunday 2027-03-07, Monday 2027-03-08, Tuesday 2027-03-09, ' +
      'Wednesday 2027-03-10, Thursday 2027-03-11, Friday 2027-03-12, Saturday 2027-03-13, Sunday 2027-03-14.',
    'Today is Monday, March first, 2027. The time is 10:05 p.m. (America/New_York).',
  ]);
});

test('hours of all shapes', () => {
  const day = [{ opens: '09:30', closes: '17:00' }];
  const always = [{ opens: '00:00', closes: '24:00' }];
  assert.equal(
    weeklyInWords([day, [], day, [], day, always, always], 'en-US'),
    'Monday, Wednesday and Friday 9:30 a.m. to 5 p.m.; Saturday and Sunday all day; closed on Tuesday and Thursday',
  );
  assert.equal(weeklyInWords([[], [], [], [], [], [], []], 'en-US'), 'closed on Monday to Sunday');
});
