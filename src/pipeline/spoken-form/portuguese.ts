// Portuguese, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import type { SpeakingWords } from './speaking-words.ts';

export const portuguese: SpeakingWords = {
  ...english,
  cardinal: cardinals['pt']!,
  ordinal: (value) =>
    [
      'primeiro',
      'segundo',
      'terceiro',
      'quarto',
      'quinto',
      'sexto',
      'sétimo',
      'oitavo',
      'nono',
      'décimo',
    ][value - 1] ?? portuguese.cardinal(value),
  time(hour, minute, half) {
    const at = half === 'p.m.' && hour < 12 ? hour + 12 : hour;
    const head = `${portuguese
      .cardinal(at)
      .replace(/\bum$/, 'uma')
      .replace(/\bdois$/, 'duas')} hora${at === 1 ? '' : 's'}`;
    return minute === 0 ? head : `${head} e ${portuguese.cardinal(minute)}`;
  },
  year: (value) => portuguese.cardinal(value),
  date: (day, month) => `${day === 1 ? 'primeiro' : portuguese.cardinal(day)} de ${month}`,
  point: 'vírgula',
  commaIsPoint: true,
  minus: 'menos',
  percent: 'por cento',
  to: 'a',
  at: 'arroba',
  dot: 'ponto',
  slash: 'barra',
  dash: 'hífen',
  underscore: 'sublinhado',
  plus: 'mais',
  and: 'e',
  number: 'número',
  degrees: 'graus',
  oneOf: 'um',
  currencies: {
    R$: [
      ['real', 'reais'],
      ['centavo', 'centavos'],
    ],
    $: [
      ['dólar', 'dólares'],
      ['centavo', 'centavos'],
    ],
    '€': [
      ['euro', 'euros'],
      ['cêntimo', 'cêntimos'],
    ],
    '£': [
      ['libra', 'libras'],
      ['penny', 'pence'],
    ],
  },
  units: {
    km: ['quilômetro', 'quilômetros'],
    kg: ['quilo', 'quilos'],
    cm: ['centímetro', 'centímetros'],
    mg: ['miligrama', 'miligramas'],
    ml: ['mililitro', 'mililitros'],
    min: ['minuto', 'minutos'],
  },
  abbreviations: [
    [/Dra\./, 'doutora'],
    [/Dr\./, 'doutor'],
    [/Sra\./, 'senhora'],
    [/Sr\./, 'senhor'],
    [/Av\./, 'avenida'],
    [/R\.(?=\s[A-Z])/, 'rua'],
    [/p\. ?ex\./, 'por exemplo'],
    [/etc\./, 'et cetera'],
    [/tel\./i, 'telefone'],
    [/n\.º|nº/i, 'número'],
  ],
};
