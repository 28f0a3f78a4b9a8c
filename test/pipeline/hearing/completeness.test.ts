// Whether a caller's words sound finished, as a table.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeness, isAcknowledgement } from '../../../src/pipeline/hearing/completeness.ts';
import { english } from '../../../src/pipeline/languages/english.ts';
import type { Completeness } from '../../../src/pipeline/hearing/completeness.ts';

const table: readonly [text: string, sounds: Completeness][] = [
  ['yes', 'complete'],
  ['No.', 'complete'],
  ['Okay', 'complete'],
  ['thank you', 'complete'],
  ['Bye bye.', 'complete'],
  ["I'd like to book an appointment.", 'complete'],
  ['Do you have anything on Tuesday?', 'complete'],
  ['When do you open?', 'complete'],
  ['What is it', 'complete'],
  ['Yes, I would like that.', 'complete'],
  ['I want to cancel it.', 'complete'],
  ["I'd like to book an appointment for", 'unfinished'],
  ['My number is', 'unfinished'],
  ['my name is', 'unfinished'],
  ['My phone number', 'unfinished'],
  ['Tuesday and', 'unfinished'],
  ['Um', 'unfinished'],
  ['I would like to.', 'unfinished'],
  ['Can you', 'unfinished'],
  ['On Tuesday,', 'unfinished'],
  ['let me see', 'unfinished'],
  ['five five five', 'unclear'],
  ['Tuesday', 'unclear'],
  ['Anna Miller', 'unclear'],
  ['an appointment tomorrow', 'unclear'],
  ['', 'unclear'],
];

for (const [text, sounds] of table) {
  test(`"${text}" sounds ${sounds}`, () => assert.equal(completeness(text, english), sounds));
}

test('signs of listening are told from words that want something', () => {
  for (const text of ['uh-huh', 'Okay.', 'Yeah', 'mm-hmm', 'I see.', 'Right']) {
    assert.equal(isAcknowledgement(text, english), true, text);
  }
  for (const text of ['no', 'stop', 'wait', 'okay but', 'yes please', 'Tuesday']) {
    assert.equal(isAcknowledgement(text, english), false, text);
  }
});
