// German, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import type { SpeakingWords } from './speaking-words.ts';

export const german: SpeakingWords = {
  ...english,
  cardinal: cardinals['de']!,
  ordinal(value) {
    const special: Readonly<Record<number, string>> = {
      1: 'erste',
      3: 'dritte',
      7: 'siebte',
      8: 'achte',
    };
    return special[value] ?? `${german.cardinal(value)}${value < 20 ? 'te' : 'ste'}`;
  },
  time(hour, minute, half) {
    const at = half === 'p.m.' && hour < 12 ? hour + 12 : hour;
    const head = `${german.cardinal(at).replace(/eins$/, 'ein')} Uhr`;
    return minute === 0 ? head : `${head} ${german.cardinal(minute)}`;
  },
  year(value) {
    if (value < 1100 || value >= 2000) return german.cardinal(value);
    const rest = value % 100;
    return `${german.cardinal(Math.floor(value / 100))}hundert${rest === 0 ? '' : german.cardinal(rest)}`;
  },
  date: (day, month) => `${german.ordinal(day)}r ${month}`,
  point: 'Komma',
  commaIsPoint: true,
  minus: 'minus',
  percent: 'Prozent',
  to: 'bis',
  at: 'at',
  dot: 'Punkt',
  slash: 'Schrägstrich',
  dash: 'Minus',
  underscore: 'Unterstrich',
  plus: 'plus',
  and: 'und',
  number: 'Nummer',
  degrees: 'Grad',
  oneOf: 'ein',
  currencies: {
    $: [
      ['Dollar', 'Dollar'],
      ['Cent', 'Cent'],
    ],
    '€': [
      ['Euro', 'Euro'],
      ['Cent', 'Cent'],
    ],
    '£': [
      ['Pfund', 'Pfund'],
      ['Penny', 'Pence'],
    ],
  },
  units: {
    km: ['Kilometer', 'Kilometer'],
    kg: ['Kilogramm', 'Kilogramm'],
    cm: ['Zentimeter', 'Zentimeter'],
    mg: ['Milligramm', 'Milligramm'],
    ml: ['Milliliter', 'Milliliter'],
    min: ['Minute', 'Minuten'],
    'Min.': ['Minute', 'Minuten'],
    Std: ['Stunde', 'Stunden'],
  },
  abbreviations: [
    [/Dr\./, 'Doktor'],
    [/Hr\./, 'Herr'],
    [/Fr\.(?=\s[A-ZÄÖÜ])/, 'Frau'],
    [/Prof\./, 'Professor'],
    [/z\. ?B\./, 'zum Beispiel'],
    [/d\. ?h\./, 'das heißt'],
    [/usw\./, 'und so weiter'],
    [/bzw\./, 'beziehungsweise'],
    [/ca\./, 'circa'],
    [/Tel\./, 'Telefon'],
    [/Nr\./, 'Nummer'],
    [/str\./, 'straße'],
    [/Str\./, 'Straße'],
  ],
};
