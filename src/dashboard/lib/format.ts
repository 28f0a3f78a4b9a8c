// Numbers, times and phone numbers as people read them.

const language = 'en-US';
const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(zone: string, name: string, options: Intl.DateTimeFormatOptions) {
  const key = `${name} ${zone}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
    formats.set(key, format);
  }
  return format;
}

/** `3:05 PM`, in the zone. */
export function formatTime(at: number | string, zone: string): string {
  return dateFormat(zone, 'time', { hour: 'numeric', minute: '2-digit' }).format(new Date(at));
}

/** `3 PM` of a full hour of the day, 0 to 24. */
export function formatHour(hour: number): string {
  return dateFormat('UTC', 'hour', { hour: 'numeric' }).format(Date.UTC(2026, 0, 1, hour));
}

/** `Times in America/New York`, where the reader's own clock shows another time; otherwise nothing. */
export function formatZone(zone: string | undefined, text: (zone: string) => string): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone === undefined || zone === own ? '' : text(zone.replaceAll('_', ' '));
}

/** `Feb 6, 3:05 PM`, with the year where it is not this one. */
export function formatMoment(at: number | string, zone: string, nowMs: number): string {
  const date = new Date(at);
  const yearOf = (moment: Date) => dateFormat(zone, 'year', { year: 'numeric' }).format(moment);
  const sameYear = yearOf(date) === yearOf(new Date(nowMs));
  const format = dateFormat(zone, sameYear ? 'moment' : 'moment with year', {
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    ...(!sameYear && { year: 'numeric' }),
  });
  return format.format(date);
}

/** `Friday, February 6` of a day such as `2026-02-06`. */
export function formatDay(day: string): string {
  return dateFormat('UTC', 'day', { weekday: 'long', month: 'long', day: 'numeric' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** `Feb 6` of a day such as `2026-02-06`. */
export function formatShortDay(day: string): string {
  return dateFormat('UTC', 'short day', { month: 'short', day: 'numeric' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** `Fri` of a day such as `2026-02-06`. */
export function formatWeekday(day: string): string {
  return dateFormat('UTC', 'weekday', { weekday: 'short' }).format(new Date(`${day}T00:00:00Z`));
}

/** `2:05`, or `1:02:05` from an hour on. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** `58 min`, `2 min 05 s` below ten minutes, `12 h 30 min`, `0 min` of nothing. Never more than there is. */
export function formatMinutes(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole === 0) return '0 min';
  if (whole < 600) {
    const minutes = Math.floor(whole / 60);
    const rest = String(whole % 60).padStart(2, '0');
    return minutes > 0 ? `${minutes} min ${rest} s` : `${whole} s`;
  }
  const minutes = Math.floor(whole / 60);
  if (minutes < 600) return `${formatCount(minutes)} min`;
  const hours = `${formatCount(Math.floor(minutes / 60))} h`;
  return minutes % 60 === 0 ? hours : `${hours} ${minutes % 60} min`;
}

/** `820 ms`, `1.4 s`; a dash where nothing was measured. */
export function formatLatency(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function formatCount(value: number): string {
  return value.toLocaleString(language);
}

/** `$0.0123` for small amounts, `$12.34` otherwise. */
export function formatCost(microdollars: number): string {
  const dollars = microdollars / 1_000_000;
  const digits = dollars !== 0 && Math.abs(dollars) < 1 ? 4 : 2;
  return `$${dollars.toFixed(digits)}`;
}

/** `(202) 555-0123` for American numbers, groups of three for others, none of one. */
export function formatPhone(number: string): string {
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  if (american) return `(${american[1]}) ${american[2]}-${american[3]}`;
  const other = /^\+(\d{2})(\d+)$/.exec(number);
  if (!other) return number;
  return `+${other[1]} ${(other[2] ?? '').replaceAll(/(\d{3})(?=\d{2})/g, '$1 ')}`;
}

/** `just now`, `5 min ago`, `3 h ago`, `1 day ago`, `2 days ago`: whole ones that have passed. */
export function formatAgo(at: number | string, nowMs: number): string {
  const minutes = Math.floor((nowMs - new Date(at).getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? '1 day ago' : `${days} days ago`;
}

/** `$12.50` of the smallest unit of a currency (cents; yen have none). */
export function formatMoney(amount: number, currency: string): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

/** `Feb 6, 2026` in the zone. */
export function formatDate(at: number | string, zone: string): string {
  return dateFormat(zone, 'date', { year: 'numeric', month: 'short', day: 'numeric' }).format(
    new Date(at),
  );
}
