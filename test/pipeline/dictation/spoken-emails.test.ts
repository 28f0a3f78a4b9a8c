// E-mail addresses as callers dictate them and recognisers write that down: put together, and nothing out of plain speech.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listeningWords } from '../../../src/pipeline/languages/find-language.ts';
import {
  asEmail,
  emailAtEnd,
  emailsIn,
  hasAt,
  withEmails,
} from '../../../src/pipeline/dictation/spoken-emails.ts';

type Rows = readonly (readonly [text: string, ...addresses: string[]])[];

const dictated: Readonly<Record<string, Rows>> = {
  en: [
    ["it's j dot smith forty two at gmail dot com", 'j.smith42@gmail.com'],
    ['a n n a at example dot co dot uk', 'anna@example.co.uk'],
    ['A. N. N. A. at example dot com', 'anna@example.com'],
    ['j-u-n-o at g mail dot com', 'juno@gmail.com'],
    ['double u i l l underscore smith at yahoo dot com', 'will_smith@yahoo.com'],
    ['m as in mike a x at outlook dot com', 'max@outlook.com'],
    ['n as in mike a x at outlook dot com', 'max@outlook.com'],
    ['november oscar victor at example dot c o m', 'nov@example.com'],
    ['mike at example dot com', 'mike@example.com'],
    ['john smith all one word at outlook dot com', 'johnsmith@outlook.com'],
    ['all lower case john smith at outlook dot com', 'johnsmith@outlook.com'],
    ['My email is J. Smith 42 at gmail.com.', 'jsmith42@gmail.com'],
    ["Sure, it's Anna.Miller@Example.com, thanks", 'anna.miller@example.com'],
    ['Yes. Anna. Dot. Miller. At gmail dot com.', 'anna.miller@gmail.com'],
    ['you can reach me at anna at example dot com', 'anna@example.com'],
    ["smith, that's s m i t h, forty two at gmail dot com", 'smith42@gmail.com'],
    ['smyth s m i t h at gmail dot com', 'smith@gmail.com'],
    ['nineteen eighty five dot bob at proton mail dot com', '1985.bob@protonmail.com'],
    ['twenty-two jump at hot mail dot com', '22jump@hotmail.com'],
    ['o hara oh seven at mail dot example dot org', 'ohara07@mail.example.org'],
    ['bill double seven at t online dot de', 'bill77@t-online.de'],
    ['jean dash luc at mine dot org and my number is five five five', 'jean-luc@mine.org'],
    ['my email address is bob plus test at gmail dot com', 'bob+test@gmail.com'],
    ["it's will at gmail dot com", 'will@gmail.com'],
    ['a smith at gmail dot com', 'asmith@gmail.com'],
    ['um j um smith at gmail dot com', 'jsmith@gmail.com'],
    ['my email is info at the garden shop dot com', 'info@thegardenshop.com'],
    ['a at x dot com, or b at y dot com', 'a@x.com', 'b@y.com'],
  ],
  es: [
    ['es ana punto lopez arroba gmail punto com', 'ana.lopez@gmail.com'],
    [
      'mi correo es jota guion bajo pérez cuarenta y dos arroba hotmail punto es',
      'j_perez42@hotmail.es',
    ],
    ['mi correo es a n a arroba ejemplo punto com, todo junto', 'ana@ejemplo.com'],
    ['maría punto de la cruz arroba gmail punto com', 'maria.delacruz@gmail.com'],
    ['luis guion soto arroba gmail punto com', 'luis-soto@gmail.com'],
    ['eme de maría a x arroba gmail punto com', 'max@gmail.com'],
  ],
  fr: [
    [
      "c'est marie tiret claire soixante-quinze arobase orange point fr",
      'marie-claire75@orange.fr',
    ],
    [
      'mon adresse mail c’est jean tiret bas dupont arobase gmail point com',
      'jean_dupont@gmail.com',
    ],
    ['quatre-vingt-dix-neuf point luc arobase free point fr', '99.luc@free.fr'],
    ['rené tout attaché arobase free point fr', 'rene@free.fr'],
  ],
  de: [
    ['ja, m punkt müller ät web punkt de', 'm.mueller@web.de'],
    [
      'meine E-Mail ist anna unterstrich schmidt zweiundvierzig at gmx punkt de',
      'anna_schmidt42@gmx.de',
    ],
    ['hans minus peter klammeraffe t-online punkt de', 'hans-peter@t-online.de'],
    ['hans bindestrich peter at firma punkt de, alles zusammengeschrieben', 'hans-peter@firma.de'],
  ],
  it: [
    ['la mia mail è mario punto rossi chiocciola libero punto it', 'mario.rossi@libero.it'],
    ['emme trattino bianchi ventidue chiocciola gmail punto com', 'm-bianchi22@gmail.com'],
    ['anna trattino basso conti chiocciola gmail punto com', 'anna_conti@gmail.com'],
  ],
  pt: [
    [
      'meu email é ana sublinhado silva quarenta e dois arroba gmail ponto com',
      'ana_silva42@gmail.com',
    ],
    ['é j ponto costa arroba sapo ponto pt', 'j.costa@sapo.pt'],
    ['rui hífen sá tudo junto arroba sapo ponto pt', 'rui-sa@sapo.pt'],
    ['rui traço sá arroba sapo ponto pt', 'rui-sa@sapo.pt'],
  ],
};

