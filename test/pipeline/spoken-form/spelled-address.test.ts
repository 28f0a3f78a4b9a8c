// Addresses as they are read back: said and spelled, where they can be misheard.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spokenForm } from '../../../src/pipeline/spoken-form/spoken-form.ts';

const rows: readonly (readonly [language: string, written: string, spoken: string])[] = [
  [
    'en-US',
    'I have j.smith42@gmail.com.',
    'I have J, dot, smith, S, M, I, T, H, four, two, at gmail dot com.',
  ],
  [
    'en-GB',
    'anna@smith-tree.co.uk',
    'anna, A, N, N, A, at smith, S, M, I, T, H, dash, tree, T, R, E, E dot co dot U K',
  ],
  ['en-US', 'xk+info@yahoo.com', 'X, K, plus, info, at yahoo dot com'],
  ['de-DE', 'm_lau@t-online.de', 'M, Unterstrich, lau, L, A, U, at t Minus online Punkt D E'],
  ['es-ES', 'ana@hotmail.es', 'ana, A, N, A, arroba hotmail punto E S'],
];

test('names are said and spelled, what everybody knows is said', () => {
  for (const [language, written, spoken] of rows) {
    const pieces = spokenForm(language, [], () => true)(written);
    assert.equal(pieces.map((piece) => piece.spoken).join(''), spoken);
    assert.equal(pieces.map((piece) => piece.written).join(''), written);
  }
});

test('an address that is not to be spelled is said', () => {
  const form = spokenForm('en-US', [], (address) => address !== 'info@ours.com');
  const said = (text: string) =>
    form(text)
      .map((piece) => piece.spoken)
      .join('');
  assert.equal(said('info@ours.com'), 'info at ours dot com');
  assert.match(said('ann@ours.com'), /^ann, A, N, N, at ours, O, U, R, S dot com$/);
});
