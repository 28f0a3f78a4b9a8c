// Whether a caller's words sound finished, as a table.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asksToWait,
  completeness,
  isAcknowledgement,
} from '../../../src/pipeline/hearing/completeness.ts';
import { english } from '../../../src/pipeline/languages/english.ts';
import { listeningWords } from '../../../src/pipeline/languages/find-language.ts';
import type { Completeness } from '../../../src/pipeline/hearing/completeness.ts';

const table: readonly [text: string, sounds: Completeness][] = [
  ['yes', 'complete'],
  ['No.', 'complete'],
  ['Okay', 'complete'],
  ['thank you', 'complete'],
  ['Bye bye.', 'complete'],
  ["I'd like to book an appointment.", 'complete'],
  ['My number is 617 555.', 'dictating'],
  ['My number is six one seven five five five', 'dictating'],
  ['My number is 617 555 0142.', 'complete'],
  ['You can reach me at 415', 'dictating'],
  ['My house number is 12.', 'complete'],
  ['My number is the same as before.', 'complete'],
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

test('half of a number that was announced is half a number, in every language', () => {
  const halves: readonly [language: string, text: string][] = [
    ['es', 'Mi número es el 911 23'],
    ['fr', 'Mon numéro est le 01 42'],
    ['de', 'Meine Telefonnummer ist die 0 3 0'],
    ['it', 'Il mio numero è 06 12'],
    ['pt', 'O meu número é 213'],
  ];
  for (const [language, text] of halves) {
    assert.equal(completeness(text, listeningWords(language)), 'dictating', text);
  }
});

test('whoever leaves us waiting says so at the end, in every language', () => {
  const awaited: readonly [language: string, text: string][] = [
    ['en', 'Hold on, please.'],
    ['en', 'Just a second.'],
    ['en', 'Okay, let me check my calendar.'],
    ['es', 'Un momento, por favor.'],
    ['es', 'Déjeme mirar la agenda.'],
    ['fr', "Un instant, s'il vous plaît."],
    ['fr', 'Je regarde mon agenda.'],
    ['de', 'Moment bitte.'],
    ['de', 'Da muss ich kurz nachsehen.'],
    ['it', 'Un attimo, per favore.'],
    ['pt', 'Só um momento, por favor.'],
  ];
  for (const [language, text] of awaited) {
    assert.equal(asksToWait(text, listeningWords(language)), true, text);
  }
  const answered = [
    'Tuesday at ten.',
    'In a moment I have to leave, so Tuesday.',
    'I have been on hold on this line for ten minutes now and nobody answers so please let me check',
  ];
  for (const text of answered) assert.equal(asksToWait(text, english), false, text);
});
