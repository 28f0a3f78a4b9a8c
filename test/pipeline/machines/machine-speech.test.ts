// Voicemail greetings and call screening are told from people.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machineSpeechOf } from '../../../src/pipeline/machines/machine-speech.ts';
import type { MachineSpeech } from '../../../src/pipeline/machines/machine-speech.ts';

const said: readonly [text: string, machine: MachineSpeech | undefined][] = [
  [
    "Hi, if you record your name and reason for calling, I'll see if this person is available.",
    'screening',
  ],
  ['Please state your name and the reason for your call.', 'screening'],
  [
    'The person you are calling is using a screening service from Google. Go ahead and say your name and why you are calling.',
    'screening',
  ],
  ['¿Puede decirme el motivo de su llamada?', 'screening'],
  ['Bitte nennen Sie Ihren Namen und den Grund Ihres Anrufs.', 'screening'],
  ["Hi, you've reached Ann. Leave a message after the beep.", 'voicemail'],
  ['Please leave your name and number at the tone.', 'voicemail'],
  [
    'The person you are trying to reach is not available. At the tone, please record your message.',
    'voicemail',
  ],
  ['You have reached the voice mailbox of Bob.', 'voicemail'],
  ['Ann is not available right now.', 'voicemail'],
  ['Hinterlassen Sie bitte eine Nachricht nach dem Signalton.', 'voicemail'],
  ['Deje su mensaje después de la señal.', 'voicemail'],
  ['Laissez un message après le bip.', 'voicemail'],
  ['Hello?', undefined],
  ['Yes, this is Ann speaking.', undefined],
  ["Who's calling?", undefined],
  ['I would like to leave a note for the doctor', undefined],
  ['Can I leave a message?', undefined],
  ['Leave a message.', undefined],
  ['Yes please, leave a message', undefined],
  ['Hi, could I just leave a message for the doctor please', undefined],
  ["I'd like to leave a message.", undefined],
  ['I want to leave a short message', undefined],
  ["I'll leave my name", undefined],
  ['The reason for the call is my tooth', undefined],
  ["Hi, it's Bob, I can't come to the phone, leave a message.", 'voicemail'],
  ['You can leave a message for Bob.', 'voicemail'],
  ['To leave a message, press one.', 'voicemail'],
  ['My name is Ann and the reason I ask is my tooth', undefined],
  ['Can you call me back after nine?', undefined],
  ['Is the doctor available on Monday?', undefined],
  ['', undefined],
];

test('what machines say, and what people say', () => {
  for (const [text, machine] of said) assert.equal(machineSpeechOf(text), machine, text);
});
