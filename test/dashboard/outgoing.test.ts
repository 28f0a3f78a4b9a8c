// The one word for what came of a call that the receptionist made.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultOf } from '../../src/dashboard/pages/outgoing/result.ts';
import { outgoing } from '../../src/dashboard/texts/english/outgoing.ts';

test('a call is told by whom it reached, and a mailbox by whether it has our message', () => {
  const ended_at = '2026-02-06T10:00:00.000Z';
  const table: [call: Partial<Parameters<typeof resultOf>[0]>, said: string][] = [
    [{ state: 'ringing', ended_at: null }, 'Ringing'],
    [{ state: 'in-progress', ended_at: null }, 'Talking'],
    [{ state: 'no-answer' }, 'No answer'],
    [{ state: 'failed' }, 'Failed'],
    [{ answered_by: 'human', outcome: 'answered' }, 'Answered'],
    [{ answered_by: 'human', outcome: 'abandoned' }, 'Answered'],
    [{ answered_by: 'unknown' }, 'Answered'],
    [{ answered_by: 'machine' }, 'Mailbox'],
    [{ answered_by: 'machine', outcome: 'machine' }, 'Mailbox'],
    [{ answered_by: 'unknown', outcome: 'machine' }, 'Mailbox'],
    [{ answered_by: 'machine', outcome: 'left_message' }, 'Message left'],
    // A telephone that screened the call, and then its owner.
    [{ answered_by: 'machine', outcome: 'booked' }, 'Answered'],
    [{ answered_by: 'fax', outcome: 'machine' }, 'Fax'],
  ];
  for (const [call, said] of table) {
    const whole = { state: 'completed', answered_by: 'unknown', outcome: null, ended_at, ...call };
    assert.equal(outgoing.results[resultOf(whole)], said, JSON.stringify(call));
  }
});
