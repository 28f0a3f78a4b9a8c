// What is written and how it is said, in every language we speak; and that both forms stay in step.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { spokenForm } from '../../../src/pipeline/spoken-form/spoken-form.ts';

const table: Readonly<Record<string, readonly (readonly [written: string, spoken: string])[]>> = {
  'en-US': [
    [
      'call 911, 7 days/week, M-F, $20-30',
      'call nine one one, seven days per week, Monday to Friday, twenty to thirty dollars',
    ],
    ['I have 6175550142.', 'I have six one seven, five five five, zero one four two.'],
    ['+16175550142', 'plus one, six one seven, five five five, zero one four two'],
    [
      '9:00 AM–5:00 PM, Mon-Fri, 8.30am',
      'nine a.m. to five p.m., Monday to Friday, eight thirty a.m.',
    ],
    [
      '$50-$80 or $1.2 million, $5/month',
      'fifty dollars to eighty dollars or one point two million dollars, five dollars per month',
    ],
    ['Call 555-0142, not 2-3', 'Call five five five, zero one four two, not two to three'],
    [
      '12/24, 12/24/2026, Jan. 5, 2027',
      'December twenty-fourth, December twenty-fourth, twenty twenty-six, January fifth, twenty twenty-seven',
    ],
    [
      'On March 2, the 2 March, 5 March',
      'On March second, the second of March, the fifth of March',
    ],
    ['March 2nd at 2:30 p.m.', 'March second at two thirty p.m.'],
    ['9 a.m., 9:05am or 14:00', 'nine a.m., nine oh five a.m. or two p.m.'],
    ['It costs $45.50.', 'It costs forty-five dollars and fifty cents.'],
    [
      '$1, $0.99 or €1,234',
      'one dollar, ninety-nine cents or one thousand two hundred thirty-four euros',
    ],
    ['+1 (415) 555-0100', 'plus one, four one five, five five five, zero one zero zero'],
    ['Call 415-555-0199.', 'Call four one five, five five five, zero one nine nine.'],
    ['anna.miller2@example.com', 'anna dot miller two at example dot com'],
    ['See https://www.example.com/book.', 'See www dot example dot com slash book.'],
    [
      'Dr. Smith, 12 Main St., vs. 9 St. Mark',
      'Doctor Smith, twelve Main Street, versus nine Saint Mark',
    ],
    ['Open 9-5, 24/7, and/or 1/2', 'Open nine to five, twenty-four seven, and or half'],
    [
      'Code 004512, flight AB-1234',
      'Code zero zero four five one two, flight A B one two three four',
    ],
    [
      '2026-03-05 and 2026, 1999',
      'March fifth, twenty twenty-six and twenty twenty-six, nineteen ninety-nine',
    ],
    [
      '12.5% of 1,000,000 at -3°C',
      'twelve point five percent of one million at minus three degrees',
    ],
    ['Tom & Anna, 5 km, 30 mins, #4', 'Tom and Anna, five kilometers, thirty minutes, number four'],
    ['21st, 12th, 103rd', 'twenty-first, twelfth, one hundred third'],
    ['**Bold** and `code` and [a link](https://x.y/z)', 'Bold and code and a link'],
    ['# Title\n- one\n* two', 'Title\none\ntwo'],
    ['Done 👍 now', 'Done now'],
    ['no numbers here', 'no numbers here'],
  ],
  'es-ES': [
    ['L-V, 20-30 €, 1.ª vez', 'lunes a viernes, veinte a treinta euros, primera vez'],
    ['Es el 911230000.', 'Es el nueve uno uno, dos tres cero, cero cero cero.'],
    ['de 9:00 a 21:15 h, a la 1:00', 'de nueve horas a veintiuna y quince, a la una'],
    [
      '21 horas, 3.º B, 03/12/2026',
      'veintiuna horas, tercero B, tres de diciembre de dos mil veintiséis',
    ],
    [
      'A las 14:30 por 45,50 €',
      'A las catorce y treinta por cuarenta y cinco euros y cincuenta céntimos',
    ],
    [
      'Sra. López, 1.234 y 21 %',
      'señora López, mil doscientos treinta y cuatro y veintiuno por ciento',
    ],
    ['ana@ejemplo.es', 'ana arroba ejemplo punto es'],
  ],
  'fr-FR': [
    ['la 1ère fois', 'la première fois'],
    ['le 0142680053', 'le zéro un, quatre deux, six huit, zéro zéro, cinq trois'],
    [
      'de 9h à 12h, à 14 h 30, à 0h15',
      'de neuf heures à midi, à quatorze heures trente, à minuit quinze',
    ],
    [
      '1 250 €, 21 h, 24h/24',
      'mille deux cent cinquante euros, vingt et une heures, vingt-quatre heures sur vingt-quatre',
    ],
    ['le 03/12/2026', 'le trois décembre deux mille vingt-six'],
    ['À 14h30, le 1er mars', 'À quatorze heures trente, le premier mars'],
    [
      '71, 80, 91 et 45,50 €',
      'soixante et onze, quatre-vingts, quatre-vingt-onze et quarante-cinq euros et cinquante centimes',
    ],
  ],
  'de-DE': [
    ['112, Mo-Fr 9-17 Uhr', 'eins eins zwei, Montag bis Freitag neun bis siebzehn Uhr'],
    ['die 01701234567', 'die null eins sieben, null eins zwei, drei vier fünf, sechs sieben'],
    ['am 2. März, 3. Mai, dem 1.12.', 'am zweiten März, dritter Mai, dem ersten Dezember'],
    [
      'am 03.12.2026 von 9.00 bis 12.30 Uhr',
      'am dritten Dezember zweitausendsechsundzwanzig von neun Uhr bis zwölf Uhr dreißig',
    ],
    [
      '030 12345678, 10115 Berlin',
      'null drei null, eins zwei drei, vier fünf sechs, sieben acht, eins null eins eins fünf Berlin',
    ],
    ['Dienstag, 2. März, 14:30', 'Dienstag, zweiter März, vierzehn Uhr dreißig'],
    ['Um 14:30 Uhr bei Dr. Weiß', 'Um vierzehn Uhr dreißig bei Doktor Weiß'],
    [
      '21 Tage, 1.234 und 1999',
      'einundzwanzig Tage, eintausendzweihundertvierunddreißig und neunzehnhundertneunundneunzig',
    ],
    [
      'Hauptstr. 5, z. B. 45,50 €',
      'Hauptstraße fünf, zum Beispiel fünfundvierzig Euro und fünfzig Cent',
    ],
  ],
  'pt-PT': [
    ['o 213456789', 'o dois um três, quatro cinco seis, sete oito nove'],
    ['das 9h às 14h30, 2 horas', 'das nove horas às catorze horas e trinta, duas horas'],
    ['1100-048 Lisboa, 16 km', 'um um zero zero, zero quatro oito Lisboa, dezasseis quilómetros'],
  ],
  'it-IT': [
    [
      'alle 9.30, 333 1234567',
      'alle nove e trenta, tre tre tre, uno due tre, quattro cinque sei sette',
    ],
    ['alle 1:00 dal sig. Verdi, 1 ora', "all'una dal signor Verdi, un' ora"],
    ['Alle 14:30, 21, 28 e 33', 'Alle quattordici e trenta, ventuno, ventotto e trentatré'],
    ['45,50 €', 'quarantacinque euro e cinquanta centesimi'],
  ],
  'pt-BR': [
    [
      '(11) 91234-5678, 1ª vez',
      'um um, nove um dois três quatro, cinco seis sete oito, primeira vez',
    ],
    [
      'Às 14:30, R$ 45,50',
      'Às quatorze horas e trinta, quarenta e cinco reais e cinquenta centavos',
    ],
    ['1.234 e 121', 'mil duzentos e trinta e quatro e cento e vinte e um'],
  ],
  'ja-JP': [['**3** 時', '3 時']],
};