for (const [language, rows] of Object.entries(dictated)) {
  test(`addresses are put together, as they are dictated in "${language}"`, () => {
    for (const [text, ...wanted] of rows) {
      const heard = emailsIn(text, listeningWords(language)).map(({ address }) => address);
      assert.deepEqual(heard, wanted, text);
    }
  });
}

const plain: Readonly<Record<string, readonly string[]>> = {
  en: [
    '',
    "I'll be at home dot dot dot",
    'see you on tuesday at three',
    'we booked at booking dot com',
    "there's a sale at amazon dot com",
    'look at that dot on my x ray',
    'at 3.30 or at 4.15 please',
    'I live at 12 J Street.',
    'at example dot com',
    'anna at example',
    'anna at dot com',
  ],
  de: ['ich bin um acht zu hause', 'Punkt acht Uhr', 'anna ät'],
  es: ['a las tres en punto', 'arroba punto com'],
  fr: ['le point important', 'je suis chez moi'],
};

test('plain speech has no address in it, nor has half of one', () => {
  for (const [language, texts] of Object.entries(plain)) {
    for (const text of texts) {
      assert.deepEqual(emailsIn(text, listeningWords(language)), [], text);
    }
  }
});

const english = listeningWords('en-GB');

test('what may be a website is an address where one was asked for', () => {
  const text = 'we booked at booking dot com';
  assert.deepEqual(
    emailsIn(text, english, true).map(({ address }) => address),
    ['booked@booking.com'],
  );
});

test('it is known where in the text an address stands', () => {
  const text = 'Write to J dot Smith at gmail dot com, please.';
  const [found] = emailsIn(text, english);
  assert.equal(text.slice(found!.start, found!.end), 'J dot Smith at gmail dot com');
});

test('an address is whole when it has its ending, and part of one goes on', () => {
  const ends: readonly (readonly [
    text: string,
    asked: boolean,
    is: 'whole' | 'part' | undefined,
  ])[] = [
    ['anna at example dot com', true, 'whole'],
    ['anna.miller@example.com', true, 'whole'],
    ['a b at mail dot mine dot org', true, 'whole'],
    ['anna at example dot co dot uk', true, 'whole'],
    ['my email is j dot smith at gmail dot com', false, 'whole'],
    ['j dot smith at gmail dot com all lower case', false, 'whole'],
    ['anna at example dot co', true, 'part'],
    ['anna at example', true, 'part'],
    ['anna at example dot', true, 'part'],
    ['anna dot miller', true, 'part'],
    ['j dot smith at', false, 'part'],
    ['it is j dot', false, 'part'],
    ['j smith underscore', false, 'part'],
    ['my email is anna', false, 'part'],
    ["I'll be at home", false, undefined],
    ["I'll be at home dot dot dot", false, undefined],
    ['tuesday at three', false, undefined],
    ['tuesday at', false, undefined],
    ['on the dot', false, undefined],
    ['good point', false, undefined],
    ['can you send it to my email', false, undefined],
    ['my email is the same as before', false, undefined],
    ['my email is anna at example dot com and my name is anna', false, undefined],
  ];
  for (const [text, asked, is] of ends) assert.equal(emailAtEnd(text, english, asked), is, text);
  const others: readonly (readonly [language: string, text: string])[] = [
    ['es', 'mi correo es ana punto'],
    ['es', 'ana arroba'],
    ['fr', "c'est j point dupont arobase"],
    ['de', 'meine e-mail ist anna'],
    ['de', 'anna ät'],
    ['it', 'mario chiocciola libero'],
    ['pt', 'meu email é ana'],
  ];
  for (const [language, text] of others) {
    assert.equal(emailAtEnd(text, listeningWords(language)), 'part', text);
  }
});

test('a text that is an address is one, however it is written', () => {
  assert.equal(asEmail(' Anna.Smith@Example.com ', english), 'anna.smith@example.com');
  assert.equal(asEmail('anna dot smith at example dot com', english), 'anna.smith@example.com');
  assert.equal(asEmail('john smith@gmail.com', english), 'johnsmith@gmail.com');
  for (const none of ['none', 'anna@', 'a..b@gmail.com', 'a@x.com or b@y.com', 'anna@example']) {
    assert.equal(asEmail(none, english), undefined, none);
  }
  assert.ok(hasAt('anna at home', english) && hasAt('a@b', english) && !hasAt('that', english));
});

test('the model reads what the words make, unless they are written so already', () => {
  const understood = withEmails('en-US');
  assert.equal(
    understood('anna smith at example dot com', 'What is your e-mail address?'),
    'anna smith at example dot com (e-mail address as heard: annasmith@example.com)',
  );
  const written = 'my email is anna@example.com';
  assert.equal(understood(written, ''), written);
  assert.equal(understood('I found you at booking dot com', ''), 'I found you at booking dot com');
});
