// What people have said about being called by a business.

import { COUNTED_MAX, keyText, toPage } from '../database/keyset.ts';
import type { Page, PageQuery } from '../database/keyset.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface CallConsent {
  /** E.164 */
  readonly phoneNumber: string;
  readonly state: 'given' | 'refused';
  readonly source: 'owner' | 'call';
  readonly at: Date;
}

/** What was said last counts. */
export async function saveConsent(
  sql: Sql,
  clientId: string,
  { phoneNumber, state, source }: Omit<CallConsent, 'at'>,
): Promise<CallConsent> {
  const [row] = await idempotent(
    () => sql<CallConsent[]>`
      INSERT INTO call_consents (client_id, phone_number, state, source)
      VALUES (${clientId}, ${phoneNumber}, ${state}, ${source})
      ON CONFLICT (client_id, phone_number) DO UPDATE SET state = excluded.state, source = excluded.source,
        at = clock_timestamp()
      RETURNING ${columns(sql)}`,
  );
  return row!;
}

/** The latest first. */
export async function listConsents(
  sql: Sql,
  clientId: string,
  { limit, offset, after }: PageQuery,
): Promise<Page<CallConsent & { id: string }>> {
  return idempotent(async () => {
    const [rows, [{ total }]] = await Promise.all([
      sql<(CallConsent & { id: string; key: string })[]>`
        SELECT ${columns(sql)}, client_id AS id, ${keyText(sql, sql`at`)} AS key FROM call_consents
        WHERE client_id = ${clientId} ${after ? sql`AND at < ${after.at}::text::timestamptz` : sql``}
        ORDER BY at DESC LIMIT ${limit + 1} OFFSET ${offset}`,
      sql<[{ total: number }]>`
        SELECT count(*) AS total FROM (
          SELECT 1 FROM call_consents WHERE client_id = ${clientId} LIMIT ${COUNTED_MAX}) counted`,
    ]);
    return toPage(rows, total, limit);
  });
}

function columns(sql: Sql) {
  return sql`phone_number AS "phoneNumber", state, source, at`;
}
