// German, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import { inside, rule, wordBefore } from './rule.ts';
import { fractionsOf, shortened } from './speaking-words.ts';
import type { SpeakingWords } from './speaking-words.ts';

export const german: SpeakingWords = {
  ...english,
  cardinal: cardinals['de']!,
  ordinal(value) {
    const special: Readonly<Record<number, string>> = {
      1: 'erste',
      3: 'dritte',
      7: 'siebte',
      8: 'achte',
    };
    return special[value] ?? `${german.cardinal(value)}${value < 20 ? 'te' : 'ste'}`;
  },
  ordinalEnds: 'º|ª',
  counting(value, noun, match) {
    const millions = value % 1_000_000 === 0 && value > 0;
    if (value !== 1 || millions) return `${german.cardinal(value)} ${noun}`;
    if (/^Uhr$/.test(noun)) return `ein ${noun}`;
    const before = match ? wordBefore(match) : '';
    const dative = /^(?:in|vor|seit|nach|mit|zu|bei|von|ab)$/i.test(before);
    if (feminine.test(noun)) return `ein${dative ? 'er' : 'e'} ${noun}`;
    return `ein${dative ? 'em' : ''} ${noun}`;
  },
  countable: (word) => /^\p{Lu}\p{Ll}/u.test(word) && !german.days.some(([day]) => day === word),
  roman: (value, before) =>
    value < 40 && /^\p{Lu}/u.test(before)
      ? numbered.test(before)
        ? german.cardinal(value)
        : `der ${upper(german.ordinal(value))}`
      : undefined,
  fractions: fractionsOf(
    { alone: 'ein halb', after: 'einhalb' },
    { alone: 'ein Drittel', after: 'ein Drittel' },
    { alone: 'zwei Drittel', after: 'zwei Drittel' },
    { alone: 'ein Viertel', after: 'ein Viertel' },
    { alone: 'drei Viertel', after: 'drei Viertel' },
  ),
  mixed: (count, { after }) =>
    `${german.cardinal(count).replace(/eins$/, 'ein')}${after === 'einhalb' ? after : ` ${after}`}`,
  time(hour, minute, half) {
    const at = half === 'p.m.' && hour < 12 ? hour + 12 : hour;
    const head = `${german.cardinal(at).replace(/eins$/, 'ein')} Uhr`;
    return minute === 0 ? head : `${head} ${german.cardinal(minute)}`;
  },
  year(value) {
    if (value < 1100 || value >= 2000) return german.cardinal(value);
    const rest = value % 100;
    return `${german.cardinal(Math.floor(value / 100))}hundert${rest === 0 ? '' : german.cardinal(rest)}`;
  },
  date: (day, month, before = '') => `${germanOrdinal(day, before)} ${month}`,
  beforeYear: ' ',
  more: [
    rule(/(\d{1,2})\.(\d\d)(?=\s?(?:bis|–|-)\s?\d{1,2}[.:]\d\d\s?Uhr)/, (match) =>
      german.time(Number(match[1]), Number(match[2]), undefined),
    ),
    rule(/1(?=\sUhr(?!\p{L}))/u, () => 'ein'),
    rule(/1(?=\s\p{Ll}{3,}(?:e|en|er|es)\s\p{Lu})/u, ({ input, index }) =>
      /^1\s\p{L}+en\s/u.test(input.slice(index))
        ? 'einen'
        : /^1\s\p{L}+e\s/u.test(input.slice(index))
          ? 'eine'
          : 'ein',
    ),
    rule(
      /(\d{1,2})\s?x(?=\s(?:täglich|wöchentlich|pro|am|im|in|die)(?!\p{L}))/u,
      (match) => `${german.cardinal(Number(match[1])).replace(/eins$/, 'ein')}mal`,
    ),
    rule(/(?:11[02]|116\s?117)(?!\d|[.,]\d)/, (match) => spelledDigits(match[0])),
    rule(/(?:19|20)?([2-9]0)er(?!\p{L})/u, (match) => {
      const century = match[0].length > 4 ? Number(match[0].slice(0, 2)) : 0;
      const head = century ? `${german.cardinal(century)}hundert` : '';
      return `${head}${german.cardinal(Number(match[1]))}er`;
    }),
    rule(/(\d{5})(?=\s\p{Lu}\p{Ll})/u, (match) => spelledDigits(match[1]!)),
    // "vom 3. bis 5. Dezember", "3.-5. Dezember".
    rule(
      /(\d{1,2})\.(?=(?:\s?[–-]\s?|\s(?:bis|und|oder)\s(?:zum\s|am\s)?)\d{1,2}\.(?!\d))/,
      (match) => germanOrdinal(Number(match[1]), wordBefore(match)),
    ),
    rule(/\s?[–-]\s?(?=\d{1,2}\.\s\p{Lu})/u, (match) =>
      /\d\.$/.test(match.input.slice(0, match.index)) ? ' bis ' : undefined,
    ),
    rule(
      /(\d{1,2})\.(?=\s(?:Stock|Etage|OG|UG|Obergeschoss|Untergeschoss|Stunde|Woche|Mal|Termin|Quartal|Klasse|Person)(?!\p{L}))/u,
      (match) => {
        const before = wordBefore(match);
        const named = declining.test(before) || article.test(before);
        const woman = /^\s(?:Etage|Stunde|Woche|Klasse|Person)/.test(
          match.input.slice(match.index + match[0].length),
        );
        return germanOrdinal(Number(match[1]), named || !woman ? before : 'die');
      },
    ),
    rule(
      /(?<=\b(?:der|die|das|den|dem|des|im|am|zum|zur|vom|beim|ins|Ihr|Ihre|Ihren|Ihrem)\s)(\d{1,3})\.(?=\s\p{L})/iu,
      (match) => germanOrdinal(Number(match[1]), wordBefore(match)),
    ),
    rule(/(?:1\/2|½)(?=\sStunde)/, (match) =>
      /^(?:eine|einer|jede|jeder|halbe)$/i.test(wordBefore(match)) ? 'halbe' : 'eine halbe',
    ),
    rule(
      /([13])\/4\sStunde(?!\p{L})/u,
      (match) => `eine ${match[1] === '1' ? 'Viertel' : 'Dreiviertel'}stunde`,
    ),
    rule(/[*:_](?=innen(?!\p{L})|in(?!\p{L}))/u, () => '', inside),
  ],
  point: 'Komma',
  commaIsPoint: true,
  minus: 'minus',
  percent: 'Prozent',
  to: 'bis',
  at: 'at',
  dot: 'Punkt',
  slash: 'Schrägstrich',
  dash: 'Minus',
  underscore: 'Unterstrich',
  plus: 'plus',
  and: 'und',
  number: 'Nummer',
  degrees: 'Grad',
  times: 'mal',
  outOf: 'von',
  signs: {
    equals: 'gleich',
    about: 'etwa',
    plusMinus: 'plus minus',
    atLeast: 'mindestens',
    atMost: 'höchstens',
    moreThan: 'mehr als',
    lessThan: 'weniger als',
    section: 'Paragraf',
  },
  keys: { hash: 'Raute', star: 'Stern' },
  codes:
    'codes?|pin|\\p{L}*nummer|referenz|durchwahl|plz|postleitzahl|ende[nt] (?:auf|mit)|letzten (?:drei|vier) Ziffern|kennwort',
  codeIs: 'ist|lautet|jetzt|war',
  days: shortened(
    'Montag:Mo Dienstag:Di Mittwoch:Mi Donnerstag:Do Freitag:Fr Samstag:Sa Sonntag:So',
  ),
  months: shortened(
    'Januar:Jan Februar:Febr/Feb März:Mrz April:Apr Mai:Mai Juni:Jun Juli:Jul August:Aug September:Sept/Sep Oktober:Okt ' +
      'November:Nov Dezember:Dez',
  ),
  beforeDate: 'am|vom|bis|zum|ab|dem|den|seit',
  oneOf: 'ein',
  currencies: {
    $: [
      ['Dollar', 'Dollar'],
      ['Cent', 'Cent'],
    ],
    '€': [
      ['Euro', 'Euro'],
      ['Cent', 'Cent'],
    ],
    '£': [
      ['Pfund', 'Pfund'],
      ['Penny', 'Pence'],
    ],
    '¥': [
      ['Yen', 'Yen'],
      ['Sen', 'Sen'],
    ],
    CHF: [
      ['Franken', 'Franken'],
      ['Rappen', 'Rappen'],
    ],
  },
  units: {
    km: ['Kilometer', 'Kilometer'],
    kg: ['Kilogramm', 'Kilogramm'],
    cm: ['Zentimeter', 'Zentimeter'],
    mg: ['Milligramm', 'Milligramm'],
    ml: ['Milliliter', 'Milliliter'],
    min: ['Minute', 'Minuten'],
    'Min.': ['Minute', 'Minuten'],
    Min: ['Minute', 'Minuten'],
    Std: ['Stunde', 'Stunden'],
    'Std.': ['Stunde', 'Stunden'],
    h: ['Stunde', 'Stunden'],
    Sek: ['Sekunde', 'Sekunden'],
    'Sek.': ['Sekunde', 'Sekunden'],
    m: ['Meter', 'Meter'],
    mm: ['Millimeter', 'Millimeter'],
    g: ['Gramm', 'Gramm'],
    l: ['Liter', 'Liter'],
    'km/h': ['Kilometer pro Stunde', 'Kilometer pro Stunde'],
    'm²': ['Quadratmeter', 'Quadratmeter'],
    qm: ['Quadratmeter', 'Quadratmeter'],
    'Mio.': ['Million', 'Millionen'],
    Mio: ['Million', 'Millionen'],
    'Tsd.': ['tausend', 'tausend'],
  },
  abbreviations: [
    [/Dr\. ?med\./, 'Doktor'],
    [/Dr\b\.?(?=\s\p{Lu})|Dr\./u, 'Doktor'],
    [/Hr\./, 'Herr'],
    [/Hrn\./, 'Herrn'],
    [/Fr\.(?=\s[A-ZÄÖÜ])(?!\s\d)/, 'Frau'],
    [/Prof\./, 'Professor'],
    [/Mo\.?\s?[–-]\s?Fr\.?(?!\p{L})/u, 'Montag bis Freitag'],
    [/z\. ?B\./i, 'zum Beispiel'],
    [/d\. ?h\./, 'das heißt'],
    [/u\. ?a\./, 'unter anderem'],
    [/i\. ?d\. ?R\./, 'in der Regel'],
    [/o\. ?ä\./, 'oder ähnliche'],
    [/u\. ?U\./, 'unter Umständen'],
    [/s\. ?o\./, 'siehe oben'],
    [/usw\./, 'und so weiter'],
    [/etc\./, 'et cetera'],
    [/bzw\./, 'beziehungsweise'],
    [/ggf\./, 'gegebenenfalls'],
    [/evtl\./, 'eventuell'],
    [/inkl\./, 'inklusive'],
    [/zzgl\./, 'zuzüglich'],
    [/vgl\./, 'vergleiche'],
    [/max\./, 'maximal'],
    [/mind\./, 'mindestens'],
    [/ca\./, 'circa'],
    [/Tel\./, 'Telefon'],
    [/Abs\.(?=\s?\d)/, 'Absatz'],
    [/Nr\.?(?=\s?\d)|Nr\./, 'Nummer'],
    [/MwSt\./, 'Mehrwertsteuer'],
    [/str\./, 'straße'],
    [/Str\./, 'Straße'],
    [/St\.(?=\s\p{Lu})/u, 'Sankt'],
  ],
};

/** After these an ordinal ends in -n: "am zweiten März". */
const declining = /^(?:am|dem|den|vom|zum|zur|im|ab|seit|bis|des|beim|ins|und|Ihren|Ihrem)$/i;
/** After these it ends in -e. */
const article = /^(?:der|die|das|Ihre)$/i;

const numbered = /^(?:Phase|Typ|Klasse|Kapitel|Teil|Stufe|Weltkrieg|Band|Abschnitt|Grad)$/;

const feminine = /(?:Person|e|ung|heit|keit|ion|schaft|tät)$/;

function germanOrdinal(value: number, before: string): string {
  return `${german.ordinal(value)}${declining.test(before) ? 'n' : article.test(before) ? '' : 'r'}`;
}

function upper(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function spelledDigits(text: string): string {
  return text
    .split('')
    .map((digit) => german.cardinal(Number(digit)))
    .join(' ');
}
