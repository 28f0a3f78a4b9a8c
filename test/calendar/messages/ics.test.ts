// Appointments as other calendars read them: no text of anybody becomes a line of its own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { icsFeed, icsInvitation } from '../../../src/calendar/messages/ics.ts';

const evil = 'Ann\r\nEND:VEVENT\nATTACH:https://evil.example\r\u2028X-EVIL:1;,\\\u0000';

test('names and texts stay within their lines', () => {
  const booking = {
    id: '1',
    startMs: 0,
    endMs: 1000,
    state: 'confirmed',
    updatedMs: 0,
    summary: evil,
    description: evil,
  } as const;
  for (const file of [icsFeed(evil, [booking]), icsInvitation(evil, booking)]) {
    const names = file
      .split(/\r\n|\n|\r/)
      // Long lines go on after a space.
      .filter((line) => !line.startsWith(' '))
      .map((line) => line.split(/[:;]/)[0]);
    assert.deepEqual(
      names.filter((name) => /^(ATTACH|X-EVIL)$/.test(name ?? '')),
      [],
    );
    assert.deepEqual(
      names.filter((name) => name === 'END' || name === 'BEGIN'),
      ['BEGIN', 'BEGIN', 'END', 'END'],
    );
    // oxlint-disable-next-line no-control-regex -- these very characters are meant
    assert.doesNotMatch(file, /[\u0000-\u0009\u000b\u000c\u000e-\u001f]/);
  }
});
