// Days in queries: ISO dates that exist.

import { invalid } from './fields.ts';

/** Throws `invalid` naming the field. */
export function dayOf(field: string, text: string): Temporal.PlainDate {
  try {
    const day = Temporal.PlainDate.from(text);
    if (day.toString() === text && day.year >= 1970 && day.year < 2200) return day;
  } catch {
    // Such as February 30.
  }
  throw invalid(field, 'Must be a date such as 2026-02-06.');
}
