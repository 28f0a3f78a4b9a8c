// Spanish, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import { rule } from './rule.ts';
import { fractionsOf, shortened } from './speaking-words.ts';
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
  ordinalEnds: 'º|°',
  counting(value, noun) {
    const words = spanish.cardinal(value);
    if (value > 0 && value % 1_000_000 === 0) return `${words} de ${noun}`;
    if (isFeminine(noun)) return `${ofFeminine(words)} ${noun}`;
    return `${words.replace(/veintiuno$/, 'veintiún').replace(/uno$/, 'un')} ${noun}`;
  },
  countable: (word) => /^\p{Ll}{3,}/u.test(word) && !little.test(word),
  roman(value, before) {
    if (!/^\p{Lu}|^(?:siglo|fase|tipo|capítulo|nivel|clase|parte|grado|century)$/u.test(before)) {
      return undefined;
    }
    return /^\p{Lu}/u.test(before) && value <= 10
      ? spanish.ordinal(value)
      : spanish.cardinal(value);
  },
  fractions: fractionsOf(
    { alone: 'medio', after: 'medio' },
    { alone: 'un tercio', after: 'un tercio' },
    { alone: 'dos tercios', after: 'dos tercios' },
    { alone: 'un cuarto', after: 'cuarto' },
    { alone: 'tres cuartos', after: 'tres cuartos' },
  ),
  mixed: (count, fraction) => `${spanish.cardinal(count)} y ${fraction.after}`,
  time(hour, minute, half) {
    const named = feminine(half ? hour % 12 || 12 : hour);
    if (minute > 0) return `${named} y ${spanish.cardinal(minute)}${spanishHalf(hour, half)}`;
    const hours = half || hour === 1 ? '' : ' horas';
    return `${named}${hours}${spanishHalf(hour, half)}`;
  },
  year: (value) => spanish.cardinal(value),
  date: (day, month) => `${day === 1 ? 'uno' : spanish.cardinal(day)} de ${month}`,
  beforeYear: ' de ',
  more: [
    rule(/(\d{1,2})\s?x(?=\s(?:al|por|cada)(?!\p{L}))/u, (match) =>
      match[1] === '1' ? 'una vez' : `${feminine(Number(match[1]))} veces`,
    ),
    rule(/L\s?[–-]\s?V(?!\p{L})/u, () => 'lunes a viernes'),
    rule(/(\d{1,2})\.?(?:er|[ºo°](?=\s\p{Ll}))(?!\p{L})/u, (match) => {
      const ordinal = spanish.ordinal(Number(match[1]));
      const short =
        match[0].endsWith('er') ||
        /^\s(?:piso|día|mes|año|grado|turno|paso)/.test(
          match.input.slice(match.index + match[0].length),
        );
      return short ? ordinal.replace(/^(primer|tercer)o$/, '$1') : ordinal;
    }),
    rule(/(\d{1,2})\.?(?:º|do|ro|to|mo|vo|no)(?!\p{L})/u, (match) =>
      spanish.ordinal(Number(match[1])),
    ),
    rule(/(\d{1,2})\.?(?:ª|da|ra|ta|ma|va|na|a)(?!\p{L})/u, (match) =>
      spanish.ordinal(Number(match[1])).replace(/o$/, 'a'),
    ),
    rule(/(?:1\/2|½)(?=\s(?:hora|jornada|docena))/, () => 'media'),
    rule(
      /(\d{1,2})\s?(?:1\/2|½)(\shoras?)/,
      (match) => `${feminine(Number(match[1]))}${match[2]!} y media`,
    ),
    rule(/(\d{5})(?=\s\p{Lu}\p{Ll})/u, (match) => spelledDigits(match[1]!)),
    rule(/EE\. ?UU\./, () => 'Estados Unidos'),
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
  times: 'por',
  outOf: 'de',
  signs: {
    equals: 'igual a',
    about: 'unos',
    plusMinus: 'más menos',
    atLeast: 'al menos',
    atMost: 'como máximo',
    moreThan: 'más de',
    lessThan: 'menos de',
    section: 'sección',
  },
  keys: { hash: 'almohadilla', star: 'asterisco' },
  codes:
    'códigos?|clave|pin|confirmación|referencia|ref|extensión|ext|cuenta|factura|póliza|expediente|reserva número|c\\.?p|postal|' +
    'termina(?:n|da|do)? en|acaba(?:n|da|do)? en',
  codeIs: 'es|número|n\\.?º|de|postal',
  days: shortened(
    'lunes:lun martes:mar miércoles:mié/mie jueves:jue viernes:vie sábado:sáb/sab domingo:dom',
  ),
  months: shortened(
    'enero:ene febrero:feb marzo:mar abril:abr mayo:may junio:jun julio:jul agosto:ago septiembre:sept/sep octubre:oct ' +
      'noviembre:nov diciembre:dic',
  ),
  beforeDate: 'el|día|del|al|desde|hasta',
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
    '¥': [
      ['yen', 'yenes'],
      ['sen', 'senes'],
    ],
    MXN: [
      ['peso', 'pesos'],
      ['centavo', 'centavos'],
    ],
    CHF: [
      ['franco', 'francos'],
      ['céntimo', 'céntimos'],
    ],
  },
  units: {
    km: ['kilómetro', 'kilómetros'],
    kg: ['kilo', 'kilos'],
    cm: ['centímetro', 'centímetros'],
    mg: ['miligramo', 'miligramos'],
    ml: ['mililitro', 'mililitros'],
    min: ['minuto', 'minutos'],
    mins: ['minuto', 'minutos'],
    h: ['hora', 'horas'],
    hs: ['hora', 'horas'],
    hrs: ['hora', 'horas'],
    seg: ['segundo', 'segundos'],
    s: ['segundo', 'segundos'],
    m: ['metro', 'metros'],
    mm: ['milímetro', 'milímetros'],
    g: ['gramo', 'gramos'],
    l: ['litro', 'litros'],
    L: ['litro', 'litros'],
    'km/h': ['kilómetro por hora', 'kilómetros por hora'],
    'm²': ['metro cuadrado', 'metros cuadrados'],
    m2: ['metro cuadrado', 'metros cuadrados'],
  },
  abbreviations: [
    [/Dra\b\.?(?=\s\p{Lu})|Dra\./u, 'doctora'],
    [/Dr\b\.?(?=\s\p{Lu})|Dr\./u, 'doctor'],
    [/Sra\b\.?(?=\s\p{Lu})|Sra\./u, 'señora'],
    [/Srta\./, 'señorita'],
    [/Sr\b\.?(?=\s\p{Lu})|Sr\./u, 'señor'],
    [/Dña\./, 'doña'],
    [/D\.ª/, 'doña'],
    [/D\.(?=\s\p{Lu}\p{Ll})/u, 'don'],
    [/Uds\./, 'ustedes'],
    [/Ud\./, 'usted'],
    [/Avda?\./, 'avenida'],
    [/Av\./, 'avenida'],
    [/Pza\./, 'plaza'],
    [/Pº(?=\s)/, 'paseo'],
    [/C\/\s?(?=\p{Lu})/u, 'calle '],
    [/dcha\./, 'derecha'],
    [/izq?da?\./, 'izquierda'],
    [/ext\.(?=\s?\d)/i, 'extensión'],
    [/p\. ?ej\./, 'por ejemplo'],
    [/etc\./, 'etcétera'],
    [/aprox\./i, 'aproximadamente'],
    [/máx\./i, 'máximo'],
    [/mín\./i, 'mínimo'],
    [/págs?\./i, 'página'],
    [/tel\./i, 'teléfono'],
    [/tfno\./i, 'teléfono'],
    [/n\.º|nº|núm\./i, 'número'],
  ],
};

