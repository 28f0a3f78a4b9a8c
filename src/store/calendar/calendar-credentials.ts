// What opens a client's calendars at Google: sealed before it comes here, never unsealed here.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface CalendarCredentials {
  readonly clientId: string;
  readonly kind: 'oauth' | 'service_account';
  readonly sealed: string;
  /** The address that the owner knows it by. */
  readonly account: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export async function findCalendarCredentials(
  sql: Sql,
  clientId: string,
): Promise<CalendarCredentials | undefined> {
  const [row] = await idempotent(
    () => sql<CalendarCredentials[]>`
      SELECT ${columns(sql)} FROM calendar_credentials WHERE client_id = ${clientId}`,
  );
  return row;
}

/** Replaces what the client had. */
export async function saveCalendarCredentials(
  sql: Sql,
  given: Pick<CalendarCredentials, 'clientId' | 'kind' | 'sealed' | 'account'>,
): Promise<void> {
  const { clientId, kind, sealed, account } = given;
  await idempotent(
    () => sql`
      INSERT INTO calendar_credentials (client_id, kind, sealed, account)
      VALUES (${clientId}, ${kind}, ${sealed}, ${account})
      ON CONFLICT (client_id) DO UPDATE SET kind = excluded.kind, sealed = excluded.sealed,
        account = excluded.account, created_at = clock_timestamp(), last_used_at = NULL`,
  );
}

/** Sealed anew, unless somebody else has replaced it meanwhile. */
export async function resealCalendarCredentials(
  sql: Sql,
  { clientId, sealed }: Pick<CalendarCredentials, 'clientId' | 'sealed'>,
  next: string,
): Promise<void> {
  await idempotent(
    () => sql`
      UPDATE calendar_credentials SET sealed = ${next}
      WHERE client_id = ${clientId} AND sealed = ${sealed}`,
  );
}

export async function deleteCalendarCredentials(sql: Sql, clientId: string): Promise<boolean> {
  const rows = await idempotent(
    () => sql`DELETE FROM calendar_credentials WHERE client_id = ${clientId} RETURNING 1`,
  );
  return rows.length > 0;
}

/** Noted once a minute at most. */
export async function noteCalendarUse(sql: Sql, clientId: string): Promise<void> {
  await sql`
    UPDATE calendar_credentials SET last_used_at = clock_timestamp()
    WHERE client_id = ${clientId}
      AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')`;
}

/** Whether any client has some: whoever starts asks what code will be needed. */
export async function anyCalendarCredentials(sql: Sql): Promise<boolean> {
  const rows = await idempotent(() => sql`SELECT 1 FROM calendar_credentials LIMIT 1`);
  return rows.length > 0;
}

function columns(sql: Sql) {
  return sql`client_id AS "clientId", kind, sealed, account, created_at AS "createdAt",
    last_used_at AS "lastUsedAt"`;
}
