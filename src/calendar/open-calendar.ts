// Which calendar a client has: one at Google, or the built-in one.

import { findCalendarLink, hastenLink } from '../store/calendar/calendar-links.ts';
import { openBuiltInCalendar } from './built-in.ts';
import { openGoogleCalendar } from './google/google.ts';
import type { GoogleCalendarParts } from './google/google.ts';
import type { Calendar } from './types.ts';

/** A copy that is older is read anew when a call begins: until the caller asks for a time it is fresh. */
const FRESH_MS = 15_000;

export interface OpenCalendarParts extends GoogleCalendarParts {
  /** Reads what is new at Google, in the background. */
  readonly sync: (clientId: string) => void;
}

export async function openClientCalendar(
  parts: OpenCalendarParts,
  clientId: string,
): Promise<Calendar> {
  const link = await findCalendarLink(parts.sql, clientId);
  if (!link) return openBuiltInCalendar(parts, clientId);
  if (await hastenLink(parts.sql, clientId, FRESH_MS)) parts.sync(clientId);
  return openGoogleCalendar(parts, link);
}
