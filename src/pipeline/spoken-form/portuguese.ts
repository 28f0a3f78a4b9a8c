// Portuguese, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import { end, rule } from './rule.ts';
import { fractionsOf, shortened } from './speaking-words.ts';
import type { SpeakingWords } from './speaking-words.ts';

export const portuguese: SpeakingWords = {
  ...english,
  cardinal: cardinals['pt']!,
  ordinal(value) {
    if (value < 1 || value > 59) return portuguese.cardinal(value);
    const ten = tenths[Math.floor(value / 10)]!;
    const one = firsts[value % 10]!;
    return [ten, one].filter((part) => part !== '').join(' ');
  },
  ordinalEnds: 'º|°',
  counting(value, noun) {
    const words = portuguese.cardinal(value);
    if (value > 0 && value % 1_000_000 === 0) return `${words} de ${noun}`;
    return `${isFeminine(noun) ? feminine(value).replaceAll('entos', 'entas') : words} ${noun}`;
  },
  countable: (word) => /^\p{Ll}{3,}/u.test(word) && !little.test(word),
  roman(value, before) {
    if (!/^\p{Lu}|^(?:século|fase|tipo|capítulo|nível|classe|parte|grau)$/u.test(before)) {
      return undefined;
    }
    const named = /^\p{Lu}/u.test(before) && !/^(?:Rua|Avenida|Praça|Travessa)$/.test(before);
    return named && value <= 10 ? portuguese.ordinal(value) : portuguese.cardinal(value);
  },
  fractions: fractionsOf(
    { alone: 'meio', after: 'meio' },
    { alone: 'um terço', after: 'um terço' },
    { alone: 'dois terços', after: 'dois terços' },
    { alone: 'um quarto', after: 'um quarto' },
    { alone: 'três quartos', after: 'três quartos' },
  ),
  mixed: (count, fraction) => `${portuguese.cardinal(count)} e ${fraction.after}`,
  time(hour, minute, half) {
    const at = half === 'p.m.' && hour < 12 ? hour + 12 : hour;
    const head = `${feminine(at)} hora${at === 1 ? '' : 's'}`;
    return minute === 0 ? head : `${head} e ${portuguese.cardinal(minute)}`;
  },
  year: (value) => portuguese.cardinal(value),
  date: (day, month) => `${day === 1 ? 'primeiro' : portuguese.cardinal(day)} de ${month}`,
  beforeYear: ' de ',
  more: [
    rule(/(\d{1,2})\s?x(?=\s(?:ao|por|à)(?!\p{L}))/u, (match) =>
      match[1] === '1' ? 'uma vez' : `${feminine(Number(match[1]))} vezes`,
    ),
    rule(new RegExp(`(\\d{1,2})\\s?h(?:\\s?(\\d\\d)(?:\\s?min)?)?(?![°%€])${end}`), (match) => {
      const [hour, minute] = [Number(match[1]), Number(match[2] ?? 0)];
      return hour > 24 || minute > 59 ? undefined : portuguese.time(hour, minute, undefined);
    }),
    rule(
      /([2-6])ª(?=-feira|\s?(?:[-–]|a|à|e)\s?(?:[2-6]ª|sáb|dom))/,
      (match) => weekdays[match[1]!],
    ),
    rule(/(?<=[2-6]ª(?:\s?[-–]\s?|\s(?:a|à|e)\s))([2-6])ª/, (match) => weekdays[match[1]!]),
    rule(/(\d{1,2})\.?ª/, (match) =>
      portuguese.ordinal(Number(match[1])).replaceAll(/o(?= |$)/g, 'a'),
    ),
    rule(/(\d{1,2})\.?[º°](?=\s?\p{Ll}|[\s,.;!?]|$)/u, (match) =>
      portuguese.ordinal(Number(match[1])),
    ),
    rule(/(?:1\/2|½)(?=\s(?:hora|dúzia))/, () => 'meia'),
    rule(
      /(\d{1,2})\s?(?:1\/2|½)(\shoras?)/,
      (match) => `${feminine(Number(match[1]))}${match[2]!} e meia`,
    ),
    // A postal code of Brazil.
    rule(/(\d{5})-(\d{3})(?![\d-])/, (match) =>
      [match[1]!, match[2]!].map((group) => spelledDigits(group)).join(', '),
    ),
    rule(/(\d\d)\s(9?\d{4})-(\d{4})(?![\d-])/, (match) =>
      match
        .slice(1)
        .map((group) => spelledDigits(group))
        .join(', '),
    ),
    rule(
      /(?<!\p{L}\s)1(?:90|92|93|12)(?=$|[\s.,;!?])(?!\s?[€%]|[.,]\d|\s\p{Ll}{3})|(?<=(?:ligue|disque|para o)\s)1\d\d(?!\d)/iu,
      (match) => spelledDigits(match[0]),
    ),
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
  times: 'por',
  outOf: 'de',
  signs: {
    equals: 'igual a',
    about: 'cerca de',
    plusMinus: 'mais ou menos',
    atLeast: 'pelo menos',
    atMost: 'no máximo',
    moreThan: 'mais de',
    lessThan: 'menos de',
    section: 'parágrafo',
  },
  keys: { hash: 'jogo da velha', star: 'asterisco' },
  codes:
    'códigos?|senha|pin|confirmação|referência|ref|ramal|extensão|protocolo|conta|fatura|cep|termina(?:m|da|do)? em|final',
  codeIs: 'é|número|n\\.?º|de',
  days: shortened(
    'segunda:seg terça:ter quarta:qua quinta:qui sexta:sex sábado:sáb/sab domingo:dom',
  ),
  months: shortened(
    'janeiro:jan fevereiro:fev março:mar abril:abr maio:mai junho:jun julho:jul agosto:ago setembro:set outubro:out ' +
      'novembro:nov dezembro:dez',
  ),
  beforeDate: 'dia|em|no|até|desde',
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
    '¥': [
      ['iene', 'ienes'],
      ['sen', 'senes'],
    ],
    BRL: [
      ['real', 'reais'],
      ['centavo', 'centavos'],
    ],
    CHF: [
      ['franco', 'francos'],
      ['cêntimo', 'cêntimos'],
    ],
  },
  units: {
    km: ['quilômetro', 'quilômetros'],
    kg: ['quilo', 'quilos'],
    cm: ['centímetro', 'centímetros'],
    mg: ['miligrama', 'miligramas'],
    ml: ['mililitro', 'mililitros'],
    min: ['minuto', 'minutos'],
    seg: ['segundo', 'segundos'],
    m: ['metro', 'metros'],
    mm: ['milímetro', 'milímetros'],
    g: ['grama', 'gramas'],
    l: ['litro', 'litros'],
    L: ['litro', 'litros'],
    'km/h': ['quilômetro por hora', 'quilômetros por hora'],
    'm²': ['metro quadrado', 'metros quadrados'],
    m2: ['metro quadrado', 'metros quadrados'],
  },
  abbreviations: [
    [/Dra\b\.?(?=\s\p{Lu})|Dra\./u, 'doutora'],
    [/Dr\b\.?(?=\s\p{Lu})|Dr\./u, 'doutor'],
    [/Sra\b\.?(?=\s\p{Lu})|Sra\./u, 'senhora'],
    [/Sr\b\.?(?=\s\p{Lu})|Sr\./u, 'senhor'],
    [/Profa?\./, 'professor'],
    [/D\.(?=\s\p{Lu}\p{Ll})/u, 'dona'],
    [/Av\./, 'avenida'],
    [/R\.(?=\s[A-Z])/, 'rua'],
    [/apto?\./i, 'apartamento'],
    [/p\. ?ex\./, 'por exemplo'],
    [/etc\./, 'et cetera'],
    [/aprox\./i, 'aproximadamente'],
    [/máx\./i, 'máximo'],
    [/mín\./i, 'mínimo'],
    [/págs?\./i, 'página'],
    [/Ltda\./, 'limitada'],
    [/tel\./i, 'telefone'],
    [/n\.º|nº|n\.(?=\s?\d)/i, 'número'],
  ],
};

