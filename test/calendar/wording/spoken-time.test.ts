// Dates and times, said and understood again.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseClock } from '../../../src/calendar/wording/clock-words.ts';
import { parseDays } from '../../../src/calendar/wording/day-words.ts';
import {
  spokenClock,
  spokenDate,
  spokenMoment,
} from '../../../src/calendar/wording/spoken-time.ts';

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
    ['2027-03-09T13:30Z', 'de-DE', 'Europe/Berlin', 'am Dienstag, dem 9. März, um 14:30 Uhr'],
    ['2027-03-02T13:00Z', 'de-DE', 'Europe/Berlin', 'morgen, Dienstag, den 2. März, um 14 Uhr'],
    [
      '2027-10-31T01:30Z',
      'de',
      'Europe/Berlin',
      'am Sonntag, dem 31. Oktober, um 2:30 Uhr, nach der Zeitumstellung',
    ],
    [
      '2027-03-09T12:15Z',
      'es-ES',
      'Europe/Madrid',
      'el martes 9 de marzo a la una y cuarto de la tarde',
    ],
    [
      '2027-03-02T16:30Z',
      'es-MX',
      'America/Mexico_City',
      'mañana, martes 2 de marzo, a las 10 y media de la mañana',
    ],
    ['2027-03-01T20:00Z', 'es', 'Europe/Madrid', 'hoy, lunes 1 de marzo, a las 9 de la noche'],
    ['2027-04-01T13:30Z', 'fr-FR', 'Europe/Paris', 'le jeudi 1er avril à 15 h 30'],
    ['2027-03-02T11:00Z', 'fr', 'Europe/Paris', 'demain, mardi 2 mars, à midi'],
    ['2027-04-01T13:00Z', 'it-IT', 'Europe/Rome', 'giovedì 1º aprile alle 15'],
    ['2027-03-02T00:15Z', 'it', 'Europe/Rome', "domani, martedì 2 marzo, all'una e 15"],
    ['2027-03-06T14:30Z', 'pt-PT', 'Europe/Lisbon', 'no sábado, 6 de março, às 14h30'],
    ['2027-03-09T15:00Z', 'pt-BR', 'America/Sao_Paulo', 'na terça-feira, 9 de março, ao meio-dia'],
    ['2027-03-03T13:30Z', 'nl-NL', 'Europe/Amsterdam', 'woensdag 3 maart om 14:30'],
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
