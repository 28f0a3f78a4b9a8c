// Clients' calendars put together: accounts at Google, the messages about appointments, and who looks after both.

import { CalendarConnecting } from '../calendar/google/connecting.ts';
import { GoogleAccounts } from '../calendar/google/google-accounts.ts';
import { googleEndpoints } from '../calendar/google/google-endpoints.ts';
import { invitationToken } from '../calendar/messages/invitation.ts';
import { openClientCalendar } from '../calendar/open-calendar.ts';
import {
  calendarTimers,
  reconcile,
  runReconciler,
  syncLink,
} from '../calendar/google/reconciler.ts';
import type { CalendarTimers } from '../calendar/google/reconciler.ts';
import { parseServiceAccount } from '../calendar/google/service-account.ts';
import type { ServiceAccount } from '../calendar/google/service-account.ts';
import type { Calendar } from '../calendar/types.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Sealer } from '../lib/sealing.ts';
import { anyCalendarCredentials } from '../store/calendar/calendar-credentials.ts';
import type { Sql } from '../store/database/sql.ts';

export interface CalendarsParts {
  readonly config: Config;
  /** The pool for everything but calls. */
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly sealer: Sealer;
  /** Signs the addresses of invitations and feeds. */
  readonly secret: string;
  readonly timers?: CalendarTimers | undefined;
}

export interface Calendars {
  readonly connecting: CalendarConnecting;
  /** Where a caller can have an appointment for their own calendar. */
  readonly invitationUrl: (bookingId: string) => string;
  /** The calendar that a client has, on the pool that its caller uses. */
  open(sql: Sql, clientId: string): Promise<Calendar>;
  /** Reads what is new at Google, in the background. */
  sync(clientId: string): void;
  /** The owner has named another calendar: links it, if that may be. Never rejects. */
  named(clientId: string): Promise<void>;
  /** Takes the consent back and forgets what opened the calendars. Never rejects. */
  part(clientId: string): Promise<void>;
  /** Runs until the signal aborts; then resolves. */
  run(signal: AbortSignal): Promise<void>;
}

export function openCalendars(parts: CalendarsParts): Calendars {
  const { config, sql, clock, log, sealer, secret, timers = calendarTimers } = parts;
  const { clientId, clientSecret, url } = config.google;
  const accounts = new GoogleAccounts({
    sql,
    clock,
    log,
    sealer,
    endpoints: googleEndpoints(url),
    client: clientId && clientSecret ? { clientId, clientSecret } : undefined,
    fallback: fallbackOf(config),
    redirectUri: `${config.publicUrl}/api/calendar/oauth/callback`,
  });
  const google = {
    sql,
    clock,
    log,
    async openAccount(client: string) {
      const account = await accounts.open(client);
      if (!account) throw new AppError('not_configured', 'google: no account');
      void accounts.noteUse(client);
      return account;
    },
  };
  const connecting = new CalendarConnecting({ sql, clock, log, accounts });
  const sync = (client: string) => void look(client);
  return {
    connecting,
    invitationUrl: (bookingId) => `${config.publicUrl}/i/${invitationToken(secret, bookingId)}`,
    open: (pool, client) => openClientCalendar({ ...google, sql: pool, sync }, client),
    sync,
    async named(client) {
      try {
        if (await connecting.followWish(client)) await look(client);
      } catch (error) {
        log.warn('a calendar that was named could not be linked', { clientId: client, error });
      }
    },
    async part(client) {
      try {
        await connecting.disconnect(client);
      } catch (error) {
        log.warn('a calendar could not be parted from', { clientId: client, error });
      }
    },
    run: (signal) => runReconciler({ ...google, timers }, signal),
  };

  /** And tells Google what it has to be told: whoever has just connected is watching. */
  async function look(client: string): Promise<void> {
    try {
      if (await syncLink(google, client)) await reconcile({ ...google, timers });
    } catch (error) {
      log.warn('appointments could not be looked after', { clientId: client, error });
    }
  }
}

/** Google's package takes a tenth of a second to load: better now than in a call. */
export async function loadGoogle(config: Config, sql: Sql): Promise<void> {
  const { clientId, serviceAccountJson } = config.google;
  const needed = clientId !== undefined || serviceAccountJson !== undefined;
  if (needed || (await anyCalendarCredentials(sql)))
    await import('../calendar/google/google-api.ts');
}

function fallbackOf({ google }: Config): ServiceAccount | undefined {
  if (google.serviceAccountJson === undefined) return undefined;
  try {
    return parseServiceAccount(google.serviceAccountJson);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new AppError('config_invalid', `GOOGLE_SERVICE_ACCOUNT_JSON: ${reason}`);
  }
}
