// Every language has every sentence, said as it is written nowhere else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  greetingFor,
  outboundSentences,
  stockSentences,
  stockSentencesIn,
  transferSentence,
} from '../../../src/reception/stored-speech/stock-sentences.ts';

test('each language has its own sentences; one we do not know has English', () => {
  for (const language of ['es-ES', 'fr-FR', 'de-AT', 'it-IT', 'pt-BR']) {
    const own = stockSentencesIn(language);
    assert.deepEqual(Object.keys(own), Object.keys(stockSentences));
    for (const [name, text] of Object.entries(own)) {
      assert.notEqual(text, stockSentences[name as keyof typeof stockSentences]);
    }
    assert.notEqual(transferSentence(language), transferSentence('en'));
  }
  assert.equal(stockSentencesIn('ja-JP'), stockSentences);
});

test('a business without a greeting is greeted for in its language', () => {
  assert.equal(
    greetingFor('Zahnarzt Weiß', 'de-DE'),
    'Willkommen bei Zahnarzt Weiß. Wie kann ich Ihnen helfen?',
  );
  assert.equal(
    greetingFor('Smile Inc.', 'en-US'),
    'Thank you for calling Smile Inc. How can I help you?',
  );
});

test('whom we have called is neither thanked for calling nor asked for the number that we have dialled', () => {
  const replaced: readonly string[] = Object.keys(outboundSentences);
  for (const language of ['en', 'es', 'fr', 'de', 'it', 'pt']) {
    const said = Object.entries(stockSentencesIn(language)).filter(
      ([name]) => !replaced.includes(name),
    );
    for (const [, text] of said) {
      assert.doesNotMatch(
        text,
        /calling|call back|your number|llamada|llamaremos|su número|votre appel|rappeller|votre numéro|Ihren Anruf|Ihre Nummer|rufen zurück|chiamato|suo numero|richiam|ligar|seu número/,
      );
    }
  }
});
