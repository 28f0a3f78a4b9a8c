// The cookie that tells the browser that an owner left from, to connect a calendar, from any other.

import { cookieRules } from './sign-in.ts';

export const CALENDAR_COOKIE = 'calendar_consent';
export const CALENDAR_CALLBACK = '/api/calendar/oauth/callback';

/** Sent to the callback only, and only when Google's page sends the browser there. */
export function calendarCookieRules(publicUrl: string) {
  return { ...cookieRules(publicUrl), path: CALENDAR_CALLBACK };
}
