// Spanish, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import type { SpeakingWords } from './speaking-words.ts';

export const spanish: SpeakingWords = {
  ...english,
  cardinal: cardinals['es']!,
  ordinal: (value) =>
    [
      'primero',
      'segundo',
      'tercero',
      'cuarto',
      'quinto',
      'sexto',
      'séptimo',
      'octavo',
      'noveno',
      'décimo',
    ][value - 1] ?? spanish.cardinal(value),
  time: (hour, minute, half) =>
    minute === 0
      ? `${half ? spanish.cardinal(hour % 12 || 12) : `${spanish.cardinal(hour)} horas`}${spanishHalf(half)}`
      : `${spanish.cardinal(half ? hour % 12 || 12 : hour)} y ${spanish.cardinal(minute)}${spanishHalf(half)}`,
  year: (value) => spanish.cardinal(value),
  date: (day, month) => `${day === 1 ? 'uno' : spanish.cardinal(day)} de ${month}`,
  point: 'coma',
  commaIsPoint: true,
  minus: 'menos',
  percent: 'por ciento',
  to: 'a',
  at: 'arroba',
  dot: 'punto',
  slash: 'barra',
  dash: 'guion',
  underscore: 'guion bajo',
  plus: 'más',
  and: 'y',
  number: 'número',
  degrees: 'grados',
  oneOf: 'un',
  currencies: {
    $: [
      ['dólar', 'dólares'],
      ['centavo', 'centavos'],
    ],
    '€': [
      ['euro', 'euros'],
      ['céntimo', 'céntimos'],
    ],
    '£': [
      ['libra', 'libras'],
      ['penique', 'peniques'],
    ],
  },
  units: {
    km: ['kilómetro', 'kilómetros'],
    kg: ['kilo', 'kilos'],
    cm: ['centímetro', 'centímetros'],
    mg: ['miligramo', 'miligramos'],
    ml: ['mililitro', 'mililitros'],
    min: ['minuto', 'minutos'],
    h: ['hora', 'horas'],
  },
  abbreviations: [
    [/Dra\./, 'doctora'],
    [/Dr\./, 'doctor'],
    [/Sra\./, 'señora'],
    [/Srta\./, 'señorita'],
    [/Sr\./, 'señor'],
    [/Avda?\./, 'avenida'],
    [/C\/(?=\s?[A-Z])/, 'calle'],
    [/p\. ?ej\./, 'por ejemplo'],
    [/etc\./, 'etcétera'],
    [/tel\./i, 'teléfono'],
    [/n\.º|nº/i, 'número'],
  ],
};

function spanishHalf(half: 'a.m.' | 'p.m.' | undefined): string {
  return half ? ` de la ${half === 'a.m.' ? 'mañana' : 'tarde'}` : '';
}
