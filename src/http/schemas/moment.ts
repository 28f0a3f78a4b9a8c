// Times in queries and bodies: a date, or ISO 8601 with or without a zone.

import { Type } from 'typebox';
import { invalid } from './fields.ts';

export const Moment = Type.String({
  maxLength: 40,
  description:
    'A date (its midnight in UTC), or a time in ISO 8601; without an offset it is in UTC.',
  examples: ['2026-02-06', '2026-02-06T10:00:00Z'],
});

const pattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(?<offset>Z|[+-]\d\d:\d\d)?)?$/i;
/** What the database and calendars can hold without surprise. */
const YEAR_MIN = 1970;
const YEAR_MAX = 9999;

/** Throws `invalid` naming the field; undefined stays undefined. */
export function momentOf(field: string, text: string): Date;
export function momentOf(field: string, text: string | undefined): Date | undefined;
export function momentOf(field: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const parts = pattern.exec(text);
  // To `Date` a time without an offset is one of wherever this server stands.
  const isUtc = parts?.[1] !== undefined && parts.groups?.['offset'] === undefined;
  const at = parts ? new Date(isUtc ? `${text}Z` : text) : undefined;
  const year = at?.getUTCFullYear() ?? 0;
  if (at && year >= YEAR_MIN && year <= YEAR_MAX && isDay(text.slice(0, 10))) return at;
  throw invalid(field, 'Must be a date, or a time in ISO 8601.');
}

/** February 30 is a day to `Date`. */
function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}