for (const [language, rows] of Object.entries(table)) {
  for (const [written, spoken] of rows) {
    test(`${language}: ${JSON.stringify(written)}`, () => {
      const pieces = spokenForm(language)(written);
      assert.equal(pieces.map((piece) => piece.spoken).join(''), spoken);
      assert.equal(pieces.map((piece) => piece.written).join(''), written);
    });
  }
}

test('an owner has the last word on how a name is said', () => {
  const say = spokenForm('en-US', [
    { written: 'Nguyen', spoken: 'win' },
    { written: 'Dr. No', spoken: 'doctor no' },
    { written: 'C++', spoken: 'see plus plus' },
  ]);
  const spoken = (text: string) =>
    say(text)
      .map((piece) => piece.spoken)
      .join('');
  assert.equal(
    spoken('nguyen, Nguyens and Dr. No use C++.'),
    'win, Nguyens and doctor no use see plus plus.',
  );
});

test('whatever is written, both forms stay in step', () => {
  for (const language of ['en-US', 'es-ES', 'fr-FR', 'de-DE', 'it-IT', 'pt-BR', 'nl-NL']) {
    const say = spokenForm(language, [{ written: 'a*', spoken: 'star' }]);
    const text = fc.string({
      unit: fc.constantFrom(...' aZ09.,:$€%@/-+()#*_|\n&é°'.split('')),
      maxLength: 60,
    });
    fc.assert(
      fc.property(text, (written) => {
        assert.equal(
          say(written)
            .map((piece) => piece.written)
            .join(''),
          written,
        );
      }),
      { numRuns: 200, seed: 1 },
    );
  }
});
