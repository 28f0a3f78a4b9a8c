// What our last sentence asks for, in every language we speak.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectationAfter } from '../../../src/pipeline/hearing/expectation.ts';
import type { Expectation } from '../../../src/pipeline/hearing/expectation.ts';

const table: readonly (readonly [language: string, said: string, expected: Expectation])[] = [
  ['en-US', 'Thank you. What is your phone number?', { asked: true, what: 'phone', lengths: [10] }],
  ['en-US', 'And the best number to reach you?', { asked: true, what: 'phone', lengths: [10] }],
  ['en-GB', 'Please give me your phone number.', { asked: true, what: 'phone', lengths: [11] }],
  ['en-US', 'What is your e-mail address?', { asked: true, what: 'email' }],
  ['en-US', 'Could you spell your last name for me?', { asked: true, what: 'spelling' }],
  ['en-US', 'What is your name?', { asked: true, what: 'name' }],
  ['en-US', 'What is the six digit code?', { asked: true, what: 'code', lengths: [6] }],
  ['en-US', 'Which day would you like?', { asked: true, what: 'date' }],
  ['en-US', 'Shall I book that for you?', { asked: true }],
  ['en-US', 'We have your phone number.', {}],
  ['en-US', 'What is your phone number? One moment, I am listening.', {}],
  ['es-ES', '¿Cuál es su número de teléfono?', { asked: true, what: 'phone', lengths: [9] }],
  ['es-ES', '¿Qué día le viene bien?', { asked: true, what: 'date' }],
  ['es-ES', '¿A qué nombre hago la reserva?', { asked: true, what: 'name' }],
  ['fr-FR', 'Quel est votre numéro de téléphone ?', { asked: true, what: 'phone', lengths: [10] }],
  ['fr-FR', 'Pouvez-vous épeler votre nom ?', { asked: true, what: 'spelling' }],
  ['fr-FR', 'Quel jour vous conviendrait ?', { asked: true, what: 'date' }],
  ['de-DE', 'Wie ist Ihre Telefonnummer?', { asked: true, what: 'phone' }],
  ['de-DE', 'Auf welchen Namen darf ich buchen?', { asked: true, what: 'name' }],
  ['de-DE', 'An welchem Tag möchten Sie kommen?', { asked: true, what: 'date' }],
  ['it-IT', 'Mi lascia un numero di telefono?', { asked: true, what: 'phone' }],
  ['it-IT', 'Che giorno preferisce?', { asked: true, what: 'date' }],
  ['pt-BR', 'Qual é o seu número de telefone?', { asked: true, what: 'phone', lengths: [10, 11] }],
  ['pt-PT', 'Em nome de quem faço a marcação?', { asked: true, what: 'name' }],
  ['pt-BR', 'Pode soletrar o seu nome?', { asked: true, what: 'spelling' }],
];

for (const [language, said, expected] of table) {
  test(`${language}: "${said}"`, () =>
    assert.deepEqual(expectationAfter(said, language), expected));
}
