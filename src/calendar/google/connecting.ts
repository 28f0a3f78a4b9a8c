// How owners connect a calendar, choose what is written to and watched, and part from it; and how well it goes.

import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import {
  findCalendarLink,
  linkCalendar,
  listWatched,
  ownsAddress,
  unlinkCalendar,
} from '../../store/calendar/calendar-links.ts';
import type { CalendarLink, WatchedCalendar } from '../../store/calendar/calendar-links.ts';
import { notifyOwner } from '../../store/clients/notices.ts';
import {
  countWaitingBookings,
  listWrittenBookings,
} from '../../store/calendar/unfinished-bookings.ts';
import {
  findClientCalendarWish,
  saveClientCalendarWish,
} from '../../store/clients/owned-clients.ts';
import { ensureCalendar } from '../../store/clients/opening-hours.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { GoogleAccounts, OpenAccount } from './google-accounts.ts';
import type { GoogleCalendarEntry, GoogleCalls } from './google-calls.ts';
import { isBroken } from './google-faults.ts';
import { eventIdOf } from './outside-event.ts';
import type { ServiceAccount } from './service-account.ts';

const PATIENCE = { timeoutMs: 8000 };

/** `choose`: an account is there, but no calendar to write to yet. */
export type ConnectionState = 'not_connected' | 'choose' | 'connected' | 'unreachable' | 'broken';

export interface ConnectionStatus {
  readonly hasCredentials: boolean;
  readonly credentialType: 'oauth' | 'service_account' | null;
  readonly createdAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly fallbackAvailable: boolean;
  /** Whom to share a calendar with, so that the account of this server can write to it. */
  readonly fallbackAccount: string | null;
  readonly state: ConnectionState;
  readonly via: 'own' | 'fallback' | null;
  readonly account: string | null;
  readonly calendar: { readonly id: string; readonly name: string; readonly zone: string } | null;
  readonly watched: readonly WatchedCalendar[];
  readonly syncedAt: Date | null;
  readonly failingSince: Date | null;
  readonly fault: string | null;
  /** Appointments that Google has not been told of yet. */
  readonly waiting: number;
}

export interface ConnectingParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly accounts: GoogleAccounts;
}

export interface CalendarChoice {
  /** Any of its names. */
  readonly write: string;
  readonly watch: readonly { readonly id: string; readonly resource: number | null }[];
}

export class CalendarConnecting {
  readonly accounts: GoogleAccounts;
  readonly #parts: ConnectingParts;

  constructor(parts: ConnectingParts) {
    this.#parts = parts;
    this.accounts = parts.accounts;
  }

  async status(clientId: string): Promise<ConnectionStatus> {
    const { sql } = this.#parts;
    const [found, link, watched, waiting] = await Promise.all([
      this.accounts.find(clientId),
      findCalendarLink(sql, clientId),
      listWatched(sql, clientId),
      countWaitingBookings(sql, clientId),
    ]);
    const { fallbackAddress = null } = this.accounts;
    return {
      hasCredentials: found !== undefined,
      credentialType: found?.kind ?? null,
      createdAt: found?.createdAt ?? null,
      lastUsedAt: found?.lastUsedAt ?? null,
      fallbackAvailable: fallbackAddress !== null,
      fallbackAccount: fallbackAddress,
      state: link ? stateOf(link) : found ? 'choose' : 'not_connected',
      via: link?.via ?? null,
      account: found?.account || null,
      calendar: link ? { id: link.googleId, name: link.name, zone: link.zone } : null,
      watched,
      syncedAt: link?.syncedAt ?? null,
      failingSince: link?.failingSince ?? null,
      fault: link?.fault ?? null,
      waiting,
    };
  }

