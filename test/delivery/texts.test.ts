// Text messages: what they say in each language, and that they stay within what a carrier takes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bookingText, messageText } from '../../src/delivery/texts.ts';
import type { BookingChange } from '../../src/store/calendar/booking-changes.ts';

const change: BookingChange = {
  changeId: 1,
  bookingId: 'b',
  clientId: 'c',
  kind: 'booked',
  startsAt: new Date('2027-03-02T19:30:00Z'),
  endsAt: new Date('2027-03-02T20:00:00Z'),
  name: 'Ann',
  phone: '+14155550111',
  reason: '',
  conversationId: null,
  businessName: 'Smile Dental',
  zone: 'America/New_York',
  language: 'en-US',
  promised: false,
};

test('and where to get it for their own calendar, while there is something to go to', () => {
  const url = 'https://example.com/i/x';
  assert.match(bookingText(change, url), /2:30 PM\. https:\/\/example\.com\/i\/x Reply STOP/);
  assert.doesNotMatch(bookingText({ ...change, kind: 'cancelled' }, url), /https/);
});

test('a caller reads when, in the zone of the business, and how to be left alone', () => {
  assert.equal(
    bookingText(change),
    'Smile Dental: your appointment is on Tuesday, March 2 at 2:30 PM. Reply STOP to get no more texts.',
  );
  assert.equal(
    bookingText({ ...change, kind: 'cancelled', language: 'de-DE', zone: 'Europe/Berlin' }),
    'Smile Dental: Ihr Termin am Dienstag, 2. März um 20:30 ist abgesagt. Antworten Sie STOP, um keine Nachrichten mehr zu erhalten.',
  );
  for (const language of ['es-ES', 'fr-FR', 'it-IT', 'pt-PT', 'ja-JP']) {
    for (const kind of ['booked', 'rescheduled', 'cancelled'] as const) {
      assert.match(bookingText({ ...change, kind, language }), /^Smile Dental ?: .*STOP/);
    }
  }
});

test('where the clocks are set back it says which of the two hours is meant', () => {
  const text = (iso: string) => bookingText({ ...change, startsAt: new Date(iso) });
  assert.match(text('2026-11-01T05:30:00Z'), /1:30 AM EDT\./);
  assert.match(text('2026-11-01T06:30:00Z'), /1:30 AM EST\./);
});

test("a message is quoted, and cut where it is longer than anybody's patience", () => {
  const message = { name: 'Ann', phone: '+14155550111', text: 'Call me back.', urgent: true };
  assert.equal(
    messageText(message, 'en-US'),
    'URGENT message from Ann, +14155550111: Call me back.',
  );
  assert.equal(
    messageText({ ...message, phone: '', urgent: false }, 'en'),
    'Message from Ann: Call me back.',
  );
  const long = messageText({ ...message, name: 'A'.repeat(200), text: 'x'.repeat(2000) }, 'en');
  assert.ok(long.length < 1600 && long.endsWith('…'));
});
