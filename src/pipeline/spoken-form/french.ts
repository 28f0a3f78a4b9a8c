// French, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import { end, inside, rule } from './rule.ts';
import { fractionsOf, shortened } from './speaking-words.ts';
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
  ordinalEnds: 'er|ème|eme|ième|e',
  counting(value, noun) {
    const words = french.cardinal(value);
    if (value > 0 && value % 1_000_000 === 0) {
      return `${words} ${/^[aeiouyéèêàâîh]/i.test(noun) ? "d'" : 'de '}${noun}`;
    }
    return `${isFeminine(noun) ? feminine(value) : words} ${noun}`;
  },
  countable: (word) =>
    /^\p{Ll}{3,}/u.test(word) &&
    !/^(?:des?|aux?|les?|une?|est|sont|pour|par|avec|dans|sur|sans|bis|ter|rue|millions?|mille)$/.test(
      word,
    ),
  roman(value, before) {
    if (before === 'century') return french.ordinal(value);
    if (!/^\p{Lu}|^(?:phase|type|chapitre|niveau|classe|partie)$/u.test(before)) return undefined;
    return french.cardinal(value);
  },
  fractions: fractionsOf(
    { alone: 'un demi', after: 'demi' },
    { alone: 'un tiers', after: 'un tiers' },
    { alone: 'deux tiers', after: 'deux tiers' },
    { alone: 'un quart', after: 'quart' },
    { alone: 'trois quarts', after: 'trois quarts' },
  ),
  mixed: (count, fraction) => `${french.cardinal(count)} et ${fraction.after}`,
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
    rule(/(\d{1,2})\s?x(?=\s(?:par)(?!\p{L}))/u, (match) =>
      match[1] === '1' ? 'une fois' : `${feminine(Number(match[1]))} fois`,
    ),
    rule(/24\s?h\s?(?:\/|sur)\s?24/, () => 'vingt-quatre heures sur vingt-quatre'),
    rule(/1(?:ère|re)(?!\p{L})/u, () => 'première'),
    rule(/7\s?j(?:ours)?\s?(?:\/|sur)\s?7/, () => 'sept jours sur sept'),
    rule(
      new RegExp(`(\\d{1,2})\\s?[hH](?:\\s?(\\d\\d)(?!/\\d))?(?!\\s?min|[°%€])${end}`),
      (match) => {
        const [hour, minute] = [Number(match[1]), Number(match[2] ?? 0)];
        if (hour > 24 || minute > 59) return undefined;
        return hour === 24 ? 'vingt-quatre heures' : french.time(hour, minute, undefined);
      },
    ),
    rule(/(\d{1,2})\s?h\s?(\d{1,2})\s?min(?!\p{L})/u, (match) => {
      const [hours, minutes] = [Number(match[1]), Number(match[2])];
      return `${feminine(hours)} heure${hours > 1 ? 's' : ''} ${feminine(minutes)} minute${minutes > 1 ? 's' : ''}`;
    }),
    rule(/(?:1\/2|½)\s(?=heure|journée)/, () => 'une demi-'),
    rule(
      /(\d{1,2})\s?(?:1\/2|½)(\sheures?)/,
      (match) => `${feminine(Number(match[1]))}${match[2]!} et demie`,
    ),
    rule(
      /1(?=\s(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)(?!\p{L}))/u,
      () => 'premier',
    ),
    rule(/Ier(?!\p{L})/u, () => 'premier'),
    rule(/([XVI]{1,5})(?:e|ème)(?=\ssiècle)/, (match) => centuries[match[1]!]),
    // Both forms of a person are said as the first.
    rule(
      /[·.•](?:e|rice|ne|euse)(?:[·.•]?(s))?(?!\p{L})|\((?:e|ne|rice)\)(s?)/u,
      (match) => match[1] ?? match[2] ?? '',
      inside,
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
  times: 'fois',
  outOf: 'sur',
  signs: {
    equals: 'égale',
    about: 'environ',
    plusMinus: 'plus ou moins',
    atLeast: 'au moins',
    atMost: 'au plus',
    moreThan: 'plus de',
    lessThan: 'moins de',
    section: 'paragraphe',
  },
  keys: { hash: 'dièse', star: 'étoile' },
  codes:
    'codes?|pin|confirmation|référence|réf|poste|compte|facture|dossier|se termin(?:e|ent|ant) par|mot de passe',
  codeIs: 'est|le|numéro|n°|de|confirmation',
  days: shortened(
    'lundi:lun mardi:mar mercredi:mer jeudi:jeu vendredi:ven samedi:sam dimanche:dim',
  ),
  months: shortened(
    'janvier:janv/jan février:févr/fév mars:mars avril:avr mai:mai juin:juin juillet:juil août:août septembre:sept octobre:oct ' +
      'novembre:nov décembre:déc',
  ),
  beforeDate: 'le|du|au|dès|depuis',
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
    '¥': [
      ['yen', 'yens'],
      ['sen', 'sens'],
    ],
    CHF: [
      ['franc', 'francs'],
      ['centime', 'centimes'],
    ],
  },
  units: {
    km: ['kilomètre', 'kilomètres'],
    kg: ['kilo', 'kilos'],
    cm: ['centimètre', 'centimètres'],
    mg: ['milligramme', 'milligrammes'],
    ml: ['millilitre', 'millilitres'],
    min: ['minute', 'minutes'],
    mn: ['minute', 'minutes'],
    s: ['seconde', 'secondes'],
    sec: ['seconde', 'secondes'],
    m: ['mètre', 'mètres'],
    mm: ['millimètre', 'millimètres'],
    g: ['gramme', 'grammes'],
    l: ['litre', 'litres'],
    L: ['litre', 'litres'],
    'km/h': ['kilomètre heure', 'kilomètres heure'],
    'm²': ['mètre carré', 'mètres carrés'],
    m2: ['mètre carré', 'mètres carrés'],
  },
  abbreviations: [
    [/Dre?\.?(?=\s[A-ZÉÈ])/, 'docteur'],
    [/Mme\.?/, 'madame'],
    [/Mlle\.?/, 'mademoiselle'],
    [/MM\./, 'messieurs'],
    [/Me(?=\s[A-ZÉÈ][a-zé])/, 'maître'],
    [/Pr\.?(?=\s[A-ZÉÈ][a-zé])/, 'professeur'],
    [/Ste-(?=[A-ZÉÈ])/, 'Sainte-'],
    [/St-(?=[A-ZÉÈ])/, 'Saint-'],
    [/env\./, 'environ'],
    [/max\./, 'maximum'],
    [/min\./, 'minimum'],
    [/p\.(?=\s?\d)/, 'page'],
    [/c\.-à-d\./, "c'est-à-dire"],
    [/s\.v\.p\.|svp(?!\p{L})/iu, "s'il vous plaît"],
    [/M\.(?=\s[A-ZÉÈ])/, 'monsieur'],
    [/av\.(?=\s)/i, 'avenue'],
    [/bd\.?(?=\s[A-Z])/i, 'boulevard'],
    [/p\. ?ex\./, 'par exemple'],
    [/etc\./, 'et cetera'],
    [/tél\./i, 'téléphone'],
    [/n°\s?|no\.?\s(?=\d)/i, 'numéro '],
    [/RDV|rdv/, 'rendez-vous'],
  ],
};

function feminine(value: number): string {
  return french.cardinal(value).replace(/\bun$/, 'une');
}

const centuries: Readonly<Record<string, string>> = {
  XVII: 'dix-septième',
  XVIII: 'dix-huitième',
  XIX: 'dix-neuvième',
  XX: 'vingtième',
  XXI: 'vingt et unième',
};

/** The nouns that are counted on the telephone; their ends tell little. */
function isFeminine(noun: string): boolean {
  return /^(?:heures?|minutes?|secondes?|semaines?|personnes?|séances?|fois|nuits?|années?|places?|visites?|journées?|chambres?|pages?|doses?|pièces?|options?|questions?|cartes?|livres?|tables?|tonnes?|\p{L}+(?:tions?|ées?|ettes?|ances?))$/u.test(
    noun,
  );
}
