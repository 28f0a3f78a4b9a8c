// Google Calendar API v3 through Google's package: one attempt each, bounded in time, its answers reduced to times and ids.

import { auth, calendar } from '@googleapis/calendar';
import type { calendar_v3 } from '@googleapis/calendar';
import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type {
  Changes,
  GoogleCalendarEntry,
  GoogleCalls,
  GoogleEvent,
  Patience,
} from './google-calls.ts';
import { faultOf, googleError } from './google-faults.ts';
import type { GoogleEndpoints } from './google-endpoints.ts';
import { googleScopes } from './google-endpoints.ts';
import type { Interval } from '../hours.ts';

/** Pages of a list; more is no appointment calendar. */
const PAGES_MAX = 20;
const PAGE_SIZE = 2500;
const BOOKING_ID = 'booking_id';
const writers = new Set(['owner', 'writer']);

export type GoogleCredentials =
  | {
      readonly kind: 'oauth';
      readonly refreshToken: string;
      readonly clientId: string;
      readonly clientSecret: string;
    }
  | { readonly kind: 'service_account'; readonly email: string; readonly privateKey: string };

export interface GoogleApiParts {
  readonly clock: Clock;
  readonly credentials: GoogleCredentials;
  readonly endpoints: GoogleEndpoints;
  /** The account's address, empty when unknown. */
  readonly account: string;
  /** Google has given another refresh token in the place of ours. */
  readonly onRefreshToken?: (refreshToken: string) => void;
}

export function openGoogleApi(parts: GoogleApiParts): GoogleCalls {
  const { account, endpoints, clock } = parts;
  const proof = authOf(parts);
  const client = calendar({ version: 'v3', auth: proof, rootUrl: `${endpoints.api}/` });

  return {
    account,
    async listCalendars(patience) {
      const entries: GoogleCalendarEntry[] = [];
      await expecting([], patience, () =>
        eachPage(async (pageToken) => {
          const { data } = await client.calendarList.list({ ...pageToken }, once(patience));
          for (const each of data.items ?? []) entries.push(entryOf(each));
          return data.nextPageToken;
        }),
      );
      return entries;
    },
    describe,
    freeBusy: (ids, window, patience) =>
      expecting([], patience, () => freeBusy(ids, window, patience)),
    list(calendarId, { startMs, endMs }, patience) {
      const window = { timeMin: rfc3339(startMs), timeMax: rfc3339(endMs) };
      return expecting([], patience, () => read(calendarId, window, patience));
    },
    listChanges: (calendarId, syncToken, patience) =>
      expecting([410], patience, () => read(calendarId, { syncToken }, patience)).then((changes) =>
        changes === 410 ? undefined : changes,
      ),
    get: (calendarId, eventId, patience) =>
      expecting([404], patience, async () => {
        const { data } = await client.events.get({ calendarId, eventId }, once(patience));
        return eventOf(data, 'UTC');
      }).then((found) => (found === 404 ? undefined : found)),
    insert: (calendarId, event, patience) =>
      expecting([409], patience, async () => {
        const { id, bookingId, summary, description, zone } = event;
        const requestBody = {
          id,
          summary,
          description,
          ...timesOf(event, zone),
          extendedProperties: { private: { [BOOKING_ID]: bookingId } },
        };
        const request = { calendarId, sendUpdates: 'none', requestBody };
        return eventOf((await client.events.insert(request, once(patience))).data, zone);
      }).then((made) => (made === 409 ? 'exists' : made)),
    change: (calendarId, { id: eventId, etag }, change, patience) =>
      expecting([404, 410, 412], patience, async () => {
        const requestBody = 'zone' in change ? timesOf(change, change.zone) : change;
        const options = { ...once(patience), headers: { 'If-Match': etag } };
        const request = { calendarId, eventId, sendUpdates: 'none', requestBody };
        return eventOf((await client.events.patch(request, options)).data, 'UTC');
      }).then((done) => (done === 412 ? 'changed' : typeof done === 'number' ? 'gone' : done)),
    async remove(calendarId, eventId, patience) {
      await expecting([404, 410], patience, async () => {
        await client.events.delete({ calendarId, eventId, sendUpdates: 'none' }, once(patience));
      });
    },
  };

  async function describe(calendarId: string, patience: Patience): Promise<GoogleCalendarEntry> {
    const listed = await expecting([404, 403], patience, async () => {
      const { data } = await client.calendarList.get({ calendarId }, once(patience));
      return entryOf(data);
    });
    if (typeof listed === 'object') return listed;
    // A calendar that is only shared with an account is in nobody's list, and can be read all the same.
    const id = calendarId === 'primary' ? account : calendarId;
    const { data } = await expecting([], patience, () =>
      client.events.list({ calendarId: id, maxResults: 1 }, once(patience)),
    );
    return {
      id: id.toLowerCase(),
      name: data.summary ?? id,
      zone: data.timeZone ?? 'UTC',
      primary: false,
      writable: writers.has(data.accessRole ?? ''),
    };
  }

  async function freeBusy(ids: readonly string[], window: Interval, patience: Patience) {
    const requestBody = {
      timeMin: rfc3339(window.startMs),
      timeMax: rfc3339(window.endMs),
      items: ids.map((id) => ({ id })),
    };
    const { data } = await client.freebusy.query({ requestBody }, once(patience));
    return new Map(
      ids.map((id) => {
        const found = data.calendars?.[id];
        if (!found?.busy || (found.errors?.length ?? 0) > 0) {
          const reason = found?.errors?.[0]?.reason ?? 'missing';
          throw googleError({ status: reason === 'notFound' ? 404 : 500, reason });
        }
        return [id, found.busy.map((each) => intervalOf(each.start, each.end))] as const;
      }),
    );
  }

  async function read(calendarId: string, which: object, patience: Patience): Promise<Changes> {
    const events: GoogleEvent[] = [];
    let token = '';
    const request = { calendarId, singleEvents: true, maxResults: PAGE_SIZE, ...which };
    await eachPage(async (pageToken) => {
      const { data } = await client.events.list({ ...request, ...pageToken }, once(patience));
      for (const each of data.items ?? []) events.push(eventOf(each, data.timeZone ?? 'UTC'));
      token = data.nextSyncToken ?? token;
      return data.nextPageToken;
    });
    return { events, token };
  }

  /**
   * The result, or which of the expected statuses came instead. Google's own error never leaves this function. The proof
   * is made first: what is given up while it is being made was never sent.
   */
  async function expecting<T, Status extends number = never>(
    statuses: readonly Status[],
    { timeoutMs }: Patience,
    act: () => Promise<T>,
  ): Promise<T | Status> {
    const late = () => googleError({ status: undefined, reason: 'timeout' });
    try {
      await within(clock, timeoutMs, proof.getAccessToken(), late);
      return await within(clock, timeoutMs * 2, act(), late);
    } catch (error) {
      if (error instanceof AppError) throw error;
      const fault = faultOf(error);
      const known = statuses.find((each) => each === fault.status);
      if (known !== undefined) return known;
      throw googleError(fault);
    }
  }
}