  /** Stores a consent that Google has just confirmed, and links the calendar that the client wishes, or else the main one. */
  async connectOauth(clientId: string, refreshToken: string): Promise<void> {
    const calls = await this.accounts.tryOauth(refreshToken);
    const main = await calls.describe('primary', PATIENCE);
    await this.accounts.saveOauth(clientId, refreshToken, main.id);
    await this.accounts.noteUse(clientId);
    const wish = await findClientCalendarWish(this.#parts.sql, clientId);
    const entry = (wish && (await reachable(calls, wish))) || main;
    await this.#link(clientId, { via: 'own', calls }, entry, []);
  }

  /** Stores an account. Its calendar is linked if the client's wish is shared with it already; otherwise it is to be chosen. */
  async connectServiceAccount(clientId: string, given: ServiceAccount): Promise<void> {
    await this.accounts.saveServiceAccount(clientId, given);
    const wish = await findClientCalendarWish(this.#parts.sql, clientId);
    if (!wish || wish === 'primary') return;
    const account = await this.accounts.open(clientId);
    const entry = account && (await reachable(account.calls, wish).catch(() => undefined));
    if (entry) await this.#link(clientId, account, entry, []);
  }

  /** Also at Google; appointments to come stay, in the built-in calendar. False when there was nothing to part from. */
  async disconnect(clientId: string): Promise<boolean> {
    const { sql, clock } = this.#parts;
    const revoked = await this.accounts.revoke(clientId);
    const calendarId = await ensureCalendar(sql, clientId, clock.now());
    return (await unlinkCalendar(sql, clientId, calendarId)) || revoked;
  }

  /** Those of the client's own account; none where it has none, since the account of this server sees those of many. */
  async list(clientId: string): Promise<readonly GoogleCalendarEntry[]> {
    const account = await this.accounts.open(clientId);
    return account?.via === 'own' ? account.calls.listCalendars(PATIENCE) : [];
  }

  /**
   * Links the calendars that the owner has chosen. Throws `invalid` naming the field when one cannot be read or written
   * to. `lent`: an administrator lets the client use the account of this server; without it only for an address that the
   * owner has proved to be theirs, since that account sees the calendars of many owners.
   */
  async choose(clientId: string, choice: CalendarChoice, lent: boolean): Promise<void> {
    const { sql } = this.#parts;
    const account = await this.#account(clientId);
    const { via, calls } = account;
    const entry = await reachable(calls, choice.write);
    if (!entry) throw notReadable('write');
    if (via === 'fallback' && !lent) await this.#demandOwnership(clientId, entry.id, choice);
    if (!entry.writable) {
      throw invalidChoice('write', 'Frontdesk may read this calendar, but not write to it.');
    }
    const watched = choice.watch
      .map(({ id, resource }) => ({ googleId: id.toLowerCase(), resource }))
      .filter(({ googleId }) => googleId !== entry.id);
    if (watched.length > 0) {
      const nowMs = this.#parts.clock.now();
      const window = { startMs: nowMs, endMs: nowMs + 3_600_000 };
      const ids = watched.map(({ googleId }) => googleId);
      try {
        await calls.freeBusy(ids, window, PATIENCE);
      } catch (error) {
        if (isBroken(error)) throw notReadable('watch');
        throw error;
      }
    }
    await this.#link(clientId, account, entry, watched);
    await saveClientCalendarWish(sql, clientId, entry.id);
  }

  async #account(clientId: string) {
    const account = await this.accounts.open(clientId);
    if (account) return account;
    throw new AppError('conflict', 'no account at google', {
      publicMessage: 'No Google account is connected.',
    });
  }

  async #demandOwnership(clientId: string, id: string, { watch }: CalendarChoice): Promise<void> {
    for (const each of [id, ...watch.map((one) => one.id)]) {
      if (await ownsAddress(this.#parts.sql, clientId, each)) continue;
      throw new AppError('forbidden', 'the fallback account is not lent for this calendar', {
        publicMessage:
          'This calendar can be used with your own Google account, or once an administrator has set it up.',
      });
    }
  }

  /**
   * Links the calendar that the client's settings name, with what is watched now; false when there is nothing to change. An owner who
   * may not have it, or has not shared it, is told by a notice: nobody waits for the answer.
   */
  async followWish(clientId: string): Promise<boolean> {
    const { sql, clock } = this.#parts;
    const [wish, link, account, watched] = await Promise.all([
      findClientCalendarWish(sql, clientId),
      findCalendarLink(sql, clientId),
      this.accounts.open(clientId),
      listWatched(sql, clientId),
    ]);
    if (!wish || !account || wish.toLowerCase() === link?.googleId) return false;
    try {
      const watch = watched.map(({ googleId, resource }) => ({ id: googleId, resource }));
      await this.choose(clientId, { write: wish, watch }, false);
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await notifyOwner(sql, {
        clientId,
        kind: 'calendar_not_linked',
        severity: 'warning',
        text: 'The calendar that is named in the settings cannot be used: it is not shared with the connected account, or may not be written to.',
        dedupeKey: `calendar_not_linked:${clock.now()}`,
      });
      return false;
    }
  }

  /** Appointments to come go along; their events in the calendar before are taken out of it. */
  async #link(
    clientId: string,
    { via, calls }: OpenAccount,
    { id, name, zone }: GoogleCalendarEntry,
    watched: readonly WatchedCalendar[],
  ): Promise<void> {
    const { sql, clock, log } = this.#parts;
    const before = await findCalendarLink(sql, clientId);
    const moves = before !== undefined && before.googleId !== id;
    const written = moves ? await listWrittenBookings(sql, before) : [];
    await linkCalendar(sql, { clientId, googleId: id, via, name, zone, watched }, clock.now());
    for (const bookingId of written) {
      try {
        await calls.remove(before!.googleId, eventIdOf(bookingId), PATIENCE);
      } catch (error) {
        // Another account perhaps, which may not: the owner sees the event in both.
        log.warn('an event stays in the calendar before', { clientId, bookingId, error });
      }
    }
  }
}

function stateOf({ brokenAt, failingSince }: CalendarLink): ConnectionState {
  if (brokenAt) return 'broken';
  return failingSince ? 'unreachable' : 'connected';
}

/** Undefined when Google refuses to tell us of it. */
async function reachable(
  calls: GoogleCalls,
  calendarId: string,
): Promise<GoogleCalendarEntry | undefined> {
  try {
    return await calls.describe(calendarId, PATIENCE);
  } catch (error) {
    if (isBroken(error)) return undefined;
    throw error;
  }
}

function notReadable(field: string): AppError {
  return invalidChoice(field, 'There is no such calendar, or it is not shared with this account.');
}

function invalidChoice(field: string, text: string): AppError {
  return new AppError('invalid', `not valid: ${field}`, { fields: { [field]: [text] } });
}
