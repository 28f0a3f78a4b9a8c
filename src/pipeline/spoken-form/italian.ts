// Italian, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { english } from './english.ts';
import { rule } from './rule.ts';
import { fractionsOf, shortened } from './speaking-words.ts';
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
  ordinalEnds: 'º',
  counting(value, noun) {
    const words = italian.cardinal(value);
    if (value > 0 && value % 1_000_000 === 0) {
      return `${words} di ${noun}`;
    }
    if (value !== 1) return `${words} ${noun}`;
    if (isFeminine(noun)) return /^[aeiou]/.test(noun) ? `un'${noun}` : `una ${noun}`;
    return `${/^(?:s[^aeiou]|z|gn|ps|x|y)/.test(noun) ? 'uno' : 'un'} ${noun}`;
  },
  countable: (word) => /^\p{Ll}{3,}/u.test(word) && !little.test(word),
  roman(value, before) {
    if (before === 'century') return italian.ordinal(value);
    if (!/^\p{Lu}|^(?:secolo|fase|tipo|capitolo|livello|classe|parte|grado)$/u.test(before)) {
      return undefined;
    }
    // A street that is named for a day says its number.
    return /^\p{Lu}/u.test(before) && !/^(?:Via|Viale|Piazza|Corso|Largo)$/.test(before)
      ? italian.ordinal(value)
      : italian.cardinal(value);
  },
  fractions: fractionsOf(
    { alone: 'mezzo', after: 'mezzo' },
    { alone: 'un terzo', after: 'un terzo' },
    { alone: 'due terzi', after: 'due terzi' },
    { alone: 'un quarto', after: 'un quarto' },
    { alone: 'tre quarti', after: 'tre quarti' },
  ),
  mixed: (count, fraction) => `${italian.cardinal(count)} e ${fraction.after}`,
  time(hour, minute, half) {
    const at = half === 'p.m.' && hour < 12 ? hour + 12 : hour;
    const named = at === 1 ? 'una' : italian.cardinal(at);
    return minute === 0 ? named : `${named} e ${italian.cardinal(minute)}`;
  },
  year: (value) => italian.cardinal(value),
  date: (day, month) => `${day === 1 ? 'primo' : italian.cardinal(day)} ${month}`,
  beforeYear: ' ',
  more: [
    rule(/(\d{1,2})\s?x(?=\s(?:al|alla|a|per)(?!\p{L}))/u, (match) =>
      match[1] === '1' ? 'una volta' : `${italian.cardinal(Number(match[1]))} volte`,
    ),
    rule(/(?<=\b(?:alle|dalle|ore|le)\s)(\d{1,2})\.(\d\d)(?![\d.])/, (match) =>
      italian.time(Number(match[1]), Number(match[2]), undefined),
    ),
    rule(/(all|dall)e\s1(?:[:.](\d\d))?(?![\d:.]\d|\d)/, (match) => {
      const minute = Number(match[2] ?? 0);
      return `${match[1]}'una${minute === 0 ? '' : ` e ${italian.cardinal(minute)}`}`;
    }),
    rule(/(\d{1,2})\.?(?:ª)(?!\p{L})/u, (match) =>
      italian.ordinal(Number(match[1])).replace(/o$/, 'a'),
    ),
    rule(/(\d{1,2})(?:º|°(?=\s?\p{Ll}))/u, (match) => italian.ordinal(Number(match[1]))),
    rule(/(?:1\/2|½)(\sora)(?!\p{L})/u, () => "mezz'ora"),
    rule(
      /(\d{1,2})\s?(?:1\/2|½)(\sor[ae])/,
      (match) => `${italian.counting!(Number(match[1]), match[2]!.trim())} e mezza`,
    ),
    rule(/(\d{5})(?=\s\p{Lu}\p{Ll})/u, (match) =>
      Array.from(match[1]!, (digit) => italian.cardinal(Number(digit))).join(' '),
    ),
    rule(/11[2358](?=$|[\s.,;!?])(?!\s?[€%]|[.,]\d|\s\p{Ll}{3})/u, (match) =>
      Array.from(match[0], (digit) => italian.cardinal(Number(digit))).join(' '),
    ),
    rule(
      /1(?=\s(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)(?!\p{L}))/u,
      () => 'primo',
    ),
    rule(/h24(?!\d)/, () => 'ventiquattro ore su ventiquattro'),
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
  times: 'per',
  outOf: 'su',
  signs: {
    equals: 'uguale',
    about: 'circa',
    plusMinus: 'più o meno',
    atLeast: 'almeno',
    atMost: 'al massimo',
    moreThan: 'più di',
    lessThan: 'meno di',
    section: 'paragrafo',
  },
  keys: { hash: 'cancelletto', star: 'asterisco' },
  codes:
    'codici|codice|pin|conferma|riferimento|rif|interno|conto|fattura|pratica|cap|termina(?:no)? (?:con|in|per)|finisce (?:con|in|per)',
  codeIs: 'è|numero|n\\.?|di|conferma',
  days: shortened(
    'lunedì:lun martedì:mar mercoledì:mer giovedì:gio venerdì:ven sabato:sab domenica:dom',
  ),
  months: shortened(
    'gennaio:gen febbraio:feb marzo:mar aprile:apr maggio:mag giugno:giu luglio:lug agosto:ago settembre:sett/set ottobre:ott ' +
      'novembre:nov dicembre:dic',
  ),
  beforeDate: 'il|dal|al|del|giorno|entro il',
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
    '¥': [
      ['yen', 'yen'],
      ['sen', 'sen'],
    ],
    CHF: [
      ['franco', 'franchi'],
      ['centesimo', 'centesimi'],
    ],
  },
  units: {
    km: ['chilometro', 'chilometri'],
    kg: ['chilo', 'chili'],
    cm: ['centimetro', 'centimetri'],
    mg: ['milligrammo', 'milligrammi'],
    ml: ['millilitro', 'millilitri'],
    min: ['minuto', 'minuti'],
    h: ['ora', 'ore'],
    sec: ['secondo', 'secondi'],
    m: ['metro', 'metri'],
    mm: ['millimetro', 'millimetri'],
    g: ['grammo', 'grammi'],
    l: ['litro', 'litri'],
    'km/h': ['chilometro orario', 'chilometri orari'],
    'm²': ['metro quadro', 'metri quadri'],
    mq: ['metro quadro', 'metri quadri'],
  },
  abbreviations: [
    [/(?:dott|dr)\.ssa/i, 'dottoressa'],
    [/dott\./i, 'dottor'],
    [/dr\b\.?(?=\s\p{Lu})|dr\./iu, 'dottor'],
    [/sig\.ra/i, 'signora'],
    [/sig\.na/i, 'signorina'],
    [/sigg\./i, 'signori'],
    [/sig\./i, 'signor'],
    [/Prof\.ssa/i, 'professoressa'],
    [/Prof\./i, 'professor'],
    [/Avv\./, 'avvocato'],
    [/Ing\./, 'ingegner'],
    [/Geom\./, 'geometra'],
    [/Rag\./, 'ragionier'],
    [/V\.le/, 'viale'],
    [/P\.zza/, 'piazza'],
    [/C\.so/, 'corso'],
    [/p\. ?es\./, 'per esempio'],
    [/es\.(?=\s|,)/, 'esempio'],
    [/ecc\./, 'eccetera'],
    [/ca\.(?=\s)/, 'circa'],
    [/max\./i, 'massimo'],
    [/min\./i, 'minimo'],
    [/pagg?\./i, 'pagina'],
    [/tel\./i, 'telefono'],
    [/n(?:r?\.|°)(?=\s*\d)/i, 'numero'],
  ],
};

const little =
  /^(?:del|dei|dal|dai|nel|sul|alla|alle|dalla|dalle|della|delle|per|con|che|più|meno|fino|sono|era|come|senza|tra|fra|una?|mila)$/;

/** By its end, which goes wrong for few of the nouns that are counted. */
function isFeminine(noun: string): boolean {
  return /(?:a|zione|sione|tà|notte)$/.test(noun) && !/^(?:problema|programma|sistema)$/.test(noun);
}
