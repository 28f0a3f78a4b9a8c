// What we ask of Google Calendar, in our own terms: times and ids, never titles. Nothing here knows Google's package.

import type { Interval } from '../hours.ts';

/** An event as far as appointments are concerned. */
export interface GoogleEvent {
  readonly id: string;
  readonly etag: string;
  readonly cancelled: boolean;
  /** When it was made, milliseconds since 1970. 0 for a cancelled one in a list. */
  readonly createdMs: number;
  /** Undefined for a cancelled one in a list. Whole days are days of the calendar's zone. */
  readonly interval: Interval | undefined;
  /** Whether somebody is busy then: neither cancelled, nor transparent, nor declined. */
  readonly blocks: boolean;
  /** Of an event that we made. */
  readonly bookingId: string | undefined;
}

/** An appointment as it is written. */
export interface NewEvent {
  readonly id: string;
  readonly bookingId: string;
  readonly startMs: number;
  readonly endMs: number;
  /** IANA */
  readonly zone: string;
  readonly summary: string;
  readonly description: string;
}

/** Other times, or other texts. */
export type EventChange =
  | Pick<NewEvent, 'startMs' | 'endMs' | 'zone'>
  | Pick<NewEvent, 'summary' | 'description'>;

export interface GoogleCalendarEntry {
  /** Canonical: never `primary`. */
  readonly id: string;
  readonly name: string;
  /** IANA */
  readonly zone: string;
  readonly primary: boolean;
  readonly writable: boolean;
}

export interface Changes {
  readonly events: readonly GoogleEvent[];
  /** Asks for the changes since. */
  readonly token: string;
}

/** How long an answer may take. */
export interface Patience {
  readonly timeoutMs: number;
}

/**
 * One account's calendars. Every call is one attempt, or one for each page; it rejects with `not_configured` when Google refuses
 * us until the owner does something (consent withdrawn, calendar no longer shared), with `vendor_failed` when trying
 * again may help. Neither says more than a status and Google's word for the reason.
 */
export interface GoogleCalls {
  /** The address of the account, where it is known without asking. */
  readonly account: string;
  listCalendars(patience: Patience): Promise<readonly GoogleCalendarEntry[]>;
  /** A calendar by any of its names. */
  describe(calendarId: string, patience: Patience): Promise<GoogleCalendarEntry>;
  /** When the calendars are busy. A calendar that cannot be read is a failure, never a free one. */
  freeBusy(
    calendarIds: readonly string[],
    window: Interval,
    patience: Patience,
  ): Promise<ReadonlyMap<string, readonly Interval[]>>;
  /** What touches the window, repetitions as single events. */
  list(calendarId: string, window: Interval, patience: Patience): Promise<Changes>;
  /** What has changed since; undefined when Google has forgotten the token. */
  listChanges(calendarId: string, token: string, patience: Patience): Promise<Changes | undefined>;
  /** Undefined where there has never been such an event. */
  get(calendarId: string, id: string, patience: Patience): Promise<GoogleEvent | undefined>;
  /** `exists`: an event has this id already, ours or not. */
  insert(calendarId: string, event: NewEvent, patience: Patience): Promise<GoogleEvent | 'exists'>;
  /** Changes what is given. `changed`: it has another etag by now; `gone`: there is no such event. */
  change(
    calendarId: string,
    event: { readonly id: string; readonly etag: string },
    change: EventChange,
    patience: Patience,
  ): Promise<GoogleEvent | 'changed' | 'gone'>;
  /** Resolves as well when it has gone already. */
  remove(calendarId: string, id: string, patience: Patience): Promise<void>;
}
