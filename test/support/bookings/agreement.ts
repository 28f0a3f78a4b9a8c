// Do our table and Google agree? One event for each appointment, at the same time, and none besides.

import { quietLog } from '../../../src/lib/log.ts';
import assert from 'node:assert/strict';
import type { Sql } from '../../../src/store/database/sql.ts';
import { tellBookingChanges } from '../../../src/delivery/tell.ts';
import { diaryOf } from './linked-client.ts';
import type { LinkedClient } from './linked-client.ts';

export interface BookingRow {
  readonly id: string;
  readonly status: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly due: string | null;
}

/** In the order of their making. */
export async function bookingsOf({ sql }: { readonly sql: Sql }): Promise<BookingRow[]> {
  return sql<BookingRow[]>`
    SELECT id, status, (extract(epoch FROM lower(shown)) * 1000)::float8 AS "startMs",
      (extract(epoch FROM upper(shown)) * 1000)::float8 AS "endMs", event_due AS due
    FROM bookings ORDER BY created_at`;
}

/** `count` confirmed appointments, nothing held or due, and at Google these and what others have put there. */
export async function assertAgreement(
  client: Pick<LinkedClient, 'sql' | 'google'>,
  count: number,
): Promise<void> {
  const rows = await bookingsOf(client);
  const confirmed = rows.filter(({ status }) => status === 'confirmed');
  assert.deepEqual(
    rows.filter(({ status, due }) => status === 'held' || due !== null),
    [],
  );
  assert.equal(confirmed.length, count);
  const ours = diaryOf(client).live.filter(
    (event) => event.extendedProperties?.private?.['booking_id'] !== undefined,
  );
  const at = (iso: string | undefined) => Date.parse(iso ?? '');
  assert.deepEqual(
    ours
      .map(({ id, start, end }) => [id, at(start.dateTime), at(end.dateTime)])
      .toSorted((a, b) => String(a[0]).localeCompare(String(b[0]))),
    confirmed
      .map(({ id, startMs, endMs }) => [id.replaceAll('-', ''), startMs, endMs])
      .toSorted((a, b) => String(a[0]).localeCompare(String(b[0]))),
  );
  const overlapping = await client.sql`
    SELECT 1 FROM bookings a JOIN bookings b ON a.calendar_id = b.calendar_id AND a.resource = b.resource
      AND a.id < b.id AND a.during && b.during
    WHERE a.status = 'confirmed' AND b.status = 'confirmed'`;
  assert.equal(overlapping.length, 0);
}

/** What callers were sent. */
export async function textsOf({ sql }: { readonly sql: Sql }): Promise<string[]> {
  await sql`UPDATE booking_changes SET at = at - interval '1 minute'`;
  await tellBookingChanges({ sql, log: quietLog }, (id) => `https://example.com/i/${id}`);
  const rows = await sql<
    { body: string }[]
  >`SELECT body FROM outbox WHERE kind = 'sms' ORDER BY created_at`;
  return rows.map(({ body }) => body);
}
