// What a called person and a returning caller hear, in each language.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announcementOf, backText } from '../../../src/reception/tools/transfer-texts.ts';

const ann = {
  businessName: 'Smile',
  callerName: 'Ann',
  callerPhone: '+14155550111',
  reason: 'a tooth.',
  outbound: false,
};

test('who it is, digit by digit, and why', () => {
  assert.deepEqual(announcementOf(ann, 'en-US'), {
    announcement: 'A call for Smile from Ann, 4 1 5, 5 5 5, 0 1 1 1. It is about: a tooth.',
    choice: 'Press 1 to take the call, or any other key to decline.',
  });
  assert.equal(
    announcementOf({ ...ann, callerName: '', callerPhone: null, reason: '' }, 'de-DE').announcement,
    'Ein Anruf für Smile von jemandem ohne Nummer.',
  );
});

test('every language has its own words', () => {
  const languages = ['en-US', 'es-MX', 'fr-FR', 'de-AT', 'it-IT', 'pt-BR'];
  assert.equal(new Set(languages.map((each) => announcementOf(ann, each).choice)).size, 6);
  const called = languages.map((each) => announcementOf({ ...ann, outbound: true }, each));
  assert.equal(new Set(called.map(({ announcement }) => announcement)).size, 6);
  assert.equal(new Set(languages.map((each) => backText('Ann', each))).size, 6);
  assert.equal(backText('Ann', 'ja-JP'), backText('Ann', 'en-US'));
});

test('of somebody whom we have called nobody is told that they call', () => {
  assert.equal(
    announcementOf({ ...ann, outbound: true }, 'en-US').announcement,
    'Smile has called Ann, 4 1 5, 5 5 5, 0 1 1 1, who would like to speak to you. It is about: a tooth.',
  );
});
