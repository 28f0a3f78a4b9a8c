// Clock and calendar of a zone, with what every browser has: days, and the moment of a local time.

export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** What a clock on the wall of `zone` shows at a moment (milliseconds since 1970). */
function localTime(at: number, zone: string): LocalTime {
  const read: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) read[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = read;
  return { year, month, day, hour, minute, second };
}

/** The day in `zone` as `2026-02-06`. */
export function dayAt(at: number, zone: string): string {
  const { year, month, day } = localTime(at, zone);
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
}

/** Minutes since local midnight, as the clock shows it. */
export function minuteOfDay(at: number, zone: string): number {
  const { hour, minute } = localTime(at, zone);
  return hour * 60 + minute;
}

/** The moment of a local time; one that the clock skips is moved forward, of two the earlier is taken. */
export function momentOf(day: string, minutes: number, zone: string): number {
  const wanted = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000;
  // A zone's offset changes at most once in two days: one of these two is right.
  const candidates = [wanted - DAY_MS, wanted + DAY_MS].map(
    (near) => wanted - offsetMs(near, zone),
  );
  const exact = candidates.filter((at) => at + offsetMs(at, zone) === wanted);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}

/** How far the clock of `zone` is ahead of UTC. */
function offsetMs(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = localTime(at, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

/** Whether it is a day such as `2026-02-06`, of the calendar: an address may say anything. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** The Monday of the day's week. */
export function weekOf(day: string): string {
  return addDays(day, 1 - weekdayOf(day));
}

/** `HH:MM` of minutes since midnight. */
export function clockText(minutes: number): string {
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
