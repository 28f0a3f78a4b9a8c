// Numbers, addresses and spelled names as callers dictate them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeness } from '../../../src/pipeline/hearing/completeness.ts';
import type { Completeness } from '../../../src/pipeline/hearing/completeness.ts';
import { expectationAfter } from '../../../src/pipeline/hearing/expectation.ts';
import { listeningWords } from '../../../src/pipeline/languages/find-language.ts';
import { plainWords } from '../../../src/pipeline/languages/language.ts';
import { english } from '../../../src/pipeline/languages/english.ts';
import {
  digitsIn,
  isWholeNumber,
  phoneNumberLengths,
  spelledLetters,
} from '../../../src/pipeline/dictation/spoken-values.ts';

test('digits, written and spoken', () => {
  assert.equal(digitsIn('my number is 415 555 two three oh six', english), '4155552306');
  assert.equal(digitsIn('four one five double two triple seven', english), '41522777');
  assert.equal(digitsIn('i want to come for lunch', english), '');
});

const numbers: readonly (readonly [language: string, said: string, digits: string])[] = [
  ['en-US', 'eight hundred five five five oh one four two', '8005550142'],
  ['en-US', 'four fifteen five fifty five twenty three oh six', '4155552306'],
  ['en-US', 'two oh two five fifty-five oh one forty-two', '2025550142'],
  ['en-US', 'two hundred and two five five five one thousand', '2025551000'],
  ['en-US', 'six one seven, no sorry, six one nine, five five five, oh one four two', '6195550142'],
  ['en-GB', 'o two o seven nine four six nought nine five eight', '02079460958'],
  ['en-GB', 'oh seven seven double oh nine hundred one two three', '07700900123'],
  ['es-ES', 'seis doce treinta y cuatro cincuenta y seis setenta y ocho', '612345678'],
  [
    'es-ES',
    'seiscientos doce trescientos cuarenta y cinco seiscientos setenta y ocho',
    '612345678',
  ],
  ['fr-FR', 'zéro six douze trente-quatre cinquante-six soixante-dix-huit', '0612345678'],
  ['fr-FR', 'zéro six quatre vingt douze dix sept soixante et onze quatre vingts', '0692177180'],
  ['fr-BE', 'zéro quatre septante-cinq nonante douze trente-quatre', '0475901234'],
  ['de-DE', 'null eins sieben null zwölf vierunddreißig siebenundsechzig', '0170123467'],
  ['de-DE', 'plus neunundvierzig eins sieben null eins zwei drei vier', '491701234'],
  ['it-IT', 'trecentotrentatré dodici trentaquattro cinquantasei sette', '3331234567'],
  ['it-IT', 'zero due ventuno ventotto trentotto', '02212838'],
  ['pt-BR', 'onze nove doze trinta e quatro cinquenta e seis setenta e oito', '11912345678'],
  ['pt-PT', 'nove um dois trezentos e quarenta e cinco seiscentos e setenta e oito', '912345678'],
];

for (const [language, said, digits] of numbers) {
  test(`${language}: "${said}" is ${digits}`, () => {
    assert.equal(digitsIn(plainWords(said), listeningWords(language)), digits);
  });
}

test('a number said in pairs is not whole before its last pair', () => {
  const french = (said: string) =>
    completeness(said, listeningWords('fr-FR'), {
      what: 'phone',
      lengths: [10],
      asked: true,
    });
  assert.equal(french('zéro six douze trente-quatre cinquante-six'), 'dictating');
  assert.equal(french('zéro six douze trente-quatre cinquante-six soixante-dix-huit'), 'complete');
});

test('a number is whole when it is long enough', () => {
  assert.equal(isWholeNumber('4155552306', '415 555 2306', [10]), true);
  assert.equal(isWholeNumber('14155552306', '1 415 555 2306', [10]), true);
  assert.equal(isWholeNumber('415555230', '415 555 230', [10]), false);
  assert.equal(isWholeNumber('4155552306', '+41 55 552 306', [10]), false);
});

test('how long numbers are depends on the country', () => {
  assert.deepEqual(phoneNumberLengths('en-US'), [10]);
  assert.deepEqual(phoneNumberLengths('en'), [10]);
  assert.deepEqual(phoneNumberLengths('fr-FR'), [10]);
  assert.equal(phoneNumberLengths('de-DE'), undefined);
});

test('letters one by one', () => {
  assert.equal(spelledLetters('miller m i l l e r'), 6);
  assert.equal(spelledLetters('so do i'), 0);
  assert.equal(spelledLetters('b'), 1);
});

const answers: readonly (readonly [question: string, answer: string, sounds: Completeness])[] = [
  ['What is your phone number?', '415 555', 'dictating'],
  ['What is your phone number?', '415 555.', 'dictating'],
  ['What is your phone number?', '415 555 2306', 'complete'],
  ['What is your phone number?', "Sorry, I don't have one.", 'complete'],
  ['What is your phone number?', 'let me look', 'unfinished'],
  ['What is your e-mail?', 'anna dot miller', 'dictating'],
  ['What is your e-mail?', 'anna dot miller at example dot com', 'complete'],
  ['What is your e-mail?', 'anna at example dot co', 'dictating'],
  ['What is your e-mail?', 'anna at example dot co dot uk', 'complete'],
  ['What is your e-mail?', 'a n n a', 'dictating'],
  ['How can I reach you?', 'j dot smith at', 'dictating'],
  ['How can I reach you?', 'my email is j dot smith', 'dictating'],
  ['How can I reach you?', "I'll be at home dot dot dot", 'unclear'],
  ['Which day would you like?', 'Tuesday at three.', 'complete'],
  ['Could you spell your name?', 'm i l', 'spelling'],
  ['Could you spell your name?', 'martha emil', 'spelling'],
  ['What is your name?', 'November Oscar Victor.', 'spelling'],
  ['What is your name?', 'Anna', 'unclear'],
  ['What is your name?', 'Anna Miller', 'likely'],
  ['Which day would you like?', 'Tuesday', 'likely'],
  ['Which day would you like?', 'Tuesday at three', 'complete'],
  ['Which day would you like?', 'Tuesday at', 'unfinished'],
  ['What is the four digit code?', '1 2', 'dictating'],
  ['What is the four digit code?', '1 2 9 4', 'complete'],
  ['Shall I book it?', 'Yes.', 'complete'],
];

for (const [question, answer, sounds] of answers) {
  test(`"${question}" "${answer}" sounds ${sounds}`, () => {
    assert.equal(completeness(answer, english, expectationAfter(question, 'en-US')), sounds);
  });
}
