// Every place where something sealed is kept, for sealing all of it anew with another key.

import type { Sql } from '../database/sql.ts';

/** The owner of a seal is the client in all of them. */
const places: readonly (readonly [table: string, column: string])[] = [
  ['calendar_credentials', 'sealed'],
  ['webhook_endpoints', 'secret_sealed'],
  ['webhook_endpoints', 'previous_sealed'],
  ['owner_tools', 'headers_sealed'],
  ['mcp_servers', 'headers_sealed'],
];
const AT_ONCE = 100;

/** Replaces every value that was not sealed with the key `keyId`; how many they were. Safe while the server runs. */
export async function resealValues(
  sql: Sql,
  keyId: string,
  reseal: (sealed: string, owner: string) => string,
): Promise<number> {
  let count = 0;
  for (const [table, column] of places) {
    let last = '';
    for (;;) {
      const rows = await sql<{ owner: string; sealed: string }[]>`
        SELECT client_id AS owner, ${sql(column)} AS sealed FROM ${sql(table)}
        WHERE ${sql(column)} > ${last} AND split_part(${sql(column)}, '.', 2) <> ${keyId}
        ORDER BY ${sql(column)} LIMIT ${AT_ONCE}`;
      if (rows.length === 0) break;
      for (const { owner, sealed } of rows) {
        // Whoever has stored a new value meanwhile has sealed it with the new key.
        const changed = await sql`
          UPDATE ${sql(table)} SET ${sql(column)} = ${reseal(sealed, owner)}
          WHERE client_id = ${owner} AND ${sql(column)} = ${sealed} RETURNING 1`;
        count += changed.length;
        last = sealed;
      }
    }
  }
  return count;
}
