// Where Google is: its several hosts, or one base URL in their place with the same paths below it.

export interface GoogleEndpoints {
  readonly consent: string;
  readonly token: string;
  readonly revoke: string;
  /** Without the slash at its end. */
  readonly api: string;
}

/** `baseUrl` undefined for Google itself. */
export function googleEndpoints(baseUrl: string | undefined): GoogleEndpoints {
  return {
    consent: `${baseUrl ?? 'https://accounts.google.com'}/o/oauth2/v2/auth`,
    token: `${baseUrl ?? 'https://oauth2.googleapis.com'}/token`,
    revoke: `${baseUrl ?? 'https://oauth2.googleapis.com'}/revoke`,
    api: baseUrl ?? 'https://www.googleapis.com',
  };
}

/** The least that does: events to read and write, times of other calendars, and their names to choose from. */
export const googleScopes = [
  'https://www.googleapis.com/auth/calendar.events',
  'https://www.googleapis.com/auth/calendar.freebusy',
  'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
] as const;
