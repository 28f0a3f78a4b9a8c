// English, as it is spoken: times, prices, symbols, abbreviations.

import { cardinals } from './cardinals.ts';
import { end, inside, rule } from './rule.ts';
import type { SpeakingWords } from './speaking-words.ts';

export const english: SpeakingWords = {
  cardinal: cardinals['en']!,
  ordinal: (value) => englishOrdinal(value),
  time(hour, minute, half) {
    const clock = half ? hour % 12 || 12 : hour;
    const minutes =
      minute === 0
        ? half
          ? ''
          : " o'clock"
        : minute < 10
          ? ` oh ${english.cardinal(minute)}`
          : ` ${english.cardinal(minute)}`;
    if (!half && hour > 12 && minute === 0) return `${english.cardinal(hour)} hundred`;
    return `${english.cardinal(clock)}${minutes}${half ? ` ${half}` : ''}`;
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
        `(?<=\\d|days?|hours?|times)/(hour|hr|day|night|week|month|mo|year|yr|person|visit|session)${end}`,
      ),
      (match) => {
        const full = { hr: 'hour', mo: 'month', yr: 'year' }[match[1]!];
        return ` per ${full ?? match[1]!}`;
      },
      inside,
    ),
    // Read as a count it is no number that anybody dials.
    rule(/(?<=\b(?:call|dial|ring|phone|text)\s)(911|999|988|112|311)(?!\d|[.,]\d)/, (match) =>
      spelledDigits(match[1]!),
    ),
    rule(
      /([A-Z]{4,})-(\d{1,3})(?![\p{L}\p{N}])/u,
      (match) => `${match[1]!} ${english.cardinal(Number(match[2]))}`,
    ),
    rule(/M\s?[–-]\s?F(?!\w)/, () => 'Monday to Friday'),
    rule(/1\/2(?=\s(?:an?\s)?(?:hour|day|year|price))/, () => 'half'),
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
  },
  abbreviations: [
    [/Dr\./, 'Doctor'],
    [/Mr\./, 'Mister'],
    [/Mrs\./, 'Missus'],
    [/Ms\./, 'Miz'],
    [/Prof\./, 'Professor'],
    [/St\.(?=\s+[A-Z])/, 'Saint'],
    [/St\./, 'Street'],
    [/Ave\./, 'Avenue'],
    [/Blvd\./, 'Boulevard'],
    [/Rd\./, 'Road'],
    [/Apt\./, 'Apartment'],
    [/appt\./i, 'appointment'],
    [/approx\./i, 'approximately'],
    [/dept\./i, 'department'],
    [/ext\.?(?=\s?\d)/i, 'extension'],
    [/e\.g\.,?/, 'for example'],
    [/i\.e\.,?/, 'that is'],
    [/etc\./, 'et cetera'],
    [/vs\.?/, 'versus'],
    [/No\.(?=\s*\d)/, 'number'],
    [/Jr\./, 'Junior'],
    [/Sr\./, 'Senior'],
    [/w\/(?=\s)/, 'with'],
    [/ASAP/, 'as soon as possible'],
  ],
};

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
