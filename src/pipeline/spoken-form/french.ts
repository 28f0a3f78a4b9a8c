// French, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import type { SpeakingWords } from './speaking-words.ts';

export const french: SpeakingWords = {
  ...english,
  cardinal: cardinals['fr']!,
  ordinal: (value) => {
    if (value === 1) return 'premier';
    const words = french.cardinal(value);
    if (words.endsWith('cinq')) return `${words}uième`;
    if (words.endsWith('neuf')) return `${words.slice(0, -1)}vième`;
    return `${words.replace(/e$/, '')}ième`;
  },
  time(hour, minute, half) {
    const at = half === 'p.m.' && hour < 12 ? hour + 12 : hour;
    const head =
      at === 1
        ? 'une heure'
        : at === 12 && minute === 0
          ? 'midi'
          : `${feminine(french.cardinal(at))} heures`;
    return minute === 0 ? head : `${head} ${french.cardinal(minute)}`;
  },
  year: (value) => french.cardinal(value),
  date: (day, month) => `${day === 1 ? 'premier' : french.cardinal(day)} ${month}`,
  point: 'virgule',
  commaIsPoint: true,
  minus: 'moins',
  percent: 'pour cent',
  to: 'à',
  at: 'arobase',
  dot: 'point',
  slash: 'barre oblique',
  dash: 'tiret',
  underscore: 'tiret bas',
  plus: 'plus',
  and: 'et',
  number: 'numéro',
  degrees: 'degrés',
  oneOf: 'un',
  currencies: {
    $: [
      ['dollar', 'dollars'],
      ['cent', 'cents'],
    ],
    '€': [
      ['euro', 'euros'],
      ['centime', 'centimes'],
    ],
    '£': [
      ['livre', 'livres'],
      ['penny', 'pence'],
    ],
  },
  units: {
    km: ['kilomètre', 'kilomètres'],
    kg: ['kilo', 'kilos'],
    cm: ['centimètre', 'centimètres'],
    mg: ['milligramme', 'milligrammes'],
    ml: ['millilitre', 'millilitres'],
    min: ['minute', 'minutes'],
  },
  abbreviations: [
    [/Dre?\.?(?=\s[A-ZÉÈ])/, 'docteur'],
    [/Mme\.?/, 'madame'],
    [/Mlle\.?/, 'mademoiselle'],
    [/MM\./, 'messieurs'],
    [/M\.(?=\s[A-ZÉÈ])/, 'monsieur'],
    [/av\.(?=\s)/i, 'avenue'],
    [/bd\.?(?=\s[A-Z])/i, 'boulevard'],
    [/p\. ?ex\./, 'par exemple'],
    [/etc\./, 'et cetera'],
    [/tél\./i, 'téléphone'],
    [/n°/i, 'numéro'],
    [/RDV|rdv/, 'rendez-vous'],
  ],
};

function feminine(words: string): string {
  return words.replace(/\bun$/, 'une');
}
