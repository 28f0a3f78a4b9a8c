// The businesses as their owners see and change them. A deleted one is nobody's; another owner's does not exist.

import { AppError } from '../../lib/errors.ts';
import { callColumns } from './clients.ts';
import type { Client } from './clients.ts';
import { keyText, toPage, COUNTED_MAX } from '../database/keyset.ts';
import type { Page, PageQuery } from '../database/keyset.ts';
import { writeOpeningHours } from './opening-hours.ts';
import type { BookingTimes, OpenRange, OpeningHours, SpecialDay } from './opening-hours.ts';
import { changedNow, namedColumns } from '../database/named-columns.ts';
import type { Change, Columns } from '../database/named-columns.ts';
import { containing, containingNumber } from '../database/search-text.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent, sqlState, violatedConstraint } from '../database/store-error.ts';

/** Whose rows: one owner's, or everybody's for those who may see all. */
export interface Reach {
  /** Undefined for all. */
  readonly ownerId: string | undefined;
}

/** What an owner may set: what a call needs, and what happens beside it. */
export interface ClientSettings extends Omit<
  Client,
  'id' | 'ownerId' | 'auditFailedAt' | 'peopleNames'
> {
  readonly calendarId: string;
  readonly alertBelowSeconds: number | null;
  readonly alertEmail: string | null;
  /** How long before an appointment the caller is reminded; null for never. */
  readonly remindHours: number | null;
}

export interface OwnedClient extends ClientSettings, BookingTimes {
  readonly id: string;
  readonly ownerId: string;
  /** Without what running calls have used up to their last beat. */
  readonly liveSeconds: number;
  /** The sum of the ledger. */
  readonly balanceSeconds: number;
  readonly debtSeconds: number;
  readonly runningCalls: number;
  readonly auditFailedAt: Client['auditFailedAt'];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly weekly: readonly (OpenRange & { readonly weekday: number })[];
  readonly specialDays: readonly SpecialDay[];
}

/** The clients within reach, newest first; with `search` those that have it in their name or number. */
export async function listClients(
  sql: Sql,
  reach: Reach,
  { limit, offset, after }: PageQuery,
  search?: string,
): Promise<Page<OwnedClient>> {
  return idempotent(async () => {
    const found =
      search !== undefined &&
      sql`AND (name ILIKE ${containing(search)} OR phone_number LIKE ${containingNumber(search)})`;
    const where = sql`deleted_at IS NULL ${mine(sql, reach)} ${found || sql``}`;
    const rows = await sql<(OwnedClient & { key: string })[]>`
      SELECT ${columns(sql)}, ${keyText(sql, sql`c.created_at`)} AS key
      FROM (
        SELECT * FROM clients WHERE ${where}
          ${after ? sql`AND (created_at, id) < (${after.at}::text::timestamptz, ${after.id}::uuid)` : sql``}
        ORDER BY created_at DESC, id DESC LIMIT ${limit + 1} OFFSET ${offset}
      ) c ${joins(sql)}
      ORDER BY c.created_at DESC, c.id DESC`;
    const [{ total }] = await sql<[{ total: number }]>`
      SELECT count(*) AS total FROM (SELECT 1 FROM clients WHERE ${where} LIMIT ${COUNTED_MAX}) counted`;
    return toPage(rows, total, limit);
  });
}

export async function findOwnedClient(
  sql: Sql,
  reach: Reach,
  id: string,
): Promise<OwnedClient | undefined> {
  const [row] = await idempotent(
    () => sql<OwnedClient[]>`
      SELECT ${columns(sql)} FROM clients c ${joins(sql)}
      WHERE c.id = ${id} AND c.deleted_at IS NULL ${mine(sql, reach)}`,
  );
  return row;
}

/** Whether the client is within reach: what every route below a client asks first. */
export async function reachesClient(sql: Sql, reach: Reach, id: string): Promise<boolean> {
  const rows = await idempotent(
    () => sql`SELECT 1 FROM clients WHERE id = ${id} AND deleted_at IS NULL ${mine(sql, reach)}`,
  );
  return rows.length > 0;
}

export interface NewOwnedClient extends ClientSettings {
  readonly id: string;
  readonly ownerId: string;
}

/** Adds a client with its hours and no balance. Throws `invalid` naming the field when the number is taken. */
export async function insertClient(
  sql: Sql,
  client: NewOwnedClient,
  hours: OpeningHours,
): Promise<void> {
  const { id, ownerId, ...settings } = client;
  await namingNumber(() =>
    sql.begin(async (tx) => {
      const row = { id, owner_id: ownerId, ...toRow(tx, settings) };
      await tx`INSERT INTO clients ${tx(row)}`;
      await writeOpeningHours(tx, id, hours);
    }),
  );
}

