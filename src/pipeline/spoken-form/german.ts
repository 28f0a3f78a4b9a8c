// German, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import { rule } from './rule.ts';
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
  date: (day, month, before = '') =>
    `${german.ordinal(day)}${declining.test(before) ? 'n' : 'r'} ${month}`,
  beforeYear: ' ',
  more: [
    rule(/(\d{1,2})\.(\d\d)(?=\s?(?:bis|–|-)\s?\d{1,2}[.:]\d\d\s?Uhr)/, (match) =>
      german.time(Number(match[1]), Number(match[2]), undefined),
    ),
    rule(/11[02](?!\d|[.,]\d)/, (match) => spelledDigits(match[0])),
    rule(
      /(Mo|Di|Mi|Do|Fr|Sa)\.?\s?[–-]\s?(Di|Mi|Do|Fr|Sa|So)(?!\p{L})/u,
      (match) => `${weekdays[match[1]!]} bis ${weekdays[match[2]!]}`,
    ),
    // Dialling code and number, written in two groups.
    rule(/(0\d{1,5})[\s/-]{1,3}(\d{4,9})(?![\d.,]?\d)/, (match) =>
      [match[1]!, match[2]!].map((group) => spelledDigits(group)).join(', '),
    ),
    rule(/(\d{5})(?=\s\p{Lu}\p{Ll})/u, (match) => spelledDigits(match[1]!)),
    rule(
      /(\d{1,2})\.(?=\s(?:Stock|Etage|Obergeschoss|Stunde|Woche)(?!\p{L}))/u,
      (match) => `${german.ordinal(Number(match[1]))}n`,
    ),
  ],
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

const weekdays: Readonly<Record<string, string>> = {
  Mo: 'Montag',
  Di: 'Dienstag',
  Mi: 'Mittwoch',
  Do: 'Donnerstag',
  Fr: 'Freitag',
  Sa: 'Samstag',
  So: 'Sonntag',
};

/** After these an ordinal ends in -n: "am zweiten März". */
const declining = /^(?:am|dem|den|vom|zum|im|ab|seit|bis|des|der)$/i;

function spelledDigits(text: string): string {
  return text
    .split('')
    .map((digit) => german.cardinal(Number(digit)))
    .join(' ');
}