async function eachPage(
  page: (pageToken: { pageToken?: string }) => Promise<string | null | undefined>,
): Promise<void> {
  let pageToken: string | null | undefined;
  for (let count = 0; count < PAGES_MAX; count += 1) {
    pageToken = await page(pageToken ? { pageToken } : {});
    if (!pageToken) return;
  }
  throw googleError({ status: undefined, reason: 'tooManyEvents' });
}

/** The package would try some requests again, and wait for an answer for ever. */
function once({ timeoutMs }: Patience) {
  return { timeout: timeoutMs, retry: false, retryConfig: { retry: 0 } };
}

function authOf({ credentials, endpoints, onRefreshToken }: GoogleApiParts) {
  if (credentials.kind === 'service_account') {
    const { email, privateKey: key } = credentials;
    const account = new auth.JWT({ email, key, scopes: [...googleScopes] });
    // The package knows one address for tokens and takes no other; what a key file says about it is never asked.
    if (endpoints.token !== TOKEN_URL) {
      account.transporter.interceptors.request.add({
        resolved: async (config) => {
          if (String(config.url).startsWith(TOKEN_URL)) config.url = new URL(endpoints.token);
          return config;
        },
      });
    }
    return account;
  }
  const { clientId, clientSecret, refreshToken } = credentials;
  const client = new auth.OAuth2({
    clientId,
    clientSecret,
    // Without it a token that was withdrawn before its time fails instead of being renewed.
    forceRefreshOnFailure: true,
    endpoints: { oauth2TokenUrl: endpoints.token, oauth2RevokeUrl: endpoints.revoke },
  });
  client.setCredentials({ refresh_token: refreshToken });
  client.on('tokens', ({ refresh_token: next }) => {
    if (next && next !== refreshToken) onRefreshToken?.(next);
  });
  return client;
}
const TOKEN_URL = 'https://oauth2.googleapis.com/token';

function entryOf(entry: calendar_v3.Schema$CalendarListEntry): GoogleCalendarEntry {
  return {
    id: (entry.id ?? '').toLowerCase(),
    name: entry.summaryOverride ?? entry.summary ?? '',
    zone: entry.timeZone ?? 'UTC',
    primary: entry.primary === true,
    writable: writers.has(entry.accessRole ?? ''),
  };
}

function eventOf(event: calendar_v3.Schema$Event, zone: string): GoogleEvent {
  const cancelled = event.status === 'cancelled';
  const { start, end } = event;
  const declined = event.attendees?.some((each) => each.self && each.responseStatus === 'declined');
  const transparent = event.transparency === 'transparent' || event.eventType === 'workingLocation';
  return {
    id: event.id ?? '',
    etag: event.etag ?? '',
    cancelled,
    createdMs: event.created ? Date.parse(event.created) : 0,
    interval: start && end ? intervalIn(start, end, zone) : undefined,
    blocks: !cancelled && !transparent && !declined && start !== undefined,
    bookingId: event.extendedProperties?.private?.[BOOKING_ID],
  };
}

function intervalIn(
  start: calendar_v3.Schema$EventDateTime,
  end: calendar_v3.Schema$EventDateTime,
  zone: string,
): Interval {
  if (start.date && end.date) {
    const midnight = (date: string) =>
      Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
    return { startMs: midnight(start.date), endMs: midnight(end.date) };
  }
  return intervalOf(start.dateTime, end.dateTime);
}

function intervalOf(start: string | null | undefined, end: string | null | undefined): Interval {
  const interval = { startMs: Date.parse(start ?? ''), endMs: Date.parse(end ?? '') };
  if (Number.isFinite(interval.startMs) && Number.isFinite(interval.endMs)) return interval;
  throw googleError({ status: undefined, reason: 'noTime' });
}

/** With the offset as well as the zone: either alone is ambiguous where clocks change. */
function timesOf({ startMs, endMs }: Interval, timeZone: string) {
  const at = (ms: number) => ({
    dateTime: Temporal.Instant.fromEpochMilliseconds(ms)
      .toZonedDateTimeISO(timeZone)
      .toString({ timeZoneName: 'never' }),
    timeZone,
  });
  return { start: at(startMs), end: at(endMs) };
}

function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}
