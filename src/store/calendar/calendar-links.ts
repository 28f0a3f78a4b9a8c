// Which calendar at Google a client's appointments go to, which others are watched, and how well that works.

import { newId } from '../../lib/ids.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface CalendarLink {
  readonly clientId: string;
  /** Our own id of the calendar. */
  readonly calendarId: string;
  /** Google's, canonical. */
  readonly googleId: string;
  /** With the client's own credentials, or with the account of this server. */
  readonly via: 'own' | 'fallback';
  readonly name: string;
  /** IANA, of the calendar. */
  readonly zone: string;
  readonly syncToken: string | null;
  readonly copiedUntil: Date | null;
  readonly copiedAt: Date | null;
  readonly syncedAt: Date | null;
  readonly failingSince: Date | null;
  readonly brokenAt: Date | null;
  /** Google's word for what is wrong. */
  readonly fault: string | null;
}

export interface WatchedCalendar {
  readonly googleId: string;
  /** The one chair or person that it keeps busy; null for all. */
  readonly resource: number | null;
}

export interface NewLink extends Pick<
  CalendarLink,
  'clientId' | 'googleId' | 'via' | 'name' | 'zone'
> {
  readonly watched: readonly WatchedCalendar[];
}

export async function findCalendarLink(
  sql: Sql,
  clientId: string,
): Promise<CalendarLink | undefined> {
  const [row] = await idempotent(
    () => sql<CalendarLink[]>`
      SELECT ${columns(sql)} FROM calendar_links l JOIN calendars c ON c.id = l.calendar_id
      WHERE l.client_id = ${clientId}`,
  );
  return row;
}

/**
 * Links a client to a calendar in the place of what it had, its own built-in one or another of Google's. Appointments to
 * come go along; how many found no room there is told.
 */
export async function linkCalendar(
  sql: Sql,
  link: NewLink,
  nowMs: number,
): Promise<{ readonly moved: number; readonly leftOver: number }> {
  const { clientId, googleId, via, name, zone } = link;
  return idempotent(() =>
    sql.begin(async (tx) => {
      const [calendar] = await tx<{ id: string }[]>`
        INSERT INTO calendars (id, google_id) VALUES (${newId(nowMs)}, ${googleId})
        ON CONFLICT (google_id) DO UPDATE SET google_id = excluded.google_id RETURNING id`;
      const [before] = await tx<{ id: string }[]>`
        SELECT coalesce((SELECT calendar_id FROM calendar_links WHERE client_id = ${clientId}),
          (SELECT id FROM calendars WHERE client_id = ${clientId})) AS id`;
      const id = calendar!.id;
      await tx`
        INSERT INTO calendar_links (client_id, calendar_id, via, name, zone)
        VALUES (${clientId}, ${id}, ${via}, ${name.slice(0, 1000)}, ${zone})
        ON CONFLICT (client_id) DO UPDATE SET calendar_id = excluded.calendar_id, via = excluded.via,
          name = excluded.name, zone = excluded.zone, sync_token = NULL, copied_until = NULL, copied_at = NULL,
          synced_at = NULL, sync_due_at = clock_timestamp(), failing_since = NULL, broken_at = NULL, fault = NULL`;
      await tx`DELETE FROM google_busy WHERE client_id = ${clientId}`;
      await tx`DELETE FROM watched_calendars WHERE client_id = ${clientId}`;
      for (const each of link.watched) {
        await tx`
          INSERT INTO watched_calendars (client_id, google_id, resource)
          VALUES (${clientId}, ${each.googleId}, ${each.resource})`;
      }
      const [adopted] = await tx<{ moved: number; leftOver: number }[]>`
        SELECT moved, left_over AS "leftOver"
        FROM calendar_adopt(${clientId}, coalesce(${before!.id}::uuid, ${id}), ${id})`;
      await tx`INSERT INTO resources (calendar_id, number) VALUES (${id}, 0) ON CONFLICT DO NOTHING`;
      return adopted!;
    }),
  );
}

