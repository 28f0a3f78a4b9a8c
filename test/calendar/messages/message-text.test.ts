// What callers are sent: in the client's language and zone, and in the night in which clocks go back with the offset.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText } from '../../../src/calendar/messages/message-text.ts';

const parts = {
  businessName: 'Bright Smile Dental',
  zone: 'America/New_York',
  startMs: Date.parse('2027-03-09T19:30:00Z'),
};

test('in words of the language, or English where we have no other', () => {
  assert.equal(
    messageText('reminder', { ...parts, language: 'en-US' }),
    'Bright Smile Dental: a reminder of your appointment on Tuesday, March 9 at 2:30 PM.',
  );
  assert.equal(
    messageText('reminder', { ...parts, language: 'de-DE', zone: 'Europe/Berlin' }),
    'Bright Smile Dental: Erinnerung an Ihren Termin am Dienstag, 9. März um 20:30.',
  );
  assert.match(messageText('reminder', { ...parts, language: 'fr' }), /mardi 9 mars à 14:30/);
  assert.match(messageText('sorry', { ...parts, language: 'es-MX' }), /martes, 9 de marzo/);
  assert.match(
    messageText('sorry', { ...parts, language: 'ja' }),
    /we are sorry, we could not confirm Tuesday, March 9/,
  );
});

test('a time that is there twice is told apart', () => {
  const at = (iso: string) =>
    messageText('reminder', { ...parts, language: 'en-US', startMs: Date.parse(iso) });
  assert.match(at('2027-11-07T05:30:00Z'), /1:30 AM EDT/);
  assert.match(at('2027-11-07T06:30:00Z'), /1:30 AM EST/);
  assert.doesNotMatch(at('2027-11-07T15:30:00Z'), /E[DS]T/);
});
