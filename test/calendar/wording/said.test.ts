// What is told of a booking, as the voice gets it: whole sentences with the day declined and the hour said, in six languages.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bookingSentences } from '../../../src/calendar/wording/said.ts';
import { spokenMoment } from '../../../src/calendar/wording/spoken-time.ts';
import { spokenForm } from '../../../src/pipeline/spoken-form/spoken-form.ts';

const nowMs = Date.parse('2027-03-01T12:00Z');
/** Tomorrow, and a week later, at 14:30 where the business is. */
const days = ['2027-03-02T14:30', '2027-03-09T14:30'];

const expected: Readonly<Record<string, readonly string[]>> = {
  'en-US America/New_York': [
    'Your appointment for tomorrow, Tuesday, March second, at two thirty p.m., is cancelled.',
    'You are booked for Tuesday, March ninth at two thirty p.m., Anna.',
  ],
  'es-ES Europe/Madrid': [
    'He cancelado la cita que tenía mañana, martes dos de marzo, a las dos y media de la tarde.',
    'Su cita es el martes nueve de marzo a las dos y media de la tarde, a nombre de Anna.',
  ],
  'fr-FR Europe/Paris': [
    'J’ai annulé votre rendez-vous, prévu demain, mardi deux mars, à quatorze heures trente.',
    'Votre rendez-vous est le mardi neuf mars à quatorze heures trente, au nom d’Anna.',
  ],
  'de-DE Europe/Berlin': [
    'Ihr Termin morgen, Dienstag, den zweiten März, um vierzehn Uhr dreißig, ist abgesagt.',
    'Ihr Termin ist am Dienstag, dem neunten März, um vierzehn Uhr dreißig, auf den Namen Anna.',
  ],
  'it-IT Europe/Rome': [
    'Ho annullato il suo appuntamento di domani, martedì due marzo, alle quattordici e trenta.',
    'Il suo appuntamento è martedì nove marzo alle quattordici e trenta, a nome di Anna.',
  ],
  'pt-PT Europe/Lisbon': [
    'Cancelei a marcação que tinha amanhã, terça-feira, dois de março, às catorze horas e trinta.',
    'A sua marcação é na terça-feira, nove de março, às catorze horas e trinta, em nome de Anna.',
  ],
};

for (const [where, [cancelled, booked]] of Object.entries(expected)) {
  test(where, () => {
    const [language = '', zone = ''] = where.split(' ');
    const say = spokenForm(language);
    const spoken = (text: string) =>
      say(text)
        .map((piece) => piece.spoken)
        .join('');
    const [soon = '', later = ''] = days.map((local) => {
      const { epochMilliseconds } = Temporal.PlainDateTime.from(local).toZonedDateTime(zone);
      return spokenMoment(epochMilliseconds, { zone, language, nowMs });
    });
    const sentences = bookingSentences(language)!;
    assert.equal(spoken(sentences.cancelled(soon)), cancelled);
    assert.equal(spoken(sentences.booked(later, 'Anna')), booked);
    // None ends in two full stops, nor without one.
    for (const text of [sentences.moved(soon), sentences.noted(later)]) {
      assert.match(text, /[^.]\.$/);
    }
  });
}
