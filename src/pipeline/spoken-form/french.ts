// French, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import { end, rule } from './rule.ts';
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
    if (minute === 0 && at === 12) return 'midi';
    const head = at === 0 ? 'minuit' : `${feminine(at)} heure${at === 1 ? '' : 's'}`;
    return minute === 0 ? head : `${head} ${french.cardinal(minute)}`;
  },
  year: (value) => french.cardinal(value),
  date: (day, month) => `${day === 1 ? 'premier' : french.cardinal(day)} ${month}`,
  beforeYear: ' ',
  numberGroup: 2,
  more: [
    rule(/24\s?h\s?(?:\/|sur)\s?24/, () => 'vingt-quatre heures sur vingt-quatre'),
    rule(/1(?:ère|re)(?!\p{L})/u, () => 'première'),
    rule(/7\s?j(?:ours)?\s?(?:\/|sur)\s?7/, () => 'sept jours sur sept'),
    rule(new RegExp(`(\\d{1,2})\\s?[hH](?:\\s?(\\d\\d))?${end}`), (match) => {
      const [hour, minute] = [Number(match[1]), Number(match[2] ?? 0)];
      if (hour > 24 || minute > 59) return undefined;
      return hour === 24 ? 'vingt-quatre heures' : french.time(hour, minute, undefined);
    }),
    rule(
      /(\d{1,9})(?=\s(?:heures?|minutes?|semaines?|personnes?|séances?|consultations?)(?!\p{L}))/u,
      (match) => feminine(Number(match[1])),
    ),
  ],
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

function feminine(value: number): string {
  return french.cardinal(value).replace(/\bun$/, 'une');
}
