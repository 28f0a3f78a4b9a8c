// Spanish, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import { rule } from './rule.ts';
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
  time(hour, minute, half) {
    const named = feminine(half ? hour % 12 || 12 : hour);
    if (minute > 0) return `${named} y ${spanish.cardinal(minute)}${spanishHalf(half)}`;
    return `${named}${half || hour === 1 ? '' : ' horas'}${spanishHalf(half)}`;
  },
  year: (value) => spanish.cardinal(value),
  date: (day, month) => `${day === 1 ? 'uno' : spanish.cardinal(day)} de ${month}`,
  beforeYear: ' de ',
  more: [
    rule(
      /(\d{1,9})(?=\s(?:horas?|semanas?|personas?|citas?|consultas?|sesiones)(?!\p{L}))/u,
      (match) => feminine(Number(match[1])),
    ),
    rule(/L\s?[–-]\s?V(?!\p{L})/u, () => 'lunes a viernes'),
    rule(/(\d{1,2})\.?([ºª])/, (match) => {
      const ordinal = spanish.ordinal(Number(match[1]));
      return match[2] === 'ª' ? ordinal.replace(/o$/, 'a') : ordinal;
    }),
  ],
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

/** Of hours and other feminine things. */
function feminine(value: number): string {
  return spanish.cardinal(value).replace(/uno$/, 'una');
}

function spanishHalf(half: 'a.m.' | 'p.m.' | undefined): string {
  return half ? ` de la ${half === 'a.m.' ? 'mañana' : 'tarde'}` : '';
}
