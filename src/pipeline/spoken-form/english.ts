// English, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { end, inside, rule } from './rule.ts';
import { fractionsOf, shortened } from './speaking-words.ts';
import type { SpeakingWords } from './speaking-words.ts';

const months = shortened(
  'January:Jan February:Feb March:Mar April:Apr May:May June:Jun July:Jul August:Aug September:Sept/Sep October:Oct ' +
    'November:Nov December:Dec',
);
const shortMonths = months.flatMap(([whole, short]) => [whole, short]).join('|');

/** Words that are numbered, where a name would be the first, the second. */
const numbered =
  /^(?:war|type|phase|level|class|chapter|part|stage|grade|volume|title|act|article|section|step|tier|category|schedule|park|street)$/i;

export const english: SpeakingWords = {
  cardinal: cardinals['en']!,
  ordinal: (value) => englishOrdinal(value),
  ordinalEnds: 'st|nd|rd|th',
  roman(value, before) {
    if (numbered.test(before)) return english.cardinal(value);
    return /^\p{Lu}/u.test(before) ? `the ${englishOrdinal(value)}` : undefined;
  },
  fractions: fractionsOf(
    { alone: 'half', after: 'a half' },
    { alone: 'a third', after: 'a third' },
    { alone: 'two thirds', after: 'two thirds' },
    { alone: 'a quarter', after: 'a quarter' },
    { alone: 'three quarters', after: 'three quarters' },
  ),
  mixed: (count, fraction) => `${english.cardinal(count)} and ${fraction.after}`,
  time(hour, minute, half) {
    if (minute === 0 && !half && hour === 0) return 'midnight';
    // Nobody on the phone says fourteen hundred.
    const said = half ?? (hour > 12 ? 'p.m.' : hour === 0 ? 'a.m.' : undefined);
    const clock = english.cardinal(hour % 12 || 12);
    if (minute === 0) return said ? `${clock} ${said}` : `${clock} o'clock`;
    const minutes = `${minute < 10 ? 'oh ' : ''}${english.cardinal(minute)}`;
    return `${clock} ${minutes}${said ? ` ${said}` : ''}`;
  },
  year(value) {
    const [first, second] = [Math.floor(value / 100), value % 100];
    if (value >= 2000 && value < 2010) return english.cardinal(value);
    if (second === 0) return `${english.cardinal(first)} hundred`;
    return `${english.cardinal(first)} ${second < 10 ? 'oh ' : ''}${english.cardinal(second)}`;
  },
  date: (day, month) => `${month} ${englishOrdinal(day)}`,
  beforeYear: ', ',
  more: [
    // A number of the neighbourhood, and no range.
    rule(/(\d{3})-(\d{4})(?![\d-])/, (match) =>
      [match[1]!, match[2]!].map((group) => spelledDigits(group)).join(', '),
    ),
    rule(/\$\s?(\d+(?:\.\d+)?)\s?(thousand|million|billion|k|m|bn)(?![\p{L}\p{N}])/iu, (match) => {
      const many = { k: 'thousand', m: 'million', bn: 'billion' }[match[2]!.toLowerCase()];
      const [before = '', after] = match[1]!.split('.');
      const part = after === undefined ? '' : ` point ${spelledDigits(after)}`;
      return `${english.cardinal(Number(before))}${part} ${many ?? match[2]!} dollars`;
    }),
    rule(
      new RegExp(
        `(?<=\\d[%x]?|days?|hours?|times)\\s?/\\s?(hour|hr|day|night|week|month|mo|year|yr|person|visit|session)${end}`,
      ),
      (match) => {
        const full = { hr: 'hour', mo: 'month', yr: 'year' }[match[1]!];
        return ` per ${full ?? match[1]!}`;
      },
      inside,
    ),
    rule(/(\d{1,2})\s?x(?=\s?\/\s?(?:day|week|month|year)|\s(?:daily|weekly|a|per)\b)/, (match) =>
      match[1] === '1' ? 'once' : `${english.cardinal(Number(match[1]))} times`,
    ),
    rule(
      /(?<=\d(?:st|nd|rd|th))\s?[–-]\s?(?=\d)|(?<=\d)\s?[–-]\s?(?=noon|midnight)/,
      () => ' to ',
      inside,
    ),
    rule(/50[/-]50(?!\d)/, () => 'fifty-fifty'),
    // Read as a count it is no number that anybody dials.
    rule(/(?<=\b(?:call|dial|ring|phone|text)\s)(911|999|988|112|311)(?!\d|[.,]\d)/, (match) =>
      spelledDigits(match[1]!),
    ),
    rule(/M\s?[–-]\s?F(?!\w)/, () => 'Monday to Friday'),
    rule(/['’]?([2-9]0)['’]?s(?![\p{L}\p{N}])/u, (match) => decade(match[1]!)),
    rule(/(1[89]|20)(\d0)['’]?s(?![\p{L}\p{N}])/u, (match) =>
      match[2] === '00'
        ? `${match[1] === '20' ? 'two thousand' : `${english.cardinal(Number(match[1]))} hundred`}s`
        : `${english.cardinal(Number(match[1]))} ${decade(match[2]!)}`,
    ),
    rule(/(\d{1,2})ers(?!\p{L})/u, (match) => `${english.cardinal(Number(match[1]))}ers`),
    rule(
      /([3-7])['’]\s?(\d{1,2})(?:["”]|['’]{2})/,
      (match) => `${english.cardinal(Number(match[1]))} foot ${english.cardinal(Number(match[2]))}`,
    ),
    rule(/(?<!\d)(\d{1,2})\s?h(?:rs?)?\s?(\d{1,2})\s?m(?:ins?)?(?!\p{L})/u, (match) => {
      const [hours, minutes] = [Number(match[1]), Number(match[2])];
      const hour = `${english.cardinal(hours)} hour${hours === 1 ? '' : 's'}`;
      return `${hour} ${english.cardinal(minutes)} minute${minutes === 1 ? '' : 's'}`;
    }),
    // After a state, five digits are an address.
    rule(/(?<=\b[A-Z]{2}\.?\s)(\d{5})(?:-(\d{4}))?(?![\d,.]*\d)/, (match) =>
      [match[1]!, match[2]]
        .filter((part) => part !== undefined)
        .map(spelledDigits)
        .join(', '),
    ),
    rule(/1[-\s](8\d\d)[-\s]([A-Z]{3,10})(?:-([A-Z]{2,10}))?(?![\p{L}\p{N}])/u, (match) => {
      const toll = match[1] === '800' ? 'eight hundred' : spelledDigits(match[1]!);
      return `one ${toll}, ${[match[2], match[3]]
        .filter((part) => part)
        .join(' ')
        .toLowerCase()}`;
    }),
    rule(/x\s?(\d{2,5})(?!\p{L}|\d)/u, (match) => `extension ${spelledDigits(match[1]!)}`),
    rule(
      new RegExp(
        `(${shortMonths})\\b\\.?\\s(\\d{1,2})(?:st|nd|rd|th)?\\s?[–-]\\s?(\\d{1,2})(?:st|nd|rd|th)?(?![\\p{L}\\d:/]|[.,]\\d)`,
      ),
      (match) => {
        const month = months.find(([whole]) => whole.startsWith(match[1]!.slice(0, 3)))![0];
        return `${month} ${[match[2], match[3]].map((day) => englishOrdinal(Number(day))).join(' to ')}`;
      },
    ),
  ],
  point: 'point',
  commaIsPoint: false,
  minus: 'minus',
  percent: 'percent',
  to: 'to',
  at: 'at',
  dot: 'dot',
  slash: 'slash',
  dash: 'dash',
  underscore: 'underscore',
  plus: 'plus',
  and: 'and',
  number: 'number',
  degrees: 'degrees',
  times: 'by',
  outOf: 'out of',
  signs: {
    equals: 'equals',
    about: 'about',
    plusMinus: 'plus or minus',
    atLeast: 'at least',
    atMost: 'at most',
    moreThan: 'more than',
    lessThan: 'less than',
    section: 'section',
  },
  keys: { hash: 'pound', star: 'star' },
  codes:
    'codes?|pin|confirmation|reference|ref|booking number|account|extension|ext|invoice number|ticket|policy number|order number|' +
    'zip|passcode|card|end(?:s|ing)? (?:in|with)|last (?:three|four) digits|account number|number ending',
  codeIs: 'is|number|no\\.?|code|are|was|of|in|(?:is )?now|id|ending|ends|in',
  days: shortened(
    'Monday:Mon Tuesday:Tues/Tue Wednesday:Wed Thursday:Thurs/Thur/Thu Friday:Fri Saturday:Sat Sunday:Sun',
  ),
  months,
  beforeDate: 'on|by|until|till|before|after|since|due|dated',
  oneOf: 'one',
  currencies: {
    $: [
      ['dollar', 'dollars'],
      ['cent', 'cents'],
    ],
    '€': [
      ['euro', 'euros'],
      ['cent', 'cents'],
    ],
    '£': [
      ['pound', 'pounds'],
      ['penny', 'pence'],
    ],
    '¥': [
      ['yen', 'yen'],
      ['sen', 'sen'],
    ],
    '₹': [
      ['rupee', 'rupees'],
      ['paisa', 'paise'],
    ],
    CAD: [
      ['Canadian dollar', 'Canadian dollars'],
      ['cent', 'cents'],
    ],
    AUD: [
      ['Australian dollar', 'Australian dollars'],
      ['cent', 'cents'],
    ],
    MXN: [
      ['Mexican peso', 'Mexican pesos'],
      ['centavo', 'centavos'],
    ],
    CHF: [
      ['Swiss franc', 'Swiss francs'],
      ['centime', 'centimes'],
    ],
  },
  units: {
    km: ['kilometer', 'kilometers'],
    kg: ['kilogram', 'kilograms'],
    cm: ['centimeter', 'centimeters'],
    mm: ['millimeter', 'millimeters'],
    mg: ['milligram', 'milligrams'],
    ml: ['milliliter', 'milliliters'],
    min: ['minute', 'minutes'],
    mins: ['minute', 'minutes'],
    hr: ['hour', 'hours'],
    hrs: ['hour', 'hours'],
    lb: ['pound', 'pounds'],
    lbs: ['pound', 'pounds'],
    ft: ['foot', 'feet'],
    mi: ['mile', 'miles'],
    sec: ['second', 'seconds'],
    secs: ['second', 'seconds'],
    h: ['hour', 'hours'],
    m: ['meter', 'meters'],
    g: ['gram', 'grams'],
    mL: ['milliliter', 'milliliters'],
    oz: ['ounce', 'ounces'],
    'fl oz': ['fluid ounce', 'fluid ounces'],
    L: ['liter', 'liters'],
    GB: ['gigabyte', 'gigabytes'],
    mph: ['mile per hour', 'miles per hour'],
    'km/h': ['kilometer per hour', 'kilometers per hour'],
    'sq ft': ['square foot', 'square feet'],
    'sq. ft.': ['square foot', 'square feet'],
    'm²': ['square meter', 'square meters'],
    wk: ['week', 'weeks'],
    wks: ['week', 'weeks'],
    yr: ['year', 'years'],
    yrs: ['year', 'years'],
    mo: ['month', 'months'],
    mos: ['month', 'months'],
  },
  abbreviations: [
    [/Dr\.?(?=\s+\p{Lu})/u, 'Doctor'],
    [/(?<=^|\p{Lu}\p{Ll}+\s)Dr(?:\.(?=\s*(?:$|\n|[,;)]|\s\p{Ll}))|(?=[,;]))/u, 'Drive'],
    [/Dr\./, 'Doctor'],
    [/Drs\.(?=\s)/, 'Doctors'],
    [/Mr\b\.?(?=\s+\p{Lu})|Mr\./u, 'Mister'],
    [/Mrs\b\.?(?=\s+\p{Lu})|Mrs\./u, 'Missus'],
    [/Ms\b\.?(?=\s+\p{Lu})|Ms\./u, 'Miz'],
    [/Prof\./, 'Professor'],
    [/St\.(?=\s+[A-Z])(?!\s+(?:Suite|Apt|Unit|Floor|Room|Ste)\b)/, 'Saint'],
    [/St\./, 'Street'],
    [/(?<=^|\p{L}\s)St(?=[,;]|\s+(?:Suite|Apt|Unit|Floor|Room|Ste)\b)/u, 'Street'],
    [/Ave(?:\.|(?=[,;]|\s+(?:Suite|Apt|Unit|Ste|N|S|E|W|NW|NE|SW|SE)\b))/, 'Avenue'],
    [/Blvd\b\.?/, 'Boulevard'],
    [/Rd(?:\.|(?=[,;]))/, 'Road'],
    [/Ln(?:\.|(?=[,;]))/, 'Lane'],
    [/Pkwy\b\.?/, 'Parkway'],
    [/Hwy\b\.?/, 'Highway'],
    [/(?:Rte|Rt)\b\.?(?=\s?\d)/, 'Route'],
    [/Ste\.?(?=\s?#?\d)/, 'Suite'],
    [/Apt\.?(?=\s?#?[\dA-Z])/, 'Apartment'],
    [/Mt\.(?=\s\p{Lu})/u, 'Mount'],
    [/Ft\.(?=\s\p{Lu})/u, 'Fort'],
    [/Rev\.(?=\s\p{Lu})/u, 'Reverend'],
    [/Lt\.(?=\s\p{Lu})/u, 'Lieutenant'],
    [/Sgt\.(?=\s\p{Lu})/u, 'Sergeant'],
    [/Gen\.(?=\s\p{Lu})/u, 'General'],
    [/appt\.?(?=[\s,.])/i, 'appointment'],
    [/approx\./i, 'approximately'],
    [/dept\./i, 'department'],
    [/ext\.?(?=\s?\d)/i, 'extension'],
    [/e\.g\.,?/, 'for example'],
    [/i\.e\.,?/, 'that is'],
    [/etc\./, 'et cetera'],
    [/vs\b\.?/, 'versus'],
    [/nos?\.(?=\s*\d)/i, 'number'],
    [/vol\.(?=\s*\d)/i, 'volume'],
    [/fig\.(?=\s*\d)/i, 'figure'],
    [/pp\.(?=\s*\d)/i, 'pages'],
    [/pg?\.(?=\s*\d)/i, 'page'],
    [/min\.(?=\s*\d)/i, 'minimum'],
    [/max\.(?=\s*\d)/i, 'maximum'],
    [/tel\./i, 'telephone'],
    [/Inc\./, 'Incorporated'],
    [/Ltd\./, 'Limited'],
    [/Corp\./, 'Corporation'],
    [/Jr\./, 'Junior'],
    [/Sr\./, 'Senior'],
    [/w\/o(?=\s)/, 'without'],
    [/w\/(?=\s)/, 'with'],
    [/c\/o(?=\s)/, 'care of'],
    [/b\/c(?=\s)/, 'because'],
    [/ASAP/, 'as soon as possible'],
    [/Avg\./i, 'average'],
    [/yrs(?!\p{L})/u, 'years'],
    [/hrs(?!\p{L})/u, 'hours'],
    [/mins(?!\p{L})/u, 'minutes'],
  ],
};

function decade(tens: string): string {
  return `${english.cardinal(Number(tens)).replace(/y$/, 'ie')}s`;
}

function spelledDigits(text: string): string {
  return text
    .split('')
    .map((digit) => english.cardinal(Number(digit)))
    .join(' ');
}

const ordinalEnds: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};

function englishOrdinal(value: number): string {
  const words = english.cardinal(value);
  const last = /[a-z]+$/.exec(words)![0];
  const head = words.slice(0, -last.length);
  return (
    head + (ordinalEnds[last] ?? (last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`))
  );
}

/** As on the keys of telephones outside North America. */
export const englishAbroad: SpeakingWords = {
  ...english,
  keys: { hash: 'hash', star: 'star' },
};