/** Back to the built-in calendar `calendarId`, with all appointments to come. False when there was no link. */
export async function unlinkCalendar(
  sql: Sql,
  clientId: string,
  calendarId: string,
): Promise<boolean> {
  return idempotent(() =>
    sql.begin(async (tx) => {
      const [link] = await tx<{ calendarId: string }[]>`
        DELETE FROM calendar_links WHERE client_id = ${clientId} RETURNING calendar_id AS "calendarId"`;
      await tx`DELETE FROM google_busy WHERE client_id = ${clientId}`;
      await tx`DELETE FROM watched_calendars WHERE client_id = ${clientId}`;
      if (!link) return false;
      await tx`SELECT moved FROM calendar_adopt(${clientId}, ${link.calendarId}, ${calendarId})`;
      return true;
    }),
  );
}

export async function listWatched(sql: Sql, clientId: string): Promise<WatchedCalendar[]> {
  return idempotent(
    () => sql<WatchedCalendar[]>`
      SELECT google_id AS "googleId", resource FROM watched_calendars
      WHERE client_id = ${clientId} ORDER BY google_id`,
  );
}

/** Google refuses us until the owner does something. True for the first to notice. */
export async function breakLink(sql: Sql, clientId: string, fault: string): Promise<boolean> {
  const rows = await idempotent(
    () => sql`
      UPDATE calendar_links SET broken_at = clock_timestamp(), fault = ${fault.slice(0, 200)}
      WHERE client_id = ${clientId} AND broken_at IS NULL RETURNING 1`,
  );
  return rows.length > 0;
}

/** Google did not answer, or could not. Gives the time since when. */
export async function noteLinkFailure(
  sql: Sql,
  clientId: string,
  fault: string,
): Promise<Date | undefined> {
  const [row] = await idempotent(
    () => sql<{ since: Date }[]>`
      UPDATE calendar_links SET failing_since = coalesce(failing_since, clock_timestamp()),
        fault = ${fault.slice(0, 200)}
      WHERE client_id = ${clientId} RETURNING failing_since AS since`,
  );
  return row?.since;
}

/** The links that are due, each given to one asker; due again after `syncMs`, or `brokenMs` where Google refuses us. */
export async function claimDueLinks(
  sql: Sql,
  { limit, syncMs, brokenMs }: { limit: number; syncMs: number; brokenMs: number },
): Promise<string[]> {
  const rows = await idempotent(
    () => sql<{ clientId: string }[]>`
      UPDATE calendar_links SET sync_due_at = clock_timestamp() + make_interval(
        secs => CASE WHEN broken_at IS NULL THEN ${syncMs}::float8 ELSE ${brokenMs}::float8 END / 1000)
      WHERE client_id IN (
        SELECT l.client_id FROM calendar_links l JOIN clients c ON c.id = l.client_id
        WHERE l.sync_due_at <= clock_timestamp() AND c.deleted_at IS NULL
        ORDER BY l.sync_due_at LIMIT ${limit} FOR NO KEY UPDATE OF l SKIP LOCKED)
      RETURNING client_id AS "clientId"`,
  );
  return rows.map((row) => row.clientId);
}

/** Makes a link due that was last read longer than `ageMs` ago; the next asker gets it. */
export async function hastenLink(sql: Sql, clientId: string, ageMs: number): Promise<boolean> {
  const rows = await idempotent(
    () => sql`
      UPDATE calendar_links SET sync_due_at = clock_timestamp()
      WHERE client_id = ${clientId} AND broken_at IS NULL
        AND coalesce(synced_at, '-infinity') < clock_timestamp() - make_interval(secs => ${ageMs / 1000}::float8)
      RETURNING 1`,
  );
  return rows.length > 0;
}

/** Whether the client's owner has proved at Google that this address is theirs. */
export async function ownsAddress(sql: Sql, clientId: string, address: string): Promise<boolean> {
  const rows = await idempotent(
    () => sql`
      SELECT 1 FROM clients c JOIN users u ON u.id = c.owner_id
      WHERE c.id = ${clientId} AND u.google_subject IS NOT NULL AND lower(u.email) = lower(${address})`,
  );
  return rows.length > 0;
}

function columns(sql: Sql) {
  return sql`l.client_id AS "clientId", l.calendar_id AS "calendarId", c.google_id AS "googleId", l.via, l.name, l.zone,
    l.sync_token AS "syncToken", l.copied_until AS "copiedUntil", l.copied_at AS "copiedAt",
    l.synced_at AS "syncedAt", l.failing_since AS "failingSince", l.broken_at AS "brokenAt", l.fault`;
}
