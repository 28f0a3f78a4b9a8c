// Portuguese, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import { end, rule } from './rule.ts';
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
    const head = `${feminine(at)} hora${at === 1 ? '' : 's'}`;
    return minute === 0 ? head : `${head} e ${portuguese.cardinal(minute)}`;
  },
  year: (value) => portuguese.cardinal(value),
  date: (day, month) => `${day === 1 ? 'primeiro' : portuguese.cardinal(day)} de ${month}`,
  beforeYear: ' de ',
  more: [
    rule(new RegExp(`(\\d{1,2})\\s?h(?:\\s?(\\d\\d))?${end}`), (match) => {
      const [hour, minute] = [Number(match[1]), Number(match[2] ?? 0)];
      return hour > 24 || minute > 59 ? undefined : portuguese.time(hour, minute, undefined);
    }),
    rule(
      /(\d{1,9})(?=\s(?:horas?|semanas?|pessoas?|consultas?|sessões|marcações)(?!\p{L}))/u,
      (match) => feminine(Number(match[1])),
    ),
    rule(/(\d{1,2})\.?ª/, (match) => portuguese.ordinal(Number(match[1])).replace(/o$/, 'a')),
    // As in Brazil: of the region, and with a nine where it is mobile.
    rule(/(?:\((\d\d)\)\s?)?(9?\d{4})-(\d{4})(?![\d-])/, (match) =>
      match
        .slice(1)
        .filter((group) => group !== undefined)
        .map((group) => spelledDigits(group))
        .join(', '),
    ),
    rule(/(\d{4})-(\d{3})(?![\d-])/, (match) =>
      [match[1]!, match[2]!].map((group) => spelledDigits(group)).join(', '),
    ),
  ],
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

/** As in Portugal, where a few numbers are said otherwise. */
export const portugueseOfPortugal: SpeakingWords = {
  ...portuguese,
  cardinal: (value) => european(portuguese.cardinal(value)),
  ordinal: (value) => european(portuguese.ordinal(value)),
  time: (hour, minute, half) => european(portuguese.time(hour, minute, half)),
  year: (value) => european(portuguese.year(value)),
  date: (day, month) => `${european(portuguese.cardinal(day))} de ${month}`,
  units: {
    ...portuguese.units,
    km: ['quilómetro', 'quilómetros'],
    cm: ['centímetro', 'centímetros'],
  },
  more: (portuguese.more ?? []).map((each) => ({
    ...each,
    match(text, at) {
      const found = each.match(text, at);
      return found && { ...found, spoken: european(found.spoken) };
    },
  })),
};

function european(spoken: string): string {
  return spoken
    .replaceAll('quatorze', 'catorze')
    .replaceAll('dezesseis', 'dezasseis')
    .replaceAll('dezessete', 'dezassete')
    .replaceAll('dezenove', 'dezanove');
}

/** Of hours and other feminine things. */
function feminine(value: number): string {
  return portuguese
    .cardinal(value)
    .replace(/\bum$/, 'uma')
    .replace(/\bdois$/, 'duas');
}

function spelledDigits(text: string): string {
  return text
    .split('')
    .map((digit) => portuguese.cardinal(Number(digit)))
    .join(' ');
}
