// Italian, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import { rule } from './rule.ts';
import type { SpeakingWords } from './speaking-words.ts';

export const italian: SpeakingWords = {
  ...english,
  cardinal: cardinals['it']!,
  ordinal: (value) =>
    [
      'primo',
      'secondo',
      'terzo',
      'quarto',
      'quinto',
      'sesto',
      'settimo',
      'ottavo',
      'nono',
      'decimo',
    ][value - 1] ??
    `${italian
      .cardinal(value)
      .replace(/[aeiou]$/, '')
      .replace(/tré$/, 'tre')}esimo`,
  time(hour, minute, half) {
    const at = half === 'p.m.' && hour < 12 ? hour + 12 : hour;
    const named = at === 1 ? 'una' : italian.cardinal(at);
    return minute === 0 ? named : `${named} e ${italian.cardinal(minute)}`;
  },
  year: (value) => italian.cardinal(value),
  date: (day, month) => `${day === 1 ? 'primo' : italian.cardinal(day)} ${month}`,
  beforeYear: ' ',
  more: [
    rule(/(?<=\b(?:alle|dalle|ore|le)\s)(\d{1,2})\.(\d\d)(?![\d.])/, (match) =>
      italian.time(Number(match[1]), Number(match[2]), undefined),
    ),
    rule(/(\d{1,2})ª/, (match) => italian.ordinal(Number(match[1])).replace(/o$/, 'a')),
    rule(/1(?=\s(?:ora|settimana|persona|visita|seduta)(?!\p{L}))/u, () => 'una'),
  ],
  point: 'virgola',
  commaIsPoint: true,
  minus: 'meno',
  percent: 'per cento',
  to: 'a',
  at: 'chiocciola',
  dot: 'punto',
  slash: 'barra',
  dash: 'trattino',
  underscore: 'trattino basso',
  plus: 'più',
  and: 'e',
  number: 'numero',
  degrees: 'gradi',
  oneOf: 'un',
  currencies: {
    $: [
      ['dollaro', 'dollari'],
      ['centesimo', 'centesimi'],
    ],
    '€': [
      ['euro', 'euro'],
      ['centesimo', 'centesimi'],
    ],
    '£': [
      ['sterlina', 'sterline'],
      ['penny', 'pence'],
    ],
  },
  units: {
    km: ['chilometro', 'chilometri'],
    kg: ['chilo', 'chili'],
    cm: ['centimetro', 'centimetri'],
    mg: ['milligrammo', 'milligrammi'],
    ml: ['millilitro', 'millilitri'],
    min: ['minuto', 'minuti'],
  },
  abbreviations: [
    [/dott\.ssa/i, 'dottoressa'],
    [/dott\./i, 'dottor'],
    [/Dr\./, 'dottor'],
    [/sig\.ra/i, 'signora'],
    [/sig\./i, 'signor'],
    [/Prof\./, 'professor'],
    [/V\.le/, 'viale'],
    [/es\.(?=\s)/, 'esempio'],
    [/ecc\./, 'eccetera'],
    [/tel\./i, 'telefono'],
    [/n\.(?=\s*\d)/, 'numero'],
  ],
};
