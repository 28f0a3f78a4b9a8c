// What is said on calls that a business makes, in each language.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  outboundGreeting,
  screeningAnswer,
  voicemailText,
} from '../../../src/reception/outbound/outbound-texts.ts';

const calling = {
  businessName: 'Smile',
  ownNumber: '+12025550123',
  language: 'en-US',
  disclosure: '',
  text: 'I remind you of your appointment tomorrow at ten',
  voicemailText: '',
};

test('who calls and why, to people and machines', () => {
  assert.equal(
    outboundGreeting(calling),
    'Hello, this is Smile, an automated assistant speaking. I remind you of your appointment tomorrow at ten.',
  );
  assert.equal(
    screeningAnswer(calling),
    'This is Smile. I remind you of your appointment tomorrow at ten.',
  );
  assert.equal(
    voicemailText(calling),
    'Hello, this is Smile. I remind you of your appointment tomorrow at ten. You can call us back at 2 0 2, 5 5 5, 0 1 2 3. Goodbye.',
  );
  assert.equal(voicemailText({ ...calling, voicemailText: 'Call us.' }), 'Call us.');
});

test('a business with words for who is speaking says those, once, before why it calls', () => {
  const disclosure = 'You are speaking with our virtual receptionist';
  assert.equal(
    outboundGreeting({ ...calling, disclosure }),
    'Hello, this is Smile. You are speaking with our virtual receptionist. I remind you of your appointment tomorrow at ten.',
  );
  const german = outboundGreeting({
    ...calling,
    language: 'de-DE',
    disclosure: 'Ich bin ein Automat!',
  });
  assert.match(german, /^Guten Tag, hier ist Smile\. Ich bin ein Automat! I remind/);
});

test('every language has its own words', () => {
  const languages = ['en-US', 'es-ES', 'fr-FR', 'de-DE', 'it-IT', 'pt-PT'];
  for (const say of [outboundGreeting, screeningAnswer, voicemailText]) {
    assert.equal(new Set(languages.map((language) => say({ ...calling, language }))).size, 6);
  }
});
