// A business in a test database whose calendar is at the Google stand-in, and everything that looks after it.

import { GOOGLE_CLIENT_ID, startGoogle } from '../../../sandbox/vendors/google/google.ts';
import type { GoogleOptions, GoogleStandIn } from '../../../sandbox/vendors/google/google.ts';
import { CalendarConnecting } from '../../../src/calendar/google/connecting.ts';
import { GoogleAccounts } from '../../../src/calendar/google/google-accounts.ts';
import { googleEndpoints } from '../../../src/calendar/google/google-endpoints.ts';
import type { GoogleCalls } from '../../../src/calendar/google/google-calls.ts';
import { openClientCalendar } from '../../../src/calendar/open-calendar.ts';
import { calendarTimers, reconcile, syncLink } from '../../../src/calendar/google/reconciler.ts';
import type { CalendarTimers } from '../../../src/calendar/google/reconciler.ts';
import type { Calendar } from '../../../src/calendar/types.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { AppError } from '../../../src/lib/errors.ts';
import { openLog } from '../../../src/lib/log.ts';
import { openSealer } from '../../../src/lib/sealing.ts';
import type { OpeningHours } from '../../../src/store/clients/opening-hours.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { bookingClient } from './booking-client.ts';
import { VirtualClock } from '../clock.ts';
import { openTestDatabase } from '../database/database.ts';
import { consentedToken, GOOGLE_KEY, OWNER } from './google.ts';

/** What credentials are sealed with here. */
export const SEALING_KEY = 'a sealing key of the tests, which is long enough';

export interface LinkedClient {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly clientId: string;
  readonly connection: string;
  readonly google: GoogleStandIn;
  readonly connecting: CalendarConnecting;
  readonly refreshToken: string;
  /** Lines of the log, parsed. */
  readonly log: Record<string, unknown>[];
  open(): Promise<Calendar>;
  /** What the calendar is made of, for a call of a test's own. */
  openFor(parts: { sql: Sql; clock: Clock }, clientId: string): Promise<Calendar>;
  /** One round of the reconciler. */
  reconcile(): Promise<void>;
  /** Whether Google has answered. */
  sync(): Promise<boolean>;
  /** What waits for its time need wait no longer. */
  due(): Promise<void>;
  /** The owner connects the calendar anew. */
  reconnect(): Promise<void>;
}

export interface LinkedClientOptions {
  readonly clock?: Clock;
  readonly google?: Partial<GoogleOptions>;
  readonly standIn?: GoogleStandIn;
  readonly hours?: Partial<OpeningHours> & { zone?: string };
  readonly timers?: Partial<CalendarTimers>;
  /** Instead of a database of its own. */
  readonly connection?: string;
  readonly clientId?: string;
  /** Puts something between us and Google. */
  readonly wrap?: (calls: GoogleCalls) => GoogleCalls;
  /** False leaves the client without a calendar. */
  readonly link?: boolean;
}

/** Closed with the test. */
export async function startLinkedClient(
  t: { after(act: () => Promise<void>): void },
  options: LinkedClientOptions = {},
): Promise<LinkedClient> {
  const { clock = new VirtualClock(), wrap = (calls: GoogleCalls) => calls } = options;
  const stack = new AsyncDisposableStack();
  t.after(() => stack.disposeAsync());
  const { connection, database } = await openTestDatabase(stack, options.connection);
  const sql = database.general;
  const google =
    options.standIn ?? (await startGoogle({ key: GOOGLE_KEY, clock, ...options.google }));
  if (!options.standIn) stack.defer(() => google.close());
  const lines: Record<string, unknown>[] = [];
  const log = openLog({
    level: 'debug',
    pii: false,
    write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const accounts = new GoogleAccounts({
    sql,
    clock,
    log,
    sealer: openSealer([SEALING_KEY]),
    endpoints: googleEndpoints(google.url),
    client: { clientId: GOOGLE_CLIENT_ID, clientSecret: GOOGLE_KEY },
    fallback: undefined,
    redirectUri: 'http://127.0.0.1:1/back',
  });
  const connecting = new CalendarConnecting({ sql, clock, log, accounts });
  const parts = {
    sql,
    clock,
    log,
    async openAccount(client: string) {
      const account = await accounts.open(client);
      if (!account) throw new AppError('not_configured', 'google: no account');
      return { ...account, calls: wrap(account.calls) };
    },
    sync: () => {},
  };
  const clientId = options.clientId ?? (await bookingClient(sql, options.hours));
  const refreshToken = options.clientId === undefined ? await consentedToken(google) : '';
  if (options.link !== false && options.clientId === undefined) {
    await connecting.connectOauth(clientId, refreshToken);
  }
  const timers = { ...calendarTimers, ...options.timers };
  return {
    sql,
    clock,
    clientId,
    connection,
    google,
    connecting,
    refreshToken,
    log: lines,
    open: () => openClientCalendar(parts, clientId),
    openFor: (given, client) => openClientCalendar({ ...parts, ...given }, client),
    reconcile: () => reconcile({ ...parts, timers }),
    sync: () => syncLink(parts, clientId),
    async due() {
      await sql`UPDATE bookings SET retry_at = NULL, hold_until = clock_timestamp() - interval '1 second'
        WHERE status = 'held' OR event_due IS NOT NULL`;
    },
    async reconnect() {
      await connecting.connectOauth(clientId, await consentedToken(google));
    },
  };
}

/** The owner's main calendar. */
export function diaryOf({ google }: Pick<LinkedClient, 'google'>) {
  return google.diary(OWNER);
}
