// When a business is open and how it books: weekly hours, special days, slot length, buffers, lead time, horizon.

import { AppError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import { changedNow, namedColumns } from '../database/named-columns.ts';
import type { Change } from '../database/named-columns.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Sql, Transaction } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** Local clock times, HH:MM; `closes` is after `opens` and may be 24:00. Hours past midnight are two ranges on two days. */
export interface OpenRange {
  readonly opens: string;
  readonly closes: string;
}

/** A day with hours of its own; none means closed. */
export interface SpecialDay {
  /** ISO */
  readonly date: string;
  readonly name: string;
  readonly hours: readonly OpenRange[];
}

/** How appointments lie in these hours. */
export interface BookingTimes {
  readonly slotMinutes: number;
  /** Kept free before and after each appointment. */
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  /** An appointment cannot start sooner than this. */
  readonly leadMinutes: number;
  /** An appointment cannot be further ahead than this. */
  readonly horizonDays: number;
}

export interface OpeningHours extends BookingTimes {
  /** Seven days, Monday first. A break is what lies between two ranges. */
  readonly weekly: readonly (readonly OpenRange[])[];
  readonly specialDays: readonly SpecialDay[];
}

export interface BookingRules extends OpeningHours {
  /** IANA name, from the client's row. */
  readonly zone: string;
}

const office: readonly OpenRange[] = [
  { opens: '09:00', closes: '12:00' },
  { opens: '13:00', closes: '17:00' },
];

/** What a new client starts with: weekdays nine to five with a lunch break, half-hour slots. */
export const defaultHours: OpeningHours = {
  weekly: [office, office, office, office, office, [], []],
  specialDays: [],
  slotMinutes: 30,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  leadMinutes: 60,
  horizonDays: 60,
};

/** The rules of a client; undefined when there is no such client or nobody has saved its hours. */
export async function findBookingRules(
  sql: Sql,
  clientId: string,
): Promise<BookingRules | undefined> {
  const [row] = await idempotent(
    () => sql<RulesRow[]>`
    SELECT c.zone, r.slot_minutes, r.buffer_before_minutes, r.buffer_after_minutes, r.lead_minutes, r.horizon_days,
      coalesce((
        SELECT jsonb_agg(jsonb_build_object('weekday', h.weekday, 'opens', to_char(h.opens, 'HH24:MI'),
          'closes', to_char(h.closes, 'HH24:MI')) ORDER BY h.weekday, h.opens)
        FROM opening_hours h WHERE h.client_id = c.id), '[]') AS weekly,
      coalesce((
        SELECT jsonb_agg(jsonb_build_object('date', d.day::text, 'name', d.name, 'hours', coalesce((
            SELECT jsonb_agg(jsonb_build_object('opens', to_char(s.opens, 'HH24:MI'),
              'closes', to_char(s.closes, 'HH24:MI')) ORDER BY s.opens)
            FROM special_hours s WHERE s.client_id = d.client_id AND s.day = d.day), '[]')) ORDER BY d.day)
        FROM special_days d WHERE d.client_id = c.id AND d.day >= (clock_timestamp() AT TIME ZONE c.zone)::date - 1
      ), '[]') AS special_days
    FROM clients c JOIN booking_rules r ON r.client_id = c.id
    WHERE c.id = ${clientId}
  `,
  );
  if (!row) return undefined;
  return {
    zone: row.zone,
    weekly: [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
      row.weekly
        .filter((range) => range.weekday === weekday)
        .map(({ opens, closes }) => ({ opens, closes })),
    ),
    specialDays: row.special_days,
    slotMinutes: row.slot_minutes,
    bufferBeforeMinutes: row.buffer_before_minutes,
    bufferAfterMinutes: row.buffer_after_minutes,
    leadMinutes: row.lead_minutes,
    horizonDays: row.horizon_days,
  };
}

interface RulesRow {
  readonly zone: string;
  readonly slot_minutes: number;
  readonly buffer_before_minutes: number;
  readonly buffer_after_minutes: number;
  readonly lead_minutes: number;
  readonly horizon_days: number;
  readonly weekly: readonly (OpenRange & { readonly weekday: number })[];
  readonly special_days: readonly SpecialDay[];
}

/** Replaces all hours and rules of a client. Throws `invalid` with the faulty fields; bookings stay as they are. */
export async function saveOpeningHours(
  sql: Sql,
  clientId: string,
  hours: OpeningHours,
): Promise<void> {
  await idempotent(() => oneAtATime(sql, clientId, (tx) => writeOpeningHours(tx, clientId, hours)));
}

/** A part of a transaction that holds the client's row: replaces what is given, the week and the special days as a whole each. */
export async function writeOpeningHours(
  tx: Transaction,
  clientId: string,
  hours: Change<OpeningHours>,
): Promise<void> {
  checkHours(hours);
  const { weekly, specialDays, ...rules } = hours;
  const named = { ...namedColumns(rules), ...changedNow(tx) };
  await tx`
    INSERT INTO booking_rules ${tx({ ...named, client_id: clientId })}
    ON CONFLICT (client_id) DO UPDATE SET ${tx(named)}`;
  if (weekly) await writeWeek(tx, clientId, weekly);
  if (specialDays) await writeSpecialDays(tx, clientId, specialDays);
}

async function writeWeek(
  tx: Transaction,
  clientId: string,
  weekly: OpeningHours['weekly'],
): Promise<void> {
  const rows = weekly.flatMap((ranges, index) =>
    ranges.map((range) => ({ client_id: clientId, weekday: index + 1, ...range })),
  );
  await tx`DELETE FROM opening_hours WHERE client_id = ${clientId}`;
  if (rows.length > 0) await tx`INSERT INTO opening_hours ${tx(rows)}`;
}

async function writeSpecialDays(
  tx: Transaction,
  clientId: string,
  specialDays: readonly SpecialDay[],
): Promise<void> {
  const days = specialDays.map(({ date, name }) => ({ client_id: clientId, day: date, name }));
  const special = specialDays.flatMap(({ date, hours: ranges }) =>
    ranges.map((range) => ({ client_id: clientId, day: date, ...range })),
  );
  await tx`DELETE FROM special_days WHERE client_id = ${clientId}`;
  if (days.length > 0) await tx`INSERT INTO special_days ${tx(days)}`;
  if (special.length > 0) await tx`INSERT INTO special_hours ${tx(special)}`;
}

/** The id of the client's own calendar, made with one resource when there is none. Safe to call at once from many. */
export async function ensureCalendar(sql: Sql, clientId: string, nowMs: number): Promise<string> {
  const [known] = await idempotent(
    () => sql<{ id: string }[]>`
    SELECT id FROM calendars WHERE client_id = ${clientId}
  `,
  );
  if (known) return known.id;
  const [row] = await idempotent(
    () => sql<{ id: string }[]>`
    WITH made AS (
      INSERT INTO calendars (id, client_id) VALUES (${newId(nowMs)}, ${clientId})
      ON CONFLICT (client_id) DO UPDATE SET client_id = excluded.client_id
      RETURNING id
    ), chair AS (
      INSERT INTO resources (calendar_id, number) SELECT id, 0 FROM made
      ON CONFLICT DO NOTHING
    )
    SELECT id FROM made
  `,
  );
  return row!.id;
}

/** The calendar's chairs or staff that can be booked, in the order in which they are filled. */
export async function listResources(sql: Sql, calendarId: string): Promise<number[]> {
  const rows = await idempotent(
    () => sql<{ number: number }[]>`
    SELECT number FROM resources WHERE calendar_id = ${calendarId} AND is_active ORDER BY number
  `,
  );
  return rows.map((row) => row.number);
}

const clockTime = /^([01][0-9]|2[0-3]):[0-5][0-9]$/;
const SPECIAL_DAYS_MAX = 500;
const RANGES_MAX = 12;
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function checkHours(hours: Change<OpeningHours>): void {
  const { weekly, specialDays = [] } = hours;
  const fields: Record<string, string[]> = {};
  const fault = (field: string, text: string) => (fields[field] ??= []).push(text);
  if (weekly && weekly.length !== 7) fault('weekly', 'Seven days are needed, Monday first.');
  for (const [place, ranges] of (weekly ?? []).entries()) {
    checkRanges(ranges, (text) => fault('weekly', `${weekdays[place] ?? ''}: ${text}`));
  }
  if (specialDays.length > SPECIAL_DAYS_MAX) {
    fault('specialDays', `At most ${SPECIAL_DAYS_MAX} days.`);
  }
  const seen = new Set<string>();
  for (const day of specialDays) {
    if (!isDate(day.date)) fault('specialDays', `${day.date} is not a date.`);
    if (seen.has(day.date)) fault('specialDays', `${day.date} is there twice.`);
    if (day.name.length > 100) fault('specialDays', 'A name has at most 100 characters.');
    seen.add(day.date);
    checkRanges(day.hours, (text) => fault('specialDays', `${day.date}: ${text}`));
  }
  checkNumber('slotMinutes', 5, 480);
  checkNumber('bufferBeforeMinutes', 0, 240);
  checkNumber('bufferAfterMinutes', 0, 240);
  checkNumber('leadMinutes', 0, 43_200);
  checkNumber('horizonDays', 1, 366);
  if (Object.keys(fields).length > 0) {
    throw new AppError('invalid', `opening hours: ${Object.keys(fields).join(', ')}`, { fields });
  }

  function checkNumber(
    field: Exclude<keyof OpeningHours, 'weekly' | 'specialDays'>,
    min: number,
    max: number,
  ): void {
    const value = hours[field];
    if (value === undefined) return;
    if (!Number.isInteger(value) || value < min || value > max) {
      fault(field, `A whole number from ${min} to ${max} is needed.`);
    }
  }
}

/** The driver would take February 30 for March 2, and the database knows no year 0. */
function isDate(text: string): boolean {
  try {
    const day = Temporal.PlainDate.from(text);
    return day.toString() === text && day.year > 0;
  } catch {
    return false;
  }
}

function checkRanges(ranges: readonly OpenRange[], fault: (text: string) => void): void {
  if (ranges.length > RANGES_MAX) fault(`At most ${RANGES_MAX} ranges a day.`);
  let before = '';
  for (const { opens, closes } of ranges.toSorted((a, b) => (a.opens < b.opens ? -1 : 1))) {
    const valid = clockTime.test(opens) && (clockTime.test(closes) || closes === '24:00');
    if (!valid) fault(`${opens} to ${closes} are not clock times.`);
    else if (opens >= closes) fault(`${opens} is not before ${closes}.`);
    else if (opens < before) fault(`${opens} to ${closes} overlaps another range.`);
    before = closes;
  }
}
