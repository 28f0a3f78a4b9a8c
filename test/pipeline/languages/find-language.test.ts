// Each language's words: what ends a turn, what holds it open, what is only a sign of listening, what stops us.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  completeness,
  isAcknowledgement,
  isStop,
} from '../../../src/pipeline/hearing/completeness.ts';
import { languageOf, listeningWords } from '../../../src/pipeline/languages/find-language.ts';
import { digitsIn } from '../../../src/pipeline/dictation/spoken-values.ts';

interface Sample {
  readonly complete: readonly string[];
  readonly unfinished: readonly string[];
  readonly listening: readonly string[];
  readonly stops: readonly string[];
  readonly digits: readonly [string, string];
}

const samples: Readonly<Record<string, Sample>> = {
  'en-US': {
    complete: [
      'Yes.',
      'I would like to book an appointment.',
      'What is it',
      'Do you have time on Monday?',
    ],
    unfinished: ['I would like to', 'my name is', 'On Tuesday at', 'and um', 'can you'],
    listening: ['uh-huh', 'Okay.', 'I see'],
    stops: ['wait', 'No, no.', 'Hold on!'],
    digits: ['four one five double five two', '415552'],
  },
  'es-ES': {
    complete: ['Sí.', 'Quisiera pedir una cita.', '¿Tienen hora el lunes?', 'creo que sí'],
    unfinished: ['Quisiera', 'me llamo Ana y', 'mi nombre es', 'el martes a las', 'necesito una'],
    listening: ['ajá', 'Vale.', 'ya veo'],
    stops: ['espere', 'Un momento.', 'No, no.'],
    digits: ['seis uno dos treinta y cuatro', '61234'],
  },
  'fr-FR': {
    complete: ['Oui.', 'Je voudrais un rendez-vous.', 'Vous êtes ouverts lundi ?', 'pas du tout'],
    unfinished: ['Je voudrais', 'mon nom est', "j'appelle pour", 'mardi à', 'et euh'],
    listening: ["d'accord", 'Très bien.', 'ah oui'],
    stops: ['attendez', 'Stop !', 'un instant'],
    digits: ['zéro six douze', '0612'],
  },
  'de-DE': {
    complete: ['Ja.', 'Ich hätte gern einen Termin.', 'Haben Sie am Montag offen?', 'nein danke'],
    unfinished: ['Ich möchte', 'mein Name ist', 'am Dienstag um', 'und äh', 'können Sie'],
    listening: ['mhm', 'Alles klar.', 'ach so'],
    stops: ['Moment', 'Warten Sie.', 'Nein, nein.'],
    digits: ['null eins fünf zwo', '0152'],
  },
  'it-IT': {
    complete: ['Sì.', 'Vorrei prenotare un appuntamento.', 'Siete aperti lunedì?', 'credo di sì'],
    unfinished: ['Vorrei', 'il mio nome è', 'martedì alle', 'e ehm', 'chiamo per'],
    listening: ['va bene', 'Ho capito.', 'certo'],
    stops: ['aspetti', 'Un attimo.', 'No, no.'],
    digits: ['tre quattro zero', '340'],
  },
  'pt-BR': {
    complete: [
      'Sim.',
      'Gostaria de marcar uma consulta.',
      'Vocês abrem na segunda?',
      'acho que sim',
    ],
    unfinished: ['Gostaria de', 'meu nome é', 'na terça às', 'e hum', 'preciso de'],
    listening: ['tá bom', 'Entendi.', 'certo'],
    stops: ['espera', 'Um momento.', 'Não, não.'],
    digits: ['nove oito meia um', '9861'],
  },
};

for (const [language, { complete, unfinished, listening, stops, digits }] of Object.entries(
  samples,
)) {
  const words = listeningWords(language);
  test(`${language}: what sounds finished and what does not`, () => {
    for (const text of complete) assert.equal(completeness(text, words), 'complete', text);
    for (const text of unfinished) assert.equal(completeness(text, words), 'unfinished', text);
  });
  test(`${language}: signs of listening, and words that stop us`, () => {
    for (const text of listening) assert.equal(isAcknowledgement(text, words), true, text);
    for (const text of stops) {
      assert.equal(isStop(text, words), true, text);
      assert.equal(isAcknowledgement(text, words), false, text);
    }
  });
  test(`${language}: spoken digits`, () => assert.equal(digitsIn(digits[0], words), digits[1]));
}

test('a language without words of its own is listened to like English', () => {
  assert.equal(listeningWords('ja-JP'), listeningWords('en-GB'));
  assert.equal(languageOf('PT-br'), 'pt');
});
