// A time of day as a caller or a model says it, as clock times that may be meant. Pure.

import { withDigits } from './number-words.ts';

const HALF_DAY = 720;

/**
 * Minutes since midnight of every clock time that `text` may mean, none when it is not understood: "14:30" is one,
 * "half past two" is two unless morning or afternoon is said.
 */
export function parseClock(text: string): number[] {
  const words = withDigits(text).replaceAll(/\b([ap])\.? ?m\b\.?/g, '$1m');
  if (/\b(?:noon|midday)\b/.test(words) && !/\bafter ?noon\b/.test(words)) return [HALF_DAY];
  if (/\bmidnight\b/.test(words)) return [0];
  const time = clockOf(words);
  if (!time) return [];
  const { hour, minute } = time;
  if (hour > 23 || minute > 59) return [];
  const exact = hour * 60 + minute;
  if (hour > 12 || hour === 0 || /\b0\d:\d\d\b/.test(words)) return [exact];
  const early = (hour % 12) * 60 + minute;
  if (/am\b|\bmorning\b/.test(words)) return [early];
  if (/pm\b|\bafternoon\b|\bevening\b|\bnight\b/.test(words)) return [early + HALF_DAY];
  return [early, early + HALF_DAY];
}

function clockOf(words: string): { hour: number; minute: number } | undefined {
  const past =
    /\b(?:(half)|(?:a )?(quarter)|(\d{1,2})(?: minutes)?) (past|after|to|of|before) (\d{1,2})\b/.exec(
      words,
    );
  if (past) {
    const [, half, quarter, count, way, hour] = past;
    const minutes = half ? 30 : quarter ? 15 : Number(count);
    const total = Number(hour) * 60 + (way === 'past' || way === 'after' ? minutes : -minutes);
    // Told by the words alone it may be either half of the day.
    const wrapped = (total + HALF_DAY) % HALF_DAY;
    return { hour: Math.floor(wrapped / 60) || 12, minute: wrapped % 60 };
  }
  // "Half two", as the British say it, is half an hour later than two.
  const halfPast = /\bhalf (\d{1,2})\b/.exec(words);
  if (halfPast) return { hour: Number(halfPast[1]), minute: 30 };
  const plain = /\b(\d{1,2})(?:[:. ](\d{2}))?(?:am|pm)?\b/.exec(words);
  return plain ? { hour: Number(plain[1]), minute: Number(plain[2] ?? 0) } : undefined;
}