/** Changes what is given. False when there is no such client within reach. Throws `invalid` when the number is taken. */
export async function updateClient(
  sql: Sql,
  reach: Reach,
  id: string,
  {
    settings,
    hours,
  }: { settings: Partial<ClientSettings>; hours: Change<OpeningHours> | undefined },
): Promise<boolean> {
  return namingNumber(() =>
    sql.begin(async (tx) => {
      const row = { ...toRow(tx, settings), ...changedNow(tx) };
      const found = await tx`
        UPDATE clients SET ${tx(row)}
        WHERE id = ${id} AND deleted_at IS NULL ${mine(tx, reach)} RETURNING id`;
      if (found.length === 0) return false;
      if (hours) await writeOpeningHours(tx, id, hours);
      if (settings.recordingDays !== undefined) await keepShorter(tx, id, settings.recordingDays);
      return true;
    }),
  );
}

/** What is kept already goes earlier when owners shorten the time, but never stays longer than its callers were promised. */
async function keepShorter(tx: SqlRunner, clientId: string, days: number): Promise<void> {
  const until = tx`started_at + make_interval(days => ${days})`;
  await tx`UPDATE recordings SET keep_until = ${until} WHERE client_id = ${clientId} AND keep_until > ${until}`;
}

/** Refuses new calls from now on and gives the number back. What was theirs is erased in the background; what was paid stays in the books. */
export async function deleteClient(sql: Sql, reach: Reach, id: string): Promise<boolean> {
  const rows = await idempotent(
    () => sql`
      UPDATE clients SET deleted_at = clock_timestamp(), is_active = false, updated_at = clock_timestamp()
      WHERE id = ${id} AND deleted_at IS NULL ${mine(sql, reach)} RETURNING id`,
  );
  return rows.length > 0;
}

/** For the statements of other files about what belongs to a client: `AND owner_id = …`, of the table `clients`. */
export function mine(sql: SqlRunner, { ownerId }: Reach) {
  return ownerId === undefined ? sql`` : sql`AND owner_id = ${ownerId}`;
}

function toRow(sql: SqlRunner, settings: Partial<ClientSettings>): Columns {
  const { pronunciations } = settings;
  return namedColumns({
    ...settings,
    pronunciations: pronunciations && sql.json(pronunciations as never),
  });
}

async function namingNumber<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await idempotent(act);
  } catch (error) {
    if (sqlState(error) === '23505' && violatedConstraint(error) === 'clients_phone_number') {
      const fields = { phone_number: ['Another client has this number.'] };
      throw new AppError('invalid', 'a phone number is taken', { cause: error, fields });
    }
    throw error;
  }
}

function columns(sql: Sql) {
  return sql`
    ${callColumns(sql)}, c.calendar_id AS "calendarId", c.alert_below_seconds AS "alertBelowSeconds",
    c.alert_email AS "alertEmail", c.remind_hours AS "remindHours",
    c.balance_seconds AS "balanceSeconds", c.debt_seconds AS "debtSeconds",
    c.balance_seconds - live.used AS "liveSeconds", live.running AS "runningCalls",
    c.created_at AS "createdAt", c.updated_at AS "updatedAt",
    coalesce(r.slot_minutes, 30) AS "slotMinutes", coalesce(r.buffer_before_minutes, 0) AS "bufferBeforeMinutes",
    coalesce(r.buffer_after_minutes, 0) AS "bufferAfterMinutes", coalesce(r.lead_minutes, 60) AS "leadMinutes",
    coalesce(r.horizon_days, 60) AS "horizonDays",
    coalesce((
      SELECT jsonb_agg(jsonb_build_object('weekday', h.weekday, 'opens', to_char(h.opens, 'HH24:MI'),
        'closes', to_char(h.closes, 'HH24:MI')) ORDER BY h.weekday, h.opens)
      FROM opening_hours h WHERE h.client_id = c.id), '[]') AS weekly,
    coalesce((
      SELECT jsonb_agg(jsonb_build_object('date', d.day::text, 'name', d.name, 'hours', coalesce((
          SELECT jsonb_agg(jsonb_build_object('opens', to_char(s.opens, 'HH24:MI'),
            'closes', to_char(s.closes, 'HH24:MI')) ORDER BY s.opens)
          FROM special_hours s WHERE s.client_id = d.client_id AND s.day = d.day), '[]')) ORDER BY d.day)
      FROM special_days d WHERE d.client_id = c.id), '[]') AS "specialDays"`;
}

function joins(sql: Sql) {
  return sql`
    LEFT JOIN booking_rules r ON r.client_id = c.id
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(l.used_seconds), 0)::bigint AS used, count(*) AS running
      FROM call_leases l WHERE l.client_id = c.id AND l.state = 'active'
    ) live`;
}

/** The calendar that the owner has named for the client; empty when none. Undefined when there is no such client. */
export async function findClientCalendarWish(
  sql: Sql,
  clientId: string,
): Promise<string | undefined> {
  const [row] = await idempotent(
    () => sql<{ wish: string }[]>`
      SELECT calendar_id AS wish FROM clients WHERE id = ${clientId} AND deleted_at IS NULL`,
  );
  return row?.wish;
}

export async function saveClientCalendarWish(
  sql: Sql,
  clientId: string,
  wish: string,
): Promise<void> {
  await idempotent(() => sql`UPDATE clients SET calendar_id = ${wish} WHERE id = ${clientId}`);
}
