// What the carrier says for us: in each language its own words, and nothing to people we have called that holds for callers only.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  lostSentence,
  nobodySentence,
  refusalSentence,
} from '../../src/telephony/carrier-sentences.ts';
import type { Refusal, Whom } from '../../src/telephony/carrier-sentences.ts';

const refusals: readonly Refusal[] = [
  'unknown-number',
  'inactive',
  'no-credit',
  'too-many-calls',
  'client-daily',
  'unavailable',
];

function all(whom: Whom & { readonly language: string }) {
  return [
    ...refusals.flatMap((each) => [
      refusalSentence(each, whom, true),
      refusalSentence(each, whom, false),
    ]),
    nobodySentence(whom),
    lostSentence(whom.language),
  ];
}

test('each language has its own sentences, in that language', () => {
  const english = new Set(all({ language: 'en-GB' }).map(({ sentence }) => sentence));
  for (const language of ['es-ES', 'fr-FR', 'de-AT', 'it-IT', 'pt-BR']) {
    for (const each of all({ language })) {
      assert.equal(each.language, language);
      assert.ok(!english.has(each.sentence), each.sentence);
    }
  }
});

test('a language that we do not know is English, and said as English', () => {
  for (const language of ['ja-JP', undefined]) {
    assert.deepEqual(refusalSentence('unknown-number', { language }, false), {
      sentence: 'This number is not in service. Goodbye.',
      language: 'en-US',
    });
  }
});

test('whom we have called did not call, and is not asked to call again', () => {
  for (const language of ['en-US', 'es', 'fr', 'de', 'it', 'pt']) {
    for (const { sentence } of all({ language, outbound: true })) {
      assert.doesNotMatch(
        sentence,
        /your call|call again|not in service|su llamada|llamar|votre appel|rappelez|Ihren Anruf|rufen Sie|richiami|ligar/i,
      );
    }
  }
});
