// A text cut into what may be parts of an address: one row for each thing that people and recognisers do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressTokens, withoutMarks } from '../../../src/pipeline/dictation/address-tokens.ts';
import { listeningWords } from '../../../src/pipeline/languages/find-language.ts';

const english = listeningWords('en');

/** Letters stand alone, digits have a #, asides are bracketed. */
function cut(text: string, language = 'en'): string {
  return addressTokens(text, listeningWords(language))
    .map(({ kind, text: said }) =>
      kind === 'digits' ? `#${said}` : kind === 'aside' ? `(${said})` : said,
    )
    .join(' ');
}

const rows: readonly (readonly [text: string, tokens: string, language?: string])[] = [
  ['j dot smith', 'j . smith'],
  ['J. Smith', 'j smith'],
  ['Anna. Dot. Miller', 'anna . miller'],
  ['I am here. Anna', 'i am here . anna'],
  ['a@b.com', 'a @ b . com'],
  ['a-n-n-a', 'a n n a'],
  ['jean-luc', 'jean - luc'],
  ['forty-two', '#42'],
  ['e-mail', 'email'],
  ['double s, double seven, triple x', 'ss , #77 , xxx'],
  ['double you', 'w'],
  ['m as in mike', 'm'],
  ['n like mike', 'm'],
  ['m as in nothing', 'm as in nothing'],
  ['oh seven', '#0 #7'],
  ['oh dear', 'oh dear'],
  ['b see d', 'b c d'],
  ['I see', 'i c'],
  ['see you', 'see you'],
  ['alpha bravo charlie', 'a b c'],
  ['charlie bravo', 'charlie bravo'],
  ['j hotel n', 'j h n'],
  ['anna, a n n a', 'a n n a'],
  ['all one word', '(all one word)'],
  ['under score', '_'],
  ['um j', 'j'],
  ['jota', 'j', 'es'],
  ['uve doble', 'w', 'es'],
  ['tiret bas tiret', '_ -', 'fr'],
];

test('letters, numbers, signs and asides are told from words', () => {
  for (const [text, tokens, language] of rows) assert.equal(cut(text, language), tokens, text);
});

test('a token knows where it was said', () => {
  const text = 'It is M as in Mike, forty two';
  const tokens = addressTokens(text, english);
  assert.deepEqual(
    tokens.map(({ start, end }) => text.slice(start, end)),
    ['It', 'is', 'M as in Mike', ',', 'forty two'],
  );
});

test('marks are dropped, or become letters where a language writes them so', () => {
  assert.equal(withoutMarks('Müller’s José', english.address), "muller's jose");
  assert.equal(withoutMarks('Müller Strauß', listeningWords('de').address), 'mueller strauss');
});
