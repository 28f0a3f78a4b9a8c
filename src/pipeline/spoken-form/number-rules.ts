// Numbers as people say them: times, prices, ranges, measures, ordinals, fractions, codes.

import { moneySigns } from './amounts.ts';
import type { Amounts } from './amounts.ts';
import { end, inside, rule } from './rule.ts';
import type { Rule } from './rule.ts';
import type { SpeakingWords } from './speaking-words.ts';

const dash = '[–—−-]';
const half = '([ap])(?:\\.\\s?m\\b\\.?|\\.?m(?!\\p{L})\\.?)';

export function timeRules(words: SpeakingWords): Rule[] {
  const clock = (hour: string, minute = '0', letter?: string) => {
    const [hours, minutes] = [Number(hour), Number(minute)];
    if (hours > 24 || minutes > 59 || (letter && hours > 12)) return undefined;
    return words.time(hours % 24, minutes, halfOf(letter));
  };
  return [
    // The half of the day stands only after the second of two.
    rule(
      new RegExp(
        `(\\d{1,2})(?:[:.](\\d\\d))?\\s?${dash}\\s?(?=\\d{1,2}(?:[:.]\\d\\d)?\\s?${half})`,
        'i',
      ),
      (match) => {
        const [hour, minute] = [Number(match[1]), Number(match[2] ?? 0)];
        if (hour > 12 || minute > 59) return undefined;
        return `${minute === 0 ? words.cardinal(hour) : words.time(hour, minute, undefined)} ${words.to} `;
      },
    ),
    rule(
      new RegExp(
        `(\\d{1,2})(?:[:h]|\\.(?=\\d\\d\\s?(?:[ap]\\.?\\s?m|Uhr|h(?!\\p{L}))))(\\d\\d)(?::\\d\\d)?(?:\\s?${half})?` +
          `(?:\\s?(?:Uhr|h(?=[\\s.,;)]|$)|o['’]clock))?${end}`,
        'i',
      ),
      (match) => clock(match[1]!, match[2], match[3]),
    ),
    rule(new RegExp(`(\\d{1,2})\\s?${half}`, 'i'), (match) => clock(match[1]!, '0', match[2])),
  ];
}

function halfOf(letter: string | undefined): 'a.m.' | 'p.m.' | undefined {
  if (!letter) return undefined;
  return letter.toLowerCase() === 'a' ? 'a.m.' : 'p.m.';
}

export function moneyRules(words: SpeakingWords, amounts: Amounts): Rule[] {
  const { sum, decimal, money } = amounts;
  const { symbols, codes } = moneySigns(words);
  const signs = `${codes}|${symbols}`;
  const range = (least: string, most: string, sign: string) => {
    const spoken = money(most, sign);
    return spoken && `${decimal(least)} ${words.to} ${spoken}`;
  };
  const before = (match: RegExpExecArray) => {
    const spoken = money(match[3]!, match[2]!);
    return spoken && (match[1] ? `${words.minus} ${spoken}` : spoken);
  };
  return [
    rule(new RegExp(`(${signs})\\s?(${sum})\\s?${dash}\\s?(${sum})${end}`), (match) =>
      range(match[2]!, match[3]!, match[1]!),
    ),
    rule(new RegExp(`(${sum})\\s?${dash}\\s?(${sum})\\s?(${signs})(?!\\p{L})`), (match) =>
      range(match[1]!, match[2]!, match[3]!),
    ),
    // "$20 MXN": the code has the last word.
    rule(new RegExp(`(?:${symbols})(${sum})\\s?(${codes})${end}`), (match) =>
      money(match[1]!, match[2]!),
    ),
    rule(new RegExp(`([-−]?)(${codes})[\\s\\u00a0]?(${sum})`), before),
    rule(
      new RegExp(`((?<![\\p{L}\\d%]\\s?)[-−])?(${symbols})[\\s\\u00a0]?(${sum})`),
      before,
      inside,
    ),
    rule(new RegExp(`(${symbols})[-−](${sum})`), (match) => {
      const spoken = money(match[2]!, match[1]!);
      return spoken && `${words.minus} ${spoken}`;
    }),
    // "12 €", "45,- €", "12€50", "12,50 EUR".
    rule(new RegExp(`(${sum})(?:,[-–—])?[\\s\\u00a0]?€(\\d\\d)(?!\\d)`), (match) =>
      money(`${match[1]!}.${match[2]!}`, '€'),
    ),
    rule(
      new RegExp(`(${sum})(?:,[-–—]{1,2})?[\\s\\u00a0\\u202f]?(?:(${symbols})|(${codes})${end})`),
      (match) => money(match[1]!, match[2] ?? match[3]!),
    ),
    // After a word of many: "2 Mio. €".
    rule(
      new RegExp(`(?<=\\p{L}\\.?\\s)(${symbols})(?![\\p{L}\\d\\s]*\\d|[$€£])`),
      (match) => words.currencies[match[1]!]?.[0][1],
    ),
    rule(new RegExp(`(${sum})\\s?¢`), (match) => money(`0.${match[1]!.padStart(2, '0')}`, '$')),
  ];
}

