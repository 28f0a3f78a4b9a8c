// Dates and times as people say them: in American and British English here, in other languages by their phrases. Pure.

import { momentPhrase } from './moment-phrases.ts';
import { localDate, localInstants, localTime } from '../hours.ts';

export interface Speaking {
  /** IANA */
  readonly zone: string;
  /** BCP 47. English as in North America says "March second at 2:30 p.m.", other English "half past two". */
  readonly language: string;
  /** Wall time, for "today" and "tomorrow". */
  readonly nowMs: number;
}

/** "tomorrow, Tuesday, March second at 2:30 p.m."; where the clocks are set back it says which of the two is meant. */
export function spokenMoment(ms: number, speaking: Speaking): string {
  const { zone, language } = speaking;
  if (!isEnglish(language)) return otherMoment(ms, speaking);
  const date = localDate(zone, ms);
  const relative = relativeDay(date, localDate(zone, speaking.nowMs));
  const day = relative ? `${relative}, ${spokenDate(date, language)},` : spokenDate(date, language);
  const change = clockChange(ms, zone);
  const which = change ? `, ${change} the clocks change` : '';
  return `${day} at ${spokenClock(localTime(zone, ms), language)}${which}`;
}

/** Languages that we have no words for are written as their locale does it. */
function otherMoment(ms: number, { zone, language, nowMs }: Speaking): string {
  const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  const { dayOfWeek: weekday, day, month, hour, minute } = at;
  const relative = relativeDay(localDate(zone, ms), localDate(zone, nowMs));
  const when = { weekday, day, month, hour, minute, relative, clockChange: clockChange(ms, zone) };
  return (
    momentPhrase(language, when) ??
    at.toLocaleString(language, {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      hour: 'numeric',
      minute: '2-digit',
    })
  );
}

/** "Tuesday, March second" or "Tuesday the second of March". `date` is ISO. */
export function spokenDate(date: string, language: string): string {
  const plain = Temporal.PlainDate.from(date);
  const weekday = plain.toLocaleString('en', { weekday: 'long' });
  const month = plain.toLocaleString('en', { month: 'long' });
  const ordinal = ordinals[plain.day - 1]!;
  return isAmerican(language)
    ? `${weekday}, ${month} ${ordinal}`
    : `${weekday} the ${ordinal} of ${month}`;
}

/** "2:30 p.m.", "noon", or "half past two in the afternoon". `time` is HH:MM; 24:00 is midnight. */
export function spokenClock(time: string, language: string): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  if (minutes === 0 && hours % 24 === 0) return 'midnight';
  if (minutes === 0 && hours === 12) return 'noon';
  return isAmerican(language) ? americanClock(hours, minutes) : britishClock(hours, minutes);
}

function isEnglish(language: string): boolean {
  return new Intl.Locale(language).language === 'en';
}

function isAmerican(language: string): boolean {
  const region = new Intl.Locale(language).region ?? 'US';
  return region === 'US' || region === 'CA';
}

function americanClock(hours: number, minutes: number): string {
  const half = hours < 12 ? 'a.m.' : 'p.m.';
  const hour = hours % 12 || 12;
  return minutes === 0 ? `${hour} ${half}` : `${hour}:${String(minutes).padStart(2, '0')} ${half}`;
}

function britishClock(hours: number, minutes: number): string {
  const part = hours < 12 ? 'in the morning' : hours < 18 ? 'in the afternoon' : 'in the evening';
  const hour = hourWords[hours % 12]!;
  const next = hourWords[(hours + 1) % 12]!;
  if (minutes === 0) return `${hour} o'clock ${part}`;
  if (minutes === 15) return `quarter past ${hour} ${part}`;
  if (minutes === 30) return `half past ${hour} ${part}`;
  if (minutes === 45) return `quarter to ${next} ${part}`;
  return `${hours % 12 || 12}:${String(minutes).padStart(2, '0')} ${part}`;
}

function relativeDay(date: string, today: string): 'today' | 'tomorrow' | undefined {
  const days = Temporal.PlainDate.from(today).until(date).days;
  return days === 0 ? 'today' : days === 1 ? 'tomorrow' : undefined;
}

/** Which of two moments that have the same name, in the night in which the clocks are set back. */
function clockChange(ms: number, zone: string): 'before' | 'after' | undefined {
  const both = localInstants(zone, localDate(zone, ms), localTime(zone, ms));
  if (both.length < 2) return undefined;
  return ms === both[0] ? 'before' : 'after';
}

const hourWords = 'twelve one two three four five six seven eight nine ten eleven'.split(' ');

/** First to thirty-first. */
export const ordinals: readonly string[] = [
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth',
  'thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth',
  'twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth',
  'twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first',
].flatMap((line) => line.split(' '));
