// Calls that run in any process, as the database knows them.

import { COUNTED_MAX, keyText, toPage } from '../database/keyset.ts';
import type { Page, PageQuery } from '../database/keyset.ts';
import { mine } from '../clients/owned-clients.ts';
import type { Reach } from '../clients/owned-clients.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface RunningCall {
  /** Of the call and of its conversation. */
  readonly id: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly ownerId: string;
  readonly channel: string;
  /** E.164; null when withheld. */
  readonly callerPhone: string | null;
  readonly contactName: string | null;
  readonly startedAt: Date;
  /** Up to the last beat of its lease. */
  readonly usedSeconds: number;
  /** Of the client; E.164. */
  readonly fallbackNumber: string | null;
}

/** Calls of all clients within reach, newest first. */
export async function listRunningCalls(
  sql: Sql,
  reach: Reach,
  { limit, offset, after }: PageQuery,
): Promise<Page<RunningCall>> {
  return idempotent(async () => {
    const rows = await sql<(RunningCall & { key: string })[]>`
      SELECT ${columns(sql)}, ${keyText(sql, sql`v.started_at`)} AS key FROM ${running(sql, reach)}
      ${after ? sql`AND (v.started_at, v.id) < (${after.at}::text::timestamptz, ${after.id}::uuid)` : sql``}
      ORDER BY v.started_at DESC, v.id DESC LIMIT ${limit + 1} OFFSET ${offset}`;
    const [{ total }] = await sql<[{ total: number }]>`
      SELECT count(*) AS total FROM (SELECT 1 FROM ${running(sql, reach)} LIMIT ${COUNTED_MAX}) counted`;
    return toPage(rows, total, limit);
  });
}

/** The call if it runs and its client is within reach. */
export async function findRunningCall(
  sql: Sql,
  reach: Reach,
  id: string,
): Promise<RunningCall | undefined> {
  const [row] = await idempotent(
    () => sql<RunningCall[]>`
      SELECT ${columns(sql)} FROM ${running(sql, reach)} AND v.id = ${id}`,
  );
  return row;
}

/** A call runs while its lease does: that of a dead process ends with the reaper. */
function running(sql: Sql, reach: Reach) {
  return sql`
    conversations v
    JOIN (SELECT * FROM clients WHERE deleted_at IS NULL ${mine(sql, reach)}) c ON c.id = v.client_id
    JOIN call_leases l ON l.call_sid = v.call_sid AND l.state = 'active'
    LEFT JOIN contacts k ON k.id = v.contact_id
    WHERE v.ended_at IS NULL`;
}

function columns(sql: Sql) {
  return sql`
    v.id, v.client_id AS "clientId", c.name AS "clientName", c.owner_id AS "ownerId", v.channel,
    v.caller_phone AS "callerPhone", k.name AS "contactName", v.started_at AS "startedAt",
    l.used_seconds AS "usedSeconds", c.fallback_number AS "fallbackNumber"`;
}
