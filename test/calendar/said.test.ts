// The sentences that tell a booking, in each language.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bookingSentences } from '../../src/calendar/said.ts';

test('every language tells when and for whom, and ends its sentences', () => {
  for (const language of ['en-US', 'es-ES', 'fr-FR', 'de-DE', 'it-IT', 'pt-PT']) {
    const say = bookingSentences(language)!;
    const booked = say.booked('DAY', 'Anna');
    assert.match(booked, /DAY.*Anna/);
    for (const sentence of [booked, say.moved('DAY'), say.cancelled('DAY'), say.noted('DAY')]) {
      assert.match(sentence, /DAY/);
      assert.match(sentence, /[^.]\.$/);
    }
  }
  assert.equal(
    bookingSentences('en')!.moved('2:30 p.m.'),
    'Your appointment is moved to 2:30 p.m.',
  );
  assert.equal(bookingSentences('ja-JP'), undefined);
});
