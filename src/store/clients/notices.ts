// What owners should know: told once for each reason, listed over all their clients, sent to a client's webhook as well.

import { COUNTED_MAX, keyText, toPage } from '../database/keyset.ts';
import type { Page, PageQuery } from '../database/keyset.ts';
import { enqueueSms, enqueueWebhook } from '../service/outbox.ts';
import { mine } from './owned-clients.ts';
import type { Reach } from './owned-clients.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export type Severity = 'info' | 'warning' | 'error';

export interface NewNotice {
  readonly clientId: string;
  /** For programs, such as `calendar_disconnected`: letters, digits, dots and underscores. */
  readonly kind: string;
  readonly severity: Severity;
  /** For people, at most 1000 characters. */
  readonly text: string;
  /** The same key is told once for each client: name in it what has to happen anew for the owner to hear of it again. */
  readonly dedupeKey: string;
  /** Ids and figures for programs; no secrets. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Notice {
  readonly id: string;
  readonly clientId: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly readAt: Date | null;
  readonly createdAt: Date;
}

/** What an owner should know before they look at the dashboard again: also goes to the numbers that get texts. */
const texted: ReadonlySet<string> = new Set(['balance_low', 'missed_caller']);

/** Tells the owner, within the caller's transaction if `sql` is one. False when that was told before, and of a deleted client. */
export async function notifyOwner(sql: SqlRunner, notice: NewNotice): Promise<boolean> {
  const { clientId, kind, severity, text, dedupeKey, data = {} } = notice;
  const [row] = await sql<Notice[]>`
    INSERT INTO notices (client_id, kind, severity, text, data, dedupe_key)
    SELECT id, ${kind}, ${severity}, left(${text}, 1000), ${data}::jsonb, ${dedupeKey}
    FROM clients WHERE id = ${clientId} AND deleted_at IS NULL
    ON CONFLICT (client_id, dedupe_key) DO NOTHING
    RETURNING id, data, created_at AS "createdAt"`;
  if (!row) return false;
  if (texted.has(kind)) await textOwner(sql, { ...notice, id: row.id });
  // About a webhook that fails nothing is sent to it.
  if (kind === 'webhook_failed') return true;
  await enqueueWebhook(sql, {
    clientId,
    event: 'notice.created',
    data: { id: row.id, kind, severity, text, data },
    dedupeKey: `notice:${row.id}`,
  });
  return true;
}

async function textOwner(
  sql: SqlRunner,
  { id, clientId, text }: Pick<NewNotice, 'clientId' | 'text'> & { readonly id: string },
): Promise<void> {
  const [client] = await sql<{ name: string; numbers: readonly string[] }[]>`
    SELECT c.name, s.notify_numbers AS numbers FROM clients c JOIN line_settings s ON s.client_id = c.id
    WHERE c.id = ${clientId}`;
  for (const to of client?.numbers ?? []) {
    const body = `${client!.name}: ${text}`;
    const dedupeKey = `notice:${id}:${to}`;
    await enqueueSms(sql, { clientId, to, body, event: 'notice.created', dedupeKey });
  }
}

export interface NoticeFilter {
  readonly clientId?: string | undefined;
  readonly unread?: boolean | undefined;
}

/** Newest first, of all clients within reach. */
export async function listNotices(
  sql: Sql,
  reach: Reach,
  { clientId, unread }: NoticeFilter,
  { limit, offset, after }: PageQuery,
): Promise<Page<Notice>> {
  const where = sql`
    client_id IN (SELECT id FROM clients WHERE deleted_at IS NULL ${mine(sql, reach)})
    ${clientId === undefined ? sql`` : sql`AND client_id = ${clientId}`}
    ${unread === undefined ? sql`` : sql`AND (read_at IS NULL) = ${unread}`}`;
  return idempotent(async () => {
    const [rows, [{ total }]] = await Promise.all([
      sql<(Notice & { key: string })[]>`
        SELECT ${columns(sql)}, ${keyText(sql, sql`created_at`)} AS key FROM notices
        WHERE id IN (
          SELECT id FROM notices WHERE ${where}
            ${after ? sql`AND (created_at, id) < (${after.at}::text::timestamptz, ${after.id}::uuid)` : sql``}
          ORDER BY created_at DESC, id DESC LIMIT ${limit + 1} OFFSET ${offset})
        ORDER BY created_at DESC, id DESC`,
      sql<[{ total: number }]>`
        SELECT count(*) AS total FROM (SELECT 1 FROM notices WHERE ${where} LIMIT ${COUNTED_MAX}) counted`,
    ]);
    return toPage(rows, total, limit);
  });
}

/** Marks a notice as read, or as unread again. Undefined when there is none within reach. */
export async function markNotice(
  sql: Sql,
  reach: Reach,
  { id, read }: { id: string; read: boolean },
): Promise<Notice | undefined> {
  const [row] = await idempotent(
    () => sql<Notice[]>`
      UPDATE notices SET read_at = CASE WHEN ${read} THEN coalesce(read_at, clock_timestamp()) END
      WHERE id = ${id}
        AND client_id IN (SELECT c.id FROM clients c WHERE deleted_at IS NULL ${mine(sql, reach)})
      RETURNING ${columns(sql)}`,
  );
  return row;
}

/** Marks all unread notices within reach as read; how many they were. */
export async function markAllNotices(sql: Sql, reach: Reach): Promise<number> {
  const rows = await idempotent(
    () => sql`
      UPDATE notices SET read_at = clock_timestamp()
      WHERE read_at IS NULL
        AND client_id IN (SELECT c.id FROM clients c WHERE deleted_at IS NULL ${mine(sql, reach)})
      RETURNING id`,
  );
  return rows.length;
}

function columns(sql: Sql) {
  return sql`id, client_id AS "clientId", kind, severity, text, data, read_at AS "readAt", created_at AS "createdAt"`;
}

/** Forgets what owners were told so long ago. */
export async function deleteOldNotices(sql: Sql, days: number): Promise<void> {
  await sql`DELETE FROM notices WHERE created_at < clock_timestamp() - make_interval(days => ${days})`;
}
