// Names and words that recognisers are told of: which, how many, and in what form each vendor takes them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deepgramKeyterms, keytermsOf } from '../../src/pipeline/keyterms.ts';

test('what the owner named comes first, then the business and its people, each once', () => {
  const terms = keytermsOf({
    name: 'Okonkwo & Reyes Dental',
    keyterms: ['Invisalign', 'Dr. Okonkwo', 'invisalign'],
    peopleNames: ['Dr. Okonkwo', 'Siobhan', ' '],
  });
  assert.deepEqual(terms, ['Invisalign', 'Dr. Okonkwo', 'Okonkwo & Reyes Dental', 'Siobhan']);
});

test('what parts terms and weights from each other is in none of them', () => {
  const [term] = keytermsOf({ name: 'Smith, Jones; Lee:\n9 to 5', keyterms: [] });
  assert.equal(term, 'Smith Jones Lee 9 to 5');
});

test('no more than a vendor takes, who would not listen at all otherwise', () => {
  const names = Array.from({ length: 150 }, (_, i) => `N${i}`);
  assert.equal(keytermsOf({ name: 'Acme', keyterms: names }).length, 100);
  const long = Array.from({ length: 100 }, (_, i) => `${'Größenwahn '.repeat(4)}${i}`);
  const terms = keytermsOf({ name: 'Acme', keyterms: long });
  assert.ok(Buffer.byteLength(terms.join('')) <= 1350);
  // What is too long for the rest leaves room for what is short.
  assert.deepEqual(terms.at(-1), 'Acme');
});

test('models before the third take single words with a weight, and no short ones', () => {
  const terms = ['Dr. Okonkwo', 'Invisalign', 'Okonkwo Spa'];
  assert.deepEqual(deepgramKeyterms('nova-2-phonecall', terms), [
    ['keywords', 'Okonkwo:2'],
    ['keywords', 'Invisalign:2'],
  ]);
  for (const model of ['nova-3', 'nova-3-medical', 'flux-general-en', 'flux-general-multi']) {
    assert.deepEqual(
      deepgramKeyterms(model, terms),
      terms.map((term) => ['keyterm', term]),
    );
  }
});
