// What was dictated and what was confirmed of it: literal texts in, a verdict out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  dictatedIn,
  dictatedPhone,
  isIn,
  isSameNumber,
  wasConfirmed,
  wasTyped,
} from '../../../src/pipeline/dictation/confirmed-values.ts';
import type { Dictated } from '../../../src/pipeline/dictation/confirmed-values.ts';
import type { Message } from '../../../src/pipeline/types.ts';

const phone = (text: string, language = 'en-US') => dictatedPhone(text, language)!;
const us = (text: string): Message => ({ role: 'assistant', text, toolCalls: [] });
const caller = (text: string): Message => ({ role: 'user', text });

test('numbers in digits and in words, and nothing shorter', () => {
  assert.equal(phone('+1 (415) 555-0123').digits, '14155550123');
  assert.equal(phone('four one five five five five oh one two three').digits, '4155550123');
  assert.equal(
    phone('seis uno dos tres cuatro cinco seis siete ocho', 'es-ES').digits,
    '612345678',
  );
  for (const none of ['', 'my own', '12', '2:30', 'extension 1234']) {
    assert.equal(dictatedPhone(none, 'en-US'), undefined, none);
  }
});

test('numbers and addresses within a text', () => {
  const found = dictatedIn('Write to anna.smith@example.com, or call (415) 555-0123 after 5.');
  assert.deepEqual(
    found.map(({ text }) => text),
    ['anna.smith@example.com', '(415) 555-0123'],
  );
  assert.deepEqual(dictatedIn('On March 2 at 14:30 for 2 people, please.'), []);
});

test('a number is the same with and without its prefix, and no other', () => {
  assert.ok(isSameNumber(phone('415 555 0123'), '+14155550123'));
  assert.ok(isSameNumber(phone('0151 1234567', 'de-DE'), '+491511234567'));
  assert.ok(isSameNumber(phone('00491511234567', 'de-DE'), '+491511234567'));
  assert.ok(!isSameNumber(phone('415 555 0124'), '+14155550123'));
  assert.ok(!isSameNumber(phone('555 0123'), '+14155550123'));
});

const number = phone('+1 415 555 0123');
const address: Dictated = { kind: 'email', text: 'Anna.Smith@example.com' };

test('a value is found however it was said, and only whole', () => {
  for (const said of ['I have 415-555-0123.', 'four one five, five five five, oh one two three']) {
    assert.ok(isIn(number, said, 'en-US'), said);
  }
  assert.ok(!isIn(number, 'I have 415-555-01', 'en-US'));
  assert.ok(!isIn(number, '555 0123', 'en-US'));
  for (const said of [
    'anna.smith@example.com',
    'a-n-n-a dot smith at example dot com',
    'Anna dot Smith at example dot com, right?',
  ]) {
    assert.ok(isIn(address, said, 'en-US'), said);
  }
  assert.ok(isIn(address, 'anna punto smith arroba example punto com', 'es-ES'));
  assert.ok(!isIn(address, 'ana dot smith at example dot com', 'en-US'));
  // The end of another address is not this one.
  assert.ok(!isIn(address, 'joanna.smith@example.com', 'en-US'));
});

test('confirmed is what was read back last and answered with a yes, in every language', () => {
  const readBack = us('I have 415 555 0123. Is that right?');
  const verdicts: readonly [answers: readonly string[], confirmed: boolean][] = [
    [['Yes.'], true],
    [["That's right, thanks."], true],
    [['yes', 'zero one two three'], true],
    [['Uh-huh.'], true],
    [['No.'], false],
    [['Yes, but it ends in a four.'], false],
    [['Yes, 0124.'], false],
    [['What?'], false],
    [['No, yes, no.'], false],
    [[], false],
  ];
  for (const [answers, confirmed] of verdicts) {
    const said = [caller('my number'), readBack, ...answers.map(caller)];
    assert.equal(wasConfirmed(number, said, 'en-US'), confirmed, answers.join(' | '));
  }
  const yes: Readonly<Record<string, [yes: string, no: string]>> = {
    'es-ES': ['Sí, es correcto.', 'No, no es.'],
    'fr-FR': ["Oui, c'est ça.", "Non, c'est faux."],
    'de-DE': ['Ja, stimmt.', 'Nein, das stimmt nicht.'],
    'it-IT': ['Sì, esatto.', 'No, è sbagliato.'],
    'pt-BR': ['Isso mesmo.', 'Não, está errado.'],
  };
  for (const [language, [assent, denial]] of Object.entries(yes)) {
    assert.ok(wasConfirmed(number, [readBack, caller(assent)], language), assent);
    assert.ok(!wasConfirmed(number, [readBack, caller(denial)], language), denial);
  }
  const other = us('And the day?');
  assert.ok(!wasConfirmed(number, [readBack, caller('hm'), other, caller('yes')], 'en-US'));
  assert.ok(!wasConfirmed(number, [readBack, caller('yes'), readBack, caller('no')], 'en-US'));
  assert.ok(!wasConfirmed(number, [caller('415 555 0123'), other, caller('yes')], 'en-US'));
});

test('typed is what stands there as it is', () => {
  const said = [caller('Call 415-555-0123 or write to anna.smith@EXAMPLE.com')];
  assert.ok(wasTyped(number, said));
  assert.ok(wasTyped(address, said));
  assert.ok(!wasTyped(phone('415 555 0124'), said));
  assert.ok(!wasTyped(number, [us('415-555-0123')]));
});
