// Google's ways to name a time: moments with an offset, whole days of a calendar's zone, and simple repetitions of both.

/** `dateTime` or `date` (a whole day, the end not included). */
export interface EventTime {
  readonly dateTime?: string;
  readonly date?: string;
  readonly timeZone?: string;
}

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Instances of an endless repetition that are looked at. */
const INSTANCES_MAX = 1000;

/** Milliseconds since 1970. Throws on a time that Google would not take. */
export function instantOf(time: EventTime, zone: string): number {
  if (time.date !== undefined) {
    return Temporal.PlainDate.from(time.date).toZonedDateTime(zone).epochMilliseconds;
  }
  const text = time.dateTime ?? '';
  const ms = /(Z|[+-]\d\d:\d\d)$/i.test(text)
    ? Date.parse(text)
    : Temporal.PlainDateTime.from(text).toZonedDateTime(time.timeZone ?? zone).epochMilliseconds;
  if (Number.isNaN(ms)) throw new RangeError(`no time: ${text}`);
  return ms;
}

export function spanOf(
  { start, end }: { readonly start: EventTime; readonly end: EventTime },
  zone: string,
): Span {
  const span = { startMs: instantOf(start, zone), endMs: instantOf(end, zone) };
  if (span.endMs <= span.startMs) throw new RangeError('the end is not after the start');
  return span;
}

/** The instance's start and end, and the text that its id ends with. */
export interface Instance {
  readonly suffix: string;
  readonly start: EventTime;
  readonly end: EventTime;
}

/**
 * The instances of an event that start before `untilMs`, in order: of RRULE only FREQ=DAILY and FREQ=WEEKLY with
 * INTERVAL, COUNT and UNTIL. Repeats by the local clock, as Google does.
 */
export function instancesOf(
  { start, end, rule }: { start: EventTime; end: EventTime; rule: string },
  zone: string,
  untilMs: number,
): Instance[] {
  const parts = new Map(
    rule
      .replace(/^RRULE:/, '')
      .split(';')
      .map((part) => part.split('=') as [string, string]),
  );
  const freq = parts.get('FREQ');
  if (freq !== 'DAILY' && freq !== 'WEEKLY') throw new RangeError(`no such repetition: ${rule}`);
  const days = Number(parts.get('INTERVAL') ?? 1) * (freq === 'WEEKLY' ? 7 : 1);
  const count = Math.min(Number(parts.get('COUNT') ?? INSTANCES_MAX), INSTANCES_MAX);
  const until = parts.get('UNTIL')?.replace(/^(\d{4})(\d\d)(\d\d).*$/, '$1-$2-$3');
  const instances: Instance[] = [];
  for (let index = 0; index < count; index += 1) {
    const shifted = (time: EventTime) => shift(time, index * days, zone);
    const instance = { start: shifted(start), end: shifted(end) };
    const ms = instantOf(instance.start, zone);
    if (ms >= untilMs) break;
    const iso = new Date(ms).toISOString();
    if (until !== undefined && iso.slice(0, 10) > until) break;
    const suffix =
      instance.start.date?.replaceAll('-', '') ?? `${iso.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    instances.push({ suffix, ...instance });
  }
  return instances;
}

function shift(time: EventTime, days: number, zone: string): EventTime {
  if (time.date !== undefined) {
    return { date: Temporal.PlainDate.from(time.date).add({ days }).toString() };
  }
  const timeZone = time.timeZone ?? zone;
  const local = Temporal.Instant.fromEpochMilliseconds(instantOf(time, zone))
    .toZonedDateTimeISO(timeZone)
    .add({ days });
  return { dateTime: local.toString({ timeZoneName: 'never' }), timeZone };
}