export function measureRules(words: SpeakingWords, amounts: Amounts, signs: string): Rule[] {
  const { amount, whole, decimal, counted, digits } = amounts;
  const units = Object.keys(words.units)
    .toSorted((a, b) => b.length - a.length)
    .map((unit) => RegExp.escape(unit))
    .join('|');
  const year = /^(?:19|20)\d\d$/;
  const fraction = (text: string) => words.fractions[text.replaceAll(/\s/g, '')];
  const mixed = (count: string, part: string) => {
    const of = fraction(part);
    return of && words.mixed(Number(count), of);
  };
  return [
    // From one price or hour to the next.
    rule(
      new RegExp(
        `(?<=\\d(?:\\s?(?:[ap]\\.?\\s?m\\.?|h|Uhr|%|${signs}))?)\\s?(?:[–—]|(?<!\\d)-|-(?=(?:${signs})|\\d{1,2}:))\\s?(?=(?:${signs})?\\s?\\d)`,
        'i',
      ),
      () => ` ${words.to} `,
      inside,
    ),
    rule(/(\d{1,3})\s([½¼¾⅓⅔])|(\d{1,3})([½¼¾⅓⅔])/u, (match) =>
      mixed(match[1] ?? match[3]!, match[2] ?? match[4]!),
    ),
    rule(/(\d{1,3})\s([123]\/[234])(?![\d/])/, (match) => mixed(match[1]!, match[2]!)),
    rule(/[½¼¾⅓⅔]/u, (match) => fraction(match[0])?.alone, inside),
    rule(/24\/7(?!\d)/, () => `${whole('24')} ${whole('7')}`),
    rule(/[123]\/[234](?![\d/])/, (match) => fraction(match[0])?.alone),
    rule(
      new RegExp(
        `(${amount})/(5|10)(?=\\s(?:stars|estrellas|étoiles|Sterne|stelle|estrelas))`,
        'i',
      ),
      (match) => `${decimal(match[1]!)} ${words.outOf} ${whole(match[2]!)}`,
    ),
    rule(new RegExp(`([-−]?)(${amount})\\s?%`), (match) => {
      const spoken = `${decimal(match[2]!)} ${words.percent}`;
      return match[1] ? `${words.minus} ${spoken}` : spoken;
    }),
    rule(
      /(\d[.,]\d)\/(5|10)(?!\d)/,
      (match) =>
        `${decimal(match[1]!.replace(/[.,]/, words.commaIsPoint ? ',' : '.'))} ${words.outOf} ${whole(match[2]!)}`,
    ),
    rule(
      new RegExp(`([-−]?)(${amount})\\s?(?:[°º](?:\\s?[CF](?![\\p{L}\\p{N}]))?|℃|℉)`),
      (match) => `${match[1] ? `${words.minus} ` : ''}${decimal(match[2]!)} ${words.degrees}`,
    ),
    rule(
      new RegExp(`(${amount})\\s?(${units})${end}(?:\\.(?=\\s\\p{Ll}|[,;)]|\\s\\d))?`),
      (match) => counted(match[1]!, words.units[match[2]!]!),
    ),
    // One after the other, and no range.
    rule(/\d{1,2}(?:-\d{1,2}){2,6}(?![\d-])/, (match) => match[0].split('-').map(whole).join(', ')),
    rule(new RegExp(`(\\d{1,4})\\s?${dash}\\s?(?=(\\d{1,4})(?!\\d))`), (match) => {
      const years = year.test(match[1]!) && year.test(match[2]!);
      return `${years ? words.year(Number(match[1])) : whole(match[1]!)} ${words.to} `;
    }),
    rule(new RegExp(`(\\d+)(?:${words.ordinalEnds})(?![\\p{L}\\p{N}])`), (match) =>
      Number(match[1]) > 999 ? undefined : words.ordinal(Number(match[1])),
    ),
    rule(/(?:19|20)\d\d(?![\d.,]\d|\p{L}|\d)/u, (match) => words.year(Number(match[0]))),
    rule(/#\s?(?=[A-Z\d])/, () => `${words.number} `, inside),
    rule(
      /([A-Z]{4,})-(\d{1,3})(?![\p{L}\p{N}])/u,
      (match) => `${match[1]!} ${words.cardinal(Number(match[2]))}`,
    ),
    rule(
      /([A-Z])-?([1-9]\d?)(?![\p{L}\p{N}-])/u,
      (match) => `${match[1]!} ${words.cardinal(Number(match[2]))}`,
    ),
    rule(
      /([1-9]\d?)([A-Z])(?![\p{L}\p{N}-])/u,
      (match) => `${words.cardinal(Number(match[1]))} ${match[2]!}`,
    ),
    rule(/(?=[A-Z\d-]*\d)(?=[A-Z\d-]*[A-Z])[A-Z\d][A-Z\d-]{1,23}(?![\p{L}\p{N}])/u, (match) =>
      spelled(match[0], words),
    ),
    rule(new RegExp(`[-−](${amount})${end}`), (match) => `${words.minus} ${decimal(match[1]!)}`),
    rule(/(\d{1,3})\s?[x×*]\s?(?=\d{1,3}(?!\d))/, (m) => `${whole(m[1]!)} ${words.times} `),
    rule(/(\d{1,2}):(\d)(?![\d:])/, (m) => `${whole(m[1]!)} ${words.to} ${whole(m[2]!)}`),
    rule(/(\d{1,4})\/(\d{1,4})(?!\d)/, (m) => `${whole(m[1]!)} ${words.slash} ${whole(m[2]!)}`),
    // Versions and the like.
    rule(
      /\d{1,4}(?:\.\d{1,4}){2,4}(?![.,]?\d)/,
      (match) => (/^\d{1,3}(?:\.\d{3})+$/.test(match[0]) ? undefined : dotted(match[0])),
      inside,
    ),
    rule(/\d{1,3}\.\d{1,2}(?![.,]?\d)/, (match) =>
      words.commaIsPoint ? dotted(match[0]) : undefined,
    ),
    ...(words.counting
      ? [
          rule(/(\d{1,9})(?=[\s\u00a0](\p{L}{2,}))/u, (match) => {
            const [, value, noun] = [match[0], match[1]!, match[2]!];
            if (
              (value.length > 1 && value.startsWith('0')) ||
              !words.countable!(noun) ||
              isMonth(noun)
            ) {
              return undefined;
            }
            return words.counting!(Number(value), noun, match).slice(0, -noun.length).trimEnd();
          }),
        ]
      : []),
    rule(new RegExp(amount), (match) => decimal(match[0]), inside),
    rule(/(?<![\p{L}\p{N}])\.(?=\d)/u, () => `${words.point} `),
  ];

  function isMonth(noun: string): boolean {
    return words.months.some(([whole]) => whole === noun);
  }

  function dotted(text: string): string {
    return text
      .split('.')
      .map((part) => (part.length > 2 ? digits(part) : whole(part)))
      .join(` ${words.dot} `);
  }
}

/** "AB12" letter by letter. */
function spelled(text: string, words: SpeakingWords): string {
  return text
    .replaceAll('-', '')
    .split('')
    .map((each) => (/\d/.test(each) ? words.cardinal(Number(each)) : each))
    .join(' ');
}