const firsts = ' primeiro segundo terceiro quarto quinto sexto sétimo oitavo nono'.split(' ');
const tenths = ' décimo vigésimo trigésimo quadragésimo quinquagésimo'.split(' ');
const weekdays: Readonly<Record<string, string>> = {
  2: 'segunda',
  3: 'terça',
  4: 'quarta',
  5: 'quinta',
  6: 'sexta',
};
const little =
  /^(?:das?|dos?|nas?|nos?|aos?|por|para|com|que|mais|menos|até|desde|são|era|como|mas|sem|sobre|entre|cada|uma?|mil)$/;

/** By its end, which goes wrong for few of the nouns that are counted. */
function isFeminine(noun: string): boolean {
  return (
    /(?:as?|ção|ções|são|sões|dade|dades|noites?|vez|vezes)$/.test(noun) &&
    !/^(?:dias?|problemas?|programas?|sistemas?|mapas?|gramas?|miligramas?|quilogramas?)$/.test(
      noun,
    )
  );
}

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
    'km/h': ['quilómetro por hora', 'quilómetros por hora'],
    cm: ['centímetro', 'centímetros'],
  },
  keys: { hash: 'cardinal', star: 'asterisco' },
  counting: (value, noun) => european(portuguese.counting!(value, noun)),
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