/** Of hours and other feminine things. */
function feminine(value: number): string {
  return spanish.cardinal(value).replace(/uno$/, 'una');
}

/** As a day is divided: twelve at noon, and evening from eight. */
function spanishHalf(hour: number, half: 'a.m.' | 'p.m.' | undefined): string {
  if (!half) return '';
  if (half === 'a.m.') return hour === 12 ? ' de la noche' : ' de la mañana';
  if (hour === 12) return ' del mediodía';
  return ` de la ${hour % 12 >= 8 ? 'noche' : 'tarde'}`;
}

function ofFeminine(words: string): string {
  return words
    .replace(/uno$/, 'una')
    .replaceAll('cientos', 'cientas')
    .replace('quinientos', 'quinientas');
}

/** By its end, which goes wrong for few of the nouns that are counted. */
function isFeminine(noun: string): boolean {
  return (
    /(?:as?|ción|ciones|sión|siones|dad|dades|noches?)$/.test(noun) &&
    !/^(?:días?|problemas?|programas?|idiomas?|mapas?|sistemas?)$/.test(noun)
  );
}

const little =
  /^(?:del?|al?|las?|los|les|una?|unos|por|para|con|que|más|menos|hasta|desde|está|son|era|fue|como|pero|sin|sobre|entre|cada|hay|nos|mil)$/;

function spelledDigits(text: string): string {
  return text
    .split('')
    .map((digit) => spanish.cardinal(Number(digit)))
    .join(' ');
}

/** Where the sign is that of pesos. */
export const spanishWithPesos: SpeakingWords = {
  ...spanish,
  currencies: {
    ...spanish.currencies,
    $: [
      ['peso', 'pesos'],
      ['centavo', 'centavos'],
    ],
    USD: spanish.currencies['$']!,
    US$: spanish.currencies['$']!,
  },
};
