// The database role the pools work under: it may read the books, and write them only through the metering functions.

import type { Sql } from './sql.ts';

const ROLE = 'frontdesk_app';

/**
 * The role that sql/0002_metering.sql made, if the login role may take it on; undefined where it could make none, and
 * only the triggers guard the books. Asked after the migrations, with the login role.
 */
export async function applicationRole(sql: Sql): Promise<string | undefined> {
  const [row] = await sql<[{ usable: boolean }]>`
    SELECT COALESCE(bool_or(pg_has_role(current_user, oid, 'MEMBER')
      AND has_table_privilege(oid, 'clients', 'SELECT')), false) AS usable
    FROM pg_roles WHERE rolname = ${ROLE}
  `;
  return row.usable ? ROLE : undefined;
}
