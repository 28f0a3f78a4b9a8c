// More of what models write in a call: ranges, money of every kind, dates, addresses, codes, and what agrees with a number.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spokenForm } from '../../../src/pipeline/spoken-form/spoken-form.ts';

const table: Readonly<Record<string, readonly (readonly [written: string, spoken: string])[]>> = {
  'en-US': [
    [
      'Come by between 3-4pm, or 6:30-7pm',
      'Come by between three to four p.m., or six thirty to seven p.m.',
    ],
    [
      'US$50, 45 USD, $.50, 50¢, A$20, -$5 and $50+',
      'fifty dollars, forty-five dollars, fifty cents, fifty cents, twenty dollars, minus five dollars and fifty dollars plus',
    ],
    [
      '€12,50 or $1,249.50',
      'twelve euros and fifty cents or one thousand two hundred forty-nine dollars and fifty cents',
    ],
    [
      'Tuesday 12/8, on 12/3, by 3/4 at 9',
      'Tuesday December eighth, on December third, by March fourth at nine',
    ],
    [
      "at 00:00, 0:15, 13:05, 10:00 o'clock",
      "at midnight, twelve fifteen a.m., one oh five p.m., ten o'clock",
    ],
    ['2026-12-03T10:30:00Z', 'December third, twenty twenty-six, ten thirty'],
    [
      "since the 1990s, in the '80s, 2020-2026",
      'since the nineteen nineties, in the eighties, twenty twenty to twenty twenty-six',
    ],
    [
      '123 Main St, Suite 200, Springfield, IL 62704',
      'one hundred twenty-three Main Street, Suite two hundred, Springfield, IL six two seven zero four',
    ],
    ['Dr Patel on Smith Dr., Ste. 5', 'Doctor Patel on Smith Drive, Suite five'],
    [
      'Confirmation: 4821, ending in 6789, ext. 204',
      'Confirmation: four eight two one, ending in six seven eight nine, extension two zero four',
    ],
    [
      '1-800-555-0199, 1-800-FLOWERS, 07700 900123',
      'one, eight zero zero, five five five, zero one nine nine, one eight hundred, flowers, zero seven seven zero zero, nine zero zero, one two three',
    ],
    [
      'Henry VIII, World War II, Type II, IV sedation',
      'Henry the eighth, World War two, Type two, IV sedation',
    ],
    [
      '1 1/2 cups, 3/4, 2½ hours, 4.5/5 stars',
      'one and a half cups, three quarters, two and a half hours, four point five out of five stars',
    ],
    [
      '5\'10", 5x7, ~10 minutes, 10+ years, 2 + 2 = 4',
      'five foot ten, five by seven, about ten minutes, ten plus years, two plus two equals four',
    ],
    [
      'press # or *, @home, 192.168.1.1',
      'press pound or star, at home, one nine two dot one six eight dot one dot one',
    ],
    ['<b>Hi</b>&nbsp;there &amp; you', 'Hi there and you'],
    ['| Day | Hours |\n|-----|-------|\n| Mon | 9-5 |', 'Day, Hours.\n\nMonday, nine to five.'],
    ['- [ ] todo\n  - nested\n---', 'todo\nnested\n'],
    ['1️⃣ one, 👍🏽 ok, snake_case, _x_', 'one one, ok, snake case, x'],
    [
      '1h 30m, 60 mph, 10 lbs., 500 sq. ft.',
      'one hour thirty minutes, sixty miles per hour, ten pounds, five hundred square feet',
    ],
    [
      'Jan 5-9, Jan. 2027, Mon/Wed/Fri, Sat 9–1; Sun closed',
      'January fifth to ninth, January twenty twenty-seven, Monday Wednesday Friday, Saturday nine to one; Sunday closed',
    ],
    [
      'B12, A1C, K-12, 3:1 ratio, 1-2-3',
      'B twelve, A one C, K twelve, three to one ratio, one, two, three',
    ],
    ['example.com/book, https://x.com/a?b=1', 'example dot com slash book, x dot com slash a'],
    [
      'Fri. 8–noon, the 5th–7th, 2x/day, 50/50',
      'Friday eight to noon, the fifth to seventh, two times per day, fifty-fifty',
    ],
    [
      '4.8/5, 40+ yrs, 3.5%/yr, on 12/25 and 1/1',
      'four point eight out of five, forty plus years, three point five percent per year, on December twenty-fifth and January first',
    ],
    [
      'exit 12B, seat 14C, vitamin B6/B12, code 0420-XY',
      'exit twelve B, seat fourteen C, vitamin B six B twelve, code zero four two zero X Y',
    ],
  ],
  'es-ES': [
    [
      '24/7, a las 3 p. m., a las 8 pm, de 9 a más',
      'veinticuatro siete, a las tres de la tarde, a las ocho de la noche, de nueve a más',
    ],
    [
      'Cuesta $1,249.50, 21 €, 1.000.000 €, 20 EUR',
      'Cuesta mil doscientos cuarenta y nueve dólares y cincuenta centavos, veintiún euros, un millón de euros, veinte euros',
    ],
    [
      '21 días, 1 día, 200 personas, 101 citas',
      'veintiún días, un día, doscientas personas, ciento una citas',
    ],
    [
      'el martes 8/12, el 3/12, sáb. 9-13, lun.–vie.',
      'el martes ocho de diciembre, el tres de diciembre, sábado nueve a trece, lunes a viernes.',
    ],
    ['1.er piso, 2do, 1ra, 3.ª planta', 'primer piso, segundo, primera, tercera planta'],
    [
      '28013 Madrid, C/ Mayor, Av. Sol, n.º 5',
      'dos ocho cero uno tres Madrid, calle Mayor, avenida Sol, número cinco',
    ],
    ['Su código es 4821', 'Su código es cuatro ocho dos uno'],
    ['siglo XXI, Felipe VI, Alfonso XII', 'siglo veintiuno, Felipe sexto, Alfonso doce'],
    ['½ hora, 1 1/2 horas, 1 millón', 'media hora, una horas y media, un millón'],
    [
      'pulse # o *, 20 ºC, 50-60 %',
      'pulse almohadilla o asterisco, veinte grados, cincuenta a sesenta por ciento',
    ],
    ['3x al día, 2.º dcha., ext. 12', 'tres veces al día, segundo derecha, extensión doce'],
  ],
  'fr-FR': [
    [
      '06-12-34-56-78, 24/7',
      'zéro six, un deux, trois quatre, cinq six, sept huit, vingt-quatre sept',
    ],
    [
      '9-17h, 1h30min, 12€50, 200 €, 1 000 000 €',
      "neuf à dix-sept heures, une heure trente minutes, douze euros et cinquante centimes, deux cents euros, un million d'euros",
    ],
    [
      'mardi 8/12, le 3/12, sam. 9h, du 3-5 déc.',
      'mardi huit décembre, le trois décembre, samedi neuf heures, du trois à cinq décembre.',
    ],
    ['5 bd. Haussmann, St-Denis, Me Leroy', 'cinq boulevard Haussmann, Saint-Denis, maître Leroy'],
    [
      'Louis XIV, XXIe siècle, François Ier',
      'Louis quatorze, vingt et unième siècle, François premier',
    ],
    ['1/2 heure, 1 1/2 heure, 1 mars', 'une demi-heure, une heure et demie, premier mars'],
    ['patient·e·s, cher(e)s, s.v.p.', "patients, chers, s'il vous plaît."],
    ['Votre code est 4821, 20 °C', 'Votre code est quatre huit deux un, vingt degrés'],
    ['14h – 18h 24/7', 'quatorze heures à dix-huit heures vingt-quatre sept'],
    ['1x par jour, 2 x par semaine', 'une fois par jour, deux fois par semaine'],
  ],
  'de-DE': [
    [
      '24/7, 1 Uhr, 1 Stunde, 1 Tag, in 1 Woche, 1 Million',
      'vierundzwanzig sieben, ein Uhr, eine Stunde, ein Tag, in einer Woche, eine Million',
    ],
    [
      'vom 3. bis 5. Dezember, vom 3.-5. Dezember, der 3. Mai',
      'vom dritten bis fünften Dezember, vom dritten bis fünften Dezember, der dritte Mai',
    ],
    [
      'im 2. OG, der 1. Termin, zum 10. Mal, 3. Stock',
      'im zweiten OG, der erste Termin, zum zehnten Mal, dritter Stock',
    ],
    [
      '12.50 €, 45,- €, EUR 20, 2 Mio. €',
      'zwölf Euro und fünfzig Cent, fünfundvierzig Euro, zwanzig Euro, zwei Millionen Euro',
    ],
    ['die 90er, 1990er Jahre', 'die neunziger, neunzehnhundertneunziger Jahre'],
    [
      '(030) 123456, 089 / 12 34 56 - 0, 116117',
      'null drei null, eins zwei drei, vier fünf sechs, null acht neun, eins zwei, drei vier, fünf sechs, null, eins eins sechs eins eins sieben',
    ],
    [
      'Ihre Kundennummer ist 4821, PLZ 10115',
      'Ihre Kundennummer ist vier acht zwei eins, PLZ eins null eins eins fünf',
    ],
    [
      'Mo, Di und Mi: 9-12 Uhr; Sa geschlossen',
      'Montag, Dienstag und Mittwoch: neun bis zwölf Uhr; Samstag geschlossen',
    ],
    [
      '1/2 Stunde, 1½ Stunden, 3/4 Stunde',
      'eine halbe Stunde, eineinhalb Stunden, eine Dreiviertelstunde',
    ],
    ['Ärzt*innen, Patient:innen, Kund_innen', 'Ärztinnen, Patientinnen, Kundinnen'],
    [
      '8. Dez. 2026, u. a., inkl. MwSt.',
      'achter Dezember zweitausendsechsundzwanzig, unter anderem, inklusive Mehrwertsteuer.',
    ],
    [
      'Die 1. Sitzung, Hauptstr. 12, 2. OG, 3. Etage',
      'Die erste Sitzung, Hauptstraße zwölf, zweiter OG, dritte Etage',
    ],
    [
      '1 freien Termin, 1 neue Kundin, 3x täglich',
      'einen freien Termin, eine neue Kundin, dreimal täglich',
    ],
  ],
  'it-IT': [
    [
      '24/7, 1 giorno, 1 ora, 1 studio, 101, 108',
      "ventiquattro sette, un giorno, un' ora, uno studio, centouno, centotto",
    ],
    [
      "all'1:30, alle 1, martedì 8/12, 1 gennaio",
      "all'una e trenta, all'una, martedì otto dicembre, primo gennaio",
    ],
    [
      'Dr.ssa Neri, P.zza Duomo, C.so Italia, n° 12',
      'dottoressa Neri, piazza Duomo, corso Italia, numero dodici',
    ],
    [
      'Via XX Settembre, Via Vittorio Emanuele II, XXI secolo',
      'Via venti Settembre, Via Vittorio Emanuele secondo, ventunesimo secolo',
    ],
    [
      '06/1234567, chiami il 118',
      'zero sei, uno due tre, quattro cinque sei sette, chiami il uno uno otto',
    ],
    [
      '2° piano, 3ª visita, 1/2 ora, 1 milione di euro',
      "secondo piano, terza visita, mezz'ora, un milione di euro",
    ],
    ['Il suo codice è 4821', 'Il suo codice è quattro otto due uno'],
    ['3x al giorno', 'tre volte al giorno'],
  ],
  'pt-BR': [
    [
      '24/7, 2 salas, 200 pessoas, 1 dia',
      'vinte e quatro sete, duas salas, duzentas pessoas, um dia',
    ],
    [
      'R$ 10 - R$ 20, R$12.50, R$ 1.000.000',
      'dez reais a vinte reais, doze reais e cinquenta centavos, um milhão de reais',
    ],
    [
      '2ª a 6ª, 3ª-feira, 1º andar, 11º',
      'segunda a sexta, terça-feira, primeiro andar, décimo primeiro',
    ],
    [
      'CEP 01310-100, 11 91234-5678',
      'CEP zero um três um zero, um zero zero, um um, nove um dois três quatro, cinco seis sete oito',
    ],
    [
      'terça 8/12, sáb 9-12, seg. a sex.',
      'terça oito de dezembro, sábado nove a doze, segunda a sexta.',
    ],
    ['às 14h30min, 1 h 30 min, ½ hora', 'às quatorze horas e trinta, uma hora e trinta, meia hora'],
    ['Rua XV de Novembro, século XXI', 'Rua quinze de Novembro, século vinte e um'],
    ['2x ao dia', 'duas vezes ao dia'],
  ],
  'es-MX': [
    [
      '$250, $20.50, US$5',
      'doscientos cincuenta pesos, veinte pesos y cincuenta centavos, cinco dólares',
    ],
  ],
  'de-CH': [["CHF 20, 1'250 Franken", 'zwanzig Franken, eintausendzweihundertfünfzig Franken']],
  'en-GB': [
    [
      'press # or *, on 8/12 at 14:30, 020 7946 0958',
      'press hash or star, on December eighth at two thirty p.m., zero two zero, seven nine four six, zero nine five eight',
    ],
  ],
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
