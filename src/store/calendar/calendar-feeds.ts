// The address under which other programs read a client's appointments: only its hash is kept, and a number it follows from.

import { createHash } from 'node:crypto';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface CalendarFeed {
  readonly generation: number;
  readonly createdAt: Date;
}

export async function findCalendarFeed(
  sql: Sql,
  clientId: string,
): Promise<CalendarFeed | undefined> {
  const [row] = await idempotent(
    () => sql<CalendarFeed[]>`
      SELECT generation, created_at AS "createdAt" FROM calendar_feeds
      WHERE client_id = ${clientId} AND is_active`,
  );
  return row;
}

/** A new address in the place of the one before. `tokenOf`: what follows from a number. */
export async function renewCalendarFeed(
  sql: Sql,
  clientId: string,
  tokenOf: (generation: number) => string,
): Promise<CalendarFeed> {
  return idempotent(() =>
    sql.begin(async (tx) => {
      const [last] = await tx<{ generation: number }[]>`
        INSERT INTO calendar_feeds (client_id, generation, token_hash) VALUES (${clientId}, 1, ${hash(tokenOf(1))})
        ON CONFLICT (client_id) DO UPDATE SET generation = calendar_feeds.generation + 1,
          is_active = true, created_at = clock_timestamp()
        RETURNING generation`;
      const { generation } = last!;
      const [row] = await tx<CalendarFeed[]>`
        UPDATE calendar_feeds SET token_hash = ${hash(tokenOf(generation))}
        WHERE client_id = ${clientId} RETURNING generation, created_at AS "createdAt"`;
      return row!;
    }),
  );
}

/** The number stays, so that the address that is given up never comes back. False when there was none. */
export async function endCalendarFeed(sql: Sql, clientId: string): Promise<boolean> {
  const rows = await idempotent(
    () => sql`
      UPDATE calendar_feeds SET is_active = false WHERE client_id = ${clientId} AND is_active RETURNING 1`,
  );
  return rows.length > 0;
}

/** Whose feed it is; undefined for an address that nobody has. */
export async function findFeedClient(
  sql: Sql,
  token: string,
): Promise<
  { readonly clientId: string; readonly name: string; readonly zone: string } | undefined
> {
  const [row] = await idempotent(
    () => sql<{ clientId: string; name: string; zone: string }[]>`
      SELECT f.client_id AS "clientId", c.name, c.zone FROM calendar_feeds f JOIN clients c ON c.id = f.client_id
      WHERE f.token_hash = ${hash(token)} AND f.is_active AND c.deleted_at IS NULL`,
  );
  return row;
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
